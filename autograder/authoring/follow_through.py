"""Prints what one modelled mistake in each helper costs the text's own answers, before and after follow-through.

python -m autograder.authoring.follow_through [--assignment conv2d] [HELPER …]
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.grading.follow_through import follow_through
from autograder.grading.report import TestResult
from autograder.judge.assignment import Assignment
from autograder.judge.bank import Bank, Mistake
from autograder.judge.rehearsal import HiddenTest, hidden_tests, rehearse
from autograder.suite import SuiteError, find

SOURCES = Path(__file__).parents[2] / "solutions" / "source"


@dataclass(frozen=True)
class Cost:
    """What one mistake in a helper costs, in points; tests of speed are left out.

    Attributes:
        own: in the helper's own tests.
        before, after: in all tests, without and with follow-through.
    """

    mistake: Mistake
    own: float
    before: float
    after: float


class Answers:
    """The text's own answers, any of which can be replaced by another function, as in a student's notebook.

    Args:
        assignment: its name.
    """

    def __init__(self, assignment: str):
        notebook = json.loads((SOURCES / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
        self._namespace: dict[str, Any] = {"np": np}
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
                exec("".join(cell["source"]), self._namespace)

    def with_these(self, functions: Mapping[str, Callable[..., Any]]) -> Mapping[str, Callable[..., Any]]:
        """All functions, which from now on call these in place of the text's own."""
        self._namespace |= functions
        return self._namespace


@dataclass(frozen=True)
class Trial:
    """Runs an assignment's hidden tests, but for those of speed, on its text's answers with mistakes in them."""

    assignment: Assignment
    bank: Bank
    tests: Sequence[HiddenTest]

    def cost(self, mistake: Mistake) -> Cost:
        """What that mistake costs."""
        before = self.results(mistake)
        after = self._followed(before, (mistake,))
        own = [test for test in before if test.cell == f"test_{mistake.function}"]
        return Cost(mistake, _lost(own), _lost(before), _lost(after))

    def results(self, *mistakes: Mistake) -> list[TestResult]:
        """Every test's result, without follow-through."""
        failed = self.failed(Answers(self.assignment.name).with_these(_spoilt(mistakes)), self.tests)
        return [
            TestResult(test.name, test.cell, "", test.points, "failed" if test.name in failed else "passed")
            for test in self.tests
        ]

    def followed(self, *mistakes: Mistake) -> list[TestResult]:
        """The same with follow-through."""
        return self._followed(self.results(*mistakes), mistakes)

    def _followed(self, first: list[TestResult], mistakes: Sequence[Mistake]) -> list[TestResult]:
        answers = Answers(self.assignment.name)

        def again(helpers: tuple[str, ...], places: Sequence[int]) -> Iterator[tuple[int, Collection[str]]]:
            right = {name: getattr(self.assignment.helpers[0], name) for name in helpers}
            functions = answers.with_these(_spoilt(mistakes) | right)
            failed = self.failed(functions, [self.tests[place] for place in places])
            return ((place, helpers) for place in places if self.tests[place].name not in failed)

        return follow_through(first, self.assignment.exercises, again, share=1.0)

    def failed(self, functions: Mapping[str, Callable[..., Any]], tests: Sequence[HiddenTest]) -> set[str]:
        """The names of those of the tests that these functions fail."""
        return {test.name for test in rehearse(tests, functions).failed}


def _spoilt(mistakes: Sequence[Mistake]) -> dict[str, Callable[..., Any]]:
    return {mistake.function: mistake.implementation for mistake in mistakes}


def _lost(results: Sequence[TestResult]) -> float:
    return sum(test.max_points - test.points for test in results)


def table(trial: Trial, helpers: Sequence[str]) -> Iterator[str]:
    """Lines of Markdown: a row for every helper."""
    yield "| a mistake in | of its points | costs there | in all, before | at most | in all, after | at most |"
    yield "|---|---|---|---|---|---|---|"
    points = {exercise.name: exercise.points for exercise in trial.assignment.exercises}
    for helper in helpers:
        costs = [trial.cost(mistake) for mistake in trial.bank.mistakes[helper]]
        own, before, after = (
            np.array([getattr(cost, name) for cost in costs]) for name in ("own", "before", "after")
        )
        yield (
            f"| {helper} | {points[helper]:g} | {own.mean():.1f} | {before.mean():.1f} | {before.max():g} "
            f"| {after.mean():.1f} | {after.max():g} |"
        )


def trial_of(name: str) -> Trial:
    """The trial of an assignment. Raises `SuiteError` where that has no mistakes that are known."""
    assignment = find(name)
    if assignment.bank is None:
        raise SuiteError(f"'{name}' models no mistakes.")
    tests = hidden_tests(importlib.import_module(f"autograder.suite.{name}"))
    return Trial(assignment, assignment.bank(), tests)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What one mistake in a helper costs in all.")
    parser.add_argument("helpers", nargs="*", metavar="HELPER", help="all where none is named")
    parser.add_argument("--assignment", default="conv2d", help="which assignment (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        trial = trial_of(options.assignment)
    except SuiteError as error:
        print(error, file=sys.stderr)
        return 2
    for line in table(trial, options.helpers or trial.assignment.built_on):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
