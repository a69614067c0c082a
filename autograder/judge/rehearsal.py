"""Runs hidden tests on functions of our own, right here and without pytest, and keeps every call that they make.

For faulty implementations and for choosing inputs: code that we wrote, where the sandbox is not the point.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autograder.judge.arguments import Arguments
from autograder.judge.bank import Bank, Mistake
from autograder.judge.glimpses import OfOneCall
from autograder.judge.hidden import SECRET_BYTES, Key, Numbers
from autograder.judge.naming import name_each
from autograder.judge.outcomes import Outcome, RecordedCall, copied, fresh_outcome, kept_outcome, recorded
from autograder.sandbox import Answer
from autograder.sandbox.failures import raised

Ask = Callable[[Callable[..., Any], Arguments], Outcome]

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
    """One of our functions in the place of a student's: takes copies, and turns errors into failures.

    Args:
        function: ours.
        note: gets each call.
        test: the test that calls.
        ask: how the function is asked: see `rehearse`.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        note: Callable[[RecordedCall], object],
        test: str,
        ask: Ask = fresh_outcome,
    ):
        self._function, self._note, self._test, self._ask = function, note, test, ask

    def __call__(self, *arguments: object, **keywords: Any) -> object:
        return self.answer(*arguments, **keywords).value

    def answer(self, *arguments: object, cpu_seconds: float | None = None, **keywords: object) -> Answer:
        call = Arguments(tuple(map(copied, arguments)), keywords)
        outcome = self._ask(self._function, call)
        self._note(recorded(call, outcome, self._test))
        if outcome.raised is not None:
            raise raised(outcome.raised, outcome.raised, "", [])
        return Answer(outcome.value, [*(outcome.afterwards or call.positional)], 0.01)


class OurFunctions:
    """What a test gets as `student`."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        calls: dict[str, list[RecordedCall]],
        test: str = "",
        ask: Ask = fresh_outcome,
    ):
        self._functions, self._calls, self._test, self._ask = functions, calls, test, ask

    def __getattr__(self, name: str) -> OurFunction:
        if name not in self._functions:
            raise AttributeError(name)
        note = self._calls.setdefault(name, []).append
        return OurFunction(self._functions[name], note, self._test, self._ask)


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
    tests: Iterable[HiddenTest],
    functions: Mapping[str, Callable[..., Any]],
    key: Key = EXAMPLE,
    ask: Ask = fresh_outcome,
) -> Rehearsal:
    """Runs the tests on these functions, with the hidden inputs that follow from the key.

    Args:
        ask: `kept_outcome` for functions that will be asked the same again.
    """
    rehearsal = Rehearsal()
    numbers = Numbers(key)
    for test in tests:
        try:
            test.run(OurFunctions(functions, rehearsal.calls, test.name, ask), numbers)
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
    """What the suite makes of one mistake: the tests of its function that it fails, the name that it gets, and its glimpses."""

    mistake: Mistake
    failed: tuple[str, ...]
    named: Mistake | None
    glimpses: OfOneCall | None

    @property
    def is_named_truly(self) -> bool:
        return self.named is not None and self.named.name == self.mistake.name


def rehearse_mistakes(
    bank: Bank, tests: Iterable[HiddenTest], functions: Iterable[str], key: Key = EXAMPLE
) -> Iterator[Row]:
    """A row for every mistake of these functions, each in a submission that is right in all else."""
    for function in functions:
        own = [test for test in tests if test.cell == f"test_{function}"]
        known = bank.mistakes[function]
        rehearsals = [
            rehearse(own, {**bank.right, function: each.implementation}, key, kept_outcome) for each in known
        ]
        found = name_each(known, [rehearsal.calls[function] for rehearsal in rehearsals], bank)
        for each, rehearsal, (named, glimpses) in zip(known, rehearsals, found, strict=True):
            yield Row(each, tuple(test.name for test in rehearsal.failed), named, glimpses)
