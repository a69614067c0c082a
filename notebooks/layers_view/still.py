"""The view as a still picture of where it starts, for places without widgets (GitHub, the site, print)."""

import html

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from notebooks.labkit.figures import as_html
from notebooks.labkit.sheet import WIDTH, Place, Sheet, limit_of
from notebooks.layers_view.way import Answer, Layer, Way

GAP = 0.2  # inches, between layers
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
    sheet = Sheet(2.9)
    columns = [each for each in zip(answer.layers, answer.values, strict=True) if each[0].kind != "scores"]
    widths = np.array([1.5, 1.9, *[1.5] * (len(columns) - 3), 1.6])
    widths *= (WIDTH - 0.2 - GAP * (len(columns) - 1)) / widths.sum()
    left = 0.1
    for number, ((layer, values), width) in enumerate(zip(columns, widths, strict=True)):
        place = Place(left, 0.5, width, 2.3)
        size = " × ".join(map(str, layer.shape)) if layer.kind != "probabilities" else "softmax"
        sheet.text(left, place.top - 0.06, f"{layer.name}\n{size}", ha="left")
        if layer.kind == "probabilities":
            _draw_bars(sheet, place, values.ravel())
        else:
            _draw_maps(sheet, place, layer, values, number)
        left += width + GAP
    return sheet.figure


def _draw_maps(sheet: Sheet, place: Place, layer: Layer, values: np.ndarray, number: int) -> None:
    rows, columns, channels = layer.shape
    across = 1 if channels == 1 else 3 if channels > 6 else 2
    step = min(place.width / across, place.height / max(1, channels // across))
    limit = limit_of(np.maximum(values, 0))
    for channel in range(channels):
        down, right = divmod(channel, across)
        tile = Place(place.left + right * step, place.top + down * step, step - 0.06, step - 0.06)
        if layer.kind == "picture":
            sheet.image(tile, values)
            sheet.frame(tile.part(rows, columns, (ROW, COLUMN, 5, 5)))
        else:
            sheet.signed(tile, np.maximum(values[:, :, channel], 0), limit)
        if number == 1 and channel == CHANNEL:
            sheet.frame(tile.part(rows, columns, (ROW, COLUMN, 1, 1)))


def _draw_bars(sheet: Sheet, place: Place, found: np.ndarray) -> None:
    step, left = place.height / len(found), place.left + 0.25
    room = place.right - left
    for number, share in enumerate(found):
        top, middle = place.top + number * step, place.top + (number + 0.5) * step
        bar = Rectangle((left, top + 0.1 * step), share * room, 0.8 * step, facecolor="#b35806")
        sheet.ax.add_artist(bar)
        sheet.text(left - 0.08, middle, f"{number}", 8, ha="right", va="center_baseline")
        if share >= 0.01:
            colour = "white" if share > 0.6 else "black"
            at = left + (min(share, 0.6) + 0.03) * room
            sheet.text(at, middle, f"{share:.0%}", 8, ha="left", va="center_baseline", color=colour)
    sheet.lines([[(left, place.top), (left, place.bottom)]], "0.6")
