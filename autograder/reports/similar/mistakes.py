"""Rare named mistakes that several students share: what is right has few forms, what is wrong has many."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.grading.report import Report
from autograder.judge.naming import names_in
from autograder.reports.similar.comparison import Comparison

RARE = 0.05  # of the class
FEW = 3  # students, in a small class
MOST = 30  # students who share one: more are not compared with each other

Mistakes = Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class SharedMistake:
    """A mistake of one function that two students or more have, but few.

    Attributes:
        function, name: the mistake's.
        places: who has it, in `Comparison.names`.
        likeness: of the function, for the two of them whose code is most alike.
    """

    function: str
    name: str
    places: tuple[int, ...]
    likeness: float


def mistakes_of(reports: Iterable[Report]) -> Mistakes:
    """The named mistakes of each student, as (function, name)."""
    return {
        report.student: frozenset(
            (test.cell.removeprefix("test_"), name)
            for test in report.tests
            if test.mistake is not None
            for name in names_in(test.mistake)
        )
        for report in reports
    }


def shared_mistakes(comparison: Comparison, mistakes: Mistakes) -> list[SharedMistake]:
    """The rare mistakes that several students of this class share, those in the most alike code first."""
    who: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, student in enumerate(comparison.names[: comparison.earlier]):
        for each in mistakes.get(student, ()):
            who[each].append(place)
    most = min(max(RARE * comparison.earlier, FEW), MOST)
    shared = [
        SharedMistake(*each, tuple(places), _likeness(comparison, each[0], places))
        for each, places in who.items()
        if 2 <= len(places) <= most
    ]
    return sorted(shared, key=lambda each: (-each.likeness, each.places, each.function, each.name))


def _likeness(comparison: Comparison, function: str, places: list[int]) -> float:
    if function not in comparison.rare:
        return 0.0
    return max(comparison.rare[function].likeness(*pair) for pair in itertools.combinations(places, 2))
