"""What a student's grade is made of, from nbgrader's gradebook: the one total that every way out shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from nbgrader.api import Assignment, Grade, MissingEntry, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from autograder.gradebook.course import Course


@dataclass(frozen=True)
class Mark:
    """What a person gave for one written answer.

    Attributes:
        cell: its name in the notebook.
        score: None where nobody has marked it yet.
    """

    cell: str
    score: float | None
    max_score: float
    comment: str


@dataclass(frozen=True)
class Total:
    """A student's grade and its parts, which add up to it.

    Attributes:
        automatic: what the hidden checks gave.
        by_hand: what a person changed of that, up or down.
        written: what written answers got.
        extra: extra credit.
        late: what is taken off for lateness, zero or less; never more than there is.
        max_score: of the assignment, written answers included.
        marks: the written answers.
    """

    student: str
    automatic: float
    by_hand: float
    written: float
    extra: float
    late: float
    max_score: float
    marks: tuple[Mark, ...] = ()

    @property
    def score(self) -> float:
        return self.automatic + self.by_hand + self.written + self.extra + self.late

    @property
    def waits(self) -> int:
        """How many written answers nobody has marked yet; they count as 0."""
        return sum(mark.score is None for mark in self.marks)


def read_totals(course: Course, assignment: str) -> dict[str, Total]:
    """Every student's total; none where the gradebook does not know the assignment. Raises `NoGradebook`."""
    with course.open() as gradebook:
        try:
            found: Assignment = gradebook.find_assignment(assignment)
        except MissingEntry:
            return {}
        query = (
            select(SubmittedAssignment)
            .where(SubmittedAssignment.assignment_id == found.id)
            .options(
                selectinload(SubmittedAssignment.notebooks)
                .selectinload(SubmittedNotebook.grades)
                .joinedload(Grade.cell),
                selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.comments),
                joinedload(SubmittedAssignment.assignment),
            )
        )
        full = float(found.max_score)
        return {row.student_id: _total(row, full) for row in gradebook.db.scalars(query)}


def _total(submission: SubmittedAssignment, max_score: float) -> Total:
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    comments = {
        comment.name: comment.manual_comment or ""
        for notebook in submission.notebooks
        for comment in notebook.comments
    }
    checked = [grade for grade in grades if not _is_written(grade)]
    automatic = sum(grade.auto_score for grade in checked)
    changed = sum(
        grade.manual_score - grade.auto_score for grade in checked if grade.manual_score is not None
    )
    marks = tuple(_marks(grades, comments))
    written = sum(mark.score or 0.0 for mark in marks)
    # nbgrader counts extra credit of a graded cell alone.
    extra = sum(
        grade.extra_credit or 0.0
        for grade in grades
        if grade.auto_score is not None or grade.manual_score is not None
    )
    penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)
    late = 0.0 - min(penalty, max(automatic + changed + written + extra, 0.0))
    return Total(submission.student_id, automatic, changed, written, extra, late, max_score, marks)


def _is_written(grade: Grade) -> bool:
    """Whether a person marks it; an answer that was left as it was has 0 without one."""
    return grade.auto_score is None or grade.cell_type != "code"


def _marks(grades: list[Grade], comments: dict[str, str]) -> Iterator[Mark]:
    for grade in filter(_is_written, grades):
        score = grade.auto_score if grade.manual_score is None else grade.manual_score
        yield Mark(grade.name, score, grade.cell.max_score, comments.get(grade.name, ""))
