"""The page of one submission in `autograded/`, as formgrader and the feedback show it."""

import fcntl
import glob
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
import nbformat.reader
from nbformat import NotebookNode
from nbgrader.api import Notebook
from nbgrader.utils import is_grade

from autograder.classroom.beside import digest_of
from autograder.classroom.results import Result
from autograder.classroom.submissions import Submission
from autograder.gradebook.course import Course
from autograder.gradebook.errors import NotRecordable
from autograder.gradebook.folders import TIMESTAMP, read_secret, read_timestamp, unread_timestamp
from autograder.gradebook.marks import show_results
from autograder.gradebook.names import unfit
from autograder.gradebook.page_text import page_text
from autograder.gradebook.rebuild import assigned_cells, rebuild
from autograder.grading.notebook import Cell, Damaged, read_cells
from autograder.platforms.shelf import SECRET


@dataclass(frozen=True)
class Page:
    """One submission, ready to be recorded.

    Attributes:
        result: what grading found.
        notebook: the page.
        timestamp: when it was submitted, in UTC as nbgrader keeps it; None where no file says so.
        remark: what to say about that; None where there is nothing.
        rewritten: the answers in which something else stands than on the page that is there now.
        secret: what nbgrader's exchange needs to hand feedback back; "" for what did not come through it.
    """

    result: Result
    notebook: NotebookNode
    timestamp: datetime | None
    remark: str | None
    rewritten: frozenset[str] = frozenset()
    secret: str = ""


class PageMaker:
    """Makes the pages of one assignment; what they have in common is read once.

    Args:
        course: the course.
        notebook: nbgrader's record of the assignment's notebook.
        submitted: the folder with the submissions.
    """

    def __init__(self, course: Course, notebook: Notebook, submitted: Path):
        self._course, self._submitted = course, submitted
        self._assignment = notebook.assignment.name
        self._released = course.released(self._assignment)
        self._assigned = assigned_cells(notebook, self._released)
        self._kernelspec = json.loads(notebook.kernelspec) if notebook.kernelspec else None

    def make(self, result: Result) -> Page:
        """The page of a result. Raises `NotRecordable`."""
        report = result.report
        if problem := unfit(report.student):  # a results file is data like any other
            raise NotRecordable(problem)
        if report.assignment != self._assignment:
            raise NotRecordable(f"This is a result of '{report.assignment}', not of '{self._assignment}'.")
        submission = Submission(report.student, report.assignment, self._submitted)
        content = _content(submission)
        if result.submission != (None if content is None else digest_of(content, submission.files())):
            raise NotRecordable("The notebook has changed since it was graded. Grade it again.")
        notebook = rebuild(_cells(content), self._assigned, self._released, report.reason)
        if self._kernelspec:
            notebook.metadata["kernelspec"] = self._kernelspec
        show_results(notebook, report)
        remark = unread_timestamp(submission.folder)
        rewritten = _rewritten(self._page_file(report.student), notebook)
        when, secret = read_timestamp(submission.folder), read_secret(submission.folder)
        return Page(result, notebook, when, remark, rewritten, secret)

    def write(self, page: Page) -> None:
        """Writes the page, and the time next to it, where nbgrader would."""
        file = self._page_file(page.result.report.student)
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o664 if self._course.directory.groupshared else 0o444
        write_whole(file, page_text(page.notebook) + "\n", mode)
        if page.timestamp is not None:
            write_whole(file.with_name(TIMESTAMP), f"{page.timestamp:%Y-%m-%d %H:%M:%S.%f} UTC", mode)
        if page.secret:
            write_whole(file.with_name(SECRET), page.secret, mode)

    def _page_file(self, student: str) -> Path:
        step = self._course.directory.autograded_directory
        return self._course.folder(step, student, self._assignment) / f"{self._assignment}.ipynb"


def read_page(path: Path) -> NotebookNode:
    """A page, which is the grader's own file: not validated, since that takes ten times as long. An empty one where there is none."""
    try:
        return nbformat.reader.reads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nbformat.from_dict({"cells": []})


def _rewritten(page: Path, notebook: NotebookNode) -> frozenset[str]:
    """The written answers that say something else than on the page; none where there is no page yet."""
    before = _answers(read_page(page))
    return frozenset(name for name, text in _answers(notebook).items() if before.get(name, text) != text)


def _answers(notebook: NotebookNode) -> dict[str, str]:
    answers = (cell for cell in notebook.cells if cell.cell_type == "markdown" and is_grade(cell))
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in answers}


def _content(submission: Submission) -> bytes | None:
    try:
        return submission.read()
    except Damaged:
        return None


def _cells(content: bytes | None) -> list[Cell]:
    try:
        return [] if content is None else read_cells(content)
    except Damaged:
        return []


def write_whole(path: Path, text: str, mode: int) -> None:
    """Writes the file as a whole or not at all; one that is there and the same is left alone.

    Others may write it at the same time, and killed ones may have left their parts: the kernel's lock tells which.
    """
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    written = False
    while not written:
        _remove_abandoned_parts(path)
        descriptor, part = tempfile.mkstemp(suffix=".part", prefix=f".{path.name}.", dir=path.parent)
        # The part is not found any more where somebody removed it as abandoned before it was locked.
        with os.fdopen(descriptor, "wb") as file, suppress(FileNotFoundError):
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(content)
            file.flush()
            Path(part).chmod(mode)
            Path(part).replace(path)
            written = True


def _remove_abandoned_parts(path: Path) -> None:
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with suppress(OSError), part.open("rb") as file:  # somebody is at it, or it is gone by now
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
