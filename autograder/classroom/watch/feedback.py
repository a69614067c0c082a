"""Puts a student's feedback where it is read: FEEDBACK/<student>/<assignment>/, as nbgrader lays it out.

That folder may be synced with the student, who then writes to it, too: no link is followed, and a file is there as a
whole or not at all.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def publish(feedback: Path, student: str, assignment: str, files: Mapping[str, bytes]) -> None:
    """Writes the files in their order; those that are there and the same stay. Raises `OSError`.

    Args:
        feedback: the folder of all students; made where it is not there.
        student, assignment: names of folders.
        files: by their names.
    """
    feedback.mkdir(parents=True, exist_ok=True)
    with _folder(str(feedback)) as top, _inner(top, student) as theirs, _inner(theirs, assignment) as folder:
        for name, content in files.items():
            if _content(folder, name, len(content)) != content:
                _write(folder, name, content)


@contextmanager
def _folder(path: str, beside: int | None = None) -> Iterator[int]:
    """A folder's descriptor. One that is not the first must not be a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if beside is None else os.O_NOFOLLOW)
    descriptor = os.open(path, flags, dir_fd=beside)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _inner(folder: int, name: str) -> Iterator[int]:
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=folder)
    with _folder(name, folder) as inner:
        yield inner


def _content(folder: int, name: str, length: int) -> bytes | None:
    """What the file holds, one byte more than `length` at most; None where there is no plain file."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(length + 1)
    except OSError:
        return None


def _write(folder: int, name: str, content: bytes) -> None:
    part = f".{name}.part"
    with suppress(FileNotFoundError):
        os.unlink(part, dir_fd=folder)  # a killed watch's
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(part, flags, 0o644, dir_fd=folder), "wb") as file:
        file.write(content)
    os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
