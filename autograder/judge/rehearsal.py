"""Runs hidden tests on functions of our own, right here and without pytest, and keeps every call that they make.

For faulty implementations and for choosing inputs: code that we wrote, where the sandbox is not the point.
"""

import dis
import importlib
import inspect
import os
import pkgutil
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from autograder.judge.bank import Bank, Mistake
from autograder.judge.hidden import SECRET_BYTES, Key, Numbers
from autograder.judge.naming import name_mistake
from autograder.judge.outcomes import RecordedCall, copied, record
from autograder.sandbox import Answer, WorkerFailure
from autograder.sandbox.failures import as_failure

# Everybody knows it: for looking at tests, never for grading.
EXAMPLE = Key(bytes(SECRET_BYTES))


@dataclass(frozen=True)
class HiddenTest:
    """A test of the suite: its function, the fixtures that it asks for, name, cell and points."""

    body: Callable[..., None]
    fixtures: frozenset[str]
    name: str
    cell: str
    points: float

    def run(self, student: "OurFunctions", numbers: Numbers) -> None:
        """Runs it as pytest would."""
        known = {"student": student, "numbers": numbers}
        self.body(**{name: known[name] for name in self.fixtures})


@dataclass
class Rehearsal:
    """What became of the tests: the failed ones, and the calls of every function."""

    failed: list[HiddenTest] = field(default_factory=list)
    calls: dict[str, list[RecordedCall]] = field(default_factory=dict)


class OurFunction:
    """One of our functions in the place of a student's: takes copies, and turns errors into failures."""

    def __init__(self, function: Callable[..., Any], note: Callable[[RecordedCall], object], test: str):
        self._function, self._note, self._test = function, note, test

    def __call__(self, *arguments: object, **keywords: Any) -> object:
        return self.answer(*arguments, **keywords).value

    def answer(self, *arguments: object, cpu_seconds: float | None = None, **keywords: object) -> Answer:
        ours = [*map(copied, arguments)]
        ending: Answer | WorkerFailure
        deliberate = False
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ending = Answer(self._function(*ours, **keywords), ours, 0.01)
        except Exception as error:
            ending, deliberate = as_failure(error), is_deliberate(error)
        kept = tuple(map(copied, arguments))
        self._note(record(kept, keywords, ending, test=self._test, deliberate=deliberate))
        if isinstance(ending, WorkerFailure):
            raise ending
        return ending


def is_deliberate(error: Exception) -> bool:
    """Whether a `raise` or `assert` made the error, and none of NumPy's."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or f"{os.sep}numpy{os.sep}" in place.tb_frame.f_code.co_filename:
        return False
    return dis.opname[place.tb_frame.f_code.co_code[place.tb_lasti]] == "RAISE_VARARGS"


class OurFunctions:
    """What a test gets as `student`."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        calls: dict[str, list[RecordedCall]],
        test: str = "",
    ):
        self._functions, self._calls, self._test = functions, calls, test

    def __getattr__(self, name: str) -> OurFunction:
        if name not in self._functions:
            raise AttributeError(name)
        return OurFunction(self._functions[name], self._calls.setdefault(name, []).append, self._test)


def hidden_tests(package: ModuleType) -> list[HiddenTest]:
    """The package's tests but those for speed, which need two workers and tell nothing about values."""
    tests = []
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not found.name.rpartition(".")[2].startswith("test_"):
            continue
        for name, function in vars(importlib.import_module(found.name)).items():
            marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "graded"]
            fixtures = frozenset(inspect.signature(function).parameters) if marks else frozenset()
            if marks and "baseline" not in fixtures:
                about = marks[0].kwargs
                tests.append(HiddenTest(function, fixtures, name, about["cell"], about["points"]))
    return tests


def rehearse(
    tests: Iterable[HiddenTest], functions: Mapping[str, Callable[..., Any]], key: Key = EXAMPLE
) -> Rehearsal:
    """Runs the tests on these functions, with the hidden inputs that follow from the key."""
    rehearsal = Rehearsal()
    numbers = Numbers(key)
    for test in tests:
        try:
            test.run(OurFunctions(functions, rehearsal.calls, test.name), numbers)
        except Exception:  # a mismatch, a failed call, or an answer that the test itself stumbles over
            rehearsal.failed.append(test)
    return rehearsal


def calls_in_order(
    test: HiddenTest, functions: Mapping[str, Callable[..., Any]], key: Key
) -> list[tuple[str, RecordedCall]]:
    """The calls that a test makes of these functions, each with the function's name; none where it does not pass."""
    made: list[tuple[str, RecordedCall]] = []

    class InOrder(OurFunctions):
        def __getattr__(self, name: str) -> OurFunction:
            return OurFunction(functions[name], lambda call: made.append((name, call)), test.name)

    try:
        test.run(InOrder(functions, {}), Numbers(key))
    except Exception:
        return []
    return made


@dataclass(frozen=True)
class Row:
    """What the suite makes of one mistake: the tests of its function that it fails, and the name that it gets."""

    mistake: Mistake
    failed: tuple[str, ...]
    named: Mistake | None

    @property
    def is_named_truly(self) -> bool:
        return self.named is not None and self.named.name == self.mistake.name


def rehearse_mistakes(
    bank: Bank, tests: Iterable[HiddenTest], functions: Iterable[str], key: Key = EXAMPLE
) -> Iterator[Row]:
    """A row for every mistake of these functions, each in a submission that is right in all else."""
    for function in functions:
        own = [test for test in tests if test.cell == f"test_{function}"]
        for each in bank.mistakes[function]:
            rehearsal = rehearse(own, {**bank.right, function: each.implementation}, key)
            named = name_mistake(function, rehearsal.calls[function], bank)
            yield Row(each, tuple(test.name for test in rehearsal.failed), named)
