"""What a trained network does, in figures: its accuracy after each epoch, its filters, its confusions.

Nothing is said by colour alone: curves differ by line style and are named, numbers with a sign go from purple
over white to orange, and counts are written into their cells.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from notebooks.labkit.sheet import BAR, MARK, WIDTH, Place, Sheet

MARKERS = "os^Dv"


def draw_curves(histories: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw the accuracy of trainings after each epoch, while learning (dashed) and on the test pictures (solid).

    `histories` gives for each training's name what `fit` recorded: "accuracy" and "val_accuracy".
    """
    sheet = Sheet(3.6)
    ax = sheet.plot_axes(Place(0.7, 0.15, 5.8, 2.95))
    for (name, history), marker in zip(histories.items(), MARKERS * len(histories), strict=False):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        style = {"marker": marker, "markersize": 5, "linewidth": 1.5}
        ax.plot(epochs, history["accuracy"], "--", color="0.5", label=f"{name}, learning", **style)
        ax.plot(epochs, history["val_accuracy"], "-", color=MARK, label=f"{name}, test", **style)
    ax.set(xlabel="epoch", ylabel="accuracy", xlim=(0.5, epochs[-1] + 0.5))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", color="0.9")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return sheet.figure


def draw_strongest_kernels(filters: np.ndarray, channels_shown: int = 12, filters_shown: int = 24) -> Figure:
    """Draw the kernels of a bank `[height, width, in_channels, out_channels]` where the largest weights are.

    A row is a channel, a column a filter; those with the largest sums of squares are shown, in their order.
    """
    channels = _largest(np.square(filters).sum(axis=(0, 1, 3)), channels_shown)
    columns = _largest(np.square(filters).sum(axis=(0, 1, 2)), filters_shown)
    shown = filters[:, :, channels][..., columns]
    height, width, rows, count = shown.shape
    tile = (WIDTH - BAR - 0.6) / count
    sheet = Sheet(0.55 + rows * tile * height / width)
    limit = np.abs(shown).max() or 1.0
    for (row, column), _ in np.ndenumerate(shown[0, 0]):
        place = Place(0.5 + column * tile, 0.1 + row * tile * height / width, tile, tile * height / width)
        sheet.signed(place.inset(0.02), shown[:, :, row, column], limit)
        if column == 0:
            sheet.text(0.46, place.top + place.height / 2, str(channels[row]), 8, ha="right", va="center")
        if row == rows - 1:
            sheet.text(place.middle, place.bottom + 0.04, str(columns[column]), 8, va="top")
    whole = Place(0.5, 0.1, count * tile, rows * tile * height / width)
    sheet.below(whole._replace(top=whole.top + 0.17), "filter", 9)
    sheet.beside(whole, "channel", room=0.28)
    sheet.bar(whole.right + 0.08, whole.top, whole.height, limit, "weight")
    return sheet.figure


def confusion(labels: np.ndarray, answers: np.ndarray, classes: int) -> np.ndarray:
    """Return how often pictures of each class (rows) got each answer (columns): `[classes, classes]`."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, answers), 1)
    return counts


def draw_confusion(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw what `confusion` counted, for classes of these names."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    sheet = Sheet(0.72 * WIDTH)
    ax = sheet.plot_axes(Place(1.3, 0.1, WIDTH - 1.4, 0.72 * WIDTH - 1.2))
    ax.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1.15, aspect="auto")  # roots: mistakes are rare
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.5 else "black"
        weight = "bold" if row == column else "normal"
        ax.text(
            column, row, f"{count:,}" if count else "·", ha="center", va="center", color=colour, weight=weight
        )
    places = range(len(names))
    ax.set_xticks(places, names, rotation=35, ha="right")
    ax.set_yticks(places, names)
    ax.set(xlabel="the network's answer", ylabel="what it is")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return sheet.figure


def _largest(sizes: np.ndarray, count: int) -> np.ndarray:
    """Return where the largest numbers are, from first to last."""
    return np.sort(np.argsort(-sizes, kind="stable")[:count])
