"""What the reference gives for the hidden inputs, which are the same for every student."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.arguments import Arguments, remember
from autograder.judge.ladder import Allowed
from autograder.judge.rounding import rounding


@dataclass(frozen=True)
class Expected:
    """What a right function gives, and by how much rounding may change it (None where no arrays are in play)."""

    value: object
    allowed: Allowed

    def protected(self) -> "Expected":
        """The same, with arrays that nobody can change."""
        return Expected(_read_only(self.value), self.allowed)


@remember(1000)  # a suite makes some hundreds of such calls, of a few kB each
def expected(right: Callable[..., Any], arguments: Arguments) -> Expected:
    """What the reference's function gives for these arguments. Its arrays are read-only."""
    given = arguments.positional
    allowed = rounding(right, *given) if any(isinstance(value, np.ndarray) for value in given) else None
    return Expected(right(*given), allowed).protected()


def _read_only(value: Any) -> Any:
    """A copy that nobody can change: the value may be a view of an argument."""
    if isinstance(value, tuple):
        return tuple(map(_read_only, value))
    if isinstance(value, np.ndarray):
        value = value.copy(order="K")
        value.setflags(write=False)
    return value
