"""Pictures of images, kernels and responses.

Every function returns a matplotlib figure; `show` puts it into the notebook together with a text that says
what is to be seen. Images are gray or in their own colours. Kernels and responses have a sign, so they are
drawn from purple (negative) over white (zero) to orange (positive), which colour-blind people can tell apart,
with a colour bar, and with the smallest and largest value below each response.
"""

import base64
import html
import io

import numpy as np
from IPython.display import HTML, display
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from notebooks.labkit.geometry import window_starts, zeros_around
from notebooks.labkit.parts import (
    MARK,
    WIDTH,
    colour_bar,
    decimal,
    draw_image,
    draw_response,
    draw_signed,
    frame,
    limit_of,
    mark_window,
    padded,
    tiles,
    titled_axes,
)

CHANNELS = {1: ("",), 3: ("red", "green", "blue")}


def show(figure, alt):
    """Display a figure in the notebook; `alt` is read to those who cannot see it."""
    display(HTML(as_html(figure, alt)))


def as_html(figure, alt):
    """Return a figure as an <img> with its alternative text."""
    if not alt.strip():
        raise ValueError("A figure needs an alternative text: say in a sentence or two what it shows.")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=144, facecolor="white")
    source = base64.b64encode(picture.getvalue()).decode()
    width = round(figure.get_figwidth() * 96)
    return f'<img alt="{html.escape(alt)}" width="{width}" src="data:image/png;base64,{source}">'


def draw_images(images, titles=(), columns=10):
    """Draw images (N, H, W, C) side by side; each with its title where there are titles."""
    figure, axes = tiles(len(images), columns)
    for ax, image, title in zip(axes, images, padded(titles, len(images)), strict=False):
        draw_image(ax, image)
        ax.set_title(title, fontsize=9)
    return figure


def draw_kernels(filters, names=(), columns=8, own_scale=False):
    """Draw a filter bank (H, W, in_channels, out_channels): one tile per kernel and channel.

    With `own_scale` each kernel is drawn on a scale of its own, so that weak ones can be seen too.
    """
    channels, count = filters.shape[2:]
    blocks = -(-count // columns)
    figure, axes = tiles(columns * channels * blocks, columns, title_rows=blocks)
    axes = axes.reshape(blocks, channels, columns)
    for number, name in enumerate(padded(names, count)):
        limit = limit_of(filters[:, :, :, number] if own_scale else filters)
        block, column = divmod(number, columns)
        for channel in range(channels):
            ax = axes[block, channel, column]
            draw_signed(ax, filters[:, :, channel, number], limit)
            if column == 0:
                ax.set_ylabel(CHANNELS.get(channels, range(channels))[channel], fontsize=9)
        axes[block, 0, column].set_title(name, fontsize=9)
    colour_bar(figure, axes, None if own_scale else limit, "weight")
    return figure


def draw_responses(responses, names=(), columns=8, own_scale=False):
    """Draw the responses (H, W, N) of N filters to one image, on one scale or each on its own."""
    count = responses.shape[2]
    figure, axes = tiles(count, columns, title_rows=2 * -(-count // columns))
    for number, name in enumerate(padded(names, count)):
        limit = limit_of(responses[:, :, number] if own_scale else responses)
        draw_response(axes[number], responses[:, :, number], limit)
        axes[number].set_title(name, fontsize=9)
    colour_bar(figure, axes, None if own_scale else limit, "response")
    return figure


def draw_one_filter(images, responses, titles=()):
    """Draw images (N, H, W, C) and below each the response (N, H', W') of one filter, all on one scale."""
    count = len(images)
    figure, axes = tiles(2 * count, count, title_rows=2)
    limit = limit_of(responses)
    for number, title in enumerate(padded(titles, count)):
        draw_image(axes[number], images[number])
        axes[number].set_title(title, fontsize=9)
        draw_response(axes[count + number], responses[number], limit)
    axes[0].set_ylabel("before", fontsize=9)
    axes[count].set_ylabel("after", fontsize=9)
    colour_bar(figure, axes, limit, "response")
    return figure


def draw_before_after(image: np.ndarray, kernel: np.ndarray, response: np.ndarray, stride: int) -> Figure:
    """Draw an image (H, W, C), a kernel (h, w, C) and the response (H', W') to it under SAME padding.

    The window with the largest response is marked before and after, and drawn beside the kernel.
    """
    (rows, columns), channels = kernel.shape[:2], kernel.shape[2]
    x, y = np.unravel_index(np.argmax(response), response.shape)
    top = x * stride - zeros_around(image.shape[0], rows, stride, "SAME")[0]
    left = y * stride - zeros_around(image.shape[1], columns, stride, "SAME")[0]
    strongest = response[x, y]
    figure = Figure(figsize=(WIDTH, 3.1), layout="constrained")
    before, window, middle, after = figure.add_gridspec(1, 4, width_ratios=[3, 1.6, 1.6, 3])

    ax = titled_axes(figure, before, f"before: {image.shape[0]} × {image.shape[1]}")
    draw_image(ax, image, ticks=True)
    mark_window(ax, top, left, rows, columns)

    ax = titled_axes(figure, window, "strongest window")
    room = np.pad(image, ((rows, rows), (columns, columns), (0, 0)))
    draw_image(ax, room[top + rows : top + 2 * rows, left + columns : left + 2 * columns])
    frame(ax, MARK, 2)

    for channel, cell in enumerate(middle.subgridspec(channels, 1)):
        ax = titled_axes(figure, cell, "kernel" if channel == 0 else "")
        draw_signed(ax, kernel[:, :, channel], limit_of(kernel))
        ax.set_ylabel(CHANNELS.get(channels, range(channels))[channel], fontsize=9)
    ax.set_xlabel(f"window · kernel = {decimal(strongest, 2)}", fontsize=9)

    ax = titled_axes(figure, after, f"after: {response.shape[0]} × {response.shape[1]}")
    draw_signed(ax, response, limit_of(response), ticks=True)
    mark_window(ax, x, y, 1, 1)
    colour_bar(figure, ax, limit_of(response), "response", room=ax.inset_axes([1.04, 0, 0.05, 1]))
    return figure


def draw_windows(size: int, length: int, stride: int) -> Figure:
    """Draw one row of `size` pixels with SAME's zeros around it, its first two windows and the last."""
    before, after = zeros = zeros_around(size, length, stride, "SAME")
    starts = window_starts(size, length, stride, zeros)
    figure = Figure(figsize=(WIDTH, 1.9), layout="constrained")
    ax = figure.add_subplot()
    for pixel in range(-before, size + after):
        inside = 0 <= pixel < size
        looks = {"facecolor": "0.87"} if inside else {"facecolor": "white", "hatch": "////"}
        ax.add_patch(Rectangle((pixel, 0), 1, 1, edgecolor="0.4", **looks))
        if inside:
            ax.text(pixel + 0.5, 0.5, pixel, ha="center", va="center", fontsize=8)
    for level, number in enumerate((0, 1, len(starts) - 1)):
        left, low = starts[number], -0.75 - 0.9 * (level % 2)
        ax.plot([left + 0.1, left + length - 0.1], [low, low], color=MARK, linewidth=4)
        ax.text(left + length / 2, low - 0.2, f"window {number}", ha="center", va="top", fontsize=9)
    ax.text(-before, 1.2, f"zeros before: {before}", fontsize=9, ha="left")
    ax.text(size + after, 1.2, f"zeros after: {after}", fontsize=9, ha="right")
    ax.set(xlim=(-before - 0.3, size + after + 0.3), ylim=(-2.6, 1.9))
    ax.axis("off")
    return figure
