"""Where collected files lie, and how they get there: as a whole or not at all, through no link, over nothing that is not kept."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import BadDownload, Entry
from autograder.platforms.people import LONGEST_BYTES
from autograder.platforms.times import parse_time

HIDDEN = ".collected"  # nbgrader and `grade` leave hidden folders out
MAX_KEPT = 50  # files of an attempt that is not graded
MAX_KEPT_BYTES = 128 * 2**20  # of all of them: files full of holes take no room where they come from
SECRET = "submission_secret.txt"  # by which `nbgrader release_feedback` names a page for its student alone
LARGEST_SECRET = 1000  # bytes; nbgrader's has 64


class Shelf:
    """One assignment's folders below `submitted`.

    Args:
        submitted: the folder.
        assignment: its name.

    Attributes:
        index: the file that says who is who.
    """

    def __init__(self, submitted: Path, assignment: str):
        self._submitted, self.assignment = submitted, assignment
        self._kept = submitted / HIDDEN / assignment
        self.index = self._kept / "index.json"

    def put(self, student: str, content: bytes, time: datetime | None, beside: Sequence[Entry] = ()) -> str:
        """Makes this the student's submission; what was there is kept. One that is there and newer stays.

        Args:
            beside: files of the attempt, of which those that nbgrader wants back with the feedback are put there, too.

        Returns: what to tell about it; empty where there is nothing. Raises `BadDownload`.
        """
        folder = self._submitted / student / self.assignment
        file = folder / f"{self.assignment}.ipynb"
        for path in (folder.parent, folder, file):
            if path.is_symlink():
                raise BadDownload(f"{path} is a link; remove it, and collect again")
        if file.is_file() and file.read_bytes() == content:
            self._put_beside(folder, time, beside)
            return ""
        there = _time_of(folder)
        if file.is_file() and there and time and there > time:
            self._keep_file(student, time, f"{self.assignment}.ipynb", content)
            return "a newer one was there already, and stays"
        if folder.exists():
            self._set_aside(student, folder, there)
        folder.mkdir(parents=True)
        write_whole(file, content)
        self._put_beside(folder, time, beside)
        return ""

    def keep(self, student: str, attempt: Attempt) -> None:
        """Keeps the files of an attempt that is not graded, as far as they can be read."""
        room = MAX_KEPT_BYTES
        for entry in attempt.files[:MAX_KEPT]:
            if entry.size > room:
                continue
            room -= entry.size
            try:
                self._keep_file(student, attempt.time, entry.name, entry.content())
            except BadDownload:
                continue

    def _keep_file(self, student: str, time: datetime | None, name: str, content: bytes) -> None:
        label = f"{time:%Y-%m-%d %H.%M.%S}" if time else hashlib.sha256(content).hexdigest()[:12]
        folder = self._kept / student / label
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / safe_file_name(name), content)

    def _set_aside(self, student: str, folder: Path, time: datetime | None) -> None:
        """Moves the folder of an earlier submission, with all that is in it."""
        label = f"{time:%Y-%m-%d %H.%M.%S}" if time else "earlier"
        target, count = self._kept / student / label, 1
        while target.exists():
            target, count = self._kept / student / f"{label} ({count})", count + 1
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)

    def _put_beside(self, folder: Path, time: datetime | None, beside: Sequence[Entry]) -> None:
        if time is not None:
            write_whole(folder / "timestamp.txt", f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode())
        for entry in beside:
            if entry.name == SECRET and entry.size <= LARGEST_SECRET:
                write_whole(folder / SECRET, entry.content())


def _time_of(folder: Path) -> datetime | None:
    file = folder / "timestamp.txt"
    if file.is_symlink() or not file.is_file():
        return None
    return parse_time(file.read_bytes()[:100].decode("utf-8-sig", "replace"))


def safe_file_name(name: str) -> str:
    """A file's name that leads nowhere and that every file system takes."""
    text = re.sub(r"[^\w.() -]", "_", name.encode("utf-8", "replace").decode()).strip(" .")
    end = text.encode()[-LONGEST_BYTES:].decode("utf-8", "ignore")  # with the ending, which says what it is
    return end.lstrip(" .") or "_"


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes the file as a whole or not at all, and never through a link that somebody has put in its place."""
    descriptor, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(part).chmod(mode)
    Path(part).replace(path)
