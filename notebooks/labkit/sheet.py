"""A sheet to draw on: a matplotlib figure whose parts have their places in inches, counted from the top left corner.

Nothing is laid out by an engine, which would take longer than to draw; and everything is one axes, since each axes
costs as much as twenty pictures in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

SIGNED = (
    "PuOr_r"  # purple (negative), white (zero), orange (positive): colour-blind people can tell them apart
)
MARK = "#0072b2"
WIDTH = 9.0  # inches, of a full figure
LETTER = 1 / 72  # inches, of a font size of 1
BAR = 0.85  # inches that a colour bar takes, with its numbers and its name


class Place(NamedTuple):
    """A rectangle on a sheet, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Of its width."""
        return self.left + self.width / 2

    def fitted(self, rows: int, columns: int) -> Place:
        """Return the largest place in the middle of this one in which an array has square pixels."""
        pixel = min(self.width / columns, self.height / rows)
        width, height = pixel * columns, pixel * rows
        return Place(
            self.left + (self.width - width) / 2, self.top + (self.height - height) / 2, width, height
        )

    def inset(self, by: float) -> Place:
        """Return this place without a rim of `by` inches."""
        return Place(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)

    def part(self, rows: int, columns: int, window: tuple[float, float, float, float]) -> Place:
        """Return where (first row, first column, rows, columns) lies, if an array (rows, columns) fills this place."""
        tall, wide = self.height / rows, self.width / columns
        row, column, height, width = window
        return Place(self.left + column * wide, self.top + row * tall, width * wide, height * tall)


class Sheet:
    """An empty figure of the full width and of `height` inches, to draw on."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height))
        self.ax = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, WIDTH), ylim=(height, 0))
        self.ax.axis("off")

    def plot_axes(self, place: Place) -> Axes:
        """Return new axes for curves; their numbers and names stand around the place."""
        bottom = 1 - place.bottom / self.height
        return self.figure.add_axes(
            (place.left / WIDTH, bottom, place.width / WIDTH, place.height / self.height)
        )

    def image(self, place: Place, image: np.ndarray) -> None:
        """Draw a picture (H, W, C) or (H, W) of values 0..255 or 0..1 into a place that it fills."""
        image = image / 255 if image.dtype == np.uint8 else image
        gray = image.ndim == 2 or image.shape[2] == 1
        self._pixels(place, image.reshape(image.shape[:2]) if gray else image, "gray", (0, 1))

    def signed(self, place: Place, values: np.ndarray, limit: float | None = None) -> None:
        """Draw values (H, W) from purple over white (zero) to orange; `limit`, else the largest, has the full colour."""
        limit = limit or limit_of(values)
        self._pixels(place, values, SIGNED, (-limit, limit))

    def colours(self, place: Place, colours: np.ndarray) -> None:
        """Draw cells of given colours (H, W, 4), without a frame."""
        self._pixels(place, colours, None, (0, 1), frame="none")

    def _pixels(
        self,
        place: Place,
        values: np.ndarray,
        colours: str | None,
        scale: tuple[float, float],
        frame: str = "0.6",
    ) -> None:
        picture = AxesImage(
            self.ax,
            cmap=colours,
            interpolation="nearest",
            extent=(place.left, place.right, place.bottom, place.top),
        )
        picture.set_data(values)
        picture.set_clim(*scale)
        self.ax.add_image(picture)
        self.frame(place, frame, 0.8)

    def frame(self, place: Place, colour: str = MARK, width: float = 2.5) -> None:
        # add_patch would also look for the limits of the axes, which are set, and take twice as long
        self.ax.add_artist(
            Rectangle(
                (place.left, place.top),
                place.width,
                place.height,
                fill=False,
                edgecolor=colour,
                linewidth=width,
            )
        )

    def lines(
        self, lines: Sequence[Sequence[tuple[float, float]]], colour: str = "0.4", width: float = 0.8
    ) -> None:
        """Draw lines, each from point to point (from the left, from the top)."""
        self.ax.add_collection(LineCollection(lines, colors=colour, linewidths=width), autolim=False)

    def text(self, left: float, top: float, text: str, size: float = 9, **look: object) -> Text:
        """Write a text; by default its middle is `left`, and its lower end `top`."""
        return self.ax.text(left, top, text, fontsize=size, **{"ha": "center", "va": "bottom", **look})

    def title(self, place: Place, text: str, size: float = 9) -> None:
        """Write a text above a place."""
        if text:
            self.text(place.middle, place.top - 0.06, text, size)

    def below(self, place: Place, text: str, size: float = 8) -> None:
        """Write a text below a place."""
        self.text(place.middle, place.bottom + 0.05, text, size, va="top")

    def beside(self, place: Place, text: str, size: float = 9, room: float = 0.08) -> None:
        """Write an upright text to the left of a place."""
        if text:
            self.text(
                place.left - room,
                place.top + place.height / 2,
                text,
                size,
                ha="right",
                va="center",
                rotation=90,
            )

    def counted(self, place: Place, rows: int, columns: int) -> None:
        """Count the rows and columns of an array that fills a place, and say which are which."""
        wide, tall = place.width / columns, place.height / rows
        for column in _ticks(columns):
            self.text(place.left + (column + 0.5) * wide, place.bottom + 0.04, f"{column}", 7, va="top")
        for row in _ticks(rows):
            self.text(
                place.left - 0.04,
                place.top + (row + 0.5) * tall,
                f"{row}",
                7,
                ha="right",
                va="center_baseline",
            )
        self.text(place.middle, place.bottom + 0.19, "y (column)", 8, va="top")
        self.beside(place, "x (row)", 8, room=0.24)

    def bar(self, left: float, top: float, height: float, limit: float | None, label: str) -> None:
        """Draw the scale of signed values, `BAR` wide; limit None: the pictures have scales of their own."""
        place = Place(left, top, 0.12, height)
        self._pixels(place, np.linspace(1, -1, 128)[:, None], SIGNED, (-1, 1), frame="black")
        if limit is None:
            ticks, label = [(-1.0, "−max"), (0.0, "0"), (1.0, "max")], "own scale"
        else:
            ticks = [(value / limit, text) for value, text in _named_ticks(limit, most=int(height / 0.28))]
        for share, text in ticks:
            low = top + (1 - share) * height / 2
            self.lines([[(place.right, low), (place.right + 0.04, low)]], "black")
            self.text(place.right + 0.08, low, text, 8, ha="left", va="center_baseline")
        self.text(place.right + 0.6, top + height / 2, label, 9, va="center", rotation=90)


