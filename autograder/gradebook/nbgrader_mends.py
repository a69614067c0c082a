"""What of nbgrader 0.9 is mended: its own code is replaced here, in this process, and nowhere else.

Everything else that the kit wants of nbgrader it asks for by nbgrader's own settings (see `settings`). Each mend says what
goes wrong without it and what nbgrader's tracker says about that. tests/test_nbgrader_mends.py calls nbgrader's own code in each of
these situations and fails as soon as it does well: then the mend can be deleted.
"""

import glob
import os
import re
import shutil
import sys
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import nbconvert.exporters.html
from bs4 import BeautifulSoup
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback

from autograder.gradebook.folders import TIMESTAMP, find_files, read_timestamp, unread_timestamp
from autograder.platforms.shelf import SECRET
from autograder.suite import assignments

# nbgrader's own, as they were before `mend_nbgrader` replaced them.
own_existing_timestamp = CourseDirectory.get_existing_timestamp
own_submitted_timestamp = NbGraderAPI.get_submitted_timestamp
own_init_assignment = BaseConverter.init_assignment
own_release_feedback = NbGraderAPI.release_feedback
own_copy_feedback = ExchangeReleaseFeedback.copy_files

PICTURE = re.compile(r"<img\b[^>]*")

# The beginning of SQLAlchemy's warning that `silence_warnings` is about.
NOT_IN_SESSION = "Object of type <Submitted"


def mend_nbgrader() -> None:
    """Applies every mend to this process. Safe to call twice."""
    CourseDirectory.get_existing_timestamp = existing_timestamp
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    BaseConverter.init_assignment = init_assignment
    NbGraderAPI.release_feedback = release_feedback
    ExchangeReleaseFeedback.copy_files = copy_feedback
    nbconvert.exporters.html.BeautifulSoup = parsed_page
    make_alembic_reachable()
    silence_warnings()


class AsItIs:
    """A page that is given back as it was written."""

    def __init__(self, html: str):
        self._html = html

    def select(self, selector: str) -> list[Any]:
        """No element needs anything."""
        return []

    def __str__(self) -> str:
        return self._html


def parsed_page(html: str, features: str) -> AsItIs | BeautifulSoup:
    """In place of what nbconvert parses each page with, to give pictures an `alt` and JupyterLab's cells a `tabindex`.

    That takes half of the time of writing feedback, and most pages have neither pictures without one nor such cells.

    Tracker: no issue found.
    """
    wants_alt = any(" alt=" not in picture for picture in PICTURE.findall(html))
    return BeautifulSoup(html, features=features) if wants_alt or "jp-Notebook" in html else AsItIs(html)


def existing_timestamp(course: CourseDirectory, folder: str) -> datetime | None:
    """In place of `CourseDirectory.get_existing_timestamp`: a `timestamp.txt` that is no time counts as none.

    nbgrader's own calls `self.fail`, a method that its class does not have, and this student's grading ends in an
    AttributeError; a pipe of that name is waited for without end; `-0500` is 500 seconds to it, and what follows a
    byte-order mark no time.

    Tracker: no issue found. Near it: https://github.com/jupyter/nbgrader/issues/580 (an empty file, closed) and
    https://github.com/jupyter/nbgrader/issues/1104 (students can write the file, open).
    """
    if remark := unread_timestamp(Path(folder)):
        course.log.warning("%s: %s", folder, remark)
    return read_timestamp(Path(folder))


def submitted_timestamp(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
    """In place of `NbGraderAPI.get_submitted_timestamp`: the same for formgrader's list of submissions.

    nbgrader's own raises what its parser raises, and the page stays empty for the whole class because of one student.

    Tracker: no issue found; see `existing_timestamp`.
    """
    course = api.coursedir
    return read_timestamp(Path(course.format_path(course.submitted_directory, student, assignment)))


def init_assignment(converter: BaseConverter, assignment: str, student: str) -> None:
    """In place of `BaseConverter.init_assignment`: of the files beside a notebook only those that `find_files` finds are copied.

    nbgrader's own follows links, so that a student's link copies any file of the grader's account into `autograded/` and
    from there into the feedback; on a pipe or a file that it may not read it ends this student's grading. Where the
    files are the instructor's own, in every other converter than `Autograde`, and in assignments that are not the kit's, nbgrader's own is called.

    Tracker: no issue found.
    """
    if not isinstance(converter, Autograde) or assignment not in assignments():
        own_init_assignment(converter, assignment, student)
        return
    source = Path(converter._format_source(assignment, student))
    target = Path(converter._format_dest(assignment, student))
    for path in find_files(source, [*converter.coursedir.ignore, "*.ipynb"]):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(path, copy, follow_symlinks=False)


def release_feedback(api: NbGraderAPI, assignment_id: str, student_id: str | None = None) -> dict[str, Any]:
    """In place of `NbGraderAPI.release_feedback`, formgrader's button: what the exchange lacks, in a line with the cure.

    nbgrader's own shows a traceback that ends in "Unwritable directory, please contact your instructor" to the instructor.

    Tracker: no issue found.
    """
    result: dict[str, Any] = own_release_feedback(api, assignment_id, student_id)
    problem = str(result.get("error", "")).strip().rpartition("ExchangeError: ")
    if problem[1]:
        result["error"] = (
            f"{problem[2]}. Releasing needs an nbgrader exchange: a folder that students' accounts reach, named in "
            "nbgrader_config.py as c.Exchange.root. Without one, give feedback back through the platform: "
            "python -m autograder return … --feedback."
        )
    return result


def copy_feedback(exchange: ExchangeReleaseFeedback) -> None:
    """In place of `ExchangeReleaseFeedback.copy_files`: who did not hand in through the exchange is left out, with a line.

    nbgrader's own opens two files that `nbgrader submit` makes. Where one student's are not there, because the work came by mail
    or from another platform, it ends in a FileNotFoundError, and those after it get nothing.

    Tracker: no issue found.
    """
    course = exchange.coursedir
    lacking = []
    for folder in glob.glob(exchange.src_path):  # noqa: PTH207 -- nbgrader's own pattern
        if not all((Path(folder) / name).is_file() for name in (TIMESTAMP, SECRET)):
            student = Path(folder).parent.name
            lacking.append(student)
            exchange.log.warning(
                "The feedback of %r is not released: that submission did not come through the exchange. Give it back through "
                "the platform: python -m autograder return … --feedback",
                student,
            )
    left_out = course.student_id_exclude
    course.student_id_exclude = ",".join(filter(None, (left_out, *lacking)))
    try:
        own_copy_feedback(exchange)
    finally:
        course.student_id_exclude = left_out


def make_alembic_reachable() -> None:
    """Puts this Python's folder at the head of `PATH` where no command `alembic` is found there.

    nbgrader runs that command by its name when it makes a new gradebook. It is installed beside this Python, which need not be on
    the PATH (`.venv/bin/python -m autograder …`, a notebook server, cron): then FileNotFoundError.

    Tracker: no issue found.
    """
    if shutil.which("alembic") is None:
        here = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])


def silence_warnings() -> None:
    """Four lines of SQLAlchemy's for every new submission are not printed.

    nbgrader fills in a `SubmittedAssignment` before it adds it to the session, and SQLAlchemy 2 warns of each row that a query
    meets meanwhile. They are added right afterwards: nothing is wrong.

    Tracker: no issue found. Near it: https://github.com/jupyter/nbgrader/pull/1420 (other warnings of SQLAlchemy's).
    """
    warnings.filterwarnings("ignore", message=NOT_IN_SESSION)
