"""A report as Gradescope's `results.json` (https://gradescope-autograders.readthedocs.io/en/latest/specs/)."""

from typing import Any

from autograder.grading.report import EARNS_POINTS, Report, TestResult
from autograder.reports.feedback import REMARKS, verdict
from autograder.reports.isolation import isolation_sentence, weakness_sentence
from autograder.reports.mend_first import mend_first

VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")


def gradescope_results(report: Report, visibility: str = "visible") -> dict[str, Any]:
    """The record that Gradescope reads. Every text in it is declared plain, so that none is rendered.

    Args:
        report: one submission's.
        visibility: when the student sees the tests, one of `VISIBILITIES`; they hold no hidden input.
    """
    return {
        "score": report.score,
        "output": _summary(report),
        "output_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [_test(number, test, visibility) for number, test in enumerate(report.tests, 1)],
    }


def text_test(name: str, output: str, visibility: str = "visible") -> dict[str, Any]:
    """An entry without points, for something to read."""
    plain = {"name_format": "text", "output_format": "text"}
    return {"name": name, "output": output, "visibility": visibility} | plain


def failure(output: str) -> dict[str, Any]:
    """The record of a submission that was not graded: without a score, so that nobody has 0 for it."""
    return {"output": output, "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}


def _test(number: int, test: TestResult, visibility: str) -> dict[str, Any]:
    return {
        "number": str(number),
        "name": f"{test.cell.removeprefix('test_')}: {test.title}",
        "name_format": "text",
        "score": test.points,
        "max_score": test.max_points,
        "status": "passed" if test.outcome in EARNS_POINTS else "failed",
        "output": f"{verdict(test)}\n{test.message}".rstrip(),
        "output_format": "text",
        "visibility": visibility,
    }


def _summary(report: Report) -> str:
    graded = isolation_sentence(report)
    if report.reason is not None:
        graded = f"This notebook could not be graded. {report.reason}"
    summary = f"{graded} {weakness_sentence(report.weak_isolation)}".rstrip()
    return "\n".join(
        [summary, *mend_first(report), *([f"{REMARKS}:"] if report.remarks else []), *report.remarks]
    )
