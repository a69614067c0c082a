"""A student's feedback as one HTML file that needs no other: it is handed out through a learning platform."""

from collections.abc import Sequence
from html import escape

from autograder.grading.report import Report
from autograder.judge.assignment import Assignment
from autograder.reports.feedback import cell_html, overview_html, summary_html

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:left;vertical-align:top}"
    "h2{margin-top:2rem}"
)


def feedback_page(
    report: Report,
    assignment: Assignment,
    parts: Sequence[tuple[str, str]] = (),
    marks: Sequence[tuple[str, str, str]] = (),
    note: str = "",
) -> str:
    """The page.

    Args:
        note: a sentence for its head.
        parts: what the grade is made of, as words and points; empty where only the automatic points are known.
        marks: of the written answers: which, the points, the comment.
    """
    cells = list(dict.fromkeys(test.cell for test in report.tests))
    overview = overview_html(report) if report.reason is None else ""
    sections = [_parts(parts), *(_cell(report, cell, assignment) for cell in cells), *map(_mark, marks)]
    head = f"<p>{escape(note)}</p>" if note else ""
    body = f"{head}{overview}{summary_html(report)}{''.join(sections)}"
    return html_page(assignment.title, report.assignment, body)


def html_page(title: str, assignment: str, body: str) -> str:
    """The HTML document around a page's body, which is HTML already."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Feedback: {escape(assignment)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Feedback: {escape(title)}</h1>{body}</main></body></html>\n"
    )


def _parts(parts: Sequence[tuple[str, str]]) -> str:
    if not parts:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(words)}</th><td>{escape(points)}</td></tr>' for words, points in parts
    )
    return f"<h2>Your grade</h2><table>{rows}</table>"


def _cell(report: Report, cell: str, assignment: Assignment) -> str:
    tests = report.of_cell(cell)
    return f"<h2 id='{escape(cell)}'><code>{escape(cell.removeprefix('test_'))}</code></h2>{cell_html(tests, assignment)}"


def _mark(mark: tuple[str, str, str]) -> str:
    cell, points, comment = mark
    text = f'<p style="white-space:pre-wrap">{escape(comment)}</p>' if comment else ""
    return f"<h2>Written answer: {escape(cell)}</h2><p>{escape(points)}</p>{text}"
