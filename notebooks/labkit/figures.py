"""Pictures of images, kernels and responses.

Every function returns a matplotlib figure; `show` puts it into the notebook together with a text that says
what is to be seen. Images are gray or in their own colours. Kernels and responses have a sign, so they are
drawn from purple (negative) over white (zero) to orange (positive), which colour-blind people can tell apart,
with a colour bar, and with the smallest and largest value below each response.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from IPython.display import HTML, display
from matplotlib.figure import Figure

from notebooks.labkit.geometry import window_starts, zeros_around
from notebooks.labkit.rows import PixelRow
from notebooks.labkit.sheet import (
    BAR,
    Place,
    Sheet,
    decimal,
    limit_of,
    padded,
    range_text,
    rows_of_tiles,
)

CHANNELS = {1: ("",), 3: ("red", "green", "blue")}
TITLE, RANGE, SIDE = (
    0.25,
    0.2,
    0.3,
)  # inches, for a title, for the numbers below a response, for a name beside a row
LONGEST_BAR = 2.6  # inches
DENSITY = 144  # pixels to an inch; a notebook shows 96, a fine screen as many as there are


def show(figure: Figure, alt: str) -> None:
    """Display a figure in the notebook; `alt` is read to those who cannot see it."""
    display(HTML(as_html(figure, alt)))


def as_html(figure: Figure, alt: str) -> str:
    """Return a figure as an <img> with its alternative text."""
    if not alt.strip():
        raise ValueError("A figure needs an alternative text: say in a sentence or two what it shows.")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=DENSITY, facecolor="white")
    source = base64.b64encode(picture.getvalue()).decode()
    width = round(figure.get_figwidth() * 96)
    return f'<img alt="{html.escape(alt)}" width="{width}" src="data:image/png;base64,{source}">'


def draw_images(images: np.ndarray, titles: Sequence[object] = (), columns: int = 10) -> Figure:
    """Draw images (N, H, W, C) side by side; each with its title where there are titles."""
    count, height, width = images.shape[:3]
    above = TITLE if any(padded(titles, count)) else 0.0
    places, total = rows_of_tiles(count, columns, above, ratio=height / width)
    sheet = Sheet(total)
    for place, image, title in zip(places, images, padded(titles, count), strict=True):
        sheet.image(place, image)
        sheet.title(place, title)
    return sheet.figure


def draw_kernels(
    filters: np.ndarray, names: Sequence[object] = (), columns: int = 8, own_scale: bool = False
) -> Figure:
    """Draw a filter bank (H, W, in_channels, out_channels): one tile per kernel and channel.

    With `own_scale` each kernel is drawn on a scale of its own, so that weak ones can be seen too.
    """
    height, width, channels, count = filters.shape
    columns = min(columns, count)
    places, total = rows_of_tiles(
        count, columns, TITLE, left=SIDE if channels > 1 else 0, right=BAR, ratio=channels * height / width
    )
    sheet = Sheet(total)
    for number, (place, name) in enumerate(zip(places, padded(names, count), strict=True)):
        kernel = filters[:, :, :, number]
        sheet.title(place, name)
        draw_channels(sheet, place, kernel, limit_of(kernel if own_scale else filters), number % columns == 0)
    _bar_beside(sheet, places, None if own_scale else limit_of(filters), "weight")
    return sheet.figure


def draw_responses(
    responses: np.ndarray, names: Sequence[object] = (), columns: int = 8, own_scale: bool = False
) -> Figure:
    """Draw the responses (H, W, N) of N filters to one image, on one scale or each on its own."""
    height, width, count = responses.shape
    above = TITLE if any(padded(names, count)) else 0.0
    places, total = rows_of_tiles(count, columns, above, RANGE, right=BAR, ratio=height / width)
    sheet = Sheet(total)
    for number, (place, name) in enumerate(zip(places, padded(names, count), strict=True)):
        response = responses[:, :, number]
        sheet.signed(place, response, limit_of(response if own_scale else responses))
        sheet.title(place, name)
        sheet.below(place, range_text(response), 7)
    _bar_beside(sheet, places, None if own_scale else limit_of(responses), "response")
    return sheet.figure


def draw_one_filter(images: np.ndarray, responses: np.ndarray, titles: Sequence[object] = ()) -> Figure:
    """Draw images (N, H, W, C) and below each the response (N, H', W') of one filter, all on one scale."""
    count, height, width = images.shape[:3]
    tops, total = rows_of_tiles(count, count, TITLE, left=SIDE, right=BAR, ratio=height / width)
    sheet = Sheet(total + tops[0].height + RANGE)
    bottoms = [place._replace(top=total) for place in tops]
    for top, bottom, image, response, title in zip(
        tops, bottoms, images, responses, padded(titles, count), strict=True
    ):
        sheet.image(top, image)
        sheet.title(top, title)
        sheet.signed(bottom, response, limit_of(responses))
        sheet.below(bottom, range_text(response), 7)
    sheet.beside(tops[0], "before")
    sheet.beside(bottoms[0], "after")
    _bar_beside(sheet, bottoms, limit_of(responses), "response")
    return sheet.figure


def draw_before_after(image: np.ndarray, kernel: np.ndarray, response: np.ndarray, stride: int) -> Figure:
    """Draw an image (H, W, C), a kernel (h, w, C) and the response (H', W') to it under SAME padding.

    The window with the largest response is marked before and after, and drawn beside the kernel.
    """
    (rows, columns), channels = kernel.shape[:2], kernel.shape[2]
    x, y = map(int, np.unravel_index(np.argmax(response), response.shape))
    top = x * stride - zeros_around(image.shape[0], rows, stride, "SAME")[0]
    left = y * stride - zeros_around(image.shape[1], columns, stride, "SAME")[0]
    sheet = Sheet(3.05)

    before = Place(0.45, 0.3, 2.35, 2.35).fitted(*image.shape[:2])
    sheet.title(before, f"before: {image.shape[0]} × {image.shape[1]}")
    sheet.image(before, image)
    sheet.counted(before, *image.shape[:2])
    sheet.frame(before.part(*image.shape[:2], (top, left, rows, columns)))

    window = Place(3.05, 0.85, 1.25, 1.25).fitted(rows, columns)
    sheet.title(window, "strongest window")
    room = np.pad(image, ((rows, rows), (columns, columns), (0, 0)))
    sheet.image(window, room[top + rows : top + 2 * rows, left + columns : left + 2 * columns])
    sheet.frame(window, width=2)

    middle = Place(4.47, 0.3, 1.1, 2.35).fitted(channels * rows, columns)
    sheet.title(middle, "kernel")
    draw_channels(sheet, middle, kernel, limit_of(kernel), named=True)
    low = max(middle.bottom, window.bottom) + 0.08
    sheet.text(middle.middle, low, f"window · kernel = {decimal(response[x, y], 2)}", va="top")

    after = Place(6.1, 0.47, 2.0, 2.0).fitted(*response.shape)
    sheet.title(after, f"after: {response.shape[0]} × {response.shape[1]}")
    sheet.signed(after, response)
    sheet.counted(after, *response.shape)
    sheet.frame(after.part(*response.shape, (x, y, 1, 1)))
    sheet.bar(after.right + 0.08, after.top, after.height, limit_of(response), "response")
    return sheet.figure


def draw_channels(sheet: Sheet, place: Place, kernel: np.ndarray, limit: float, named: bool) -> None:
    """Draw the sheets of a kernel (h, w, C) one below the other into a place, each beside its name where `named`."""
    channels = kernel.shape[2]
    for channel in range(channels):
        part = place.part(channels, 1, (channel, 0, 1, 1))
        part = part.inset(0.04) if channels > 1 else part
        sheet.signed(part, kernel[:, :, channel], limit)
        if named:
            sheet.beside(part, str(CHANNELS.get(channels, range(channels))[channel]))


def draw_windows(size: int, length: int, stride: int) -> Figure:
    """Draw one row of `size` pixels with SAME's zeros around it, its first two windows and the last."""
    before, after = zeros = zeros_around(size, length, stride, "SAME")
    starts = window_starts(size, length, stride, zeros)
    sheet = Sheet(1.75)
    row = PixelRow(sheet, 0.5, size, zeros)
    row.draw()
    for level, number in enumerate((0, 1, len(starts) - 1)):
        low = 0.98 + 0.36 * (level % 2)
        row.window(starts[number], length, low, width=4)
        sheet.text(row.at(starts[number] + length / 2), low + 0.07, f"window {number}", va="top")
    sheet.text(row.at(-before), 0.4, f"zeros before: {before}", ha="left")
    sheet.text(row.at(size + after), 0.4, f"zeros after: {after}", ha="right")
    return sheet.figure


def _bar_beside(sheet: Sheet, places: Sequence[Place], limit: float | None, label: str) -> None:
    """Draw the scale to the right of tiles, as high as they are and no higher than can be read at once."""
    top, bottom = places[0].top, max(place.bottom for place in places)
    height = min(bottom - top - 0.1, LONGEST_BAR)  # so that its last numbers stay beside the tiles
    sheet.bar(max(place.right for place in places) + 0.08, (top + bottom - height) / 2, height, limit, label)
