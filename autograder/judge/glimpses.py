"""By which single call a known mistake is told from most others, so that a wrong function's are found without trying all of them.

What a mistake makes of the hidden inputs follows from the course's key: it can be found before anybody hands in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.judge.arguments import Arguments
from autograder.judge.bank import Mistake
from autograder.judge.judged import Judged
from autograder.judge.outcomes import Outcome, outcome_of, tolerance


@dataclass(frozen=True)
class Glimpse:
    """What a faulty version makes of one call: enough to tell it from most others at a glance.

    Attributes:
        outcome: all of it.
        place, number: where its array is furthest from the right one, and what is there; None where it is no array.
        room: how far another number may be from it.
    """

    outcome: Outcome
    place: int | None = None
    number: float = 0.0
    room: float = 0.0

    def is_of(self, judged: Judged) -> bool:
        """Whether the call may have ended so; certain where the answer is False."""
        theirs: Any = judged.call.outcome.value
        ours: Any = self.outcome.value
        if self.place is None or not isinstance(theirs, np.ndarray) or theirs.dtype.kind not in "iuf":
            return judged.ends_like(self.outcome)
        if theirs.shape != ours.shape or abs(theirs.item(self.place) - self.number) > self.room:
            return False
        return judged.ends_like(self.outcome)


OfOneCall = tuple[Arguments, Sequence[Glimpse]]  # the call, and what all versions of a mistake make of it
Glimpses = Mapping[Mistake, OfOneCall]
NO_GLIMPSES: Glimpses = MappingProxyType({})


def glimpses_of(mistake: Mistake, judged: Sequence[Judged]) -> OfOneCall | None:
    """Those of the call in which the mistake shows best; None where it does in none.

    Args:
        judged: the calls that are made of a program which has the mistake.
    """
    wrong = [each for each in judged if not each.is_accepted]
    if not wrong:
        return None
    best = min(wrong, key=lambda each: each.rank)
    outcomes = (outcome_of(version, best.call) for version in mistake.implementations)
    return best.call.key, [_glimpse(outcome, best.right) for outcome in outcomes]


def _glimpse(outcome: Outcome, right: Outcome) -> Glimpse:
    ours: Any = outcome.value
    due: Any = right.value
    arrays = isinstance(ours, np.ndarray) and isinstance(due, np.ndarray)
    if not arrays or ours.dtype.kind not in "iuf" or not ours.size:
        return Glimpse(outcome)
    floats = ours.astype(float)
    place = int(np.argmax(np.abs(floats - due))) if ours.shape == due.shape else 0
    return Glimpse(outcome, place, floats.item(place), tolerance(floats))
