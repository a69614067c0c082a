"""Written answers: what they say, for the page on which a person marks them, and the marks, in nbgrader's own rows.

formgrader reads and writes the same rows (`GradeHandler` and `CommentHandler` in nbgrader's `formgrader/apihandlers.py`),
so that a mark which was made here stands there, and the other way round.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, GradeCell, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from autograder.gradebook.course import Course, find_notebook, read_released
from autograder.gradebook.pages import read_page
from autograder.gradebook.rendering import to_html
from autograder.gradebook.student_markdown import harmless_markdown, harmless_pictures, pictures_apart
from autograder.reports.marking import Answer

LARGEST_PICTURES = 3_000_000  # characters, of one answer; a page holds those of the whole class
LONGEST_COMMENT = 20_000  # characters
_HEADING = re.compile(r"\s*#+ +(.+)")


@dataclass(frozen=True)
class Question:
    """One written question.

    Attributes:
        cell: the answer's name in the notebook.
        text: the question, as Markdown.
        source: what stands in the answer's place in the instructor's notebook: the model answer and the rubric.
    """

    cell: str
    points: float
    text: str
    source: str

    @property
    def title(self) -> str:
        """The heading that the question begins with, else the answer's name."""
        heading = _HEADING.match(self.text)
        return heading[1].strip() if heading else self.cell.replace("_", " ")

    @property
    def body(self) -> str:
        """The question without that heading."""
        return _HEADING.sub("", self.text, count=1)


@dataclass(frozen=True)
class NewMark:
    """What a person gives for the answer of this id.

    Attributes:
        score: None takes a mark away.
        seen: score and comment that were there when the person looked; None to write over whatever is there.
    """

    answer: str
    score: float | None
    comment: str
    seen: tuple[float | None, str] | None = None


class BadMark(Exception):
    """This mark cannot be given; the message says why, in one line."""


class Overtaken(BadMark):
    """Somebody else has changed it meanwhile, to this score and comment."""

    def __init__(self, score: float | None, comment: str):
        given = "no points" if score is None else f"{score:g} points"
        super().__init__(f"Somebody else has marked this answer meanwhile: {given}.")
        self.score, self.comment = score, comment


def read_questions(course: Course, assignment: str) -> list[Question]:
    """The assignment's written questions, in the notebook's order. Raises `NoGradebook`."""
    folder = course.folder(course.directory.source_directory, ".", assignment)
    source = read_released(folder / f"{assignment}.ipynb")
    with course.open() as gradebook:
        points = {cell.name: cell.max_score for cell in _written(find_notebook(gradebook, assignment))}
    places = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): place for place, cell in enumerate(source.cells)
    }
    found = sorted(points, key=lambda name: places.get(name, len(places)))
    return [_question(name, points[name], source.cells, places.get(name)) for name in found]


def _written(notebook: Notebook) -> list[GradeCell]:
    solutions = {cell.name for cell in notebook.solution_cells}
    return [c for c in notebook.grade_cells if c.cell_type == "markdown" and c.name in solutions]


def _question(name: str, points: float, cells: list[NotebookNode], place: int | None) -> Question:
    """Where the instructor's notebook is not there any more, the name has to do."""
    if place is None:
        return Question(name, points, "", "")
    return Question(name, points, cells[place - 1].source if place else "", cells[place].source)


def read_answers(course: Course, assignment: str, cell: str) -> tuple[list[Answer], int]:
    """The answers to one question by student, and how many left it as it was, who have 0 and are not among them.

    Raises `NoGradebook`.
    """
    with course.open() as gradebook:
        notebook = find_notebook(gradebook, assignment)
        rows = _grades(gradebook.db, notebook, cell)
        comments = _comments(gradebook.db, notebook, cell)
        marked = [row for row in rows if row.auto_score is None or row.manual_score is not None]
        answers = [_answer(row, comments.get(row.notebook_id), course, assignment) for row in marked]
    return sorted(answers, key=lambda answer: answer.student), len(rows) - len(marked)


