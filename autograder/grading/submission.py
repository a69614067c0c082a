"""From the bytes of a submitted notebook to its report."""

import contextlib
import functools
import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from autograder.grading.notebook import Damaged, read_cells
from autograder.grading.program import Program
from autograder.grading.remarks import remarks
from autograder.grading.report import Report
from autograder.grading.suite_run import Suite, baseline_cells, list_tests, suite_folder
from autograder.sandbox import ForkServer, Limits
from autograder.sandbox.probe import require

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
NOTEBOOKS = Path(__file__).parents[2] / "assignment"


@dataclass(frozen=True)
class GradingLimits:
    """What one submission may take.

    Attributes:
        request: the sandbox's limits for each cell and each call; see `sandbox.Limits`.
        total_seconds: for the whole submission, CPU time and the time that its code waits. What has not answered by
            then times out. Real time may be four times as long, on a busy machine.
        allow_weak: grade even where nothing keeps student code from the grader's files and memory. It makes no
            difference where something does; elsewhere every report says what does not hold.
    """

    request: Limits = field(default_factory=Limits)
    total_seconds: float = 300.0
    allow_weak: bool = False


class Grader:
    """Grades one submission after the other and keeps what is the same for all of them. A context manager.

    What it keeps: the collected suites, a fork server and the baseline's worker. Each submission runs in workers
    of its own, so that a report does not depend on what was graded before. It belongs to the thread that
    entered it.

    Args:
        limits: of each submission.
        released: the sources of the cells that students were given; by default those of the assignment's notebook.
            Where a submission still has one of them, it is not run, but for its imports and definitions.

    >>> with Grader() as grader:
    ...     grader.grade(content, student="ada", assignment="conv2d").score
    100.0
    """

    def __init__(self, limits: GradingLimits | None = None, released: Collection[str] | None = None):
        self._limits = limits or GradingLimits()
        self._given = released
        self._held = contextlib.ExitStack()
        self._suites: dict[str, Suite] = {}

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *exception) -> None:
        self._held.close()

    def grade(
        self, content: bytes, *, student: str, assignment: str, files: Mapping[str, bytes] = NO_FILES
    ) -> Report:
        """Grades one notebook; `files` are small ones that were handed in beside it, by their names.

        A notebook that cannot be read gives a report with a reason and no points; whatever the code in it does
        gives a report as well. Raises `SuiteError` where the suite is not in order, and `SandboxUnavailable`
        where the machine cannot isolate the code: then nothing is graded.
        """
        folder = suite_folder(assignment)
        started = time.monotonic()
        isolation = require(self._limits.allow_weak)
        try:
            cells = read_cells(content)
        except Damaged as damage:
            return damaged(str(damage), student=student, assignment=assignment, missing=isolation.missing)
        suite = self._suite(folder)
        released = released_sources(assignment) if self._given is None else self._given
        with self._program(cells, self._limits.total_seconds, released=released, files=files) as program:
            tests = suite.run(program, self._baseline)
        functions = dict.fromkeys(test.cell.removeprefix("test_") for test in tests)
        return Report(
            student,
            assignment,
            tests,
            isolation.layers,
            time.monotonic() - started,
            weak_isolation=isolation.missing,
            remarks=remarks(program, functions),
        )

    def _suite(self, folder) -> Suite:
        if folder not in self._suites:
            self._suites[folder] = self._held.enter_context(Suite(folder))
        return self._suites[folder]

    def _program(self, cells, total_seconds, **options) -> Program:
        return Program(cells, self._limits.request, total_seconds, self._server, **options)

    @functools.cached_property
    def _server(self) -> ForkServer:
        return self._held.enter_context(ForkServer(allow_weak=self._limits.allow_weak))

    @functools.cached_property
    def _baseline(self) -> Program:
        return self._held.enter_context(self._program(baseline_cells(), math.inf, forgives=True))


@functools.cache
def released_sources(assignment: str) -> frozenset[str]:
    """The sources of the cells that students were given; none where the notebook is not here."""
    notebook = NOTEBOOKS / assignment / f"{assignment}.ipynb"
    return (
        frozenset(cell.source for cell in read_cells(notebook.read_bytes()))
        if notebook.exists()
        else frozenset()
    )


def grade(
    content: bytes,
    *,
    student: str,
    assignment: str,
    limits: GradingLimits | None = None,
    files: Mapping[str, bytes] = NO_FILES,
) -> Report:
    """Grades one notebook as `Grader.grade` does, for those who have no second one."""
    with Grader(limits) as grader:
        return grader.grade(content, student=student, assignment=assignment, files=files)


def damaged(reason: str, *, student: str, assignment: str, missing: tuple[str, ...] = ()) -> Report:
    """The report of a submission that could not be read: every test stands in it, without points.

    Args:
        reason: why, and what to do.
        missing: what does not hold where the class is graded: other students' code may have been at this file.
    """
    tests = tuple(
        replace(test, outcome="missing", message="The notebook could not be read.")
        for test in list_tests(suite_folder(assignment))
    )
    return Report(student, assignment, tests, (), 0.0, reason, missing)
