"""Grids of numbers side by side, for a notebook, each picture with a text for those who cannot see it."""

from __future__ import annotations

import base64
import html
import io
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Panel:
    """A grid of numbers to draw: ``mark`` outlines (row, column, height, width), padding is hatched."""

    title: str
    numbers: np.ndarray
    mark: tuple[int, int, int, int] | None = None
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)  # rows above and below, columns left and right


def picture(*panels: Panel, alt: str) -> None:
    """Draw grids of numbers side by side, with a text for those who cannot see them."""
    from matplotlib.figure import Figure

    widths = [max(panel.numbers.shape[1], 2) for panel in panels]
    height = max(panel.numbers.shape[0] for panel in panels)
    figure = Figure(figsize=(0.46 * (sum(widths) + len(panels)), 0.46 * (height + 2)), facecolor="white")
    axes = figure.subplots(1, len(panels), width_ratios=widths, squeeze=False)[0]
    for ax, panel, width in zip(axes, panels, widths, strict=True):
        _draw_panel(ax, panel, width, height)
    figure.tight_layout()
    show(figure, alt)


def _draw_panel(ax: Any, panel: Panel, widest: int, highest: int) -> None:
    """Draw one grid at the top of a space of widest × highest cells, so that all panels' cells are equal."""
    from matplotlib.patches import Rectangle

    rows, columns = panel.numbers.shape
    top, bottom, left, right = panel.padding
    for (row, column), number in np.ndenumerate(panel.numbers):
        inside = top <= row < rows - bottom and left <= column < columns - right
        colour, hatch = ("#f4f4f4", None) if inside else ("#cfe3f2", "///")
        square = Rectangle(
            (column, row), 1, 1, edgecolor="#999999", linewidth=0.6, facecolor=colour, hatch=hatch
        )
        ax.add_patch(square)
        label = {"facecolor": colour, "edgecolor": "none", "pad": 1}
        ax.text(column + 0.5, row + 0.5, f"{number:.4g}", ha="center", va="center", fontsize=9, bbox=label)
    if panel.mark is not None:
        row, column, height, width = panel.mark
        ax.add_patch(
            Rectangle((column, row), width, height, fill=False, edgecolor="#b34700", linewidth=3, zorder=3)
        )
    around = (widest - columns) / 2 + 0.05
    ax.set(xlim=(-around, columns + around), ylim=(highest + 0.05, -0.05), aspect="equal", title=panel.title)
    ax.set_xticks(np.arange(columns) + 0.5, labels=np.arange(columns) - left)
    ax.set_yticks(np.arange(rows) + 0.5, labels=np.arange(rows) - top)
    ax.tick_params(length=0, labelsize=7, labeltop=True, labelbottom=False, colors="#555555")
    ax.title.set_fontsize(10)
    ax.spines[:].set_visible(False)


def show(figure: Any, alt: str) -> None:
    """Display a matplotlib figure as an image with a text alternative, and close it."""
    from IPython.display import display

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    png = base64.b64encode(buffer.getvalue()).decode("ascii")
    image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{png}" style="max-width: 100%">'
    display({"text/html": image, "text/plain": alt}, raw=True)


def can_draw() -> bool:
    """Whether this runs in a notebook, with matplotlib."""
    try:
        import IPython
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    return IPython.get_ipython() is not None
