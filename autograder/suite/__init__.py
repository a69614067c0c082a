"""The assignments, one folder for each: its record, its hidden tests and what they need.

A new assignment is a new folder; nothing here changes. The words that hidden tests are written in are the judge's.
"""

import functools
import importlib
from pathlib import Path
from types import ModuleType

from autograder import judge
from autograder.judge import *  # noqa: F403  a hidden test may take its words from here, too
from autograder.judge.assignment import Assignment
from autograder.user_error import UserError

__all__ = [*judge.__all__, "SUITES", "SuiteError", "assignments", "find", "package", "suite_folder"]

SUITES = Path(__file__).parent


class SuiteError(UserError):
    """A suite that is not there, or not in order; the message is for the instructor."""


def assignments() -> list[str]:
    """The names of all assignments."""
    return sorted(path.parent.name for path in SUITES.glob("[!_]*/__init__.py"))


def suite_folder(name: str) -> Path:
    """The folder of an assignment's hidden tests. Raises `SuiteError` where there is none."""
    known = assignments()
    if name not in known:
        raise SuiteError(f"There is no hidden suite for '{name}'. There are suites for: {', '.join(known)}.")
    return SUITES / name


def package(name: str) -> ModuleType:
    """An assignment's folder as a package."""
    return importlib.import_module(f"{__name__}.{name}")


@functools.cache
def find(name: str) -> Assignment:
    """The record of an assignment. Raises `SuiteError`, which names the author's file where that is not in order."""
    file = suite_folder(name) / "__init__.py"
    try:
        record = getattr(package(name), "ASSIGNMENT", None)
    except Exception as error:
        raise SuiteError(broken_file(error, file)) from None
    if not isinstance(record, Assignment) or record.name != name:
        raise SuiteError(f"{file} needs a record: ASSIGNMENT = Assignment(name='{name}', …).")
    return record


def broken_file(error: Exception, file: Path) -> str:
    """What is wrong with an author's own file, in one line that names the file and the line of it.

    Args:
        error: what ended importing it.
        file: the file that was imported; the error may be in one that it imports.
    """
    place, line = file, 0
    traceback = error.__traceback__
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(file.parent):
            place, line = path, traceback.tb_lineno
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        place, line = Path(error.filename), error.lineno or 0
    said = str(error).strip().splitlines() or [""]
    return f"{place}:{line}: {type(error).__name__}: {said[0]}"
