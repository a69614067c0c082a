"""The parts that the labs' pictures are made of: tiles, images, signed values, colour bars."""

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

SIGNED = "PuOr_r"
MARK = "#0072b2"
WIDTH = 9.0  # inches, of a full figure


def tiles(count, columns, title_rows=None):
    """Return a figure with `count` empty square tiles in rows of `columns`, and their axes, flat."""
    columns = min(count, columns)
    rows = -(-count // columns)
    tile = WIDTH / (max(columns, 4) + 1)  # few pictures do not get larger and larger
    extra = 0.25 * (rows if title_rows is None else title_rows)
    figure = Figure(figsize=(WIDTH, rows * tile + extra), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes:
        ax.set(xticks=[], yticks=[])
        frame(ax, "none")
    return figure, axes


def titled_axes(figure, cell, title):
    ax = figure.add_subplot(cell)
    ax.set_title(title, fontsize=9)
    return ax


def draw_image(ax, image, ticks=False):
    """Draw an image of values 0..255 or 0..1."""
    image = image / 255 if image.dtype == np.uint8 else image
    picture = image[:, :, 0] if image.shape[2] == 1 else image
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    finish(ax, ticks)


def draw_signed(ax, values, limit, ticks=False):
    ax.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit)
    finish(ax, ticks)


def draw_response(ax, values, limit):
    draw_signed(ax, values, limit)
    ax.set_xlabel(f"{decimal(values.min(), 1)} … {decimal(values.max(), 1)}", fontsize=7, labelpad=2)


def finish(ax, ticks):
    frame(ax, "0.6")
    if ticks:
        ax.set_xlabel("y (column)", fontsize=8)
        ax.set_ylabel("x (row)", fontsize=8)
        ax.tick_params(labelsize=7)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(6, integer=True))
    else:
        ax.set(xticks=[], yticks=[])


def frame(ax, colour, width=0.8):
    for spine in ax.spines.values():
        spine.set(edgecolor=colour, linewidth=width)


def mark_window(ax, top, left, rows, columns):
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


def limit_of(values):
    """Return the largest size of a value, so that zero is white; 1 where all are zero."""
    return float(np.abs(values).max()) or 1.0


def decimal(value, decimals):
    """Return a number as text, with a true minus sign and never as −0."""
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "−")


def padded(titles, count):
    return [*titles, *[""] * (count - len(titles))][:count]
