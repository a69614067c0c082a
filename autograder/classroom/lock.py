"""One run at a time: a lock file that says who holds it, and that a dead process cannot hold.

The kernel keeps the lock (`flock`) and releases it when the process ends, however it ends; what the file
says is for people only.
"""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from autograder.classroom.private import open_private
from autograder.user_error import UserError


class Locked(UserError):
    """Somebody else is at it; the message says who, since when, and what to do, in one line."""


@contextmanager
def only_one(path: Path, what: str) -> Iterator[None]:
    """Holds the lock file. Raises `Locked` where another process holds it, and `NotPrivate`.

    Args:
        path: the lock file; its folder must exist. It stays there: deleting it would let two in at once.
        what: what the lock protects, for the message: "the results in results/conv2d.jsonl".
    """
    descriptor = open_private(path, os.O_RDWR)
    with os.fdopen(descriptor, "r+", encoding="utf-8", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(_who(file.read(4000), what)) from None
        file.truncate()
        file.write(json.dumps(_me()))
        file.flush()
        yield


def _me() -> dict[str, str | int]:
    return {
        "process": os.getpid(),
        "machine": socket.gethostname(),
        "since": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        # Not the whole line: a gradebook's address may have a password in it.
        "command": " ".join([Path(sys.argv[0]).stem, *sys.argv[1:2]]),
        "folder": str(Path.cwd()),
    }


def _who(text: str, what: str) -> str:
    try:
        holder = json.loads(text)
        who = (
            f"process {int(holder['process'])} on {str(holder['machine'])[:100]}, since {str(holder['since'])[:30]} "
            f"({str(holder['command'])[:100]}, in {str(holder['folder'])[:200]})"
        )
    except (ValueError, KeyError, TypeError):  # it has only just been taken
        who = "another process, since just now"
    return f"Another run is writing {what}: {who}. Wait until it has ended, or end it there and start again."
