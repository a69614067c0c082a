"""Mutants that are wrong, or raise, for a whole class of arguments: a function that knows equal strides alone, one image…

The classes are those of an assignment's `demands`. The mutant is right for all other calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.rehearsal import HiddenTest, rehearse
from solutions.demands import Demands


def last_number_off(value: Any) -> Any:
    """The answer with its last number changed, in the last array of several."""
    if isinstance(value, tuple):
        return (*value[:-1], last_number_off(value[-1]))
    if not np.ndim(value):
        return value + 1
    wrong = np.array(value, float)
    wrong[(-1,) * wrong.ndim] += max(1.0, float(np.abs(wrong).max()))
    return wrong


def first_array_off(value: Any) -> Any:
    """The same in the first array of several."""
    return (last_number_off(value[0]), *value[1:])


def refused(value: Any) -> Any:
    """No answer at all."""
    raise ValueError("not for such arguments")


def accepted(value: Any) -> Any:
    """An answer where none is due."""
    return np.zeros((1, 1, 1, 1))


def another_error(value: Any) -> Any:
    """An error, but not the one that is due."""
    raise KeyError("arguments")


@dataclass(frozen=True)
class ClassMutant:
    """A right function, but for one class of arguments.

    Attributes:
        demands: the assignment's.
        function: its name.
        of: the kinds that a call must have to be in the class.
        spoil: what becomes of the right answer to such a call.
    """

    demands: Demands
    function: str
    of: tuple[str, ...]
    spoil: Callable[[Any], Any]

    def __call__(self, *arguments: Any) -> Any:
        right = self.demands.assignment.right[self.function]
        if not self.demands.kinds(self.function, arguments).issuperset(self.of):
            return right(*arguments)
        is_refused = any(kind.startswith("refused: ") for kind in self.of)
        return self.spoil(None if is_refused else right(*arguments))

    def survives(self, tests: Sequence[HiddenTest]) -> bool:
        """Whether no hidden test fails."""
        functions = {**self.demands.assignment.right, self.function: self}
        return not any(rehearse([test], functions).failed for test in tests)

    def __str__(self) -> str:
        return f"{self.function} | {', '.join(self.of)} | {self.spoil.__name__}"


def mutants_of(demands: Demands, function: str, of: tuple[str, ...]) -> Iterator[ClassMutant]:
    """The mutants of one class."""
    if any(kind.startswith("refused: ") for kind in of):
        spoils = [accepted, another_error]
    else:
        spoils = [last_number_off, refused]
        if function.endswith("_gradients"):
            spoils.append(first_array_off)
    return (ClassMutant(demands, function, of, spoil) for spoil in spoils)


def verdicts(
    demands: Demands, classes: Iterable[tuple[str, tuple[str, ...]]], function: str
) -> Iterator[tuple[ClassMutant, bool]]:
    """Every class mutant of one function, and whether it survives its hidden tests."""
    tests = demands.own_tests(function)
    mutants = (each for name, of in classes if name == function for each in mutants_of(demands, name, of))
    return ((each, each.survives(tests)) for each in mutants)
