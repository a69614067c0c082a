"""Mutants that are wrong, or raise, for a whole class of arguments: a function that knows equal strides alone, one image…

A class is a kind of call that the assignment demands (`solutions.conv2d.demands`) or, for functions that pad, such a kind
with one of the two paddings. The mutant is right for all other calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.rehearsal import HiddenTest, rehearse
from autograder.suite import conv2d
from solutions.conv2d.demands import Demand, kinds, own_tests

RIGHT = conv2d.ASSIGNMENT.right
PADDINGS = ("VALID", "SAME")
STORAGE = (  # kinds that have nothing to do with the padding
    "columns first in memory",
    "float32",
    "fractions in the kernel of a whole-number image",
    "products that do not fit into the type of image and kernel",
    "whole numbers in the image",
    "whole numbers in the kernel",
)


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
    raise TypeError("arguments")


@dataclass(frozen=True)
class ClassMutant:
    """A right function, but for one class of arguments.

    Attributes:
        function: its name.
        of: the kinds that a call must have to be in the class.
        spoil: what becomes of the right answer to such a call.
    """

    function: str
    of: tuple[str, ...]
    spoil: Callable[[Any], Any]

    def __call__(self, *arguments: Any) -> Any:
        if not kinds(self.function, arguments).issuperset(self.of):
            return RIGHT[self.function](*arguments)
        is_refused = any(kind.startswith("refused: ") for kind in self.of)
        return self.spoil(None if is_refused else RIGHT[self.function](*arguments))

    def survives(self, tests: Sequence[HiddenTest]) -> bool:
        """Whether no hidden test fails."""
        functions = {**RIGHT, self.function: self}
        return not any(rehearse([test], functions).failed for test in tests)

    def __str__(self) -> str:
        return f"{self.function} | {', '.join(self.of)} | {self.spoil.__name__}"


def classes(demands: Sequence[Demand]) -> list[tuple[str, tuple[str, ...]]]:
    """All classes: the function and the kinds of its calls, alone and with each padding that goes with them."""
    alone = [(each.function, (each.kind,)) for each in demands]
    padded = {each.function for each in demands if each.kind == "SAME"}
    both = [
        (function, (padding, kind))
        for function, (kind,) in alone
        for padding in PADDINGS
        if function in padded and _goes_with_padding(kind)
    ]
    return [*alone, *both]


def _goes_with_padding(kind: str) -> bool:
    """Whether a kind of sound calls says something about sizes, so that the padding matters."""
    return not kind.startswith(("refused: ", *PADDINGS)) and kind not in STORAGE


def mutants_of(function: str, of: tuple[str, ...]) -> Iterator[ClassMutant]:
    """The mutants of one class."""
    if any(kind.startswith("refused: ") for kind in of):
        spoils = [accepted, another_error]
    else:
        spoils = [last_number_off, refused]
        if function == "conv2d_gradients":
            spoils.append(first_array_off)
    return (ClassMutant(function, of, spoil) for spoil in spoils)


def survivors(demands: Sequence[Demand], function: str) -> list[str]:
    """The class mutants of one function that no hidden test kills."""
    tests = own_tests(function)
    mutants = (each for name, of in classes(demands) if name == function for each in mutants_of(name, of))
    return [str(each) for each in mutants if each.survives(tests)]
