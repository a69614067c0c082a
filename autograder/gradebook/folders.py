"""What is in a submission's folder besides the notebook, read with care: its time and its other files.

nbgrader 0.9 trusts both (see `nbgrader_mends`), and passes over a folder without any notebook: its student has no row.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.converters import Autograde

from autograder.classroom.submissions import NoSubmissions, find_submissions, is_link, read_notebook
from autograder.grading.notebook import MAX_BYTES, Damaged
from autograder.platforms.shelf import LARGEST_SECRET, SECRET
from autograder.platforms.times import parse_time
from autograder.sandbox.text import plain_text

TIMESTAMP = "timestamp.txt"
MAX_FILES = 200  # beside a notebook; nbgrader's own copying takes time that grows with their square
MAX_DEPTH = 8  # folders in folders


def add_passed_over(converter: Autograde) -> None:
    """Adds the submissions without a notebook to those that nbgrader has found; they are graded as damaged."""
    course = converter.coursedir
    submitted = Path(course.format_path(course.submitted_directory, ".", ".")).resolve()
    try:
        submissions = find_submissions(submitted, course.assignment_id)
    except NoSubmissions:
        return
    for submission in submissions:
        if fnmatchcase(submission.student, course.student_id):
            folder = course.format_path(course.submitted_directory, submission.student, submission.assignment)
            converter.assignments.setdefault(folder, [str(Path(folder, f"{submission.assignment}.ipynb"))])


def read_timestamp(folder: Path) -> datetime | None:
    """When it was submitted, in UTC, as `timestamp.txt` says, which students may have written.

    None where there is no such file, or it says no time that is sure; see `unread_timestamp`.
    """
    time = parse_time(_first_line(folder), UTC)
    return time.replace(tzinfo=None) if time else None


def read_secret(folder: Path) -> str:
    """What `nbgrader submit` has put beside the notebook, from which the name of released feedback is made; "" without it."""
    try:
        return read_notebook(folder / SECRET)[:LARGEST_SECRET].decode("utf-8", "replace")
    except Damaged:
        return ""


def unread_timestamp(folder: Path) -> str | None:
    """What to say where there is a `timestamp.txt` that cannot be read as a time; None where all is well."""
    if not (folder / TIMESTAMP).exists() or read_timestamp(folder) is not None:
        return None
    line = plain_text(_first_line(folder), 60)
    return f"timestamp.txt says no time that is sure ('{line}'), so it counts as on time. Write 2026-11-20 16:30:00 UTC."


def _first_line(folder: Path) -> str:
    try:
        content = read_notebook(folder / TIMESTAMP)[:200]
    except Damaged:
        return ""
    # Windows' editor writes either with a byte-order mark.
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    lines = content.decode(encoding, "replace").strip().splitlines()
    return lines[0] if lines else ""


def find_files(folder: Path, ignored: list[str]) -> list[Path]:
    """The files beside the notebook: regular ones that are not too large, none through a link.

    What would make more than `MAX_BYTES` of all of them is left out: a file full of holes takes no room where it was handed in, and
    all of its size where it is copied to.

    Args:
        ignored: nbgrader's patterns of names.
    """
    if is_link(folder) or is_link(folder.parent):
        return []
    found, room = [], MAX_BYTES
    for path, size in itertools.islice(_files(folder, ignored, MAX_DEPTH), MAX_FILES):
        if size <= room:
            found.append(path)
            room -= size
    return found


def _files(folder: Path, ignored: list[str], depth: int) -> Iterator[tuple[Path, int]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_symlink() or any(fnmatchcase(entry.name, pattern) for pattern in ignored):
            continue
        if entry.is_dir():
            if depth:
                yield from _files(Path(entry.path), ignored, depth - 1)
        elif entry.is_file() and os.access(entry.path, os.R_OK):
            yield Path(entry.path), entry.stat().st_size
