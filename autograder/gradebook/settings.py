"""nbgrader's settings for a course that is graded in the sandbox; see `nbgrader_config.py`."""

from pathlib import Path
from typing import Any

import nbgrader
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import ClearSolutions, GetGrades
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from autograder.gradebook.insight_link import show_insight_link
from autograder.gradebook.nbgrader_mends import mend_nbgrader

_NBGRADER_TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
_OWN_TEMPLATES = Path(__file__).with_name("templates")

KIT_SOURCE, KIT_RELEASE = "solutions/source", "assignment"
EXPORTER = "autograder.gradebook.reading.SubmissionExporter"
CLEAR_SOLUTIONS = "autograder.gradebook.preprocessors.ClearKitSolutions"


def configure(config: Config) -> None:
    """Adds what the kit's assignments need to a course's settings; whatever the course sets itself stays or wins.

    An assignment without a hidden suite goes on as before: it is graded by plain nbgrader, with the preprocessors that the course
    has set. For the kit's own, autograding runs no kernel: our exporter reads the submission as text, and our
    preprocessors run the hidden suite in the sandbox and write the scores. Feedback and formgrader's pages run nothing
    that a student wrote and load nothing from another host; `nbgrader export` writes no formulas.

    The folders are the course's own. Where it sets none and has no `source`, they are the kit's: `solutions/source` (what
    nbgrader releases from) and `assignment` (what students get).
    """
    mend_nbgrader()
    show_insight_link()
    if config.Autograde.get("exporter_class") == EXPORTER:
        return  # it has been called
    _choose_folders(config)
    _replace(config, GenerateAssignment, "preprocessors", ClearSolutions, CLEAR_SOLUTIONS)

    # Ours in their place; the exporter gives the course's own back for its other assignments.
    for name in ("sanitize_preprocessors", "autograde_preprocessors", "pre_convert_hook"):
        if (own := config.Autograde.get(name)) is not None:
            config.SubmissionExporter[f"other_{name}"] = own
    config.Autograde.pre_convert_hook = "autograder.gradebook.reading.expect_notebook"
    config.Autograde.exporter_class = EXPORTER
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
    # Without it nbgrader skips a student whose feedback is there, although a mark or a comment has changed since.
    config.GenerateFeedback.setdefault("force", True)
    _replace(config, GenerateFeedback, "preprocessors", GetGrades, "autograder.gradebook.get_marks.GetMarks")

    # Of nbgrader's templates the page of feedback is replaced, and of formgrader's what loads MathJax.
    html = config.HTMLExporter
    templates = [str(_OWN_TEMPLATES), str(_NBGRADER_TEMPLATES)]
    html.extra_template_basedirs = [*_given(html, "extra_template_basedirs", []), *templates]
    rendering = "autograder.gradebook.rendering"
    filters = {
        "markdown2html": f"{rendering}.markdown_to_html",
        "highlight_code": f"{rendering}.code_to_html",
    }
    html.filters = filters | _given(html, "filters", {})
    ours = [f"{rendering}.EscapeNames", f"{rendering}.BoundTexts"]
    html.setdefault("optimistic_validation", True)  # once for all preprocessors, not after each
    html.preprocessors = [*_given(html, "preprocessors", []), *ours]
    config.ExportApp.setdefault("plugin_class", "autograder.gradebook.csv_export.CsvExport")


def _choose_folders(config: Config) -> None:
    folders = config.CourseDirectory
    root = Path(_given(folders, "root", "."))
    if "source_directory" not in folders and not (root / "source").is_dir() and (root / KIT_SOURCE).is_dir():
        folders.source_directory = KIT_SOURCE
        folders.setdefault("release_directory", KIT_RELEASE)


def _replace(config: Config, converter: type, name: str, old: type, new: str) -> None:
    """Puts one preprocessor in the place of another, in the course's list or else in nbgrader's."""
    own = _given(config[converter.__name__], name, None) or getattr(converter, name).default()
    paths = {old, f"{old.__module__}.{old.__name__}", f"nbgrader.preprocessors.{old.__name__}"}
    config[converter.__name__][name] = [new if each in paths else each for each in own]


def _given(section: Config, name: str, default: Any) -> Any:
    """What the course has set; the default where it has set nothing."""
    value = section.get(name, default)
    return default if isinstance(value, LazyConfigValue) else value
