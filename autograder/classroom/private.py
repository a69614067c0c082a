"""Files and folders that the kit keeps for whoever grades: for that account alone, and nobody else's.

Results, kept reports and locks hold names and grades, and the next run believes them. So they are made 0600, their folders
0700, and one that somebody else has put there, or a link, is refused: in a folder that several people write to, it
could carry points in, or lead to a file of one's own that would be written over.
"""

import contextlib
import os
import stat
from pathlib import Path

from autograder.user_error import UserError


class NotPrivate(UserError):
    """What lies there cannot be trusted; the message says why and what to do, in one line."""


def open_private(path: Path, flags: int) -> int:
    """A descriptor of the file, which is made where it is not there. Raises `NotPrivate`.

    Args:
        flags: as `os.open` takes them. What is in the file stays (`os.ftruncate` empties it) until it is known to be ours.
    """
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError:
        expect_private(path)
        raise
    try:
        _make_ours(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def private_folder(path: Path) -> None:
    """Makes the folder, and those above it as usual, or sees that it is ours. Raises `NotPrivate`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # a file, too: that is said below
        path.mkdir(mode=0o700)
    expect_private(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _make_ours(path, descriptor)
    finally:
        os.close(descriptor)


def expect_private(path: Path) -> None:
    """Raises `NotPrivate` where somebody else could have written what is there; nothing where nothing is."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    _expect_ours(path, status)


def _make_ours(path: Path, descriptor: int) -> None:
    status = os.fstat(descriptor)
    _expect_ours(path, status)
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != status.st_uid:
        # Root in a container grades what belongs to somebody outside, who shall be able to read the results.
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    if stat.S_IMODE(status.st_mode) & 0o077:  # an earlier version's
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & 0o700)


def _expect_ours(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise NotPrivate(f"{path} is a link. Name the file or folder that it leads to, or remove it.")
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise NotPrivate(f"{path} is neither a file nor a folder. Remove it, or choose another place.")
    # The containing folder's owner could replace it at any time, and root could do anything.
    if status.st_uid not in {os.geteuid(), 0, path.parent.stat().st_uid}:
        raise NotPrivate(
            f"{path} belongs to another user (number {status.st_uid}), who could have written anything into it. "
            "Remove it, or choose another place."
        )
