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
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from notebooks.labkit.standin import window_starts

SIGNED = "PuOr_r"
MARK = "#0072b2"
WIDTH = 9.0  # inches, of a full figure
CHANNELS = {1: ("",), 3: ("red", "green", "blue")}


def show(figure, alt):
    """Display a figure in the notebook; `alt` is read to those who cannot see it."""
    if not alt.strip():
        raise ValueError("A figure needs an alternative text: say in a sentence or two what it shows.")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=144, facecolor="white")
    source = base64.b64encode(picture.getvalue()).decode()
    width = round(figure.get_figwidth() * 96)
    tag = f'<img alt="{html.escape(alt)}" width="{width}" src="data:image/png;base64,{source}">'
    display(HTML(tag))


def draw_images(images, titles=(), columns=10):
    """Draw images (N, H, W, C) side by side; each with its title where there are titles."""
    figure, axes = _tiles(len(images), columns)
    for ax, image, title in zip(axes, images, _padded(titles, len(images)), strict=False):
        _image(ax, image)
        ax.set_title(title, fontsize=9)
    return figure


def draw_kernels(filters, names=(), columns=8, own_scale=False):
    """Draw a filter bank (H, W, in_channels, out_channels): one tile per kernel and channel.

    With `own_scale` each kernel is drawn on a scale of its own, so that weak ones can be seen too.
    """
    channels, count = filters.shape[2:]
    blocks = -(-count // columns)
    figure, axes = _tiles(columns * channels * blocks, columns, title_rows=blocks)
    axes = axes.reshape(blocks, channels, columns)
    for number, name in enumerate(_padded(names, count)):
        limit = _limit(filters[:, :, :, number] if own_scale else filters)
        block, column = divmod(number, columns)
        for channel in range(channels):
            ax = axes[block, channel, column]
            _signed(ax, filters[:, :, channel, number], limit)
            if column == 0:
                ax.set_ylabel(CHANNELS.get(channels, range(channels))[channel], fontsize=9)
        axes[block, 0, column].set_title(name, fontsize=9)
    colour_bar(figure, axes, None if own_scale else limit, "weight")
    return figure


def draw_responses(responses, names=(), columns=8, own_scale=False):
    """Draw the responses (H, W, N) of N filters to one image, on one scale or each on its own."""
    count = responses.shape[2]
    figure, axes = _tiles(count, columns, title_rows=2 * -(-count // columns))
    for number, name in enumerate(_padded(names, count)):
        limit = _limit(responses[:, :, number] if own_scale else responses)
        _response(axes[number], responses[:, :, number], limit)
        axes[number].set_title(name, fontsize=9)
    colour_bar(figure, axes, None if own_scale else limit, "response")
    return figure


def draw_one_filter(images, responses, titles=()):
    """Draw images (N, H, W, C) and below each the response (N, H', W') of one filter, all on one scale."""
    count = len(images)
    figure, axes = _tiles(2 * count, count, title_rows=2)
    limit = _limit(responses)
    for number, title in enumerate(_padded(titles, count)):
        _image(axes[number], images[number])
        axes[number].set_title(title, fontsize=9)
        _response(axes[count + number], responses[number], limit)
    axes[0].set_ylabel("before", fontsize=9)
    axes[count].set_ylabel("after", fontsize=9)
    colour_bar(figure, axes, limit, "response")
    return figure


def draw_before_after(image, kernel, response, stride):
    """Draw an image (H, W, C), a kernel (h, w, C) and the response (H', W') to it under SAME padding.

    The window with the largest response is marked before and after, and drawn beside the kernel.
    """
    (rows, columns), channels = kernel.shape[:2], kernel.shape[2]
    x, y = np.unravel_index(np.argmax(response), response.shape)
    top = window_starts(image.shape[0], rows, stride, "SAME")[x]
    left = window_starts(image.shape[1], columns, stride, "SAME")[y]
    strongest = response[x, y]
    figure = Figure(figsize=(WIDTH, 3.1), layout="constrained")
    before, window, middle, after = figure.add_gridspec(1, 4, width_ratios=[3, 1.6, 1.6, 3])

    ax = _axes(figure, before, f"before: {image.shape[0]} × {image.shape[1]}")
    _image(ax, image, ticks=True)
    _mark(ax, top, left, rows, columns)

    ax = _axes(figure, window, "strongest window")
    room = np.pad(image, ((rows, rows), (columns, columns), (0, 0)))
    _image(ax, room[top + rows : top + 2 * rows, left + columns : left + 2 * columns])
    _frame(ax, MARK, 2)

    for channel, cell in enumerate(middle.subgridspec(channels, 1)):
        ax = _axes(figure, cell, "kernel" if channel == 0 else "")
        _signed(ax, kernel[:, :, channel], _limit(kernel))
        ax.set_ylabel(CHANNELS.get(channels, range(channels))[channel], fontsize=9)
    ax.set_xlabel(f"window · kernel = {_number(strongest, 2)}", fontsize=9)

    ax = _axes(figure, after, f"after: {response.shape[0]} × {response.shape[1]}")
    _signed(ax, response, _limit(response), ticks=True)
    _mark(ax, x, y, 1, 1)
    colour_bar(figure, ax, _limit(response), "response", room=ax.inset_axes([1.04, 0, 0.05, 1]))
    return figure


def draw_windows(size, length, stride):
    """Draw one row of `size` pixels with SAME's zeros around it, its first two windows and the last."""
    starts = window_starts(size, length, stride, "SAME")
    before, after = -starts[0], max(starts[-1] + length - size, 0)
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


# --- the parts of a picture ---


def _tiles(count, columns, title_rows=None):
    """Return a figure with `count` empty square tiles in rows of `columns`, and their axes, flat."""
    columns = min(count, columns)
    rows = -(-count // columns)
    tile = WIDTH / (max(columns, 4) + 1)  # few pictures do not get larger and larger
    extra = 0.25 * (rows if title_rows is None else title_rows)
    figure = Figure(figsize=(WIDTH, rows * tile + extra), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes:
        ax.set(xticks=[], yticks=[])
        _frame(ax, "none")
    return figure, axes


def _axes(figure, cell, title):
    ax = figure.add_subplot(cell)
    ax.set_title(title, fontsize=9)
    return ax


def _image(ax, image, ticks=False):
    """Draw an image of values 0..255 or 0..1."""
    image = image / 255 if image.dtype == np.uint8 else image
    picture = image[:, :, 0] if image.shape[2] == 1 else image
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    _finish(ax, ticks)


def _signed(ax, values, limit, ticks=False):
    ax.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
    _finish(ax, ticks)


def _response(ax, values, limit):
    _signed(ax, values, limit)
    ax.set_xlabel(f"{_number(values.min(), 1)} … {_number(values.max(), 1)}", fontsize=7, labelpad=2)


def _finish(ax, ticks):
    _frame(ax, "0.6")
    if ticks:
        ax.set_xlabel("y (column)", fontsize=8)
        ax.set_ylabel("x (row)", fontsize=8)
        ax.tick_params(labelsize=7)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(6, integer=True))
    else:
        ax.set(xticks=[], yticks=[])


def _frame(ax, colour, width=0.8):
    for spine in ax.spines.values():
        spine.set(edgecolor=colour, linewidth=width)


def _mark(ax, top, left, rows, columns):
    corner = (left - 0.5, top - 0.5)
    ax.add_patch(Rectangle(corner, columns, rows, fill=False, edgecolor=MARK, linewidth=2.5, clip_on=False))


def colour_bar(figure, axes, limit, label, room=None):
    """Draw the scale beside `axes`, or in the axes `room`; limit None: the tiles have scales of their own."""
    scale = ScalarMappable(Normalize(-(limit or 1), limit or 1), SIGNED)
    place = {"cax": room} if room else {"ax": axes, "shrink": 0.8, "fraction": 0.03, "pad": 0.01}
    bar = figure.colorbar(scale, **place)
    if limit is None:
        bar.set_ticks([-1, 0, 1], labels=["−max", "0", "max"])
        label = "own scale"
    bar.set_label(label, fontsize=9)
    bar.ax.tick_params(labelsize=8)


def _limit(values):
    """Return the largest size of a value, so that zero is white; 1 where all are zero."""
    return float(np.abs(values).max()) or 1.0


def _number(value, decimals):
    """Return a number as text, with a true minus sign and never as −0."""
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "−")


def _padded(titles, count):
    return [*titles, *[""] * (count - len(titles))][:count]
