"""Whom to speak to: who has not started, who is stuck, who is one mistake away."""

from dataclasses import dataclass

import numpy as np

from autograder.reports.insight.cohort import ABSENT, CODES, NONE, Cohort

STUCK_BELOW = 0.5  # of the points


@dataclass(frozen=True)
class Person:
    """A student with the points and, where there is one, the first function to mend and its named mistake."""

    student: str
    score: float
    function: str = ""
    mistake: str = ""


@dataclass(frozen=True)
class People:
    """Three lists that do not overlap; the stuck ones with the fewest points first.

    Attributes:
        idle: handed in, but no function is begun.
        stuck: begun, and less than half of the points.
        near: half of the points or more, and one named mistake, in one function or several, is all that is in the way.
        slow: those with a call that was stopped for its time.
    """

    idle: tuple[Person, ...]
    stuck: tuple[Person, ...]
    near: tuple[Person, ...]
    slow: tuple[Person, ...]


def people_of(cohort: Cohort) -> People:
    """The lists of a class."""
    if not cohort.students:
        return People((), (), (), ())
    missing = cohort.outcomes == CODES["missing"]
    lost = missing | np.isin(
        cohort.outcomes, [CODES[each] for each in ("failed", "error", "timeout", "crashed")]
    )
    lost &= cohort.follows == NONE  # what another function's mistake costs goes with that mistake
    idle = (missing | (cohort.outcomes == ABSENT)).all(axis=1)
    weak = cohort.scores < STUCK_BELOW * cohort.max_score
    slow = (cohort.outcomes == CODES["timeout"]).any(axis=1)
    near = ~idle & ~weak & _one_mistake(cohort, lost)
    stuck = sorted(
        np.flatnonzero(~idle & weak).tolist(), key=lambda row: (cohort.scores[row], cohort.students[row])
    )
    return People(
        tuple(
            Person(cohort.students[row], float(cohort.scores[row])) for row in np.flatnonzero(idle).tolist()
        ),
        tuple(_person(cohort, lost, row) for row in stuck),
        tuple(_person(cohort, lost, row) for row in np.flatnonzero(near).tolist()),
        tuple(_person(cohort, lost, row) for row in np.flatnonzero(slow).tolist()),
    )


def _one_mistake(cohort: Cohort, lost: np.ndarray) -> np.ndarray:
    """Whether every test that a student lost has the same named mistake."""
    low = np.where(lost, cohort.mistakes, np.iinfo(np.int16).max).min(axis=1)
    high = np.where(lost, cohort.mistakes, np.iinfo(np.int16).min).max(axis=1)
    return lost.any(axis=1) & (low == high) & (low != NONE)


def _person(cohort: Cohort, lost: np.ndarray, row: int) -> Person:
    """With the first function that is begun and not right; where none is begun, the first that is not."""
    begun = lost[row] & (cohort.outcomes[row] != CODES["missing"])
    first = int(np.argmax(begun if begun.any() else lost[row]))
    place = cohort.mistakes[row, first]
    name = cohort.names[place] if place != NONE else ""
    function = cohort.items[first].cell.removeprefix("test_")
    return Person(cohort.students[row], float(cohort.scores[row]), function, name)
