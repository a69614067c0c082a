"""Runs a suite with pytest against programs and notes the outcome of every test.

pytest runs in the trusted process; only the functions that a test calls run elsewhere.
"""

import contextlib
import functools
import inspect
import os
import queue
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from autograder.grading.follow_through import follow_through
from autograder.grading.mistakes import name_mistakes
from autograder.grading.notebook import Cell
from autograder.grading.program import Program
from autograder.grading.rehearsed import Memory, Rehearsed, rehearsed
from autograder.grading.report import TestResult
from autograder.grading.right_answers import Known, RightAnswers
from autograder.grading.suite_plugin import SuitePlugin, SuiteRun
from autograder.judge.assignment import Assignment
from autograder.judge.bank import Bank
from autograder.judge.hidden import Key
from autograder.suite import SUITES, find

# What no hidden test needs. Those in the second line watch what tests do to their process; two of them collect all
# garbage several times for it, which takes longer than a whole submission.
LEFT_OUT = (
    *("terminal", "cacheprovider", "logging", "junitxml", "pastebin", "doctest", "unittest"),
    *("faulthandler", "unraisableexception", "threadexception", "warnings"),
)


def baseline_cells(baseline: ModuleType) -> list[Cell]:
    """The functions that an assignment's timing checks compare with, as a program of their own."""
    return [Cell(position=1, kind="code", source=inspect.getsource(baseline))]


def _assignment_of(folder: Path) -> Assignment | None:
    """The record of the assignment whose folder this is; None for tests that lie elsewhere."""
    return find(folder.name) if folder.parent == SUITES else None


class Suite:
    """The hidden tests of one folder: collected once, then run on one program after the other. A context manager.

    pytest collects and then asks for its next run, as it does in pytest-xdist's workers. It gets a thread of
    its own for this, since its session must stay open as long as there are programs. Only one of the two threads
    works at a time.

    Args:
        folder: holds the tests.
        ahead: send calls that tests of an assignment will make before earlier ones are answered. Without it each waits for
            the answer before: the reports are the same.
        memory: where a course keeps what follows from its key.

    Attributes:
        tests: every test, none of them run.

    Entering raises `SuiteError` for a suite that cannot be collected, has a test without points, or disagrees with the
    assignment's record.
    """

    def __init__(self, folder: Path, *, ahead: bool = True, memory: Memory | None = None):
        self._folder = folder
        self._memory = memory
        self._ahead = ahead
        self._runs: queue.SimpleQueue[SuiteRun | None] = queue.SimpleQueue()
        self._assignment = _assignment_of(folder)
        self._plugin = SuitePlugin(self._runs, self._assignment)
        self._right_answers: Known = {}
        self._rehearsed: tuple[Key, Rehearsed] | None = None
        self._thread = threading.Thread(target=self._host_pytest, name=f"pytest {folder.name}", daemon=True)

    def __enter__(self) -> "Suite":
        with _undisturbed():
            self._thread.start()
            try:
                self.tests = self._plugin.collected.result()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.chdir("."):  # pytest goes back to where its session began
            self._runs.put(None)
            self._thread.join()

    def run(
        self,
        program: Program,
        baseline: Program | None,
        key: Key,
        right: Program | None = None,
        share: float = 1.0,
    ) -> tuple[TestResult, ...]:
        """The result of every test, in order. Raises `SandboxUnavailable` where a worker did not start.

        Args:
            key: from which the hidden inputs follow.
            right: runs the assignment's `helpers`, for follow-through; None where there is to be none.
            share: which part of its points a test keeps that fails by a helper's mistake alone.
        """
        rehearsed = self._rehearsal(key)
        run = SuiteRun(program, baseline, key, foresight=rehearsed.foresight)
        results = self._results(run)
        if right is not None and self._assignment is not None:
            again = functools.partial(self._again, program, key, right)
            exercises = self._assignment.exercises
            results = follow_through(results, exercises, again, share=share, timed=self._plugin.timed)
        return name_mistakes(results, run.calls_of, self._bank, rehearsed.glimpses)

    def _rehearsal(self, key: Key) -> Rehearsed:
        """What follows from the key; nothing for tests that no assignment has."""
        if self._assignment is None or not self._ahead:
            return Rehearsed({}, {})
        if self._rehearsed is None or self._rehearsed[0] != key:
            self._rehearsed = key, rehearsed(self._assignment, key, self._memory)
        return self._rehearsed[1]

    def _results(self, run: SuiteRun) -> list[TestResult]:
        with _undisturbed():
            self._runs.put(run)
            return run.results.result()

    def _again(
        self, program: Program, key: Key, right: Program, helpers: tuple[str, ...], places: Sequence[int]
    ) -> Iterator[tuple[int, Collection[str]]]:
        """What `follow_through` asks for."""
        if (
            self._assignment is None
            or not self._assignment.helpers
            or not any(map(program.mentions, helpers))
        ):
            return
        answers = RightAnswers(self._assignment.helpers[0], right, helpers, self._right_answers)
        with program.handing_over(helpers, answers):
            for place in places:
                answers.asked.clear()
                [result] = self._results(
                    SuiteRun(program, None, key, [place], self._rehearsal(key).foresight)
                )
                if result.outcome == "passed":
                    yield place, frozenset(answers.asked)

    @functools.cached_property
    def _bank(self) -> Bank | None:
        bank = self._assignment.bank if self._assignment else None
        return bank() if bank else None

    def _host_pytest(self) -> None:
        code = None
        try:
            code = pytest.main(_options(self._folder), plugins=[self._plugin])
        finally:
            self._plugin.ended(f"pytest ended with {code!r}")


def run_suite(folder: Path, program: Program, baseline: Program | None, key: Key) -> tuple[TestResult, ...]:
    """The result of every test in the folder on one program, in order.

    Raises `SuiteError` for a suite that cannot be collected or has a test without points, and
    `SandboxUnavailable` where a worker did not start.
    """
    with Suite(folder, ahead=False) as suite:  # a rehearsal pays from the second program on
        return suite.run(program, baseline, key)


@functools.cache
def list_tests(folder: Path) -> tuple[TestResult, ...]:
    """Every test of the suite, none of them run."""
    with Suite(folder) as suite:
        return suite.tests


def points_by_cell(folder: Path) -> dict[str, float]:
    """What each graded cell of the notebook is worth in the suite."""
    points: dict[str, float] = {}
    for test in list_tests(folder):
        points[test.cell] = points.get(test.cell, 0.0) + test.max_points
    return points


def _options(folder: Path) -> list[str]:
    return [
        str(folder),
        *("-c", os.devnull, "--rootdir", str(SUITES), "--confcutdir", str(folder)),
        *("--import-mode=importlib", "--assert=plain", "--capture=no", "--strict-markers"),
        *(option for name in LEFT_OUT for option in ("-p", f"no:{name}")),
    ]


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever started the grader may have pytest options and plugins of their own; they change no grade."""
    ours = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ""}
    before = {name: os.environ.get(name) for name in (*ours, "PYTEST_CURRENT_TEST")}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
