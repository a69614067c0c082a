"""A class's insight without names, and without any number that points to fewer than five students.

A count from 1 to 4 is not told. Where the others would give it away, since they add up to the class, the next smallest is
not told either; so the students behind what is not told are always five or more.
"""

from collections.abc import Sequence
from dataclasses import replace

from autograder.reports.insight.findings import (
    Change,
    Count,
    Earlier,
    Insight,
    NamedMistake,
    OfFunction,
    OfTest,
    Spread,
)
from autograder.reports.insight.progress import Mended, Progress

FEWEST = 5


class TooFew(Exception):
    """The class is too small for a page without names; the message says so in one line."""


def without_names(insight: Insight) -> Insight:
    """What may be shown to everybody. Raises `TooFew`."""
    if insight.graded < FEWEST:
        raise TooFew(
            f"A page without names needs {FEWEST} graded submissions or more; there are {insight.graded}."
        )
    return replace(
        insight,
        named=False,
        unread=None if is_few(insight.unread) else insight.unread,
        damaged={},
        spread=_spread(insight.spread) if insight.spread else None,
        functions=tuple(map(_function, insight.functions)),
        tests=tuple(map(_test, insight.tests)),
        mistakes=tuple(
            _mistake(each) for each in insight.mistakes if not _tells(each.number, insight.graded)
        ),
        # What both of two groups are in gives the rest of either away.
        pairs=(),
        sections={},
        messages=tuple(
            replace(each, code="") for each in insight.messages if not _tells(each.students, insight.graded)
        ),
        people=None,
        timing=replace(insight.timing, longest=None) if insight.timing else None,
        earlier=_earlier(insight.earlier),
        progress=_progress(insight.progress),
    )


def is_few(count: Count) -> bool:
    """Whether a count points to a few students."""
    return count is not None and 0 < count < FEWEST


def _tells(count: Count, of: int) -> bool:
    """Whether those, or all others, are a few."""
    return count is not None and (is_few(count) or is_few(of - count))


def kept(counts: Sequence[Count]) -> tuple[Count, ...]:
    """Counts that add up to a known number, without those that tell too much.

    >>> kept((290, 10, 0)), kept((287, 10, 3)), kept((295, 3, 2))
    ((290, 10, 0), (287, None, None), (295, None, None))
    """
    known = [count or 0 for count in counts]
    hidden = {place for place, count in enumerate(counts) if count is None or is_few(count)}
    others = sorted((count, place) for place, count in enumerate(known) if count and place not in hidden)
    while hidden and others and (len(hidden) == 1 or sum(known[place] for place in hidden) < FEWEST):
        hidden.add(others.pop(0)[1])
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _spread(spread: Spread) -> Spread:
    return replace(spread, least=None, most=None, bands=kept(spread.bands))


def _function(each: OfFunction) -> OfFunction:
    right, partly, wrong, missing = kept((each.right, each.partly, each.wrong, each.missing))
    return replace(
        each,
        right=right,
        partly=partly,
        wrong=wrong,
        missing=missing,
        points=None if right is None else each.points,
        follows=None if is_few(each.follows) else each.follows,
    )


def _test(each: OfTest) -> OfTest:
    passed, wrong, error, slow, missing = kept((each.passed, each.wrong, each.error, each.slow, each.missing))
    return replace(
        each,
        passed=passed,
        wrong=wrong,
        error=error,
        slow=slow,
        missing=missing,
        inconclusive=None if is_few(each.inconclusive) else each.inconclusive,
        difficulty=None if passed is None else each.difficulty,
        discrimination=None if passed is None else each.discrimination,
    )


def _mistake(each: NamedMistake) -> NamedMistake:
    """Without how many have it in each function, which would tell of those who have it in one alone."""
    functions = {name: None for name, count in each.functions.items() if not is_few(count)}
    return replace(each, students=(), functions=functions)


def _earlier(earlier: Earlier | None) -> Earlier | None:
    if earlier is None or earlier.spread.number < FEWEST:
        return None
    return Earlier(_spread(earlier.spread), _changes(earlier.functions), _changes(earlier.mistakes))


def _changes(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(each for each in changes if not _tells(*each.now) and not _tells(*each.earlier))


def _progress(progress: Progress | None) -> Progress | None:
    """Without the means of attempts, of which the last may be a few students'; None in too small a class."""
    if progress is None or sum(count or 0 for count in progress.students) < FEWEST:
        return None
    return replace(
        progress,
        students=kept(progress.students),
        means=(),
        named=_mended(progress.named),
        neutral=_mended(progress.neutral),
        missing=_mended(progress.missing),
        mistakes=tuple(
            each for each in progress.mistakes if not _tells(each.mended, each.read) and each.read >= FEWEST
        ),
    )


def _mended(each: Mended) -> Mended:
    return replace(each, mended=None) if _tells(each.mended, each.read) or is_few(each.read) else each
