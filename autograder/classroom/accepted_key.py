"""The key of one assignment of a course; which of its keys was accepted is remembered beside the course's key.

What is remembered can be deleted at any time: finding it again takes seconds and gives the same.
"""

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from autograder.classroom.course_key import NAME, course_key, read_key
from autograder.classroom.version import version
from autograder.judge.acceptance import NoKey, drawn, first_accepted
from autograder.judge.hidden import Key
from autograder.judge.rehearsal import hidden_tests
from autograder.suite import SuiteError, find, package

MOST_BYTES = 1 << 20
MADE = (
    "Made {file}: the hidden inputs of this course follow from it. Keep it, and keep it to yourself; "
    "docs/security.md says how."
)


def accepted_key(
    assignment: str, folder: Path, file: Path | None = None, tell: Callable[[str], object] = print
) -> Key:
    """The key with which a course grades an assignment.

    Args:
        assignment: its name.
        folder: the course's, in which its key lies; it is made where there is none.
        file: another key file, which must be there.
        tell: gets a line where a key was made.

    Raises `BadKey`, and `SuiteError` where the hidden tests do not what they promise, whatever the key is.
    """
    if file is None:
        file = folder / NAME
        course, is_new = course_key(folder)
        if is_new:
            tell(MADE.format(file=file))
    else:
        course = read_key(file)
    return drawn(course, assignment, _number(assignment, course, remembered(file)))


def remembered(file: Path) -> Path:
    """Where it is remembered which of the keys that follow from this one were accepted."""
    return file.with_name(f"{file.name}.accepted")


def _number(assignment: str, course: Key, memory: Path) -> int:
    """Which of the assignment's keys is its own under this version of its tests."""
    everything = [dataclasses.asdict(version(assignment)), course.fingerprint, assignment]
    name = hashlib.sha256(json.dumps(everything).encode()).hexdigest()
    known = _read(memory)
    if name not in known:
        try:
            known[name] = first_accepted(course, find(assignment), hidden_tests(package(assignment)))
        except NoKey as error:
            raise SuiteError(
                f"The hidden suite of '{assignment}' is not in order. {error}; "
                f"python -m autograder.authoring.mistakes --assignment {assignment} shows all."
            ) from None
        with suppress(OSError):  # a folder that is read only, such as a secret of a cluster's
            _write(memory, known)
    return known[name]


def _read(memory: Path) -> dict[str, int]:
    """What is remembered; nothing where it cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        with memory.open("rb") as opened:
            found = json.loads(opened.read(MOST_BYTES))
        if isinstance(found, dict):
            return {name: number for name, number in found.items() if type(number) is int and number >= 0}
    return {}


def _write(memory: Path, known: dict[str, int]) -> None:
    """Puts it in the place of what was there; readable for the owner alone, as all temporary files are."""
    descriptor, part = tempfile.mkstemp(dir=memory.parent, prefix=memory.name)
    with os.fdopen(descriptor, "w") as opened:
        json.dump(known, opened)
    Path(part).replace(memory)
