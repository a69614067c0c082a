"""Pictures of learning: how a loss falls, how kernels change, and what they answer to in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from notebooks.labkit.geometry import zeros_around
from notebooks.labkit.sheet import BAR, MARK, WIDTH, Place, Sheet, decimal, limit_of, rows_of_tiles

STYLES = ("-", "--", ":", "-.")  # curves differ by line style and by a name at their end, not by colour alone
TITLE, GAP, LARGEST = 0.25, 0.06, 0.62  # inches: for titles, between tiles, and the largest tile
COLOURS = (MARK, "#d55e00", "#009e73", "0.3")


def draw_losses(losses: Mapping[str, Sequence[float]], unit: str = "step", log: bool = False) -> Figure:
    """Draw curves of a loss: `losses` gives for each name its values, one for each `unit` (step, epoch)."""
    sheet = Sheet(2.8)
    ax = sheet.plot_axes(Place(0.75, 0.15, 6.6, 2.15))
    for (name, values), style, colour in zip(losses.items(), STYLES, COLOURS, strict=False):
        ax.plot(values, style, color=colour, linewidth=2)
        ax.annotate(
            name, (len(values) - 1, values[-1]), (6, 0), textcoords="offset points", color=colour, va="center"
        )
    ax.set(xlabel=unit, ylabel="loss", yscale="log" if log else "linear")
    if not log:
        ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.spines[["top", "right"]].set_visible(False)
    return sheet.figure


def draw_steps(kernels: Sequence[np.ndarray], names: Sequence[str]) -> Figure:
    """Draw kernels (h, w) on one scale, with their numbers: one kernel at different times of its training."""
    rows, columns = kernels[0].shape
    places, total = rows_of_tiles(len(kernels), len(kernels), TITLE, right=BAR, ratio=rows / columns)
    sheet = Sheet(total)
    limit = max(limit_of(kernel) for kernel in kernels)
    for place, kernel, name in zip(places, kernels, names, strict=True):
        sheet.signed(place, kernel, limit)
        sheet.title(place, name)
        for (x, y), value in np.ndenumerate(kernel):
            cell = place.part(rows, columns, (x, y, 1, 1))
            colour = "white" if abs(value) > 0.6 * limit else "black"
            sheet.text(
                cell.middle,
                cell.top + cell.height / 2,
                decimal(value, 2),
                8,
                va="center_baseline",
                color=colour,
            )
    sheet.bar(places[-1].right + 0.08, places[0].top, places[0].height, limit, "weight")
    return sheet.figure


def draw_strongest(
    filters: np.ndarray, images: np.ndarray, responses: np.ndarray, stride: int, count: int = 10
) -> Figure:
    """Draw each filter of a bank (h, w, 1, N) and beside it the windows that it answers to most strongly.

    images: (M, H, W, 1); responses: (M, H', W', N), to `images` under SAME padding with `stride`. An image
    gives one window to a filter, its best.
    """
    number = filters.shape[3]
    tile = min((WIDTH - BAR - 0.9) / (count + 1.3) - GAP, LARGEST)
    left, step = (WIDTH - BAR + 0.6 - (count + 1.3) * (tile + GAP)) / 2, tile + GAP
    sheet = Sheet(TITLE + number * step)
    for row in range(number):
        kernel = filters[:, :, 0, row]
        first = Place(left, TITLE + row * step, tile, tile)
        place = first.fitted(*kernel.shape)
        sheet.signed(place, kernel)
        sheet.text(left - 0.08, first.top + tile / 2, f"filter {row}", ha="right", va="center")
        windows = strongest_windows(images, responses[:, :, :, row], kernel.shape, stride, count)
        for column, window in enumerate(windows):
            sheet.image(place._replace(left=place.left + (column + 1.3) * step), window)
    sheet.text(left + tile / 2, TITLE - 0.06, "weights")
    sheet.text(left + 1.3 * step, TITLE - 0.06, "the windows with the strongest responses", ha="left")
    right = left + (count + 1.3) * step
    sheet.bar(right, TITLE, min(number * step - GAP, 2.6), None, "weight")
    return sheet.figure


def strongest_windows(
    images: np.ndarray, responses: np.ndarray, size: tuple[int, int], stride: int, count: int
) -> np.ndarray:
    """Return the windows (count, *size, C) with the largest responses, at most one from each image.

    images: (M, H, W, C); responses: (M, H', W') of one filter of `size` (rows, columns), under SAME padding.
    Windows may reach into the padding, which is 0.
    """
    rows, columns = size
    above, left = (
        zeros_around(w, f, stride, "SAME")[0] for w, f in zip(images.shape[1:3], size, strict=True)
    )
    room = np.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
    best = np.argsort(-responses.max(axis=(1, 2)), kind="stable")[:count]
    windows = []
    for image in best:
        x, y = np.unravel_index(np.argmax(responses[image]), responses.shape[1:])
        row, column = x * stride - above + rows, y * stride - left + columns
        windows.append(room[image, row : row + rows, column : column + columns])
    return np.array(windows)
