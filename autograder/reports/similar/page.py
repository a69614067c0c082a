"""The page of what is alike: what chance does, the pairs, the groups, and each pair's functions side by side."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import numpy as np

from autograder.reports.markup import contents, page, section, share, table, text, visible
from autograder.reports.similar.comparison import LEVELS, RARELY, Comparison, Pair
from autograder.reports.similar.mistakes import SharedMistake
from autograder.reports.similar.prints import RUN, prints_of
from autograder.reports.similar.tokens import MOST_CHARACTERS, tokens_of

MOST_LISTED = 50  # pairs in the table
MOST_SHOWN = 20  # pairs side by side
MOST_GROUPS = 50
MOST_LINES = 120  # of a function side by side
ALIKE = 0.5  # from here on a function is shown side by side

Spans = list[tuple[int, int]]

_ABOUT = (
    "This page says how much of two programs is the same that few others of the class have: names, numbers, comments and "
    "layout left out, and what everybody was given or a fifth of the class shares. It does not say why. People who learn "
    "together, ask the same person or read the same page write alike; so look at the code, and ask, before you conclude."
)


def similarity_page(comparison: Comparison, left_out: int = 0, mistakes: Sequence[SharedMistake] = ()) -> str:
    """A self-contained HTML document.

    Args:
        mistakes: rare named mistakes that several share.
        left_out: submissions that could not be read.
    """
    shown = [pair for pair in comparison.pairs if pair.expected < 1 or pair.equal][:MOST_SHOWN]
    sections = {
        "What chance does": list(_chance(comparison)),
        "Pairs": list(_pairs(comparison)),
        **({"Equal rare mistakes": [_mistakes(comparison, mistakes)]} if mistakes else {}),
        "Groups": list(_groups(comparison)),
        "Side by side": list(_side_by_side(comparison, shown)),
    }
    title = "Which solutions are alike"
    unread = f" {left_out:,} more could not be read." if left_out else ""
    earlier = len(comparison.names) - comparison.earlier
    beside = f", and {earlier:,} of an earlier class" if earlier else ""
    head = (
        f"<h1>{title}</h1>",
        f"<p>{comparison.earlier:,} submissions{beside}.{unread}</p>",
        f"<p>{_ABOUT}</p>",
        contents(sections),
    )
    return page(title, (*head, *(section(name, *parts) for name, parts in sections.items())))


def _chance(comparison: Comparison) -> Iterator[str]:
    habit = (
        f" Habits make this class {comparison.habit:.1f} times as alike as that; the numbers allow for it."
        if comparison.habit > 1
        else ""
    )
    yield (
        f"<p>{comparison.number:,} pairs were compared. Short functions have few right forms, so some pairs are alike by "
        "chance. The numbers below are what would come if each function of a program were written independently of its "
        f"others, as alike as functions of this class are.{habit}</p>"
    )
    yield table(
        "Pairs as alike as chance makes so many pairs, and how many there are",
        ("Pairs by chance", "Pairs found"),
        [(f"{level:g}", found) for level, found in zip(LEVELS, comparison.found, strict=True)],
    )


def _pairs(comparison: Comparison) -> Iterator[str]:
    if not comparison.pairs:
        yield "<p>No two programs have anything in common that few others have.</p>"
        return
    yield table(
        "The pairs that are most alike, equal ones first",
        ("One", "Other", "Alike", "Pairs by chance", "Equal", "Functions more than half alike"),
        [
            (
                *(_name(comparison, pair.one), _name(comparison, pair.other), _percent(pair.likeness)),
                *(by_chance(pair.expected), pair.equal or "no", ", ".join(_alike(pair)) or "none"),
            )
            for pair in comparison.pairs[:MOST_LISTED]
        ],
        long=[5],
    )


def _percent(likeness: float) -> str:
    return share(round(100 * min(likeness, 1.0)), 100)


def by_chance(expected: float) -> str:
    """A number of pairs as people read it: "3", "0.02", "under 0.001"."""
    return "under 0.001" if expected < 0.001 else f"{expected:.1g}" if expected < 1 else f"{expected:,.0f}"


def _alike(pair: Pair) -> list[str]:
    return [name for name, likeness in pair.functions.items() if likeness >= ALIKE]


def _name(comparison: Comparison, place: int) -> str:
    name = comparison.names[place]
    return name if place < comparison.earlier else f"{name} (earlier)"


def _mistakes(comparison: Comparison, mistakes: Sequence[SharedMistake]) -> str:
    return table(
        "Named mistakes that few have, by how alike the code of the two nearest is in that function",
        ("Mistake", "Function", "Alike", "Who"),
        [
            (each.name, each.function, _percent(each.likeness), _names(comparison, each.places))
            for each in mistakes[:MOST_LISTED]
        ],
        long=[3],
    )


def _names(comparison: Comparison, places: Iterable[int]) -> str:
    return ", ".join(_name(comparison, place)[:40] for place in places)


def _groups(comparison: Comparison) -> Iterator[str]:
    if not comparison.groups:
        yield f"<p>There is none: no pair is so much alike that chance brings fewer than {RARELY:g} to a class.</p>"
        return
    yield f"<p>Programs joined by pairs of which chance brings fewer than {RARELY:g} to a class.</p>"
    yield table(
        "Groups",
        ("Group", "Programs", "Whose"),
        [
            (number, len(group), _names(comparison, group))
            for number, group in enumerate(comparison.groups[:MOST_GROUPS], 1)
        ],
        long=[2],
    )


def _side_by_side(comparison: Comparison, pairs: list[Pair]) -> Iterator[str]:
    if not pairs:
        yield "<p>No pair is more alike than chance makes one.</p>"
        return
    yield '<p class="soft">Marked is what both have and few others.</p>'
    for pair in pairs:
        names = [_name(comparison, place) for place in (pair.one, pair.other)]
        yield f"<h3>{text(names[0])} and {text(names[1])}: {_percent(pair.likeness)} alike</h3>"
        for function in _alike(pair) or list(pair.functions)[:1]:
            yield from _function(comparison, pair, function)


def _function(comparison: Comparison, pair: Pair, function: str) -> Iterator[str]:
    shared = comparison.rare[function].shared(pair.one, pair.other)
    yield f"<h4>{text(function)}: {_percent(pair.functions[function])}</h4>"
    yield '<div class="beside">'
    for place in (pair.one, pair.other):
        source = comparison.programs[place].get(function, "").rstrip()
        yield f"<pre>{marked(source, spans(source, shared))}</pre>"
    yield "</div>"


def spans(source: str, shared: np.ndarray) -> Spans:
    """Where the shared prints stand in a source, in order, those that touch as one."""
    tokens = tokens_of(source)
    values, places = prints_of(tokens)
    found: Spans = []
    for first in sorted(places[np.isin(values, shared)].tolist()):
        start, end = tokens[first].start, tokens[min(first + RUN, len(tokens)) - 1].end
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def marked(source: str, found: Spans) -> str:
    """A source as HTML with these parts marked; a long one is cut."""
    lines = source.splitlines(keepends=True)
    cut = min(sum(map(len, lines[:MOST_LINES])), MOST_CHARACTERS)
    parts, last = [], 0
    for start, end in found:
        start, end = min(start, cut), min(end, cut)
        if start < end:
            parts += [_code(source[last:start]), "<mark>", _code(source[start:end]), "</mark>"]
            last = end
    more = f"\n… {len(source) - cut:,} characters more" if len(source) > cut else ""
    return "".join((*parts, _code(source[last:cut]), more))


def _code(source: str) -> str:
    """A piece of a source, escaped, its line breaks kept."""
    return escape(visible(source, MOST_CHARACTERS))
