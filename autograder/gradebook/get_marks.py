"""A submission's marks and comments for the feedback page, and which answers nobody has read yet."""

from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import GetGrades
from sqlalchemy import Row, select


class GetMarks(GetGrades):
    """In place of nbgrader's `GetGrades`, which asks the database for each cell by itself: half of the time of a class's feedback.

    Sets also `unread` in nbgrader's metadata of each graded cell, whether it waits for a person: nbgrader shows 0 points for
    such an answer, as for a wrong one.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            found = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            penalty = found.late_submission_penalty or 0
            names.update(score=found.score - penalty, max_score=found.max_score, late_penalty=penalty)
            grades = {row.name: row for row in _grades(gradebook, found)}
            comments = dict(_comments(gradebook, found))
        for cell in nb.cells:
            if about := cell.metadata.get("nbgrader"):
                show_marks(about, grades, comments)
        return nb, resources


def show_marks(about: dict[str, Any], grades: dict[str, Row], comments: dict[str, str | None]) -> None:
    """Fills in nbgrader's metadata of one cell."""
    name = about.get("grade_id", "")
    if about.get("solution") or about.get("task"):
        about["comment"] = comments[name]
    if about.get("grade") or about.get("task"):
        about["score"], about["points"] = grades[name].score, grades[name].max_score
    about["unread"] = name in grades and grades[name].auto_score is None and grades[name].manual_score is None


def _grades(gradebook: Gradebook, submission: SubmittedNotebook) -> Sequence[Row]:
    columns = (BaseCell.name, Grade.score, Grade.max_score, Grade.auto_score, Grade.manual_score)
    query = select(*columns).join(Grade.cell).where(Grade.notebook_id == submission.id)
    return gradebook.db.execute(query).all()


def _comments(gradebook: Gradebook, submission: SubmittedNotebook) -> Sequence[Row]:
    query = select(BaseCell.name, Comment.comment).join(Comment.cell)
    return gradebook.db.execute(query.where(Comment.notebook_id == submission.id)).all()
