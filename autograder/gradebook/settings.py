"""nbgrader's settings for a course that is graded in the sandbox; see `nbgrader_config.py`."""

from pathlib import Path

import nbgrader
from traitlets.config import Config

from autograder.gradebook.nbgrader_mends import mend_nbgrader

_NBGRADER_TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
_OWN_TEMPLATES = Path(__file__).with_name("templates")

CODE_STUB = 'raise NotImplementedError("Write this function, then run this cell and the next one.")'
TEXT_STUB = "*Write your answer here.*"


def configure(config: Config) -> None:
    """Sets what the kit needs; whatever an instructor sets afterwards wins.

    The folders are `solutions/source` (what nbgrader releases from) and `assignment` (what students get). Autograding
    runs no kernel: our exporter reads the submission as text, and our preprocessors run the hidden suite
    in the sandbox and write the scores. Feedback and formgrader's pages run nothing that a student wrote and load
    nothing from another host; `nbgrader export` writes no formulas.
    """
    mend_nbgrader()
    config.CourseDirectory.source_directory = "solutions/source"
    config.CourseDirectory.release_directory = "assignment"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB

    config.Autograde.pre_convert_hook = "autograder.gradebook.reading.expect_notebook"
    config.Autograde.exporter_class = "autograder.gradebook.reading.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.autograde_preprocessors = [
        "autograder.gradebook.preprocessors.GradeInSandbox",
        "autograder.gradebook.preprocessors.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]

    # Of nbgrader's templates the page of feedback is replaced, and of formgrader's what loads MathJax.
    config.HTMLExporter.extra_template_basedirs = [str(_OWN_TEMPLATES), str(_NBGRADER_TEMPLATES)]
    config.HTMLExporter.filters = {"markdown2html": "autograder.gradebook.rendering.markdown_to_html"}
    config.HTMLExporter.preprocessors = [
        "autograder.gradebook.rendering.EscapeNames",
        "autograder.gradebook.unread.MarkUnread",
    ]
    config.ExportApp.plugin_class = "autograder.gradebook.csv_export.CsvExport"
