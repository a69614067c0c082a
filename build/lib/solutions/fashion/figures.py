"""What the network learned, in figures: curves, filters, feature maps, confusions.

Each function returns a matplotlib figure. Nothing is said by colour alone: curves differ by line style and are
named, numbers with a sign go from purple over white to orange, and counts are written into their cells.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from notebooks.labkit import draw_images, draw_kernels, draw_responses
from notebooks.labkit.parts import MARK, SIGNED, WIDTH
from solutions.fashion.training import confusion, scaled

MARKERS = "os^Dv"


def figures(runs, test, picture=0):
    """Return all figures by name; those of filters and maps are of the first run and of one test picture."""
    model = runs[0].model
    image = scaled(test.images[picture : picture + 1])
    first, second = maps(model, image)
    counts = confusion(test.labels, model.predict(scaled(test.images)).argmax(axis=1), len(test.class_names))
    return {
        "curves": draw_curves(runs),
        "filters-1": draw_kernels(model.layers[0].kernel.value, own_scale=True),
        "filters-2": draw_strongest_kernels(model.layers[2].kernel.value),
        "picture": draw_images(image, [test.class_names[test.labels[picture]]]),
        "maps-1": draw_responses(first[0]),
        "maps-2": draw_responses(second[0], columns=16),
        "confusion": draw_confusion(counts, test.class_names),
    }


def maps(model, images):
    """Return the feature maps of both convolutions, `[images, height, width, filters]`."""
    found = []
    for layer in model.layers[:3]:
        images = layer.forward(images)
        found.append(images)
    return found[0], found[2]


def draw_curves(runs):
    """Draw each run's accuracy after each epoch, while learning (dashed) and on the test pictures (solid)."""
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = figure.subplots()
    for run, marker in zip(runs, MARKERS * len(runs), strict=False):
        epochs = np.arange(1, len(run.history["accuracy"]) + 1)
        style = {"marker": marker, "markersize": 5, "linewidth": 1.5}
        ax.plot(
            epochs, run.history["accuracy"], "--", color="0.5", label=f"seed {run.seed}, learning", **style
        )
        ax.plot(epochs, run.history["val_accuracy"], "-", color=MARK, label=f"seed {run.seed}, test", **style)
    ax.set(xlabel="epoch", ylabel="accuracy", xlim=(0.5, epochs[-1] + 0.5))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", color="0.9")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def draw_strongest_kernels(filters, channels_shown=12, filters_shown=24):
    """Draw the kernels of a bank `[height, width, in_channels, out_channels]` where the largest weights are.

    A row is a channel, a column a filter; those with the largest sums of squares are shown, in their order.
    """
    channels = _largest(np.square(filters).sum(axis=(0, 1, 3)), channels_shown)
    columns = _largest(np.square(filters).sum(axis=(0, 1, 2)), filters_shown)
    shown = filters[:, :, channels][..., columns]
    height, width, rows, count = shown.shape
    room = np.full((rows, height + 1, count, width + 1), np.nan, filters.dtype)  # with a gap between kernels
    room[:, :height, :, :width] = shown.transpose(2, 0, 3, 1)
    picture = room.reshape(rows * (height + 1), count * (width + 1))[:-1, :-1]
    figure = Figure(
        figsize=(WIDTH, 0.6 + (WIDTH - 1.2) * len(picture) / picture.shape[1]), layout="constrained"
    )
    ax = figure.subplots()
    limit = np.abs(shown).max() or 1.0
    drawn = ax.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set_facecolor("0.6")
    ax.set_xticks(np.arange(count) * (width + 1) + (width - 1) / 2, columns)
    ax.set_yticks(np.arange(rows) * (height + 1) + (height - 1) / 2, channels)
    ax.set(xlabel="filter", ylabel="channel")
    ax.tick_params(labelsize=8, length=0)
    figure.colorbar(drawn, ax=ax, shrink=0.8, fraction=0.03, pad=0.01).set_label("weight", fontsize=9)
    return figure


def _largest(sizes, count):
    """Return where the largest numbers are, from first to last."""
    return np.sort(np.argsort(-sizes, kind="stable")[:count])


def draw_confusion(counts, names):
    """Draw a table of counts `[classes, classes]`: a row for each right class, a column for each answer."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(WIDTH, 0.72 * WIDTH), layout="constrained")
    ax = figure.subplots()
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
    return figure
