"""In place of nbgrader's Execute and SaveAutoGrades: the hidden suite in the sandbox, then every grade row; and the stubs."""

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.beside import files_beside
from autograder.classroom.submissions import read_notebook
from autograder.gradebook.marks import check_points, save_marks, show_results
from autograder.gradebook.reading import SubmissionExporter
from autograder.grading import Report
from autograder.grading.notebook import Damaged
from autograder.grading.submission import damaged
from autograder.sandbox.probe import require
from autograder.suite import assignments

CODE_STUB = 'raise NotImplementedError("Write this function, then run this cell and the next one.")'
TEXT_STUB = "*Write your answer here.*"

# Where the one preprocessor leaves its report for the other, in nbgrader's resources.
REPORT = "sandbox_report"


class GradeInSandbox(NbGraderPreprocessor):
    """Grades the submission as `python -m autograder grade` does, and shows the results below the graded cells."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        report = self._grade(names)
        names[REPORT] = report
        show_results(nb, report)
        return nb, resources

    def _grade(self, names: dict[str, Any]) -> Report:
        exporter: SubmissionExporter = self.parent
        coursedir = exporter.parent.coursedir  # the converter's
        folder = coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
        who = {"student": names["student"], "assignment": names["assignment"]}
        try:
            content = read_notebook(Path(folder) / f"{names['notebook']}.ipynb")
        except Damaged as damage:
            return damaged(str(damage), **who, missing=require(exporter.allow_weak_isolation).missing)
        key, memory = accepted_key(names["assignment"], Path(coursedir.root), tell=self.log.info)
        return exporter.grader(memory).grade(content, **who, key=key, files=files_beside(Path(folder)))


class SaveGrades(NbGraderPreprocessor):
    """Writes every grade row of the submission."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        report = names[REPORT]
        with Gradebook(names["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            check_points({row.name: row.max_score for row in submission.grades}, report.assignment)
            save_marks(submission.grades, submission.comments, nb, report)
            gradebook.db.commit()
        return nb, resources


class ClearKitSolutions(ClearSolutions):
    """nbgrader's ClearSolutions, with the kit's stubs for the kit's assignments and the course's own for all others."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if resources["nbgrader"]["assignment"] in assignments():
            self.code_stub, self.text_stub = {"python": CODE_STUB}, TEXT_STUB
        return super().preprocess(nb, resources)
