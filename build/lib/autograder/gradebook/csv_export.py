"""What `nbgrader export` writes: nbgrader's own columns, in a file that no spreadsheet runs and every program reads alike.

nbgrader's own plugin joins the fields with commas as they are: a comma in a name shifts the rest of the row, and a
student called `=cmd|…` is a formula. It also asks the database once for each student; this one asks once.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment
from nbgrader.plugins.export import ExportPlugin

from autograder.reports.spreadsheet import harmless_cell

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class CsvExport(ExportPlugin):
    """A row for each assignment and student; without a submission it is of 0 points, as nbgrader has it."""

    def export(self, gradebook: Gradebook) -> None:
        to = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", to)
        with to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row in self._rows(gradebook):
                writer.writerow(map(harmless_cell, row))

    def _rows(self, gradebook: Gradebook) -> Iterator[tuple]:
        students = [each for each in gradebook.students if _is_wanted(each.id, self.student)]
        for assignment in gradebook.assignments:
            if _is_wanted(assignment.name, self.assignment):
                submissions = {each.student_id: each for each in assignment.submissions}
                for student in students:
                    yield _row(assignment, student, submissions.get(student.id))


def _is_wanted(name: str, only: list) -> bool:
    return not only or name in map(str, only)


def _row(assignment: Assignment, student: Student, submission: SubmittedAssignment | None) -> tuple:
    score = submission.score if submission else 0.0
    penalty = submission.late_submission_penalty if submission else 0.0
    return (
        assignment.name,
        assignment.duedate,
        submission.timestamp if submission else None,
        student.id,
        student.last_name,
        student.first_name,
        student.email,
        score,
        penalty,
        max(0.0, score - penalty),
        assignment.max_score,
    )
