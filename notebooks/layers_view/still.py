"""The view as a still picture of where it starts, for places without widgets (GitHub, the site, print)."""

import html

import numpy as np
from matplotlib.figure import Figure

from notebooks.labkit.figures import as_html
from notebooks.labkit.parts import SIGNED, WIDTH, finish, frame, limit_of, mark_window
from notebooks.layers_view.way import Answer, Layer, Way

CHANNEL, ROW, COLUMN = 2, 8, 14  # the number of the first layer whose window is marked


class StillLayers:
    """What `follow` returns without anywidget."""

    def __init__(self, way: Way):
        self._html = still_html(way)

    def _repr_html_(self) -> str:
        return self._html


def still_html(way: Way) -> str:
    """Return an <img> of the view's start with its alternative text; a sentence where the student's function fails."""
    answer = way.ask(way.start)
    if answer.problem:
        return f"<p>{html.escape(answer.problem)}</p>"
    found = answer.values[-1].ravel()
    sizes = ", ".join(
        f"{layer.name} {layer.shape[0]} by {layer.shape[1]} by {layer.shape[2]}"
        for layer in answer.layers[1:-2]
    )
    alt = (
        f"{way.titles()[way.start['digit']]} on its way through the network, from left to right: the picture, {sizes}, ten scores, "
        f"ten probabilities. The maps become smaller and coarser. A blue square marks one number of the first layer, and another "
        f"the window of 5 by 5 pixels that it comes from. The longest bar is that of class {found.argmax()}, with "
        f"{found.max():.0%}."
    )
    return as_html(draw_layers(answer), alt)


def draw_layers(answer: Answer) -> Figure:
    """Draw every layer as a column of its maps, and the probabilities as bars; one window is marked."""
    figure = Figure(figsize=(WIDTH, 2.9))
    columns = list(zip(answer.layers, answer.values, strict=True))
    columns = [each for each in columns if each[0].kind != "scores"]
    widths = [1.5, 1.9, *[1.5] * (len(columns) - 3), 1.6]
    grid = figure.add_gridspec(
        1, len(columns), width_ratios=widths, left=0.01, right=0.95, bottom=0.04, top=0.8, wspace=0.18
    )
    for number, (layer, values) in enumerate(columns):
        cell = grid[number]
        title = figure.add_subplot(cell)
        title.axis("off")
        size = " × ".join(map(str, layer.shape)) if layer.kind != "probabilities" else "softmax"
        title.set_title(f"{layer.name}\n{size}", fontsize=9, loc="left")
        if layer.kind == "probabilities":
            _draw_bars(title, values.ravel())
        else:
            _draw_maps(figure, cell, layer, values, number)
    return figure


def _draw_maps(figure: Figure, cell: object, layer: Layer, values: np.ndarray, number: int) -> None:
    channels = layer.shape[2]
    across = 1 if channels == 1 else 3 if channels > 6 else 2
    tiles = cell.subgridspec(max(1, channels // across), across, wspace=0.08, hspace=0.08)
    limit = limit_of(np.maximum(values, 0))
    for channel in range(channels):
        ax = figure.add_subplot(tiles[channel // across, channel % across])
        if layer.kind == "picture":
            ax.imshow(values[:, :, channel], cmap="gray", vmin=0, vmax=1)
            mark_window(ax, ROW, COLUMN, 5, 5)
        else:
            ax.imshow(np.maximum(values[:, :, channel], 0), cmap=SIGNED, vmin=-limit, vmax=limit)
        if number == 1 and channel == CHANNEL:
            mark_window(ax, ROW, COLUMN, 1, 1)
        finish(ax, ticks=False)


def _draw_bars(ax: object, found: np.ndarray) -> None:
    ax.axis("on")
    ax.barh(np.arange(len(found)), found, color="#b35806")
    for place, share in enumerate(found):
        if share >= 0.01:
            ax.text(
                min(share, 0.6) + 0.03,
                place,
                f"{share:.0%}",
                va="center",
                fontsize=8,
                color="white" if share > 0.6 else "black",
            )
    ax.set(xlim=(0, 1), ylim=(len(found) - 0.5, -0.5), xticks=[], yticks=np.arange(len(found)))
    ax.tick_params(labelsize=8, length=0)
    frame(ax, "none")
    ax.spines["left"].set_edgecolor("0.6")
