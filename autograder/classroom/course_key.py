"""A course's key in its folder: made at the first grading, readable for its owner alone, and never written anywhere else.

It lies where the course lies, so that it is kept, moved and backed up with it, and so that `python -m autograder grade` and
`nbgrader autograde` use the same. It is a hidden file: JupyterLab neither lists nor serves those.
"""

import contextlib
import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.judge.hidden import SECRET_BYTES, Key
from autograder.user_error import UserError

NAME = ".course-key"
ABOUT = (
    "# The hidden inputs of this course follow from this key. Keep it as you keep the grades: whoever reads it can write\n"
    "# the answers down, and whoever loses it cannot grade with the same inputs again.\n"
)


class BadKey(UserError):
    """A key file that cannot be used; the message says why and what to do, in one line."""


def course_key(folder: Path) -> tuple[Key, bool]:
    """The key of the course in that folder, and whether it has just been made. Raises `BadKey`.

    Of several runs that make it at the same time, one does.
    """
    file = folder / NAME
    with _opened(file) as (descriptor, is_ours):
        if os.fstat(descriptor).st_uid not in (os.getuid(), folder.stat().st_uid):
            raise BadKey(
                f"{file} belongs to another user, who may know it. Where that is meant, name it: --key {file}"
            )
        if not is_ours or os.fstat(descriptor).st_size:
            return _read(descriptor, file), False
        key = Key(os.urandom(SECRET_BYTES))
        os.write(descriptor, f"{ABOUT}{key.secret.hex()}\n".encode())
        os.fsync(descriptor)
        return key, True


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[tuple[int, bool]]:
    """The open file, which is made if it is not there, and whether this user may write it: then nobody else is at it."""
    flags, may_write = os.O_CLOEXEC | os.O_NOFOLLOW, True
    try:
        descriptor = os.open(file, flags | os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise BadKey(f"{file} is a link. Name the file that it points to: --key FILE") from None
        if error.errno not in (errno.EACCES, errno.EROFS) or not file.exists():
            raise
        descriptor, may_write = os.open(file, flags), False
    try:
        if may_write:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor, may_write
    finally:
        os.close(descriptor)


def read_key(file: Path) -> Key:
    """The key in a file that somebody has named. Raises `BadKey`."""
    try:
        with file.open("rb") as opened:
            return _read(opened.fileno(), file)
    except FileNotFoundError:
        raise BadKey(f"There is no key {file}. Copy the course's: it is {NAME} in its folder.") from None


def _read(descriptor: int, file: Path) -> Key:
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        raise BadKey(f"{file} is no file. A course's key is {NAME} in its folder.")
    if about.st_mode & 0o027:
        raise BadKey(f"{file} can be read or changed by other users of this machine: chmod 600 {file}")
    text = os.pread(descriptor, 4000, 0).decode("ascii", "replace")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    if len(lines) != 1 or not re.fullmatch(f"[0-9a-f]{{{2 * SECRET_BYTES}}}", lines[0]):
        raise BadKey(
            f"{file} does not hold a key, which is {2 * SECRET_BYTES} digits from 0 to f. Put back the copy that you have; "
            "without one, delete it, and the next run makes another."
        )
    return Key(bytes.fromhex(lines[0]))
