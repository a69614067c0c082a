"""A student's feedback on one graded cell, as HTML and as plain text. Every text is escaped."""

import itertools
from dataclasses import replace
from html import escape

from autograder.grading.report import EARNS_POINTS, Report, TestResult
from autograder.judge.assignment import Assignment
from autograder.reports.isolation import isolation_sentence, weakness_sentence
from autograder.reports.mend_first import mend_first

WORDS = {
    "passed": "✓ passed",
    "failed": "✗ not yet",
    "error": "✗ raised an error",
    "timeout": "✗ took too long",
    "crashed": "✗ crashed",
    "missing": "○ not started",
    "inconclusive": "~ could not be timed, counts as passed",
}
REMARKS = "When your cells were run"


def verdict(test: TestResult) -> str:
    """What became of a test, in a few words."""
    if test.follow_through is not None:
        return f"→ right, but for your {test.follow_through}"
    return WORDS[test.outcome]


def cell_html(tests: list[TestResult], assignment: Assignment | None = None) -> str:
    """The hidden tests of one cell: what each checks, its points, and the first thing to mend.

    Args:
        assignment: has the pictures that belong to some messages, and the tests' twins; None leaves both out.
    """
    rows = "".join(_row(test, assignment) for test in said_once(tests))
    return (
        '<table style="width:100%; text-align:left; border-collapse:collapse">'
        "<caption style='text-align:left'><b>Hidden checks</b> "
        f"({_points(sum(test.points for test in tests))} of {_points(sum(test.max_points for test in tests))} points)"
        '</caption><thead><tr><th scope="col" style="text-align:left">Result</th>'
        '<th scope="col" style="text-align:left">What is checked</th>'
        '<th scope="col" style="text-align:right">Points</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(test: TestResult, assignment: Assignment | None) -> str:
    # pre-wrap keeps the line breaks of a message; overflow-wrap keeps a long student line inside the page.
    message = (
        f'<div style="white-space:pre-wrap; overflow-wrap:anywhere; margin-top:0.3em">{escape(test.message)}</div>'
        if test.message
        else ""
    )
    if test.picture and assignment and assignment.draw and (picture := assignment.draw(test.picture)):
        message += f'<div style="margin-top:0.5em">{picture}</div>'
    message += _twin(test, assignment)
    cell = 'style="vertical-align:top; text-align:left; padding:0.3em 1em 0.3em 0; white-space:nowrap"'
    return (
        f"<tr><td {cell}>{escape(verdict(test))}</td>"
        f'<td style="vertical-align:top; text-align:left; padding:0.3em 1em 0.3em 0">{escape(test.title)}{message}</td>'
        f'<td style="vertical-align:top; text-align:right; white-space:nowrap; padding:0.3em 0">'
        f"{_points(test.points)} / {_points(test.max_points)}</td></tr>"
    )


def _twin(test: TestResult, assignment: Assignment | None) -> str:
    """Calls like those of a test that was answered wrongly, to be tried in the notebook; "" where there are none."""
    twin = assignment.twins.get(test.name) if assignment else None
    if twin is None or assignment is None or not test.is_to_mend:
        return ""
    if test.outcome not in ("failed", "error", "timeout"):
        return ""
    return (
        "<details><summary>Try it yourself: calls of the same kind, with what they should give</summary>"
        f'<pre style="white-space:pre-wrap; overflow-wrap:anywhere">{escape(twin.text(assignment.right))}</pre></details>'
    )


def said_once(tests: list[TestResult]) -> list[TestResult]:
    """The tests of one cell, whose messages stand in full once: what is said again names the test that it was said of."""
    first: dict[str, str] = {}
    told = []
    for test in tests:
        title = first.setdefault(test.message, test.title)
        again = test.message and title != test.title
        told.append(replace(test, message=f"The same as for “{title}”.", picture=None) if again else test)
    return told


def cell_text(tests: list[TestResult]) -> str:
    """The same in plain text."""
    lines = []
    for test in said_once(tests):
        lines.append(f"{verdict(test)}: {test.title} ({_points(test.points)} of {_points(test.max_points)})")
        if test.message:
            lines.append(f"    {test.message}")
    return "\n".join(lines)


def summary_html(report: Report) -> str:
    """The head of a student's page: the automatic score, or why there is none, and what the code ran under."""
    weakness = weakness_sentence(report.weak_isolation)
    warning = f"<p><b>{escape(weakness)}</b></p>" if weakness else ""
    if report.reason is not None:
        return f"<p><b>This notebook could not be graded.</b> {escape(report.reason)}</p>{warning}"
    return (
        f"<p><b>Automatic checks: {_points(report.score)} of {_points(report.max_score)} points.</b> "
        "Written answers are graded by hand on top of them. Below each graded cell stands what its hidden checks "
        f"found.</p>{mend_first_html(report)}{remarks_html(report)}"
        f"<p><small>{escape(isolation_sentence(report))}</small></p>{warning}"
    )


def overview_html(report: Report) -> str:
    """A table of the functions: points, the first thing to mend, and a link to the place on the page with that cell's id."""
    rows = []
    for cell in dict.fromkeys(test.cell for test in report.tests):
        tests = report.of_cell(cell)
        points = f"{_points(sum(test.points for test in tests))} of {_points(sum(test.max_points for test in tests))}"
        name = f'<a href="#{escape(cell)}">{escape(cell.removeprefix("test_"))}</a>'
        rows.append(
            f'<tr><th scope="row">{name}</th><td>{points}</td><td>{escape(first_to_mend(tests))}</td></tr>'
        )
    return (
        '<table><thead><tr><th scope="col">Function</th><th scope="col">Points</th><th scope="col">First to mend</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def mend_first_html(report: Report) -> str:
    """Which functions to mend first, since others fail by their mistakes; "" where there are none."""
    return "".join(f"<p><b>{escape(line)}</b></p>" for line in mend_first(report))


def remarks_html(report: Report) -> str:
    """What the student should know of how the cells ran; "" where there is nothing."""
    if not report.remarks:
        return ""
    lines = "".join(f"<li style='overflow-wrap:anywhere'>{escape(line)}</li>" for line in report.remarks)
    return f"<p>{REMARKS}:</p><ul>{lines}</ul>"


def hint(tests: list[TestResult]) -> str | None:
    """One line for the answer's own cell; titles only, so that no student text stands in it."""
    first = first_to_mend(tests)
    if not first:
        return None
    passed = sum(test.outcome in EARNS_POINTS for test in tests)
    return f"{passed} of {len(tests)} hidden checks pass. First to mend: {first}. Details stand below."


def first_to_mend(tests: list[TestResult]) -> str:
    """The title of the first test that fails by the function's own doing, else whose mistake it was; "" where none fails."""
    own = (test.title for test in tests if test.is_to_mend)
    others = (f"your {test.follow_through}" for test in tests if test.follow_through is not None)
    return next(itertools.chain(own, others), "")


def _points(points: float) -> str:
    return f"{points:g}"
