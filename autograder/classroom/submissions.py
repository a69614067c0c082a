"""Finds a class's submissions in nbgrader's layout: SUBMITTED/<student>/<assignment>/<assignment>.ipynb.

Names and files come from students: links are not followed, only regular files are read, and never more of them
than a notebook may be long.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.notebook import MAX_BYTES, Damaged


class NoSubmissions(Exception):
    """The folder cannot be graded; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Submission:
    """Where one student's notebook should be."""

    student: str
    assignment: str
    folder: Path

    def read(self) -> bytes:
        """The notebook's bytes. Raises `Damaged` where there is no readable regular file."""
        return read_notebook(self.folder / f"{self.assignment}.ipynb")


def find_submissions(submitted: Path, assignment: str) -> list[Submission]:
    """Every student's submission of one assignment, by name. Raises `NoSubmissions`.

    A student's folder without the assignment's folder in it is no submission; hidden folders are left out.
    """
    if not submitted.is_dir():
        raise NoSubmissions(
            f"There is no folder '{submitted}'. Put the notebooks at {submitted}/<student>/{assignment}/"
            f"{assignment}.ipynb, as nbgrader collects them."
        )
    found = [
        Submission(entry.name, assignment, Path(entry.path) / assignment)
        for entry in sorted(os.scandir(submitted), key=lambda entry: entry.name)
        if not entry.name.startswith(".") and (Path(entry.path) / assignment).is_dir()
    ]
    if not found:
        raise NoSubmissions(
            f"There is no submission of '{assignment}' in '{submitted}'. They are looked for at "
            f"{submitted}/<student>/{assignment}/{assignment}.ipynb."
        )
    return found


def read_notebook(path: Path) -> bytes:
    """The bytes of a submitted file, through no link. Raises `Damaged`."""
    if path.parent.is_symlink() or path.parent.parent.is_symlink():
        raise Damaged("The folder is a symbolic link, which is not followed. Submit the notebook itself.")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Damaged(_not_there(path)) from None
    except OSError as error:
        if path.is_symlink():
            reason = f"{path.name} is a symbolic link, which is not followed. Submit the notebook itself."
            raise Damaged(reason) from None
        raise Damaged(f"{path.name} cannot be opened ({error.strerror}). Submit it again.") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Damaged(f"{path.name} is not a file. Submit the notebook itself.")
        return file.read(MAX_BYTES + 1)


def _not_there(path: Path) -> str:
    others = sum(1 for entry in os.scandir(path.parent) if entry.name.endswith(".ipynb"))
    if others:
        return f"There is no {path.name}, but {others} notebook(s) of another name. Rename the right one to {path.name}."
    return f"There is no {path.name} in the folder. Submit the notebook under this name."
