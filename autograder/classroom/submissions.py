"""Finds a class's submissions in nbgrader's layout: SUBMITTED/<student>/<assignment>/<assignment>.ipynb.

Names and files come from students: links are not followed, only regular files are read, and never more of them
than a notebook may be long.
"""

import itertools
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.beside import files_beside
from autograder.classroom.layout import NoSubmissions, refuse_other_layouts
from autograder.grading.notebook import MAX_BYTES, Damaged
from autograder.platforms.download import is_junk

__all__ = ["NoSubmissions", "Submission", "find_submissions", "is_link", "only_of", "read_notebook"]

MANY = 1000  # files in a folder; more are not looked at
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")


@dataclass(frozen=True, slots=True)
class Submission:
    """Where one student's notebook should be. Slim, since there may be 100,000 of them."""

    student: str
    assignment: str
    submitted: Path

    @property
    def folder(self) -> Path:
        return self.submitted / self.student / self.assignment

    def read(self) -> bytes:
        """The notebook's bytes. Raises `Damaged` where there is no readable regular file."""
        return read_notebook(self.folder / f"{self.assignment}.ipynb")

    def files(self) -> dict[str, bytes]:
        """Small files beside the notebook, by their names."""
        return {} if is_link(self.folder) or is_link(self.folder.parent) else files_beside(self.folder)


def find_submissions(submitted: Path, assignment: str) -> list[Submission]:
    """Every student's submission of one assignment, by name. Raises `NoSubmissions`.

    A student's folder without the assignment's folder in it is no submission; hidden folders are left out. What was
    meant to be one (another case, the file without its folder) counts, so that its student is told; but where a whole
    class is like that, nobody is graded 0 for what whoever collected them did.
    """
    if not submitted.is_dir():
        raise NoSubmissions(
            f"There is no folder '{submitted}'. Put the notebooks at {submitted}/<student>/{assignment}/"
            f"{assignment}.ipynb, as nbgrader collects them."
        )
    students = [
        entry.name
        for entry in sorted(os.scandir(submitted), key=lambda entry: entry.name)
        if not is_junk((entry.name,)) and _has_handed_in(Path(entry.path), assignment)
    ]
    found = [Submission(student, assignment, submitted) for student in students]
    refuse_other_layouts(found, submitted, assignment)
    if not found:
        raise NoSubmissions(
            f"There is no submission of '{assignment}' in '{submitted}'. They are looked for at "
            f"{submitted}/<student>/{assignment}/{assignment}.ipynb."
        )
    return found


def only_of(submissions: list[Submission], students: list[str]) -> list[Submission]:
    """The submissions of these students. Raises `NoSubmissions` where one of them has none."""
    wanted = set(students)
    missing = sorted(wanted - {submission.student for submission in submissions})
    if missing:
        raise NoSubmissions(
            f"There is no submission of: {', '.join(missing)}. Are the names those of the folders?"
        )
    return [submission for submission in submissions if submission.student in wanted]


def _has_handed_in(student: Path, assignment: str) -> bool:
    try:
        names = {path.name for path in student.iterdir()}
    except NotADirectoryError:
        return False  # a file among the students' folders
    except OSError:
        return True  # it cannot be looked into: its report says so
    return assignment in names or any(_plain(name) == _plain(assignment) for name in names)


def _plain(name: str) -> str:
    """A name without what people get wrong in it: case, spaces, a copy's number, an ending."""
    return re.sub(r"\.(ipynb|zip)$|\(\d+\)|[\s_-]", "", name.casefold())


def read_notebook(path: Path) -> bytes:
    """The bytes of a submitted file, through no link. Raises `Damaged`."""
    if is_link(path.parent) or is_link(path.parent.parent):
        raise Damaged("The folder is a symbolic link, which is not followed. Submit the notebook itself.")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Damaged(_not_opened(path, error)) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Damaged(f"{path.name} is not a file. Submit the notebook itself.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Damaged(f"{path.name} cannot be read ({error.strerror}). Submit it again.") from None
    finally:
        os.close(descriptor)


def is_link(path: Path) -> bool:
    """Whether it is a symbolic link; one that may not even be looked at is opened in vain afterwards."""
    try:
        return path.is_symlink()
    except OSError:
        return False


def _not_opened(path: Path, error: OSError) -> str:
    """Why, in one line, with what to do."""
    if is_link(path):
        return f"{path.name} is a symbolic link, which is not followed. Submit the notebook itself."
    match error:
        case FileNotFoundError():
            return _not_there(path)
        case NotADirectoryError():
            return f"{path.parent.name} is a file, not a folder. Submit {path.parent.name}/{path.name}."
        case PermissionError():
            return (
                f"{path.name} may not be read ({error.strerror}). Give the grader's account the right to read it "
                "and its folder, or submit it again."
            )
    return f"{path.name} cannot be opened ({error.strerror}). Submit it again."


def _not_there(path: Path) -> str:
    """What lies there instead. Names are not repeated: they are a student's."""
    folder, wanted = path.parent, path.name
    if not folder.exists():
        return (
            f"There is no folder {folder.name} with {wanted} in it, only something of a similar name. "
            f"Submit {folder.name}/{wanted}, in exactly these letters."
        )
    names = _names(folder)
    others = sum(name.endswith(".ipynb") for name in names)
    if others:
        return f"There is no {wanted}, but {others} notebook(s) of another name. Rename the right one to {wanted}."
    if any(name.endswith(ARCHIVES) for name in names):
        return f"There is no {wanted}, but an archive. Unpack it and submit the {wanted} in it."
    if names == [".ipynb_checkpoints"]:
        return f"There is no {wanted}, only Jupyter's own earlier copies. Submit the notebook itself."
    if names:
        return f"There is no {wanted} among the files in the folder. Submit the notebook under this name."
    return f"There is no {wanted}: the folder is empty. Submit the notebook."


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name.casefold().strip() for entry in itertools.islice(entries, MANY)]
    except OSError:  # it may be entered but not listed
        return []
