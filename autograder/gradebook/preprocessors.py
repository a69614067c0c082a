"""In place of nbgrader's Execute and SaveAutoGrades: the hidden suite in the sandbox, then every grade row."""

from pathlib import Path

from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.classroom.submissions import read_notebook
from autograder.grading import Report, grade
from autograder.grading.notebook import Damaged
from autograder.grading.submission import damaged
from autograder.grading.suite_run import SuiteError, points_by_cell, suite_folder
from autograder.reports.feedback import cell_html, cell_text, hint, summary_html

REPORT = (
    "sandbox_report"  # where the one preprocessor leaves its report for the other, in nbgrader's resources
)


class GradeInSandbox(NbGraderPreprocessor):
    """Grades the submission as `python -m autograder grade` does, and shows the results below the graded cells."""

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        report = self._grade(names)
        names[REPORT] = report
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if utils.is_grade(cell) and cell.cell_type == "code":
                cell.outputs = [_output(report, cell.metadata.nbgrader.grade_id)]
        nb.cells.insert(0, new_markdown_cell(summary_html(report), id="summary"))
        return nb, resources

    def _grade(self, names) -> Report:
        coursedir = self.parent.parent.coursedir  # the exporter's converter
        folder = coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
        who = {"student": names["student"], "assignment": names["assignment"]}
        try:
            return grade(read_notebook(Path(folder) / f"{names['notebook']}.ipynb"), **who)
        except Damaged as damage:
            return damaged(str(damage), **who)


def _output(report: Report, grade_id: str):
    tests = report.of_cell(grade_id)
    return new_output("display_data", data={"text/html": cell_html(tests), "text/plain": cell_text(tests)})


class SaveGrades(NbGraderPreprocessor):
    """Writes every grade row of the submission, of missing cells too, so that no old score survives."""

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        report = names[REPORT]
        with Gradebook(names["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            _check_points(submission, report)
            for grade_row in submission.grades:
                _save_grade(grade_row, report)
            unanswered = {cell.metadata.nbgrader.grade_id for cell in nb.cells if _is_unanswered(cell)}
            for comment in submission.comments:
                comment.auto_comment = _comment(comment.name, report, unanswered)
            gradebook.db.commit()
        return nb, resources


def _save_grade(row, report: Report) -> None:
    """A cell of the suite gets its points; every other one waits for a person, as does one graded by hand before."""
    tests = report.of_cell(row.name)
    row.auto_score = sum(test.points for test in tests) if tests else None
    row.needs_manual_grade = not tests or row.manual_score is not None


def _is_unanswered(cell) -> bool:
    return utils.is_solution(cell) and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def _comment(grade_id: str, report: Report, unanswered: set[str]) -> str | None:
    if grade_id in unanswered:
        return "No response."
    return hint(report.of_cell(f"test_{grade_id}"))


def _check_points(submission, report: Report) -> None:
    """The suite and the notebook must agree on what each cell is worth, or a score would mean two things."""
    in_notebook = {row.name: row.max_score for row in submission.grades}
    for cell, points in points_by_cell(suite_folder(report.assignment)).items():
        if in_notebook.get(cell) != points:
            raise SuiteError(
                f"The hidden suite gives {points:g} points for '{cell}', the released notebook "
                f"{in_notebook.get(cell, 'has no such cell')}. Make them equal and run nbgrader generate_assignment again."
            )
