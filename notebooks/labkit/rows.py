"""A row of pixels with the zeros around it, and the windows under it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.patches import Rectangle

from notebooks.labkit.sheet import MARK, WIDTH, Place, Sheet

CELL = 0.26  # inches, of a pixel where there is room


class PixelRow:
    """A row of `size` pixels, counted from 0, with `zeros` (before, after), whose upper end is at `top` on a sheet."""

    def __init__(
        self, sheet: Sheet, top: float, size: int, zeros: tuple[int, int], most: int | None = None
    ) -> None:
        """most: of several rows below each other, the most zeros on one side, so that equal pixels line up."""
        self.sheet, self.top, self.size, self.zeros = sheet, top, size, zeros
        around = max(zeros) if most is None else most
        self.cell = min(CELL, WIDTH / (size + 2 * around + 0.6))
        self.left = (WIDTH - self.cell * size) / 2

    def at(self, pixel: float) -> float:
        """Return where the left side of a pixel is, in inches; negative ones are zeros before the row."""
        return self.left + self.cell * pixel

    def draw(self, crossed: Sequence[int] = ()) -> None:
        """Draw the pixels, gray and counted, and the zeros, hatched; and a cross through the `crossed`."""
        before, after = self.zeros
        for pixel in range(-before, self.size + after):
            inside = 0 <= pixel < self.size
            look = {"facecolor": "0.87"} if inside else {"facecolor": "white", "hatch": "////"}
            place = Place(self.at(pixel), self.top, self.cell, self.cell)
            self.sheet.ax.add_artist(Rectangle(place[:2], self.cell, self.cell, edgecolor="0.4", **look))
            if inside:
                self.sheet.text(place.middle, self.top + self.cell / 2, f"{pixel}", 8, va="center_baseline")
            if pixel in crossed:
                corners = [(place.left, place.top), (place.right, place.bottom)]
                others = [(place.left, place.bottom), (place.right, place.top)]
                self.sheet.lines([corners, others], "black", 2)

    def window(self, start: int, length: int, top: float, width: float = 2.5) -> None:
        """Draw a window of `length` pixels as a line at `top`."""
        ends = [(self.at(start + 0.12), top), (self.at(start + length - 0.12), top)]
        self.sheet.lines([ends], MARK, width)

    def dot(self, pixel: float, top: float) -> None:
        """Draw a dot at `top`."""
        self.sheet.ax.plot(self.at(pixel), top, "o", color=MARK, markersize=4)
