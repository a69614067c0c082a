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
    no such cell), then "reason", which says why a damaged submission could not be graded; and where weak isolation was
    allowed "weak_isolation", the layers that did not hold. UTF-8, one line a row.

    Args:
        read: gives all reports anew each time; they are gone through one by one.
        out: the file. It appears when it is complete.
    """
    cells = list(dict.fromkeys(test.cell for report in read() for test in report.tests))
    last = ("reason", "weak_isolation") if any(report.weak_isolation for report in read()) else ("reason",)
    rows = sorted((_row(report, cells, last) for report in read()), key=lambda row: (row[1], row[0]))
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless_cell, (*ABOUT, *cells, *last)))
        writer.writerows(map(harmless_cell, row) for row in rows)
    part.replace(out)
    return len(rows)


def _row(report: Report, cells: list[str], last: tuple[str, ...]) -> list:
    points: dict[str, float] = {}
    for test in report.tests:
        points[test.cell] = points.get(test.cell, 0.0) + test.points
    about = [report.student, report.assignment, report.status, report.score, report.max_score]
    ending = {"reason": report.reason, "weak_isolation": " ".join(report.weak_isolation) or None}
    return [*about, *(points.get(cell) for cell in cells), *(ending[name] for name in last)]
