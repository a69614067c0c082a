"""Pictures of small arrays with their numbers written in, and of what kernels make of a picture.

Every function returns a matplotlib figure for `show`. Numbers with a sign are coloured as everywhere in the
labs, purple below zero and orange above; the number in each cell says the same without colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from notebooks.labkit.sheet import (
    BAR,
    LETTER,
    WIDTH,
    Place,
    Sheet,
    light,
    limit_of,
    number_text,
    range_text,
)

NO_ZEROS = ((0, 0), (0, 0))
GAP = 1.5  # cells between two grids
LARGEST_CELL = 0.42  # inches
INSET = 0.06  # cells: how far an outline lies inside, so that neighbours can be told apart
FILLED = 0.76  # the part of a cell's width that its number may take
ADVANCE = {"−": 0.84, ".": 0.32}  # widths of characters, in font sizes; a digit's is 0.64


@dataclass(frozen=True)
class Grid:
    """A small array, drawn as a grid of its numbers."""

    title: str
    numbers: np.ndarray  # (rows, columns); NaN leaves a cell empty
    signed: bool = False  # colour the cells by their values
    limit: float = 0.0  # the size of value that gets the full colour; 0: the largest in the grid
    zeros: tuple = NO_ZEROS  # ((top, bottom), (left, right)): rows and columns that are padding, hatched
    marks: tuple = ()  # windows to outline: (first row, first column, rows, columns), padding counted
    names: tuple = ()  # what stands beside the rows and above the columns; without, they are counted
    axes: tuple = ("", "")  # what the names of the rows and of the columns mean


def draw_grids(*grids: Grid) -> Figure:
    """Draw grids side by side, with equal cells."""
    widths = [max(grid.numbers.shape[1], 0.24 * len(grid.title)) for grid in grids]
    above = 2.1 if any(grid.axes[1] for grid in grids) else 1.6  # for titles and names
    height = max(len(grid.numbers) for grid in grids) + above + 0.3
    cell = min(LARGEST_CELL, WIDTH / (sum(widths) + GAP * (len(grids) + 1)))
    gap = min(2 * GAP, (WIDTH / cell - sum(widths)) / (len(grids) + 1))
    left = (WIDTH / cell - sum(widths) - gap * (len(grids) - 1)) / 2
    sheet = Sheet(height * cell)
    for grid, width in zip(grids, widths, strict=True):
        rows, columns = grid.numbers.shape
        first = left + (width - columns) / 2
        place = Place(first * cell, above * cell, columns * cell, rows * cell)
        _draw_names(sheet, grid, place, cell)
        draw_cells(sheet, grid, place)
        left += width + gap
    return sheet.figure


def draw_gallery(
    picture: np.ndarray, kernels: Mapping[str, np.ndarray], results: Mapping[str, np.ndarray]
) -> Figure:
    """Draw a gray picture (H, W) of values 0 to 1 and, for each of `kernels`, the kernel above its result.

    kernels, results: 2-D arrays with the same names.

    The result of a kernel whose weights add up to more than 0 is gray; below 0 is black, above 1 is white.
    Any other one has a sign and is drawn on a scale of its own, from purple over white (zero) to orange.
    """
    beside = BAR if any(map(has_sign, kernels.values())) else 0.0
    tile = min((WIDTH - beside) / (len(kernels) + 1), LARGEST_COLUMN) - BETWEEN
    high = tile * picture.shape[0] / picture.shape[1]
    square = min(0.85 * tile, 1.15)  # for a kernel
    top = square + 0.5  # of the pictures
    sheet = Sheet(top + high + 0.45)
    left = (WIDTH - beside - (len(kernels) + 1) * (tile + BETWEEN)) / 2 + BETWEEN / 2
    _draw_picture(sheet, Place(left, top, tile, high), picture, "the picture")
    for number, (name, kernel) in enumerate(kernels.items(), 1):
        place = Place(left + number * (tile + BETWEEN), top, tile, high)
        room = Place(place.middle - square / 2, 0.3, square, square).fitted(*kernel.shape)
        sheet.text(place.middle, 0.24, name, 10)
        draw_cells(sheet, Grid(name, kernel, signed=True), room)
        text = f"weights add up to {number_text(kernel.sum())}"
        _draw_picture(sheet, place, results[name], text, has_sign(kernel))
    if beside:
        sheet.bar(place.right + 0.08, top, high, None, "response")
    return sheet.figure


BETWEEN = 0.12  # inches, between pictures
LARGEST_COLUMN = 2.4  # inches


def has_sign(kernel: np.ndarray) -> bool:
    """Return whether a kernel's results on pictures are at least about as often negative as positive."""
    total = kernel.sum()
    return bool(total < 0 or np.isclose(total, 0))


