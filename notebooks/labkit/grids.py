"""Pictures of small arrays with their numbers written in, and of what kernels make of a picture.

Every function returns a matplotlib figure for `show`. Numbers with a sign are coloured as everywhere in the
labs, purple below zero and orange above; the number in each cell says the same without colour.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from notebooks.labkit.parts import MARK, SIGNED, WIDTH, colour_bar

NO_ZEROS = ((0, 0), (0, 0))
GAP = 1.5  # cells between two grids
LARGEST_CELL = 0.42  # inches
INSET = 0.06  # cells: how far an outline lies inside, so that neighbours can be told apart
POINTS = 72  # to an inch


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


def draw_grids(*grids):
    """Draw grids side by side, with equal cells."""
    widths = [max(grid.numbers.shape[1], 0.24 * len(grid.title)) for grid in grids]
    above = 2.1 if any(grid.axes[1] for grid in grids) else 1.6  # for titles and names
    height = max(len(grid.numbers) for grid in grids) + above + 0.3
    cell = min(LARGEST_CELL, WIDTH / (sum(widths) + GAP * (len(grids) + 1)))
    figure = Figure(figsize=(WIDTH, height * cell))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH / cell), ylim=(height, 0))
    ax.axis("off")
    gap = min(2 * GAP, (WIDTH / cell - sum(widths)) / (len(grids) + 1))
    left = (WIDTH / cell - sum(widths) - gap * (len(grids) - 1)) / 2
    for grid, width in zip(grids, widths, strict=True):
        _draw_grid(ax, grid, left + (width - grid.numbers.shape[1]) / 2, above, cell)
        left += width + gap
    return figure


def draw_gallery(picture, kernels, results):
    """Draw a gray picture (H, W) of values 0 to 1 and, for each of `kernels`, the kernel above its result.

    kernels, results: dicts of 2-D arrays with the same names.

    The result of a kernel whose weights add up to more than 0 is gray; below 0 is black, above 1 is white.
    Any other one has a sign and is drawn on a scale of its own, from purple over white (zero) to orange.
    """
    tile = WIDTH / (len(kernels) + 1)  # inches
    above, below = min(0.85 * tile, 1.3), tile * picture.shape[0] / picture.shape[1] + 0.3
    figure = Figure(figsize=(WIDTH, above + below), layout="constrained")
    axes = figure.subplots(2, len(kernels) + 1, squeeze=False, height_ratios=[above, below])
    axes[0, 0].axis("off")
    _draw_picture(axes[1, 0], picture, "the picture")
    for (kernel_ax, result_ax), (name, kernel) in zip(axes.T[1:], kernels.items(), strict=True):
        _draw_kernel(kernel_ax, name, kernel, 0.85 * above)
        total = kernel.sum()
        _draw_picture(result_ax, results[name], f"weights add up to {number_text(total)}", has_sign(kernel))
    if any(map(has_sign, kernels.values())):
        colour_bar(figure, axes[1], None, "response")
    return figure


def has_sign(kernel):
    """Return whether a kernel's results on pictures are at least about as often negative as positive."""
    total = kernel.sum()
    return bool(total < 0 or np.isclose(total, 0))


def number_text(number):
    """Return a number with a true minus sign and never as −0: whole, or with two decimals."""
    number = round(float(number), 6) + 0.0  # without the rounding noise of a computation in floats
    return (f"{number:.0f}" if number == round(number) else f"{number:.2f}").replace("-", "−")


def _draw_kernel(ax, name, kernel, size):
    """Draw a kernel with its name into axes of its own, in a square of `size` inches."""
    rows, columns = kernel.shape
    side = max(rows, columns)
    ax.set(xlim=(-0.02 * side, 1.02 * side), ylim=(1.02 * side, -0.02 * side), aspect="equal")
    ax.set_title(name, fontsize=10)
    ax.axis("off")
    _draw_cells(ax, Grid(name, kernel, signed=True), (side - columns) / 2, (side - rows) / 2, size / side)


def _draw_picture(ax, values, text, signed=False):
    limit = float(np.abs(values).max()) or 1.0
    look = (
        {"cmap": SIGNED, "vmin": -limit, "vmax": limit} if signed else {"cmap": "gray", "vmin": 0, "vmax": 1}
    )
    ax.imshow(values, **look)
    ax.set(xticks=[], yticks=[])
    ax.set_xlabel(f"{text}\n{values.min():.2f} … {values.max():.2f}".replace("-", "−"), fontsize=8)


def _draw_grid(ax, grid, left, top, cell):
    """Draw a grid with its title and the names of its rows and columns; places are in cells."""
    rows, columns = grid.numbers.shape
    (above, _), (before, _) = grid.zeros
    row_names, column_names = grid.names or (np.arange(rows) - above, np.arange(columns) - before)
    size = max(0.24 * cell * POINTS, 7)
    small = {"fontsize": size, "color": "0.35"}
    title = {"fontsize": 10, "ha": "center", "va": "bottom"}
    ax.text(left + columns / 2, top - (1.2 if grid.axes[1] else 0.75), grid.title, **title)
    for row, name in enumerate(row_names):
        ax.text(left - 0.15, top + row + 0.5, _name(name), ha="right", va="center", **small)
    for column, name in enumerate(column_names):
        ax.text(left + column + 0.5, top - 0.12, _name(name), ha="center", va="bottom", **small)
    ax.text(left + columns / 2, top - 0.62, grid.axes[1], ha="center", va="bottom", **small)
    ax.text(left - 0.75, top + rows / 2, grid.axes[0], ha="right", va="center", rotation=90, **small)
    _draw_cells(ax, grid, left, top, cell)


def _name(name):
    return name if isinstance(name, str) else number_text(name)


def _draw_cells(ax, grid, left, top, cell):
    """Draw the cells of a grid, their numbers and its marks; `cell` is the size of a cell in inches."""
    rows, columns = grid.numbers.shape
    (above, below), (before, after) = grid.zeros
    longest = max(len(number_text(number)) for number in grid.numbers.flat if not np.isnan(number))
    size = cell * POINTS * min(0.42, 1.35 / longest)
    for (row, column), number in np.ndenumerate(grid.numbers):
        inside = above <= row < rows - below and before <= column < columns - after
        look = {"facecolor": _fill(grid, number)} if inside else {"facecolor": "white", "hatch": "////"}
        # add_patch would also look for the limits of the axes, which are set, and take twice as long
        ax.add_artist(Rectangle((left + column, top + row), 1, 1, edgecolor="0.6", linewidth=0.6, **look))
        if not np.isnan(number):
            box = None if inside else {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
            place = {"ha": "center", "va": "center"}
            ax.text(
                left + column + 0.5, top + row + 0.5, number_text(number), fontsize=size, bbox=box, **place
            )
    for row, column, height, width in grid.marks:
        corner = (left + column + INSET, top + row + INSET)
        size = (width - 2 * INSET, height - 2 * INSET)
        ax.add_artist(Rectangle(corner, *size, fill=False, edgecolor=MARK, linewidth=2.5))


def _fill(grid, number):
    """Return the colour of a cell, light enough for black numbers on it."""
    if np.isnan(number):
        return "white"
    if not grid.signed:
        return "0.93"
    limit = grid.limit or np.nanmax(np.abs(grid.numbers)) or 1.0
    return colormaps[SIGNED](0.5 + 0.27 * number / limit)
