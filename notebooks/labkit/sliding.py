"""A window that slides: drawn along one axis, or over a picture as an animation that waits for its reader."""

import base64
import html
import io
from pathlib import Path
from string import Template
from uuid import uuid4

import numpy as np
from IPython.display import HTML, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from notebooks.labkit.geometry import window_starts
from notebooks.labkit.grids import NO_ZEROS, Grid, draw_grids, number_text
from notebooks.labkit.parts import MARK, WIDTH

PLAYER = Template((Path(__file__).parent / "player.html").read_text(encoding="utf-8"))
MOST_STEPS = 24
COLOURS = 128  # enough for drawings, and a third of the size
ACROSS = 3  # frames side by side where the animation is seen as one still picture
DPI = 120


def draw_paddings(size, length, stride, paddings):
    """Draw a row of `size` pixels and all windows over it, once for each padding.

    `paddings` gives for each name its zeros (before, after). A cross marks what no window sees, and a dot the
    middle of each window.
    """
    levels = -(-length // stride)  # so many windows lie over one pixel
    figure = Figure(figsize=(WIDTH, len(paddings) * (1.0 + 0.15 * levels)), layout="constrained")
    most = max(max(zeros) for zeros in paddings.values())
    axes = figure.subplots(len(paddings), 1, squeeze=False, sharex=True)[:, 0]
    for ax, (name, (before, after)) in zip(axes, paddings.items(), strict=True):
        starts = window_starts(size, length, stride, (before, after))
        _draw_pixels(ax, size, (before, after), unseen(size, length, stride, (before, after)))
        for number, start in enumerate(starts):
            low = -0.45 - 0.42 * (number % levels)
            ax.plot([start + 0.15, start + length - 0.15], [low, low], color=MARK, linewidth=2.5)
            ax.plot(start + length / 2, low, "o", color=MARK, markersize=4)
        ax.set(xlim=(-most - 0.3, size + most + 0.3), ylim=(-0.6 - 0.42 * levels, 1.1))
        ax.set_title(f"{name}: zeros {before} before, {after} after, {len(starts)} windows", fontsize=10)
        ax.axis("off")
    return figure


def unseen(size, length, stride, zeros):
    """Return the places that no window covers; 0 is the first pixel, negative ones are zeros before it."""
    before, after = zeros
    starts = window_starts(size, length, stride, zeros)
    seen = {int(start) + place for start in starts for place in range(length)}
    return [place for place in range(-before, size + after) if place not in seen]


def show_steps(padded, kernel, output, stride=1, zeros=NO_ZEROS):
    """Display a kernel that slides over a picture; `steps_page` tells about arguments and errors."""
    display(HTML(steps_page(padded, kernel, output, stride, zeros)))


def steps_page(padded, kernel, output, stride=1, zeros=NO_ZEROS):
    """Return HTML in which a kernel slides over a picture: with buttons, keys, and all steps as text.

    padded: the picture (H, W) with its zeros; `zeros` says how many: ((top, bottom), (left, right)).
    output: (H', W'), what `convolve(padded, kernel, stride)` returns.
    stride: an int or a pair (rows, columns).
    ValueError for an output of more than MOST_STEPS numbers, which nobody would want to watch.
    """
    if output.size > MOST_STEPS:
        raise ValueError(
            f"This output has {output.size} numbers; show_steps draws at most {MOST_STEPS}. "
            "Take a smaller picture or a larger stride."
        )
    strides = np.broadcast_to(stride, 2)  # a single number counts for both
    places = list(np.ndindex(output.shape))
    frames = [_render(draw_step(padded, kernel, output, place, strides, zeros)) for place in places]
    lines = [describe_step(padded, kernel, output, place, strides) for place in places]
    alt = (
        f"{len(places)} frames. In each, a window of {kernel.shape[0]} by {kernel.shape[1]} is outlined on "
        f"the picture of numbers; beside it the kernel, the products, and the output filled up to this window. "
        f"The stride is {strides[0]} along the rows and {strides[1]} along the columns. All sums stand below."
    )
    return player(frames, lines, alt)


def draw_step(padded, kernel, output, place, strides, zeros=NO_ZEROS):
    """Draw one step: the window for output number `place`, the products, and the output so far."""
    corner, window = window_at(padded, kernel, place, strides)
    products = np.multiply(window, kernel, dtype=float)
    # One scale for the products of all steps, in floats: those of bytes could overflow.
    most = float(np.abs(padded).max()) * float(np.abs(kernel).max())
    so_far = np.arange(output.size).reshape(output.shape) <= np.ravel_multi_index(place, output.shape)
    return draw_grids(
        Grid("picture", padded, zeros=zeros, marks=((*corner, *kernel.shape),)),
        Grid("kernel", kernel, signed=True),
        Grid("window · kernel", products, signed=True, limit=most),
        Grid(
            "output",
            np.where(so_far, output, np.nan),
            signed=True,
            limit=np.abs(output).max(),
            marks=((*place, 1, 1),),
        ),
    )


def describe_step(padded, kernel, output, place, strides):
    """Return one step as a line of text: the place in the output and its sum of products."""
    _, window = window_at(padded, kernel, place, strides)
    pairs = zip(window.flat, kernel.flat, strict=True)
    terms = " + ".join(f"{number_text(pixel)}·{_factor(weight)}" for pixel, weight in pairs)
    return f"Output {place} = {terms} = {number_text(output[place])}"


def window_at(padded, kernel, place, strides):
    """Return the corner (row, column) of the window for output number `place`, and its pixels."""
    top, left = place[0] * strides[0], place[1] * strides[1]
    rows, columns = kernel.shape
    return (top, left), padded[top : top + rows, left : left + columns]


def player(frames, lines, alt):
    """Return HTML that shows frames (equal uint8 arrays (H, W, 3)), and for each its line of text.

    It is one picture of all frames side by side. A script shows one frame at a time, with buttons and keys;
    where no script runs, and on paper, all frames are seen. Nothing moves before "Play" is pressed.
    """
    sheet = io.BytesIO()
    colours = Image.fromarray(contact_sheet(frames)).quantize(COLOURS, dither=Image.Dither.NONE)
    colours.save(sheet, format="png")
    height, width = frames[0].shape[:2]
    return PLAYER.substitute(
        id=f"steps-{uuid4().hex}",
        alt=html.escape(alt),
        source=base64.b64encode(sheet.getvalue()).decode(),
        count=len(frames),
        across=min(ACROSS, len(frames)),
        down=-(-len(frames) // ACROSS),
        shape=f"{width} / {height}",
        width=round(WIDTH * 96),
        lines="\n".join(f"<li>{html.escape(line)}</li>" for line in lines),
    )


def contact_sheet(frames):
    """Return frames (H, W, 3) as one picture, ACROSS of them in a row, white where the last row has none."""
    across = min(ACROSS, len(frames))
    missing = -len(frames) % across
    frames = [*frames, *[np.full_like(frames[0], 255)] * missing]
    rows = [np.hstack(frames[first : first + across]) for first in range(0, len(frames), across)]
    return np.vstack(rows)


def _render(figure):
    """Return a figure as an array (H, W, 3) of uint8."""
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3]


def _factor(weight):
    """Return a weight as it stands in a product: in brackets where it has a minus sign."""
    text = number_text(weight)
    return f"({text})" if text.startswith("−") else text


def _draw_pixels(ax, size, zeros, crossed):
    before, after = zeros
    for place in range(-before, size + after):
        inside = 0 <= place < size
        look = {"facecolor": "0.87"} if inside else {"facecolor": "white", "hatch": "////"}
        ax.add_patch(Rectangle((place, 0), 1, 1, edgecolor="0.4", **look))
        if inside:
            ax.text(place + 0.5, 0.5, place, ha="center", va="center", fontsize=8)
        if place in crossed:
            ax.plot([place, place + 1], [0, 1], [place, place + 1], [1, 0], color="black", linewidth=2)
