"""From the bytes of a submitted notebook to its report."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from autograder.grading.notebook import Cell, Damaged, read_cells
from autograder.grading.program import Program
from autograder.grading.rehearsed import Memory
from autograder.grading.remarks import remarks
from autograder.grading.report import Report, TestResult
from autograder.grading.right_answers import right_cells, right_files
from autograder.grading.suite_run import Suite, baseline_cells, list_tests
from autograder.grading.visible_run import VisibleCases, run_cases
from autograder.judge.assignment import Assignment
from autograder.judge.hidden import Key
from autograder.sandbox import Allowance, ForkServer, Limits
from autograder.sandbox.probe import require
from autograder.suite import find, suite_folder
from autograder.suite.released import released_cells

BUSY = 4  # how many times longer a submission may take in real time: so much may others slow it down
NO_FILES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True)
class GradingLimits:
    """What one submission may take.

    Attributes:
        request: the sandbox's limits for each cell and each call; see `sandbox.Limits`.
        total_seconds: for the whole submission, its cells and all its workers: CPU time, and the time that its code waits for
            nothing. What is running then is stopped, and what comes after it is not run. Real time may be four times as
            long: other processes may keep the machine busy.
        follow_through: which share of its points a function keeps that is right but for another one's mistake; None takes the
            assignment's.
        allow_weak: grade even where nothing keeps student code from the grader's files and memory. It makes no
            difference where something does; elsewhere every report says what does not hold.
    """

    request: Limits = field(default_factory=Limits)
    total_seconds: float = 300.0
    follow_through: float | None = None
    allow_weak: bool = False

    def allowance(self) -> Allowance:
        """For one submission, from now on. Whatever runs its code takes part of the same one."""
        return Allowance(self.total_seconds, BUSY * self.total_seconds)


class Grader:
    """Grades one submission after the other and keeps what is the same for all of them. A context manager.

    What it keeps: the collected suites, a fork server and the baseline's worker. Each submission runs in workers
    of its own, so that a report does not depend on what was graded before. It belongs to the thread that
    entered it.

    Args:
        limits: of each submission.
        ahead, memory: as `Suite` takes them.

    >>> import json, os
    >>> key = Key(os.urandom(32))
    >>> cell = {"cell_type": "code", "source": "def flatten_filters(f): return f.reshape(-1, f.shape[3])"}
    >>> with Grader() as grader:
    ...     notebook = json.dumps({"cells": [cell]}).encode()
    ...     grader.grade(notebook, student="ada", assignment="conv2d", key=key).score
    6.0
    """

    def __init__(
        self, limits: GradingLimits | None = None, *, ahead: bool = True, memory: Memory | None = None
    ):
        self._limits = limits or GradingLimits()
        self._ahead, self._memory = ahead, memory
        self._held = contextlib.ExitStack()
        self._suites: dict[str, Suite] = {}
        self._baselines: dict[str, Program] = {}

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *exception: object) -> None:
        self._held.close()

    def grade(
        self,
        content: bytes,
        *,
        student: str,
        assignment: str,
        key: Key,
        files: Mapping[str, bytes] = NO_FILES,
    ) -> Report:
        """Grades one notebook.

        Args:
            content: its bytes.
            student, assignment: whose and which.
            key: the course's key for this assignment, from which hidden inputs follow (`classroom.course_key`).
            files: small ones that were handed in beside it, by their names.

        A notebook that cannot be read gives a report with a reason and no points; whatever the code in it does
        gives a report as well. Raises `SuiteError` where the suite is not in order, and `SandboxUnavailable`
        where the machine cannot isolate the code: then nothing is graded.
        """
        record = find(assignment)
        suite = self._suite(record)

        def judge(program: Program, allowance: Allowance) -> tuple[TestResult, ...]:
            with self._right(record, allowance) as right:
                return suite.run(program, self._baseline(record), key, right, self._share(record))

        names = [exercise.name for exercise in record.exercises]
        return self._report(content, judge, record, student=student, names=names, files=files)

    def run_visible(
        self,
        content: bytes,
        cases: VisibleCases,
        *,
        student: str,
        assignment: str,
        files: Mapping[str, bytes] = NO_FILES,
    ) -> Report:
        """A report of the visible cases alone, without points; raises as `grade` does."""
        record = find(assignment)

        def judge(program: Program, allowance: Allowance) -> tuple[TestResult, ...]:
            return run_cases(program, cases, record.hints)

        return self._report(content, judge, record, student=student, names=cases, files=files)

    def _report(
        self,
        content: bytes,
        judge: Callable[[Program, Allowance], tuple[TestResult, ...]],
        record: Assignment,
        *,
        student: str,
        names: Iterable[str],
        files: Mapping[str, bytes],
    ) -> Report:
        """What `judge` says of a notebook's program, with remarks on the functions of these names."""
        started, isolation = time.monotonic(), require(self._limits.allow_weak)
        try:
            cells = read_cells(content)
        except Damaged as damage:
            return damaged(str(damage), student=student, assignment=record.name, missing=isolation.missing)
        released, allowance = released_cells(record.name), self._limits.allowance()
        with self._program(cells, allowance, released=released, files=files) as program:
            tests = judge(program, allowance)
        return Report(
            student,
            record.name,
            tests,
            isolation.layers,
            time.monotonic() - started,
            weak_isolation=isolation.missing,
            remarks=remarks(program, names),
        )

    def _suite(self, assignment: Assignment) -> Suite:
        if assignment.name not in self._suites:
            suite = Suite(suite_folder(assignment.name), ahead=self._ahead, memory=self._memory)
            self._suites[assignment.name] = self._held.enter_context(suite)
        return self._suites[assignment.name]

    def _baseline(self, assignment: Assignment) -> Program | None:
        if assignment.baseline is None:
            return None
        if assignment.name not in self._baselines:
            program = self._program(baseline_cells(assignment.baseline), Allowance(), forgives=True)
            self._baselines[assignment.name] = self._held.enter_context(program)
        return self._baselines[assignment.name]

    @contextlib.contextmanager
    def _right(self, assignment: Assignment, allowance: Allowance) -> Iterator[Program | None]:
        """Runs the assignment's helpers for one submission, whose code says what they compute; None without follow-through."""
        helpers, names = assignment.helpers, assignment.built_on
        if not helpers or not names or not self._share(assignment):
            yield None
            return
        cells = right_cells(helpers, names)
        with self._program(cells, allowance, forgives=True, files=right_files(helpers)) as program:
            yield program

    def _share(self, assignment: Assignment) -> float:
        given = self._limits.follow_through
        return assignment.follow_through if given is None else given

    def _program(self, cells: list[Cell], allowance: Allowance, **options: Any) -> Program:
        return Program(cells, self._limits.request, allowance, self._server, **options)

    @functools.cached_property
    def _server(self) -> ForkServer:
        return self._held.enter_context(ForkServer(allow_weak=self._limits.allow_weak))


def grade(
    content: bytes,
    *,
    student: str,
    assignment: str,
    key: Key,
    limits: GradingLimits | None = None,
    files: Mapping[str, bytes] = NO_FILES,
) -> Report:
    """Grades one notebook as `Grader.grade` does, for those who have no second one."""
    with Grader(limits, ahead=False) as grader:  # a rehearsal pays from the second program on
        return grader.grade(content, student=student, assignment=assignment, key=key, files=files)


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
