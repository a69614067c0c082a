"""A call of a student's function next to what the right function makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.ladder import Allowed
from autograder.judge.outcomes import (
    Outcome,
    RecordedCall,
    agree,
    allowed_for,
    is_comparable,
    is_right,
    outcome_of,
)


@dataclass(frozen=True)
class Judged:
    """A call and its right outcome.

    Attributes:
        allowed: how far a right answer may be from the reference's, as `ladder.compare` takes it.
        is_accepted: whether the suite accepts the student's outcome.
    """

    call: RecordedCall
    right: Outcome
    allowed: Allowed
    is_accepted: bool

    @property
    def is_due(self) -> bool:
        """Whether a value is."""
        return self.right.raised is None

    @property
    def is_wrong_value(self) -> bool:
        return self.is_due and not self.is_accepted and self.call.outcome.raised is None

    @property
    def is_explicable(self) -> bool:
        """Whether some faulty version may end so: they give numbers, and nothing of a kind that is no answer at all."""
        return self.call.outcome.raised is not None or is_comparable(self.call.outcome.value)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """A key that puts first what tells most at the least cost: wrong values, then other wrong calls, small ones first."""
        size = sum(value.size for value in self.call.arguments if isinstance(value, np.ndarray))
        return not self.is_wrong_value, self.is_accepted, size

    def accepts(self, outcome: Outcome) -> bool:
        """Whether the suite would."""
        return is_right(outcome, self.right, self.allowed)

    def ends_like(self, outcome: Outcome) -> bool:
        """Whether a faulty version's outcome explains the student's: wrong in the same way, or right as well."""
        return agree(self.call.outcome, outcome, self.right) and (
            self.is_accepted or not self.accepts(outcome)
        )


def judge(call: RecordedCall, right: Callable[..., Any]) -> Judged:
    """The call next to what this function makes of it."""
    outcome, allowed = outcome_of(right, call), allowed_for(right, call)
    return Judged(call, outcome, allowed, is_right(call.outcome, outcome, allowed))
