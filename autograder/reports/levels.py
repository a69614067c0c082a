"""How much of a report its student is told while the assignment is still open: one of three levels, the instructor's choice."""

import math
from collections.abc import Callable, Sequence
from html import escape

from autograder.grading.report import Report, TestResult
from autograder.judge.assignment import Assignment
from autograder.reports.feedback import WORDS, remarks_html
from autograder.reports.feedback_page import feedback_page, html_page
from autograder.reports.isolation import weakness_sentence

LEVELS = {
    "checks": "what the notebook's own visible checks say; nothing of the hidden tests",
    "totals": "the points of each function; no hidden test by itself",
    "page": "the whole page of feedback, each hidden test with its message",
}


def told(level: str, report: Report, assignment: Assignment, note: str) -> str:
    """A page of what the level tells.

    Args:
        level: one of `LEVELS`.
        report: for "checks" one of the visible cases, else one of the hidden tests.
        note: a sentence for the head of the page.
    """
    if level == "page":
        return feedback_page(report, assignment, note=note)
    weakness = weakness_sentence(report.weak_isolation)
    head = f"<p>{escape(note)}</p>" + (f"<p><b>{escape(weakness)}</b></p>" if weakness else "")
    if report.reason is not None:
        reason = f"<p><b>This notebook could not be graded.</b> {escape(report.reason)}</p>"
        return html_page(assignment.title, report.assignment, head + reason)
    rows = _ROWS[level](report, assignment)
    return html_page(assignment.title, report.assignment, head + remarks_html(report) + rows)


def refused(assignment: Assignment, why: str) -> str:
    """A page of why nothing was graded."""
    sentence = f"<p><b>Your last hand-in was not graded:</b> {escape(why)}</p>"
    return html_page(assignment.title, assignment.name, f"{sentence}<p>Hand in again.</p>")


def bits_of_totals(tests: Sequence[TestResult], share: float = 1.0) -> float:
    """How many bits on the outcomes of hidden tests their functions' totals hold at most.

    A test gives its points, none of them, or the share that follow-through keeps.
    """
    sums: dict[str, set[float]] = {}
    for test in tests:
        before = sums.setdefault(test.cell, {0.0})
        sums[test.cell] = {
            round(total + part * test.max_points, 6) for total in before for part in (0, share, 1)
        }
    return sum(math.log2(len(possible)) for possible in sums.values())


def _totals(report: Report, assignment: Assignment) -> str:
    cells = list(dict.fromkeys(test.cell for test in report.tests))
    rows = "".join(
        f'<tr><th scope="row">{escape(cell.removeprefix("test_"))}</th><td>{_points(report.of_cell(cell))}</td></tr>'
        for cell in cells
    )
    return (
        f"<p><b>Automatic checks: {report.score:g} of {report.max_score:g} points.</b> Written answers are graded by hand "
        "on top of them. Which hidden checks passed is told when the assignment is handed back.</p>"
        '<table><thead><tr><th scope="col">Function</th><th scope="col">Points</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _points(tests: Sequence[TestResult]) -> str:
    return f"{sum(test.points for test in tests):g} of {sum(test.max_points for test in tests):g}"


def _checks(report: Report, assignment: Assignment) -> str:
    sections = "".join(
        _checks_of(exercise.name, report.of_cell(exercise.cell)) for exercise in assignment.exercises
    )
    return (
        "<p>The notebook ran from top to bottom on another machine, and then its own checks. This is what they say; the "
        f"hidden ones, which give the points, are told of later.</p>{sections}"
    )


def _checks_of(function: str, tests: Sequence[TestResult]) -> str:
    wrong = next((test for test in tests if test.outcome != "passed"), None)
    title = f"<h2><code>{escape(function)}</code></h2>"
    if wrong is None:
        return f"{title}<p>✓ all {len(tests)} checks pass</p>"
    return (
        f"{title}<p>{escape(WORDS[wrong.outcome])}: check {escape(wrong.name.removeprefix(function).strip())}, "
        f"{escape(wrong.title)}</p>"
        f'<div style="white-space:pre-wrap; overflow-wrap:anywhere">{escape(wrong.message)}</div>'
    )


_ROWS: dict[str, Callable[[Report, Assignment], str]] = {"totals": _totals, "checks": _checks}
