"""A file of JSON lines to which lines are only added, so that a program may be killed at any moment while it does."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.classroom.private import open_private


class Lines:
    """The file, open for adding. A context manager: whoever enters waits until nobody else has it open, or gets `NotPrivate`.

    Args:
        path: the file; made where it is not there. A line that was cut off when its writer was killed is removed.
    """

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> "Lines":
        self._file = os.fdopen(open_private(self.path, os.O_WRONLY | os.O_APPEND), "a", encoding="utf-8")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        _cut_torn_line(self.path)
        return self

    def __exit__(self, *exception: object) -> None:
        self.keep()
        self._file.close()

    def add(self, record: Mapping[str, Any]) -> None:
        """Adds a line; from now on the end of this program does not lose it, and after `keep` a power cut neither."""
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()

    def keep(self) -> None:
        """Waits until all is on the disk."""
        os.fsync(self._file.fileno())


def _cut_torn_line(path: Path) -> None:
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(end - 65_536, 0)
            file.seek(start)
            last = file.read(end - start).rfind(b"\n")
            if last >= 0:
                file.truncate(start + last + 1)
                return
            end = start
        file.truncate(0)
