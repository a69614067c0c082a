"""What a report means in nbgrader's terms: the rows of the gradebook and the page that people look at."""

from collections.abc import Container, Iterable

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook

from autograder.gradebook.rebuild import markdown_cell
from autograder.grading import Report
from autograder.grading.suite_run import points_by_cell
from autograder.reports.feedback import cell_html, cell_text, first_to_mend, hint, summary_html
from autograder.suite import SuiteError, find, suite_folder


class _Everything:
    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING = _Everything()


def show_results(notebook: NotebookNode, report: Report) -> None:
    """Puts the summary at the head of the page, and the results below the graded cells; no other output stays."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) and cell.cell_type == "code":
            grade_id = cell.metadata.nbgrader.grade_id
            cell.outputs = [_output(report, grade_id)]
            cell.metadata["mend"] = first_to_mend(
                report.of_cell(grade_id)
            )  # for the table of the feedback page
    notebook.cells.insert(0, markdown_cell(summary_html(report), id="summary"))


def save_marks(
    grades: Iterable[Grade],
    comments: Iterable[Comment],
    page: NotebookNode,
    report: Report,
    rewritten: Container[str] = EVERYTHING,
) -> None:
    """Sets every grade and comment row of a submission, of missing cells too, so that no old score survives.

    Args:
        grades: the rows, or what has their columns and `name`.
        comments: the same.
        rewritten: the cells in which something else stands than on the page before: what a person has marked there waits
            for a second look. By default nobody knows, as for nbgrader, and all marked ones do.
    """
    unanswered = {cell.metadata.nbgrader.grade_id for cell in page.cells if _is_unanswered(cell)}
    for row in grades:
        _save_grade(row, report, unanswered, rewritten)
    for comment in comments:
        comment.auto_comment = _comment(comment.name, report, unanswered)


def automatic_scores(db_url: str, assignment: str) -> dict[str, float]:
    """Each student's automatic points, read back from the gradebook."""
    with Gradebook(db_url) as gradebook:
        return {
            submission.student_id: sum(
                grade.auto_score or 0.0 for notebook in submission.notebooks for grade in notebook.grades
            )
            for submission in gradebook.assignment_submissions(assignment)
        }


def check_points(in_notebook: dict[str, float], assignment: str) -> None:
    """The suite and the notebook must agree on what each cell is worth, or a score would mean two things.

    Args:
        in_notebook: points of each graded cell in the gradebook.

    Raises `SuiteError`.
    """
    for cell, points in points_by_cell(suite_folder(assignment)).items():
        if in_notebook.get(cell) != points:
            raise SuiteError(
                f"The hidden suite gives {points:g} points for '{cell}', the released notebook "
                f"{in_notebook.get(cell, 'has no such cell')}. Make them equal and run nbgrader generate_assignment again."
            )


def _output(report: Report, grade_id: str) -> NotebookNode:
    tests = report.of_cell(grade_id)
    shown = {"text/html": cell_html(tests, find(report.assignment)), "text/plain": cell_text(tests)}
    return nbformat.from_dict({"output_type": "display_data", "data": shown, "metadata": {}})


def _save_grade(row: Grade, report: Report, unanswered: set[str], rewritten: Container[str]) -> None:
    """A cell of the suite gets its points, an answer that was left as released 0, as nbgrader has it.

    Every other one waits for a person. One graded by hand before does where something has changed since.
    """
    tests, before = report.of_cell(row.name), row.auto_score
    points = 0.0 if row.name in unanswered else None
    row.auto_score = sum(test.points for test in tests) if tests else points
    if row.manual_score is None:
        row.needs_manual_grade = row.auto_score is None
    elif row.name in rewritten or row.auto_score != before:
        row.needs_manual_grade = True


def _is_unanswered(cell: NotebookNode) -> bool:
    return utils.is_solution(cell) and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def _comment(grade_id: str, report: Report, unanswered: set[str]) -> str | None:
    if grade_id in unanswered:
        return "No response."
    return hint(report.of_cell(f"test_{grade_id}"))
