"""Where a window lies, for a report: its place in the image and the output number it makes, without their values.

An assignment whose functions slide windows gives `WindowPlace.picture` in its origins' `picture`, and `draw` in its record.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape

from autograder.judge.picture import Picture

KIND = "window"
Sizes = tuple[int, ...]  # two of them: rows and columns
CELL = 16  # pixels of a square
GAP = 48
# Dark blue on white holds for every kind of colour vision; the hatching marks padding without colour.
LINE, FRAME = "#767676", "#0b3d91"


@dataclass(frozen=True)
class WindowPlace:
    """Where one output number comes from: sizes and places alone, as (rows, columns).

    Attributes:
        image: size of the image, without padding.
        filter: size of the window.
        before: zeros above and to the left of the image.
        after: zeros below and to the right of it.
        corner: the image row and column of the window's first number; negative ones are padding.
        output: size of the output.
        place: the output number's row and column.
    """

    image: Sizes
    filter: Sizes
    before: Sizes
    after: Sizes
    corner: Sizes
    output: Sizes
    place: Sizes

    @property
    def padded(self) -> Sizes:
        """Size of the image with its zeros."""
        rows, columns = (sum(sizes) for sizes in zip(self.before, self.image, self.after, strict=True))
        return rows, columns

    def picture(self) -> Picture:
        """What a result carries of it."""
        return Picture(KIND, asdict(self))


def draw(picture: Picture) -> str:
    """The picture as an inline SVG; "" for another kind of picture, or one of other places."""
    if picture.kind != KIND or picture.places.keys() != WindowPlace.__dataclass_fields__.keys():
        return ""
    if any(len(pair) != 2 for pair in picture.places.values()):
        return ""
    return window_svg(WindowPlace(**picture.places))


def window_svg(window: WindowPlace) -> str:
    """An inline SVG picture with its description, as a screen reader would say it."""
    rows = max(window.padded[0], window.output[0])
    width = (window.padded[1] + window.output[1]) * CELL + GAP + 4
    height = rows * CELL + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
        f"<title>{escape(description(window))}</title>",
        "<defs><pattern id='pad' width='5' height='5' patternUnits='userSpaceOnUse'>"
        f"<path d='M0 5 L5 0' stroke='{LINE}' stroke-width='1'/></pattern></defs>",
        *_image(window, 2, 20),
        *_output(window, window.padded[1] * CELL + GAP, 20),
        "</svg>",
    ]
    return "".join(parts)


def description(window: WindowPlace) -> str:
    """The picture in words."""
    (top, left), (rows, columns) = window.corner, window.filter
    outside = top < 0 or left < 0 or top + rows > window.image[0] or left + columns > window.image[1]
    return (
        f"Output row {window.place[0]}, column {window.place[1]} of {window.output[0]}×{window.output[1]} is made "
        f"by the window over rows {top} to {top + rows - 1} and columns {left} to {left + columns - 1} of the "
        f"{window.image[0]}×{window.image[1]} image"
        + (", where rows and columns outside the image are zero padding." if outside else ".")
    )


def _image(window: WindowPlace, x: int, y: int) -> Iterator[str]:
    """The padded image: hatched zeros around it, and the window outlined."""
    (before_rows, before_columns), (rows, columns) = window.before, window.image
    yield _text(x, y - 6, "image" if window.padded == window.image else "image, zeros hatched")
    yield _rectangle(x, y, window.padded, fill="url(#pad)", stroke=LINE)
    yield from _grid(x + before_columns * CELL, y + before_rows * CELL, rows, columns)
    top, left = window.corner[0] + before_rows, window.corner[1] + before_columns
    yield _rectangle(x + left * CELL, y + top * CELL, window.filter, fill="none", stroke=FRAME, thick=3)


def _output(window: WindowPlace, x: int, y: int) -> Iterator[str]:
    yield _text(x, y - 6, "output")
    yield from _grid(x, y, *window.output)
    row, column = window.place
    yield _rectangle(x + column * CELL, y + row * CELL, (1, 1), fill="none", stroke=FRAME, thick=3)


def _grid(x: int, y: int, rows: int, columns: int) -> Iterator[str]:
    yield _rectangle(x, y, (rows, columns), fill="#ffffff", stroke=LINE)
    lines = [f"M{x} {y + i * CELL}h{columns * CELL}" for i in range(1, rows)]
    lines += [f"M{x + j * CELL} {y}v{rows * CELL}" for j in range(1, columns)]
    yield f'<path d="{"".join(lines)}" stroke="{LINE}" stroke-width="0.5"/>'


def _rectangle(x: int, y: int, size: Sizes, *, fill: str, stroke: str, thick: int = 1) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{size[1] * CELL}" height="{size[0] * CELL}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{thick}"/>'
    )


def _text(x: int, y: int, words: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(words)}</text>'