def rows_of_tiles(
    count: int,
    columns: int,
    above: float = 0.0,
    below: float = 0.0,
    left: float = 0.0,
    right: float = 0.0,
    ratio: float = 1.0,
) -> tuple[list[Place], float]:
    """Return the places of `count` equal tiles in rows of `columns`, and the height of a sheet for them.

    above, below: what a row of tiles needs for texts, in inches; left, right: what is needed beside the whole.
    ratio: the height of a tile, in widths. Few tiles do not get larger and larger.
    """
    columns = min(columns, count)
    room = WIDTH - left - right - 2 * MARGIN
    width = min((room - GAP * (columns - 1)) / columns, LARGEST_TILE)
    start = (WIDTH + left - right - width * columns - GAP * (columns - 1)) / 2
    step = above + width * ratio + below + GAP
    places = [
        Place(
            start + (k % columns) * (width + GAP),
            MARGIN + (k // columns) * step + above,
            width,
            width * ratio,
        )
        for k in range(count)
    ]
    return places, 2 * MARGIN + step * -(-count // columns) - GAP


MARGIN = 0.06
GAP = 0.1
LARGEST_TILE = 1.8


def limit_of(values: np.ndarray) -> float:
    """Return the largest size of a value, so that zero is white; 1 where all are zero."""
    return float(np.abs(values).max()) or 1.0


def number_text(number: float) -> str:
    """Return a number with a true minus sign and never as −0: whole, or with two decimals."""
    number = round(float(number), 6) + 0.0  # without the rounding noise of a computation in floats
    return decimal(number, 0 if number == round(number) else 2)


def decimal(value: float, decimals: int) -> str:
    """Return a number as text, with a true minus sign and never as −0."""
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "−")


def range_text(values: np.ndarray, decimals: int = 1) -> str:
    """Return the smallest and the largest value as text."""
    return f"{decimal(values.min(), decimals)} … {decimal(values.max(), decimals)}"


def padded(titles: Sequence[object], count: int) -> list[str]:
    """Return `count` titles as texts, empty ones at the end where there are too few."""
    return [*map(str, titles), *[""] * (count - len(titles))][:count]


def light(values: np.ndarray, limit: float) -> np.ndarray:
    """Return the colours (…, 4) of signed values, light enough for black numbers on them; NaN is white."""
    return np.where(
        np.isnan(values)[..., None], 1.0, colormaps[SIGNED](0.5 + 0.27 * np.nan_to_num(values) / limit)
    )


def _ticks(count: int) -> list[int]:
    return [int(tick) for tick in MaxNLocator(6, integer=True).tick_values(0, count - 1) if 0 <= tick < count]


def _named_ticks(limit: float, most: int) -> list[tuple[float, str]]:
    """At most so many round values between −limit and limit, all written with as many decimals as they need."""
    ticks = [tick for tick in MaxNLocator(min(most, 7)).tick_values(-limit, limit) if abs(tick) <= limit]
    decimals = next(
        count for count in range(9) if np.allclose(np.round(ticks, count), ticks, atol=limit / 1e4)
    )
    return [(tick, decimal(tick, decimals)) for tick in ticks]
