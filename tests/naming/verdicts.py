"""What is named of wrong programs, next to what is true of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.judge.bank import Mistake, spoilt
from autograder.judge.naming import explanations
from autograder.judge.outcomes import RecordedCall, agree, outcome_of
from autograder.judge.rehearsal import Rehearsal, hidden_tests, rehearse
from autograder.suite import conv2d
from autograder.suite.conv2d.mistakes import bank
from naming.programs import WrongProgram

TESTS = hidden_tests(conv2d)
RIGHT = conv2d.ASSIGNMENT.right


@dataclass(frozen=True)
class Verdict:
    """A wrong function of a program.

    Attributes:
        program: in words.
        function: its name.
        names: the mistakes that it is said to have.
        true: those that it has.
    """

    program: str
    function: str
    names: frozenset[str]
    true: frozenset[str]

    @property
    def false(self) -> frozenset[str]:
        return self.names - self.true


def rehearsal_of(functions: dict[str, Callable[..., Any]]) -> Rehearsal:
    """The hidden tests of these functions, in a submission that is right in all else."""
    own = [test for test in TESTS if test.cell.removeprefix("test_") in functions]
    return rehearse(own, {**RIGHT, **functions})


def verdicts_on(program: WrongProgram) -> Iterator[Verdict]:
    """One for each of the program's functions that loses points, in the assignment's order."""
    rehearsal = rehearsal_of(program.functions)
    certain: set[str] = set()
    for function in RIGHT:
        if any(test.cell == f"test_{function}" for test in rehearsal.failed):
            found = explanations(function, rehearsal.calls[function], bank(), certain)
            names = frozenset(each.name for explanation in found for each in explanation.mistakes)
            certain |= names
            yield Verdict(str(program), function, names, program.true_names)


# --- pairs of mistakes -----------------------------------------------------------------------------------


def pairs(number: int, seed: int) -> Iterator[tuple[str, Mistake, Mistake]]:
    """Two of the bank's mistakes, drawn at random, for one function after the other."""
    drawn = random.Random(seed)
    for function in itertools.islice(itertools.cycle(bank().mistakes), number):
        one, other = drawn.sample(bank().mistakes[function], 2)
        yield function, one, other


def verdict_on_pair(function: str, one: Mistake, other: Mistake) -> Verdict:
    """On the function that makes both. A name is true as well where the named mistakes make the same of every call."""
    program = spoilt(bank().ways[function][0], [one, other])
    calls = rehearsal_of({function: program}).calls[function]
    if not (one.refuses or other.refuses):  # what looks like a refusal stands for an error of NumPy's
        calls = [replace(call, outcome=replace(call.outcome, deliberate=False)) for call in calls]
    found = [each for explanation in explanations(function, calls, bank()) for each in explanation.mistakes]
    names, true = frozenset(each.name for each in found), frozenset((one.name, other.name))
    if not names <= true and are_alike(function, program, found):
        true |= names
    return Verdict(f"{one.name} + {other.name}", function, names, true)


def are_alike(function: str, program: Callable[..., Any], mistakes: Sequence[Mistake]) -> bool:
    """Whether these mistakes, in some order, make the same of every call that the suite makes of a right function."""
    versions = [spoilt(bank().ways[function][0], order) for order in itertools.permutations(mistakes)]
    every = rehearsal_of({function: RIGHT[function]}).calls[function]
    return any(all(_alike(function, program, version, call) for call in every) for version in versions)


def _alike(
    function: str, program: Callable[..., Any], version: Callable[..., Any], call: RecordedCall
) -> bool:
    return agree(outcome_of(program, call), outcome_of(version, call), outcome_of(RIGHT[function], call))
