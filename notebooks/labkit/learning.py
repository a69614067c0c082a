"""Pictures of learning: how a loss falls, how kernels change, and what they answer to in the end."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from notebooks.labkit.geometry import zeros_around
from notebooks.labkit.parts import (
    MARK,
    SIGNED,
    WIDTH,
    colour_bar,
    decimal,
    draw_image,
    finish,
    limit_of,
    tiles,
)

STYLES = ("-", "--", ":", "-.")  # curves differ by line style and by a name at their end, not by colour alone
COLOURS = (MARK, "#d55e00", "#009e73", "0.3")


def draw_losses(losses, unit="step", log=False):
    """Draw curves of a loss: `losses` gives for each name its values, one for each `unit` (step, epoch)."""
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    ax = figure.subplots()
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
    return figure


def draw_steps(kernels, names):
    """Draw kernels (h, w) on one scale, with their numbers: one kernel at different times of its training."""
    figure = Figure(figsize=(WIDTH, WIDTH / max(len(kernels) + 1, 5) + 0.25), layout="constrained")
    axes = figure.subplots(1, len(kernels), squeeze=False)[0]
    limit = max(limit_of(kernel) for kernel in kernels)
    for ax, kernel, name in zip(axes, kernels, names, strict=True):
        ax.imshow(kernel, cmap=SIGNED, vmin=-limit, vmax=limit)
        ax.set_title(name, fontsize=9)
        finish(ax, ticks=False)
        for (x, y), value in np.ndenumerate(kernel):
            colour = "white" if abs(value) > 0.6 * limit else "black"
            ax.text(y, x, decimal(value, 2), ha="center", va="center", fontsize=8, color=colour)
    colour_bar(figure, axes, limit, "weight")
    return figure


def draw_strongest(filters, images, responses, stride, count=10):
    """Draw each filter of a bank (h, w, 1, N) and beside it the windows that it answers to most strongly.

    images: (M, H, W, 1); responses: (M, H', W', N), to `images` under SAME padding with `stride`. An image
    gives one window to a filter, its best.
    """
    number = filters.shape[3]
    figure, axes = tiles(number * (count + 1), count + 1, title_rows=1)
    for row, places in enumerate(axes.reshape(number, count + 1)):
        kernel = filters[:, :, 0, row]
        places[0].imshow(kernel, cmap=SIGNED, vmin=-limit_of(kernel), vmax=limit_of(kernel))
        finish(places[0], ticks=False)
        places[0].set_ylabel(f"filter {row}", fontsize=9)
        windows = strongest_windows(images, responses[:, :, :, row], kernel.shape, stride, count)
        for ax, window in zip(places[1:], windows, strict=False):
            draw_image(ax, window)
    axes[0].set_title("weights", fontsize=9)
    title = axes[1].text(0, 1.1, "the windows with the strongest responses", fontsize=9)
    title.set(transform=axes[1].transAxes, in_layout=False)  # wider than its tile, which must not grow
    colour_bar(figure, axes, None, "weight")
    return figure


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
