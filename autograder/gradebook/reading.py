"""Reads a submission on nbgrader's behalf, so that nothing in the file or its name can disturb nbgrader itself.

nbgrader converts a notebook twice: from `submitted` to `autograded` (sanitizing), then within `autograded`. The
first time the file is a student's: it may be no notebook at all, or one whose cells were deleted, copied
or retyped. What nbgrader gets is a new notebook built from its text.
"""

import re
import weakref
from pathlib import Path
from typing import Any, NoReturn

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets import Any as AnyTrait
from traitlets import Bool, Float, List

from autograder.classroom.submissions import read_notebook
from autograder.gradebook.course import read_released
from autograder.gradebook.folders import add_passed_over
from autograder.gradebook.names import unfit
from autograder.gradebook.rebuild import assigned_cells, rebuild
from autograder.grading import Grader
from autograder.grading.notebook import Damaged, read_cells
from autograder.grading.rehearsed import Memory
from autograder.grading.submission import GradingLimits
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.probe import require
from autograder.suite import assignments


class SubmissionExporter(NotebookExporter):
    """A notebook exporter that survives every submission; for an assignment without a hidden suite it is nbgrader's own.

    The traits `other_…` are what the course has set for `Autograde` itself.
    """

    allow_weak_isolation = Bool(
        False,
        help="Grade even where nothing keeps student code from the hidden tests, other submissions and the gradebook, "
        "as `python -m autograder grade --allow-weak-isolation` does. Every page says so.",
    ).tag(config=True)

    follow_through = Float(
        None,
        min=0,
        max=1,
        allow_none=True,
        help="What a function keeps of its points where it is right but for another one's mistake, from 0 to 1, as "
        "`python -m autograder grade --follow-through` does. Without it, what the assignment says.",
    ).tag(config=True)

    _grader: Grader | None = None

    other_sanitize_preprocessors = List(Autograde.sanitize_preprocessors.default()).tag(config=True)
    other_autograde_preprocessors = List(Autograde.autograde_preprocessors.default()).tag(config=True)
    other_pre_convert_hook = AnyTrait(None, allow_none=True).tag(config=True)

    def __init__(self, *arguments: Any, **keywords: Any):
        super().__init__(*arguments, **keywords)
        self._is_ours = self._converter.coursedir.assignment_id in assignments()
        if not self._is_ours:
            self._go_on_as_before()
            return
        try:  # before any grade is touched
            require(self.allow_weak_isolation)
        except SandboxUnavailable as error:
            self._refuse(f"{error} In nbgrader the option is --SubmissionExporter.allow_weak_isolation=True.")
        add_passed_over(self._converter)
        self._leave_out_unfit_names()

    @property
    def _converter(self) -> Autograde:
        """nbgrader's converter, which made this exporter."""
        return self.parent

    def grader(self, memory: Memory) -> Grader:
        """What grades all submissions of this run of nbgrader's; it ends with the exporter.

        Args:
            memory: where the course keeps what follows from its key.
        """
        if self._grader is None:
            limits = GradingLimits(follow_through=self.follow_through, allow_weak=self.allow_weak_isolation)
            self._grader = Grader(limits, memory=memory)
            weakref.finalize(self, self._grader.__exit__)
        return self._grader

    def _go_on_as_before(self) -> None:
        """Gives the course's other assignments what they would have without the kit."""
        converter = self._converter
        converter.sanitize_preprocessors = self.other_sanitize_preprocessors
        converter.autograde_preprocessors = self.other_autograde_preprocessors
        converter.pre_convert_hook = self.other_pre_convert_hook
        self.log.warning(
            "'%s' has no hidden suite: plain nbgrader grades it, whose kernel runs student code outside any sandbox.",
            converter.coursedir.assignment_id,
        )

    def _refuse(self, why: str) -> NoReturn:
        self.log.error(why)
        raise NbGraderException(why) from None

    def _leave_out_unfit_names(self) -> None:
        """Before nbgrader makes a student of each folder; it goes on with the others."""
        converter = self._converter
        pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        for folder in list(converter.assignments):
            match = re.fullmatch(pattern, folder, re.DOTALL)
            student = match["student"] if match else folder
            if problem := unfit(student):
                self.log.error("The submission of %r is left out. %s", student, problem)
                del converter.assignments[folder]
        if not converter.assignments:
            raise NbGraderException("There is no submission that can be graded.")

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **keywords: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The notebook as text, with nbgrader's own entries in the resources that it handed over."""
        converter = self._converter
        if resources is None or not converter._sanitizing or not self._is_ours:
            return super().from_filename(filename, resources=resources, **keywords)
        names = resources["nbgrader"]
        try:
            cells, reason = read_cells(read_notebook(Path(filename))), None
        except Damaged as damage:
            self.log.warning("The submission of %s is damaged: %s", names["student"], damage)
            cells, reason = [], str(damage)
        released = self._released(names)
        with Gradebook(names["db_url"], converter.coursedir.course_id) as gradebook:
            assigned = assigned_cells(
                gradebook.find_notebook(names["notebook"], names["assignment"]), released
            )
        notebook = rebuild(cells, assigned, released, reason)
        resources.setdefault("metadata", {}).update(name=names["notebook"], path=str(Path(filename).parent))
        return self.from_notebook_node(notebook, resources=resources, **keywords)

    def _released(self, names: dict[str, str]) -> NotebookNode:
        coursedir = self._converter.coursedir
        folder = coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
        return read_released(Path(folder) / f"{names['notebook']}.ipynb")


def expect_notebook(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before each submission: one whose notebook has another name is graded as damaged.

    nbgrader itself would stop with an error and leave an earlier score in place. It hands over its own list of
    files, which has at least one; the exporter then finds that the expected one is not there and says so.
    """
    expected = str(Path(notebooks[0]).with_name(f"{assignment}.ipynb"))
    if expected not in notebooks:
        notebooks.append(expected)
