"""From the bytes of a submitted notebook to its report."""

import math
import time
from dataclasses import dataclass, field, replace

from autograder.grading.notebook import Damaged, read_cells
from autograder.grading.program import Program
from autograder.grading.report import Report
from autograder.grading.suite_run import baseline_cells, list_tests, run_suite, suite_folder
from autograder.sandbox import Limits
from autograder.sandbox.probe import require


@dataclass(frozen=True)
class GradingLimits:
    """What one submission may take.

    Attributes:
        request: the sandbox's limits for each cell and each call; see `sandbox.Limits`.
        total_seconds: real time for the whole submission. What has not answered by then times out.
    """

    request: Limits = field(default_factory=Limits)
    total_seconds: float = 300.0


def grade(content: bytes, *, student: str, assignment: str, limits: GradingLimits | None = None) -> Report:
    """Grades one notebook.

    A notebook that cannot be read gives a report with a reason and no points; whatever the code in it does
    gives a report as well. Raises `SuiteError` where the suite is not in order, and `SandboxUnavailable` where the
    machine cannot isolate the code: then nothing is graded.
    """
    limits = limits or GradingLimits()
    folder = suite_folder(assignment)
    started = time.monotonic()
    try:
        cells = read_cells(content)
    except Damaged as damage:
        return damaged(str(damage), student=student, assignment=assignment)
    isolation = require()
    with (
        Program(cells, limits.request, limits.total_seconds) as program,
        Program(baseline_cells(), limits.request, math.inf) as baseline,
    ):
        tests = run_suite(folder, program, baseline)
    return Report(student, assignment, tests, isolation.layers, time.monotonic() - started)


def damaged(reason: str, *, student: str, assignment: str) -> Report:
    """The report of a submission that could not be read: every test stands in it, without points."""
    tests = tuple(
        replace(test, outcome="missing", message="The notebook could not be read.")
        for test in list_tests(suite_folder(assignment))
    )
    return Report(student, assignment, tests, (), 0.0, reason)
