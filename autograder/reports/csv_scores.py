"""The class's scores as a CSV file, for a spreadsheet or a learning management system."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.grading.report import Report
from autograder.reports.spreadsheet import harmless_cell

ABOUT = ("student", "assignment", "status", "score", "max_score")
PARTS = ("automatic", "by_hand", "written", "extra_credit", "late_penalty")  # which add up to the score

Totals = Mapping[tuple[str, str], Mapping[str, float]]


def write_scores(read: Callable[[], Iterable[Report]], out: Path, totals: Totals | None = None) -> int:
    """Writes one row for each submission, by student; returns how many.

    The columns are `ABOUT`, where there are totals their `PARTS`, then one for each graded cell with its automatic points
    (empty where the submission's suite had no such cell), then "reason", which says why a damaged submission could not be graded; where
    somebody kept points in spite of another function's mistake, "follow_through", how many (they are among the cells' points); and where
    weak isolation was allowed "weak_isolation", the layers that did not hold. UTF-8, one line a row.

    Args:
        read: gives all reports anew each time; they are gone through one by one.
        out: the file. It appears when it is complete.
        totals: by student and assignment, the `PARTS`, "score" and "max_score" of the gradebook; whoever is not
            in it has the automatic points alone. Without any, the file has no such columns.
    """
    totals, parts = totals or {}, PARTS if totals else ()
    cells = list(dict.fromkeys(test.cell for report in read() for test in report.tests))
    last = _last_columns(read())
    rows = sorted(
        (
            _row(report, totals.get((report.student, report.assignment), {}), (parts, cells, last))
            for report in read()
        ),
        key=lambda row: (row[1], row[0]),
    )
    descriptor, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=out.parent)  # for this account alone
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless_cell, (*ABOUT, *parts, *cells, *last)))
        writer.writerows(map(harmless_cell, row) for row in rows)
    Path(part).replace(out)
    return len(rows)


def _last_columns(reports: Iterable[Report]) -> tuple[str, ...]:
    weak = followed = False
    for report in reports:
        weak = weak or bool(report.weak_isolation)
        followed = followed or any(test.follow_through is not None for test in report.tests)
    return ("reason", *(["follow_through"] if followed else []), *(["weak_isolation"] if weak else []))


def _row(report: Report, total: Mapping[str, float], columns: tuple[Iterable[str], ...]) -> list[object]:
    parts, cells, last = columns
    points: dict[str, float] = {}
    for test in report.tests:
        points[test.cell] = points.get(test.cell, 0.0) + test.points
    score = {"score": report.score, "max_score": report.max_score, "automatic": report.score} | dict(total)
    about = [report.student, report.assignment, report.status, score["score"], score["max_score"]]
    ending = {
        "reason": report.reason,
        "follow_through": sum(test.followed_points for test in report.tests),
        "weak_isolation": " ".join(report.weak_isolation) or None,
    }
    return [
        *about,
        *(score.get(part) for part in parts),
        *(points.get(cell) for cell in cells),
        *(ending[name] for name in last),
    ]
