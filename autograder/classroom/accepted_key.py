"""The key of one assignment of a course; which of its keys was accepted is remembered beside the course's key.

What is remembered can be deleted at any time: finding it again takes seconds, on all cores, and gives the same.
"""

import dataclasses
import functools
import gc
import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path

from autograder.classroom.course_key import NAME, course_key, read_key
from autograder.classroom.pool import GradingPool
from autograder.classroom.version import version
from autograder.judge.acceptance import NoKey, Part, drawn, first_accepted, parts
from autograder.judge.hidden import Key
from autograder.judge.programs import read_programs
from autograder.judge.rehearsal import HiddenTest, hidden_tests
from autograder.platforms.shelf import write_whole
from autograder.suite import SuiteError, find, package, suite_folder

MOST_BYTES = 1 << 20
SELDOM = 100_000  # objects between two collections of garbage: what the acceptance makes is kept, or goes without one
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
            known[name] = _found(assignment, course)
        except NoKey as error:
            raise SuiteError(
                f"The hidden suite of '{assignment}' is not in order. {error}; "
                f"python -m autograder.authoring.mistakes --assignment {assignment} shows all."
            ) from None
        except BrokenExecutor:
            raise SuiteError(
                f"Trying the hidden suite of '{assignment}' ended a process. Is there a right program, a fault or a mistake "
                "of its own that takes all memory, or crashes?"
            ) from None
        with suppress(OSError):  # a folder that is read only, such as a secret of a cluster's
            write_whole(memory, json.dumps(known).encode(), 0o600)
    return known[name]


def _found(assignment: str, course: Key) -> int:
    """The number of the first key that is accepted; all cores look for objections to it."""
    numbers = range(len(_parts(assignment)[0]))
    with GradingPool(min(os.cpu_count() or 1, len(numbers))) as pool:

        def objection(key: Key) -> str:
            said = pool.map(functools.partial(_objection, assignment, key), numbers)
            return next(filter(None, said), "")

        return first_accepted(course, assignment, objection)


def _objection(assignment: str, key: Key, number: int) -> str:
    """What one part of the acceptance says against a key. Runs in a grading process."""
    found, tests = _parts(assignment)
    return next(found[number](tests, key), "")


@functools.cache
def _parts(assignment: str) -> tuple[list[Part], list[HiddenTest]]:
    """The parts of the acceptance, read once in a process, and the hidden tests that they try."""
    gc.set_threshold(SELDOM)
    programs = read_programs(suite_folder(assignment))
    return parts(find(assignment), programs), hidden_tests(package(assignment))


def _read(memory: Path) -> dict[str, int]:
    """What is remembered; nothing where it cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        with memory.open("rb") as opened:
            found = json.loads(opened.read(MOST_BYTES))
        if isinstance(found, dict):
            return {name: number for name, number in found.items() if type(number) is int and number >= 0}
    return {}
