"""A window that slides: drawn along one axis, or over a picture as an animation that waits for its reader."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from uuid import uuid4

import numpy as np
from IPython.display import HTML, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from notebooks.labkit.geometry import window_starts
from notebooks.labkit.grids import NO_ZEROS, Grid, draw_grids
from notebooks.labkit.rows import PixelRow
from notebooks.labkit.sheet import MARK, WIDTH, Place, Sheet, number_text

PLAYER = Template((Path(__file__).parent / "player.html").read_text(encoding="utf-8"))
MOST_STEPS = 24
COLOURS = 128  # enough for drawings, and a third of the size
ACROSS = 3  # frames side by side where the animation is seen as one still picture
DPI = 120


def draw_paddings(size: int, length: int, stride: int, paddings: Mapping[str, tuple[int, int]]) -> Figure:
    """Draw a row of `size` pixels and all windows over it, once for each padding.

    `paddings` gives for each name its zeros (before, after). A cross marks what no window sees, and a dot the
    middle of each window.
    """
    levels = -(-length // stride)  # so many windows lie over one pixel
    step = 0.75 + 0.12 * levels  # inches, from row to row
    sheet = Sheet(len(paddings) * step)
    most = max(max(zeros) for zeros in paddings.values())
    for number, (name, zeros) in enumerate(paddings.items()):
        starts = window_starts(size, length, stride, zeros)
        row = PixelRow(sheet, number * step + 0.32, size, zeros, most)
        row.draw(unseen(size, length, stride, zeros))
        for window, start in enumerate(starts):
            low = row.top + row.cell + 0.12 * (1 + window % levels)
            row.window(start, length, low)
            row.dot(start + length / 2, low)
        title = f"{name}: zeros {zeros[0]} before, {zeros[1]} after, {len(starts)} windows"
        sheet.text(WIDTH / 2, row.top - 0.07, title, 10)
    return sheet.figure


def draw_stairs(before: Sequence[int], after: Mapping[str, Sequence[int]]) -> Figure:
    """Draw sizes after a convolution over the sizes before it, a curve for each name, which stands at its end."""
    sheet = Sheet(3)
    ax = sheet.plot_axes(Place(0.7, 0.15, 7.3, 2.35))
    for (name, sizes), marker in zip(after.items(), "os^", strict=False):
        ax.plot(before, sizes, marker + "-", color=MARK, markersize=4, linewidth=1)
        ax.annotate(name, (before[-1], sizes[-1]), (8, 0), textcoords="offset points", va="center")
    ax.set(xlabel="w, the size before", ylabel="w′, the size after")
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    return sheet.figure


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
