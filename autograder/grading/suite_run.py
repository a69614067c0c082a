"""Runs a suite with pytest against one program and notes the outcome of every test.

pytest runs in the trusted process; only the functions that a test calls run elsewhere.
"""

import contextlib
import functools
import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading.explain import Verdict, explain
from autograder.grading.misconceptions import bank_of, name_mistakes
from autograder.grading.notebook import Cell
from autograder.grading.program import Functions, Program
from autograder.grading.report import TestResult
from autograder.sandbox import SandboxUnavailable
from autograder.suite.naming import RecordedCall
from solutions.reference import textbook

SUITES = Path(__file__).parents[1] / "suite"


class SuiteError(Exception):
    """The suite itself is not in order; the message is for the instructor."""


def suite_folder(assignment: str) -> Path:
    """The folder of an assignment's hidden tests. Raises `SuiteError` where there is none."""
    known = sorted(path.name for path in SUITES.iterdir() if any(path.glob("test_*.py")))
    if assignment not in known:
        raise SuiteError(
            f"There is no hidden suite for '{assignment}'. There are suites for: {', '.join(known)}."
        )
    return SUITES / assignment


def baseline_cells() -> list[Cell]:
    """The textbook versions as a program of their own, for timing checks."""
    return [Cell(position=1, kind="code", source=inspect.getsource(textbook))]


class SuiteRun:
    """A pytest plugin: provides the fixtures, reads the markers, collects the results.

    Args:
        program: the student's; None only lists the tests.
        baseline: the textbook versions, in a worker of their own.
    """

    def __init__(self, program: Program | None, baseline: Program | None):
        self.program = program
        self.baseline_program = baseline
        self.results: list[TestResult] = []
        self.calls: dict[str, list[RecordedCall]] = {}
        self.errors: list[str] = []
        self.unavailable: SandboxUnavailable | None = None

    @pytest.fixture
    def student(self) -> Functions:
        return Functions(self.program, self.calls)

    @pytest.fixture
    def baseline(self) -> Functions:
        return Functions(self.baseline_program)

    def pytest_collectreport(self, report):
        if report.failed:
            self.errors.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_collection_modifyitems(self, items):
        for item in items:
            problem = _marker_problem(item)
            if problem:
                self.errors.append(f"{item.nodeid}: {problem}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if self.errors:
            return True
        if self.program is None:
            self.results = [_result(item, Verdict("missing", "")) for item in session.items]
            return True
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        if call.excinfo is not None and isinstance(call.excinfo.value, SandboxUnavailable):
            self.unavailable = call.excinfo.value
            item.session.shouldstop = "the sandbox is not available"
        elif call.when == "call" or call.excinfo is not None:
            error = call.excinfo.value if call.excinfo is not None else None
            self.results.append(_result(item, explain(error, self.program)))
        return (yield)


def run_suite(folder: Path, program: Program | None, baseline: Program | None) -> tuple[TestResult, ...]:
    """The result of every test in the folder, in order.

    Raises `SuiteError` for a suite that cannot be collected or has a test without points, and
    `SandboxUnavailable` where a worker did not start.
    """
    run = SuiteRun(program, baseline)
    with _undisturbed():
        code = pytest.main(_options(folder), plugins=[run])
    if run.unavailable is not None:
        raise run.unavailable
    if run.errors:
        raise SuiteError("The hidden suite cannot be used: " + "; ".join(run.errors))
    if not run.results:
        raise SuiteError(f"The hidden suite in {folder} has no tests (pytest ended with {code}).")
    return name_mistakes(run.results, run.calls, bank_of(folder))


@functools.cache
def list_tests(folder: Path) -> tuple[TestResult, ...]:
    """Every test of the suite, none of them run."""
    return run_suite(folder, None, None)


def points_by_cell(folder: Path) -> dict[str, float]:
    """What each graded cell of the notebook is worth in the suite."""
    points: dict[str, float] = {}
    for test in list_tests(folder):
        points[test.cell] = points.get(test.cell, 0.0) + test.max_points
    return points


def _options(folder) -> list[str]:
    quiet = [
        "terminal",
        "cacheprovider",
        "logging",
        "faulthandler",
        "junitxml",
        "pastebin",
        "doctest",
        "unittest",
    ]
    return [
        str(folder),
        *("-c", str(SUITES / "pytest.ini"), "--rootdir", str(SUITES), "--confcutdir", str(folder)),
        *("--import-mode=importlib", "--assert=plain", "--capture=no", "--strict-markers"),
        *(option for name in quiet for option in ("-p", f"no:{name}")),
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


def _marker_problem(item) -> str | None:
    marker = item.get_closest_marker("graded")
    if marker is None:
        return "the test has no @graded(points=…, cell=…, title=…)"
    given = marker.kwargs
    if set(given) != {"points", "cell", "title"} or marker.args:
        return "@graded takes points, cell and title"
    if not isinstance(given["points"], (int, float)) or not given["points"] > 0:
        return "@graded needs points above 0"
    if not (
        isinstance(given["cell"], str)
        and given["cell"]
        and isinstance(given["title"], str)
        and given["title"]
    ):
        return "@graded needs the name of a cell and a title"
    return None


def _result(item, verdict: Verdict) -> TestResult:
    given = item.get_closest_marker("graded").kwargs
    return TestResult(
        name=item.name,
        cell=given["cell"],
        title=given["title"],
        max_points=float(given["points"]),
        outcome=verdict.outcome,
        message=verdict.message,
        window=verdict.window,
    )