def draw_cells(sheet: Sheet, grid: Grid, place: Place) -> None:
    """Draw the cells of a grid into a place that they fill, their numbers and the grid's marks."""
    rows, columns = grid.numbers.shape
    cell = place.width / columns
    (above, below), (before, after) = grid.zeros
    sheet.colours(place, _fills(grid))
    size = letters_of(grid.numbers, cell)
    for (row, column), number in np.ndenumerate(grid.numbers):
        if np.isnan(number):
            continue
        inside = above <= row < rows - below and before <= column < columns - after
        if not inside:
            _hatch(sheet, place.part(rows, columns, (row, column, 1, 1)))
        box = None if inside else {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        left, top = place.left + (column + 0.5) * cell, place.top + (row + 0.5) * cell
        sheet.text(left, top, number_text(number), size, va="center_baseline", bbox=box)
    across = [
        [(place.left, place.top + k * cell), (place.right, place.top + k * cell)] for k in range(rows + 1)
    ]
    down = [
        [(place.left + k * cell, place.top), (place.left + k * cell, place.bottom)]
        for k in range(columns + 1)
    ]
    sheet.lines(across + down, "0.6", 0.6)
    for row, column, height, width in grid.marks:
        window = (row + INSET, column + INSET, height - 2 * INSET, width - 2 * INSET)
        sheet.frame(place.part(rows, columns, window))


def letters_of(numbers: np.ndarray, cell: float) -> float:
    """Return the font size with which the widest of the numbers stays inside a cell of so many inches."""
    texts = [number_text(number) for number in numbers.flat if not np.isnan(number)]
    widest = max((sum(ADVANCE.get(letter, 0.64) for letter in text) for text in texts), default=1.0)
    return cell / LETTER * min(0.42, FILLED / widest)


def _draw_picture(sheet: Sheet, place: Place, values: np.ndarray, text: str, signed: bool = False) -> None:
    place = place.fitted(*values.shape)
    if signed:
        sheet.signed(place, values)
    else:
        sheet.image(place, values)
    sheet.below(place, f"{text}\n{range_text(values, 2)}")


def _draw_names(sheet: Sheet, grid: Grid, place: Place, cell: float) -> None:
    """Write a grid's title, and the names of its rows and columns."""
    rows, columns = grid.numbers.shape
    (above, _), (before, _) = grid.zeros
    row_names, column_names = grid.names or (np.arange(rows) - above, np.arange(columns) - before)
    small = {"size": max(0.24 * cell / LETTER, 7), "color": "0.35"}
    sheet.text(place.middle, place.top - (1.2 if grid.axes[1] else 0.75) * cell, grid.title, 10)
    for row, name in enumerate(row_names):
        middle = place.top + (row + 0.5) * cell
        sheet.text(place.left - 0.15 * cell, middle, _name(name), ha="right", va="center_baseline", **small)
    for column, name in enumerate(column_names):
        sheet.text(place.left + (column + 0.5) * cell, place.top - 0.12 * cell, _name(name), **small)
    sheet.text(place.middle, place.top - 0.62 * cell, grid.axes[1], **small)
    sheet.text(
        place.left - 0.75 * cell,
        place.top + place.height / 2,
        grid.axes[0],
        ha="right",
        va="center",
        rotation=90,
        **small,
    )


def _name(name: object) -> str:
    return name if isinstance(name, str) else number_text(name)


def _fills(grid: Grid) -> np.ndarray:
    """Return the colours (rows, columns, 4) of a grid's cells, light enough for black numbers on them."""
    if grid.signed:
        return light(grid.numbers, grid.limit or limit_of(np.nan_to_num(grid.numbers)))
    gray = np.where(np.isnan(grid.numbers), 1.0, 0.93)
    return np.stack([gray, gray, gray, np.ones_like(gray)], axis=-1)


def _hatch(sheet: Sheet, place: Place) -> None:
    """Draw a cell of padding."""
    sheet.ax.add_artist(
        Rectangle(
            (place.left, place.top),
            place.width,
            place.height,
            facecolor="white",
            edgecolor="0.6",
            hatch="////",
            linewidth=0,
        )
    )