def _grades(session: Session, notebook: Notebook, cell: str) -> list[Grade]:
    graded = next(each.id for each in notebook.grade_cells if each.name == cell)
    student = joinedload(Grade.notebook).joinedload(SubmittedNotebook.assignment)
    query = select(Grade).where(Grade.cell_id == graded)
    return list(session.scalars(query.options(student.joinedload(SubmittedAssignment.student))))


def _comments(session: Session, notebook: Notebook, cell: str) -> dict[str, Comment]:
    """The comments by the id of the submitted notebook."""
    solution = next(each.id for each in notebook.solution_cells if each.name == cell)
    found = session.scalars(select(Comment).where(Comment.cell_id == solution))
    return {comment.notebook_id: comment for comment in found}


def _answer(row: Grade, comment: Comment | None, course: Course, assignment: str) -> Answer:
    student = row.notebook.assignment.student
    folder = course.folder(course.directory.autograded_directory, student.id, assignment)
    page = read_page(folder / f"{assignment}.ipynb")
    cell = next((c for c in page.cells if c.metadata.get("nbgrader", {}).get("grade_id") == row.name), None)
    return Answer(
        id=row.id,
        student=student.id,
        name=" ".join(filter(None, (student.first_name, student.last_name))),
        html=_shown(cell),
        score=row.manual_score,
        comment=(comment.manual_comment if comment else None) or "",
        again=row.manual_score is not None and row.needs_manual_grade,
    )


def _shown(cell: NotebookNode | None) -> str:
    """The answer as HTML. The page in `autograded` is harmless already, unless plain nbgrader or a person made it."""
    if cell is None:
        return "<p><em>The page of this submission is not there. Record it again.</em></p>"
    text, attachments = pictures_apart(cell.source, cell.get("attachments"))
    pictures = harmless_pictures(attachments)
    note = ""
    if sum(len(data) for bundle in pictures.values() for data in bundle.values()) > LARGEST_PICTURES:
        pictures = {}
        note = "<p><em>Its pictures are too large for this page. formgrader shows them.</em></p>"
    return to_html(harmless_markdown(text, pictures), pictures) + note


def save_marks(course: Course, assignment: str, marks: Iterable[NewMark]) -> list[str]:
    """Writes marks in one transaction; returns the ids of the answers whose marks have changed.

    Raises `BadMark`, and writes none then, `NoGradebook` and `Locked`.
    """
    with course.open() as gradebook, course.locked():
        points = {cell.id: cell.max_score for cell in _written(find_notebook(gradebook, assignment))}
        changed = [mark.answer for mark in marks if _save(gradebook.db, mark, points)]
        gradebook.db.commit()
    return changed


def _save(session: Session, mark: NewMark, points: dict[str, float]) -> bool:
    row = session.get(Grade, mark.answer)
    if row is None or row.cell_id not in points:
        raise BadMark("There is no such answer in the gradebook any more. Load the page again.")
    _refuse(mark, points[row.cell_id])
    comment = next((each for each in row.notebook.comments if each.name == row.name), None)
    there = (row.manual_score, (comment.manual_comment if comment else None) or "")
    if there == (mark.score, mark.comment):
        confirmed, row.needs_manual_grade = (
            row.needs_manual_grade,
            row.auto_score is None and mark.score is None,
        )
        return bool(confirmed and not row.needs_manual_grade)
    if mark.seen is not None and there != mark.seen:
        raise Overtaken(*there)
    row.manual_score = mark.score
    row.needs_manual_grade = row.auto_score is None and mark.score is None
    if comment is not None:
        comment.manual_comment = mark.comment or None
    return True


def _refuse(mark: NewMark, points: float) -> None:
    """Raises `BadMark` for what must not stand in a gradebook."""
    if mark.score is not None and not (math.isfinite(mark.score) and 0 <= mark.score <= points):
        raise BadMark(f"{mark.score:g} is no number of points from 0 to {points:g}.")
    if len(mark.comment) > LONGEST_COMMENT:
        raise BadMark(f"A comment has at most {LONGEST_COMMENT:,} characters.")
    if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in mark.comment):
        raise BadMark("The comment holds control characters. Type it again.")
