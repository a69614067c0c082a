"""The pictures of a class, as inline SVG in the page's own colours. Each shows what a table beside it says.

Made by matplotlib without pyplot, so that nothing is shared, and without dates and random names: the same numbers give
the same bytes.
"""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.reports.insight.findings import Change, OfFunction, Spread
from autograder.reports.markup import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.6  # inches: narrow, so that letters stay legible on a telephone
# matplotlib wants colours; the page has names for them, in light and in dark. These stand in for the names.
COLOURS = {
    "#010203": "var(--ink)",
    "#010204": "var(--good)",
    "#010205": "var(--half)",
    "#010206": "var(--bad)",
    "#010207": "var(--none)",
    "#010208": "var(--line)",
    "#010209": "var(--paper)",
}
INK, GOOD, HALF, BAD, MISSING, LINE, PAPER = COLOURS
# A pattern for each, so that they are told apart without colours.
STATES = (("right", GOOD, ""), ("in part", HALF, "///"), ("wrong", BAD, ""), ("not started", MISSING, "..."))


def score_plot(spread: Spread, max_score: float) -> str:
    """How many scores lie in each tenth of the points, with the median."""
    from matplotlib.ticker import MaxNLocator

    figure = _figure(2.4)
    axes = figure.subplots()
    width = max_score / len(spread.bands) if max_score else 1.0
    heights = [count or 0 for count in spread.bands]
    axes.bar(
        [i * width for i in range(len(heights))], heights, width, align="edge", color=GOOD, edgecolor=PAPER
    )
    axes.axvline(spread.median, color=BAD, linewidth=2, linestyle="--")
    axes.annotate("median", (spread.median, 1), xycoords=("data", "axes fraction"), xytext=(-4, -10),
                  textcoords="offset points", ha="right", color=INK, fontsize=9)  # fmt: skip
    axes.set(xlabel="points", ylabel="students", xlim=(0, max_score or 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    words = f"Histogram of the scores: median {spread.median:g} of {max_score:g}. The table below has its numbers."
    return _svg(figure, "scores", axes, words)


def function_plot(functions: Sequence[OfFunction]) -> str:
    """For each function a bar of the class: right, in part, wrong, not started."""
    figure = _figure(0.9 + 0.27 * len(functions))
    axes = figure.subplots()
    names, left = [each.name for each in functions], [0] * len(functions)
    counts = zip(*((each.right, each.partly, each.wrong, each.missing) for each in functions), strict=True)
    for (label, colour, hatch), column in zip(STATES, counts, strict=True):
        widths = [count or 0 for count in column]
        axes.barh(
            range(len(names)), widths, left=left, color=colour, hatch=hatch, edgecolor=PAPER, label=label
        )
        left = [before + width for before, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(names)), [_plain(name) for name in names], fontsize=9)
    axes.invert_yaxis()
    axes.set(xlabel="students", xlim=(0, max([*left, 1])))
    figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9, labelcolor=INK)
    words = "For each function a bar: how many students have it right, in part, wrong, not started. See the table below."
    return _svg(figure, "functions", axes, words)


def change_plot(changes: Sequence[Change]) -> str:
    """Shares of two classes beside each other."""
    figure = _figure(0.9 + 0.27 * len(changes))
    axes = figure.subplots()
    places = range(len(changes))
    now, then = ([100 * count / of for count, of in pairs] for pairs in _both(changes))
    axes.hlines(places, then, now, color=LINE, linewidth=3)
    axes.scatter(then, places, s=45, facecolor=PAPER, edgecolor=INK, zorder=3, label="earlier class")
    axes.scatter(now, places, s=45, color=GOOD, marker="D", zorder=4, label="this class")
    axes.set_yticks(places, [_plain(change.what) for change in changes], fontsize=9)
    axes.invert_yaxis()
    axes.set(xlabel="% of the class who have it right", xlim=(-3, 103))
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=9, labelcolor=INK)
    words = "For each function the share of this class and of the earlier one who have it right. See the table below."
    return _svg(figure, "changes", axes, words)


def _both(changes: Sequence[Change]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    return [change.now for change in changes], [change.earlier for change in changes]


def _plain(name: str) -> str:
    """A name for a label. matplotlib would read dollar signs as a formula."""
    return name[:24].replace("$", "")


def _figure(height: float) -> "Figure":
    """An empty one, of this height in inches."""
    # Every command imports this module, and matplotlib takes longer than all the rest: only who draws waits.
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), layout="constrained")


def _svg(figure: "Figure", name: str, axes: "Axes", words: str) -> str:
    """The figure as a part of a page, with `words` for those who cannot see it."""
    import matplotlib

    for spine in axes.spines.values():
        spine.set_color(LINE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    axes.xaxis.label.set(color=INK, fontsize=9)
    axes.yaxis.label.set(color=INK, fontsize=9)
    axes.patch.set_alpha(0)
    figure.patch.set_alpha(0)
    buffer = io.StringIO()
    with matplotlib.rc_context():
        matplotlib.rcParams["svg.hashsalt"] = name
        matplotlib.rcParams["svg.fonttype"] = "none"
        matplotlib.rcParams["font.family"] = "sans-serif"
        matplotlib.rcParams["text.parse_math"] = False
        figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _inline(buffer.getvalue(), words)


def _inline(document: str, words: str) -> str:
    drawing = document[document.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # Names of groups, which several figures would share.
    drawing = re.sub(r'<g id="[^"]*"', "<g", drawing)
    for colour, variable in COLOURS.items():
        drawing = drawing.replace(colour, variable)
    drawing = drawing.replace("<svg", f'<svg role="img" aria-label="{text(words)}"', 1)
    return f"<figure>{drawing}</figure>"
