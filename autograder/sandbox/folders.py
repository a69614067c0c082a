"""Folders on disk that never stay: each goes with its context, or where the process was killed, with the next run.

Whoever makes one holds the kernel's lock on it (`flock`), which ends with the process, however that ends. So a folder
that is not locked belongs to nobody any more.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

PREFIX = "sandbox-held-"
DEEP = 20  # levels of folders


@dataclass(frozen=True)
class Scratch:
    """A worker's private folder.

    Attributes:
        inside: its path as the worker sees it.
        outside: its path here, where it lies on disk; "" where it is a file system of its own, which bounds what is in it.
    """

    inside: str
    outside: str


@contextlib.contextmanager
def held_folder() -> Iterator[str]:
    """The path of a new folder in the system's place for temporary files, for this user alone.

    The descriptor that holds its lock is not inherited by programs that are started meanwhile.
    """
    path, descriptor = _make()
    owner = os.getpid()
    try:
        yield path
    finally:
        # A forked child drops its copy of this context, too; the folder is not the child's.
        if os.getpid() == owner:
            remove(path)
        os.close(descriptor)


def _make() -> tuple[str, int]:
    """A folder and the descriptor that locks it; another one where a sweep was faster than the lock."""
    while True:
        path = tempfile.mkdtemp(prefix=PREFIX)
        with contextlib.suppress(FileNotFoundError):
            descriptor = _open(path)
            with contextlib.suppress(OSError):  # a file system without locks: nobody can sweep there either
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.exists(path):  # noqa: PTH110 -- a path is a string here, as everywhere in this room
                return path, descriptor
            os.close(descriptor)


def remove_abandoned() -> None:
    """Removes the folders of this user's processes that were killed; what anybody still holds, or else owns, stays."""
    with os.scandir(tempfile.gettempdir()) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
    for path in found:
        with contextlib.suppress(OSError):  # it is a link, another user's, or just being removed
            _remove_if_abandoned(path)


def _remove_if_abandoned(path: str) -> None:
    descriptor = _open(path)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
    finally:
        os.close(descriptor)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def remove(folder: str) -> None:
    """Removes a folder, however hard untrusted code has made that; never anything that a link in it leads to."""
    with contextlib.suppress(OSError):  # it may not be listed
        if not _is_deep(folder):  # for which Python would hold a descriptor for each level
            shutil.rmtree(folder)
            return
    for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)


def _is_deep(folder: str) -> bool:
    """Whether folders are nested beyond `DEEP`. Raises OSError where that cannot be told."""
    level = [folder]
    for _ in range(DEEP):
        below = []
        for each in level:
            with os.scandir(each) as entries:
                below += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        level = below
    return bool(level)
