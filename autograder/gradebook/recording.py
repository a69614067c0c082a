"""Writes the results of a class into nbgrader's gradebook, many at a time.

Plain `nbgrader autograde` builds its pages and rows with the same functions; but it opens the database about ten
times for each submission, and this module once for all of them.
"""

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import joinedload

from autograder.classroom.results import Result
from autograder.gradebook.course import Course, find_notebook
from autograder.gradebook.errors import NoGradebook, NotRecordable
from autograder.gradebook.marks import check_points, save_marks
from autograder.gradebook.pages import Page, PageMaker

BATCH = 50  # submissions in one transaction
# Of a row, what recording reads.
GRADE = ("id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
COMMENT = ("id", "auto_comment")
TRIES = 5  # of a transaction that somebody else's got in the way of


@dataclass(frozen=True)
class Recorded:
    """What became of one result.

    Attributes:
        student: whose.
        problem: why it is not in the gradebook; None when it is.
        remark: what to say about one that is; None where there is nothing.
    """

    student: str
    problem: str | None = None
    remark: str | None = None


def record(course: Course, assignment: str, submitted: Path, results: Iterable[Result]) -> Iterator[Recorded]:
    """Records every result: pages to `autograded/`, rows to the gradebook. Scores given by hand stay.

    It may be stopped at any time and done again: the end is the same.

    Args:
        course: where to.
        assignment: whose results they are.
        submitted: the folder with the notebooks that were graded, for the pages. One that has changed since it
            was graded is not recorded.
        results: in any order.

    Raises `NoGradebook`, `Locked` and `SuiteError`, which concern all of them.
    """
    with course.open() as gradebook, course.locked():
        notebook = find_notebook(gradebook, assignment)
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
        check_points(points, assignment)
        pages = PageMaker(course, notebook, submitted)
        rows = _Rows(course, gradebook, notebook)
        for batch in _batches(results):
            yield from _record(batch, pages, rows)


def _batches(results: Iterable[Result]) -> Iterator[list[Result]]:
    results = iter(results)
    while batch := list(itertools.islice(results, BATCH)):
        yield batch


def _record(batch: list[Result], maker: PageMaker, rows: "_Rows") -> Iterator[Recorded]:
    """Pages first, then the rows in one transaction: where there is a row, there is its page."""
    pages: list[Page] = []
    for result in batch:
        try:
            pages.append(maker.make(result))
        except NotRecordable as problem:
            yield Recorded(result.report.student, str(problem))
    for page in pages:
        maker.write(page)
    rows.save(pages)
    yield from (Recorded(page.result.report.student, remark=page.remark) for page in pages)


class _Rows:
    """The rows of one assignment's submissions in nbgrader's tables."""

    def __init__(self, course: Course, gradebook: Gradebook, notebook: Notebook):
        self._course, self._session = course, gradebook.db
        self._assignment, self._notebook = notebook.assignment_id, notebook.id
        self._skeletons = [_Skeleton.of(each) for each in notebook.assignment.notebooks]

    def save(self, pages: list[Page]) -> None:
        """Saves a batch as a whole. Where somebody else's transaction got in the way, it is tried again."""
        of_student = {page.result.report.student: page for page in pages}
        for attempt in range(TRIES):
            try:
                self._add_missing(list(of_student))
                self._fill_in(of_student)
                self._session.commit()
                return
            except (IntegrityError, OperationalError) as error:
                self._session.rollback()
                problem = str(error.orig).strip().splitlines()[0]
                time.sleep(0.2 * 2**attempt)
        raise NoGradebook(
            f"The gradebook {self._course.gradebook_name} could not be written ({problem}). "
            "What was recorded before is safe; do the same again when the gradebook is free."
        )

    def _add_missing(self, students: list[str]) -> None:
        """Students, submissions and empty rows that are not there yet, as nbgrader itself makes them."""
        known = set(self._session.scalars(select(Student.id).where(Student.id.in_(students))))
        of_assignment = select(SubmittedAssignment.student_id).where(
            SubmittedAssignment.assignment_id == self._assignment,
            SubmittedAssignment.student_id.in_(students),
        )
        submitted = set(self._session.scalars(of_assignment))
        self._insert(Student, [{"id": student} for student in students if student not in known])
        new = [
            {"id": new_uuid(), "assignment_id": self._assignment, "student_id": student}
            for student in students
            if student not in submitted
        ]
        self._insert(SubmittedAssignment, new)
        for skeleton in self._skeletons:
            skeleton.insert(self._insert, [submission["id"] for submission in new])

    def _insert(self, table: type, rows: list[dict[str, str]]) -> None:
        if rows:
            self._session.execute(insert(table), rows)

    def _fill_in(self, pages: dict[str, Page]) -> None:
        query = (
            select(SubmittedNotebook)
            .join(SubmittedAssignment)
            .where(
                SubmittedNotebook.notebook_id == self._notebook,
                SubmittedAssignment.student_id.in_(pages),
            )
            .order_by(SubmittedAssignment.student_id)  # the same order everywhere: no two wait for each other
            .options(joinedload(SubmittedNotebook.assignment).joinedload(SubmittedAssignment.assignment))
        )
        submissions = self._session.scalars(query).all()
        grades = self._cells_rows(Grade, GRADE, submissions)
        comments = self._cells_rows(Comment, COMMENT, submissions)
        for submission in submissions:
            page = pages[submission.assignment.student_id]
            if page.timestamp is not None:
                submission.assignment.timestamp = page.timestamp
            of_grades = grades[submission.id]
            save_marks(of_grades, comments[submission.id], page.notebook, page.result.report, page.rewritten)
            submission.late_submission_penalty = self._penalty(submission, of_grades)
        self._update(Grade, grades)
        self._update(Comment, comments)

    def _cells_rows(
        self, table: Any, columns: tuple[str, ...], submissions: Sequence[SubmittedNotebook]
    ) -> dict[str, list[SimpleNamespace]]:
        """For each submitted notebook the rows of its cells, as plain objects: SQLAlchemy's own take twice the time."""
        query = (
            select(table.notebook_id, BaseCell.name, *(getattr(table, column) for column in columns))
            .join(table.cell)
            .where(table.notebook_id.in_([submission.id for submission in submissions]))
        )
        rows: dict[str, list[SimpleNamespace]] = defaultdict(list)
        for row in self._session.execute(query).mappings():
            rows[row["notebook_id"]].append(SimpleNamespace(before=row, **row))
        return rows

    def _update(self, table: type, rows: dict[str, list[SimpleNamespace]]) -> None:
        """Writes what has changed and nothing else, since a person may mark meanwhile; in the order of the rows' ids, as above."""
        changed = []
        for row in sorted(itertools.chain.from_iterable(rows.values()), key=attrgetter("id")):
            new = {
                name: getattr(row, name) for name, value in row.before.items() if getattr(row, name) != value
            }
            if new:
                changed.append({"id": row.id, **new})
        if changed:
            self._session.execute(update(table), changed)

    def _penalty(self, submission: SubmittedNotebook, grades: list[SimpleNamespace]) -> float | None:
        """What the course's late policy takes off, between 0 and the score."""
        seconds = submission.assignment.total_seconds_late
        if seconds <= 0:
            return None
        score = sum(map(_score, grades))
        policy = self._course.late.plugin_inst
        penalty = policy.late_submission_penalty(submission.assignment.student_id, score, seconds)
        return None if penalty is None else min(max(penalty, 0), score)


def _score(grade: SimpleNamespace) -> float:
    """As `Grade.score`, which the database computes, will be after this transaction."""
    own = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if own is None else own + (grade.extra_credit or 0.0)


@dataclass(frozen=True)
class _Skeleton:
    """The empty rows of one submitted notebook: a grade for each graded cell, a comment for each answer."""

    notebook_id: str
    graded: list[str]
    commented: list[str]

    @classmethod
    def of(cls, notebook: Notebook) -> "_Skeleton":
        tasks = [cell.id for cell in notebook.task_cells]
        return cls(
            notebook.id,
            [cell.id for cell in notebook.grade_cells] + tasks,
            [cell.id for cell in notebook.solution_cells] + tasks,
        )

    def insert(
        self, insert_rows: Callable[[type, list[dict[str, str]]], None], submissions: list[str]
    ) -> None:
        new = [
            {"id": new_uuid(), "notebook_id": self.notebook_id, "assignment_id": each} for each in submissions
        ]
        insert_rows(SubmittedNotebook, new)
        for table, cells in ((Grade, self.graded), (Comment, self.commented)):
            rows = [{"notebook_id": row["id"], "cell_id": cell} for row in new for cell in cells]
            insert_rows(table, rows)
