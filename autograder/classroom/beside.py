"""Small files that a student handed in beside the notebook: its cells may read or import them."""

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

MOST_FILES = 20
MOST_BYTES = 2 << 20  # of one file
MOST_IN_ALL = 8 << 20
LOOKED_AT = 1000  # names in a folder
# Plain names, not hidden; no notebooks, and not what the kit and nbgrader put there themselves.
_NAME = re.compile(r"(?!checks\.py$|timestamp\.txt$|submission_secret\.txt$)\w[\w .+-]{0,80}(?<!\.ipynb)")


def files_beside(folder: Path) -> dict[str, bytes]:
    """The files by their names, the first ones by name where there are too many. What is no small regular file is left out."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry, _ in zip(entries, range(LOOKED_AT), strict=False))
    except OSError:
        return {}
    found: dict[str, bytes] = {}
    for name in names:
        content = _read(folder / name) if _NAME.fullmatch(name) and len(found) < MOST_FILES else None
        if content is not None and sum(map(len, found.values())) + len(content) <= MOST_IN_ALL:
            found[name] = content
    return found


def _read(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return content if len(content) <= MOST_BYTES else None


def digest_of(content: bytes, files: Mapping[str, bytes]) -> str:
    """SHA-256 of a submission: of the notebook alone where nothing lies beside it."""
    whole = hashlib.sha256(content)
    for name in sorted(files):
        whole.update(f"\0{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()
