"""The class's scores as a CSV file, for a spreadsheet or a learning management system."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.grading.report import Report
from autograder.reports.spreadsheet import harmless_cell

ABOUT = ("student", "assignment", "status", "score", "max_score")


def write_scores(read: Callable[[], Iterable[Report]], out: Path) -> int:
    """Writes one row for each submission, by student; returns how many.

    The columns are `ABOUT`, then one for each graded cell with its points (empty where the submission's suite had
    no such cell), then "reason", which says why a damaged submission could not be graded. UTF-8, one line a row.

    Args:
        read: gives all reports anew each time; they are gone through one by one.
        out: the file. It appears when it is complete.
    """
    cells = list(dict.fromkeys(test.cell for report in read() for test in report.tests))
    rows = sorted((_row(report, cells) for report in read()), key=lambda row: (row[1], row[0]))
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless_cell, (*ABOUT, *cells, "reason")))
        writer.writerows(map(harmless_cell, row) for row in rows)
    part.replace(out)
    return len(rows)


def _row(report: Report, cells: list[str]) -> list:
    points: dict[str, float] = {}
    for test in report.tests:
        points[test.cell] = points.get(test.cell, 0.0) + test.points
    about = [report.student, report.assignment, report.status, report.score, report.max_score]
    return [*about, *(points.get(cell) for cell in cells), report.reason]
