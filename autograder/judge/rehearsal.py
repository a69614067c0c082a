"""Runs hidden tests on functions of our own, right here and without pytest, and keeps every call that they make.

For faulty implementations and for choosing inputs: code that we wrote, where the sandbox is not the point.
"""

import copy
import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from autograder.judge.naming import Bank, Mistake, RecordedCall, name_mistake, record
from autograder.judge.vocabulary import Mismatch
from autograder.sandbox import Answer, WorkerFailure
from autograder.sandbox.failures import as_failure


@dataclass(frozen=True)
class HiddenTest:
    """A test of the suite: its function, name, cell and points."""

    run: Callable[..., None]
    name: str
    cell: str
    points: float


@dataclass
class Rehearsal:
    """What became of the tests: the failed ones, and the calls of every function."""

    failed: list[HiddenTest] = field(default_factory=list)
    calls: dict[str, list[RecordedCall]] = field(default_factory=dict)


class OurFunction:
    """One of our functions in the place of a student's: takes copies, and turns errors into failures."""

    def __init__(self, name: str, function: Callable[..., Any], calls: list[RecordedCall]):
        self._name, self._function, self._calls = name, function, calls

    def __call__(self, *arguments: object, **keywords: Any) -> object:
        return self.answer(*arguments, **keywords).value

    def answer(self, *arguments: object, cpu_seconds: float | None = None, **keywords: object) -> Answer:
        ours = copy.deepcopy(list(arguments))
        ending: Answer | WorkerFailure
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ending = Answer(self._function(*ours, **keywords), ours, 0.01)
        except Exception as error:
            ending = as_failure(error)
        self._calls.append(record(copy.deepcopy(arguments), keywords, ending))
        if isinstance(ending, WorkerFailure):
            raise ending
        return ending


class OurFunctions:
    """What the tests get as `student`."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], calls: dict[str, list[RecordedCall]]):
        self._functions, self._calls = functions, calls

    def __getattr__(self, name: str) -> OurFunction:
        if name not in self._functions:
            raise AttributeError(name)
        return OurFunction(name, self._functions[name], self._calls.setdefault(name, []))


def hidden_tests(package: ModuleType) -> list[HiddenTest]:
    """The package's tests but those for speed, which need two workers and tell nothing about values."""
    tests = []
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not found.name.rpartition(".")[2].startswith("test_"):
            continue
        for name, function in vars(importlib.import_module(found.name)).items():
            marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "graded"]
            if marks and "baseline" not in inspect.signature(function).parameters:
                tests.append(HiddenTest(function, name, marks[0].kwargs["cell"], marks[0].kwargs["points"]))
    return tests


def rehearse(tests: Iterable[HiddenTest], functions: Mapping[str, Callable[..., Any]]) -> Rehearsal:
    """Runs the tests on these functions."""
    rehearsal = Rehearsal()
    student = OurFunctions(functions, rehearsal.calls)
    for test in tests:
        try:
            test.run(student)
        except (Mismatch, WorkerFailure):
            rehearsal.failed.append(test)
    return rehearsal


@dataclass(frozen=True)
class Row:
    """What the suite makes of one mistake: the tests of its function that it fails, and the name that it gets."""

    mistake: Mistake
    failed: tuple[str, ...]
    named: Mistake | None


def rehearse_mistakes(bank: Bank, tests: Iterable[HiddenTest], functions: Iterable[str]) -> Iterator[Row]:
    """A row for every mistake of these functions, each in a submission that is right in all else."""
    for function in functions:
        own = [test for test in tests if test.cell == f"test_{function}"]
        for each in bank.mistakes[function]:
            rehearsal = rehearse(own, {**bank.right, function: each.implementation})
            named = name_mistake(function, rehearsal.calls[function], bank)
            yield Row(each, tuple(test.name for test in rehearsal.failed), named)
