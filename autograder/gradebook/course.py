"""A course as nbgrader knows it: its settings, folders, gradebook and late policy."""

import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Base, Gradebook, MissingEntry, Notebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from autograder.classroom.lock import only_one
from autograder.gradebook.errors import NoGradebook


@dataclass(frozen=True)
class Course:
    """The course in the folder in which the command was started, as for every nbgrader command.

    Attributes:
        directory: nbgrader's folders and settings.
        late: nbgrader's preprocessor with the course's policy for late submissions.
    """

    directory: CourseDirectory
    late: AssignLatePenalties

    @classmethod
    def here(cls, db_url: str | None = None) -> "Course":
        """Reads `nbgrader_config.py`.

        Args:
            db_url: another gradebook than the course's own.
        """
        app = NbGrader()
        app.log_level = logging.ERROR
        app.initialize([])
        if db_url is not None:
            app.coursedir.db_url = db_url
        late = AssignLatePenalties(parent=app)
        late.init_plugin()
        return cls(app.coursedir, late)

    @property
    def gradebook_name(self) -> str:
        """The gradebook's address without a password."""
        return str(_url(self.directory.db_url))

    @property
    def submitted(self) -> Path:
        """The folder into which nbgrader collects."""
        return Path(self.directory.root) / self.directory.submitted_directory

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """nbgrader's folder of one submission; the step is "autograded", for example."""
        return Path(self.directory.format_path(step, student, assignment))

    def open(self) -> Gradebook:
        """The gradebook; a context manager. Raises `NoGradebook`."""
        file = self._file()
        if file is not None and not file.exists():
            raise NoGradebook(f"There is no gradebook {file}. Make it with: nbgrader generate_assignment …")
        try:
            gradebook = Gradebook(self.directory.db_url, self.directory.course_id)
            _expect_current_schema(gradebook, self.gradebook_name)
            return gradebook
        except (SQLAlchemyError, ImportError) as error:
            reason = str(error).strip().splitlines()[0]
            raise NoGradebook(f"The gradebook {self.gradebook_name} cannot be opened: {reason}") from None

    def locked(self) -> AbstractContextManager[None]:
        """One process at a time writes a gradebook that is a file; a database server sees to that itself."""
        file = self._file()
        if file is None:
            return nullcontext()
        return only_one(file.with_name(file.name + ".lock"), f"the gradebook {file}")

    def released(self, assignment: str) -> NotebookNode:
        """The notebook that students were given; an empty one where it is not on this machine."""
        folder = self.folder(self.directory.release_directory, ".", assignment)
        return read_released(folder / f"{assignment}.ipynb")

    def _file(self) -> Path | None:
        """The file that the gradebook is; None where it is on a server."""
        url = _url(self.directory.db_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def read_released(path: Path) -> NotebookNode:
    """The released notebook; an empty one where it cannot be read."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return nbformat.v4.new_notebook()


def find_notebook(gradebook: Gradebook, assignment: str) -> Notebook:
    """nbgrader's record of the notebook that the kit grades. Raises `NoGradebook`."""
    try:
        return gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        raise NoGradebook(
            f"The gradebook does not know '{assignment}'. Release it first: nbgrader generate_assignment {assignment}"
        ) from None


def _expect_current_schema(gradebook: Gradebook, name: str) -> None:
    """Raises `NoGradebook` where a column is not there that this nbgrader asks for."""
    there = inspect(gradebook.engine)
    for table in Base.metadata.sorted_tables:
        columns = {column["name"] for column in there.get_columns(table.name)}
        if missing := {column.name for column in table.columns} - columns:
            gradebook.close()
            raise NoGradebook(
                f"The gradebook {name} is of an older nbgrader (no {table.name}.{min(missing)}). Copy it, then upgrade it with: "
                "nbgrader db upgrade"
            )


def _url(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):  # the second where the port is no number
        raise NoGradebook(
            "The gradebook's address is not one of the form sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
        ) from None
