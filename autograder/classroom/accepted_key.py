"""The key of one assignment of a course; which of its keys was accepted, and what follows from it, is remembered beside the course's.

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
from autograder.grading.rehearsed import Memory, packed, portable
from autograder.judge.acceptance import Kept, NoKey, Part, drawn, first_accepted, parts
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
) -> tuple[Key, Memory]:
    """The key with which a course grades an assignment, and where it is kept what follows from that.

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
    everything = [dataclasses.asdict(version(assignment)), course.fingerprint, assignment]
    name = hashlib.sha256(json.dumps(everything).encode()).hexdigest()
    memory = Memory(file.with_name(f"{file.name}.{assignment}.rehearsed"), name)
    return drawn(course, assignment, _number(assignment, course, accepted(file), memory)), memory


def accepted(file: Path) -> Path:
    """Where it is remembered which of the keys that follow from this one were accepted."""
    return file.with_name(f"{file.name}.accepted")


def _number(assignment: str, course: Key, remembered: Path, memory: Memory) -> int:
    """Which of the assignment's keys is its own under this version of its tests."""
    known, name = _read(remembered), memory.made_with
    if name not in known:
        try:
            known[name], content = _found(assignment, course, name)
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
            write_whole(memory.file, content, 0o600)
            write_whole(remembered, json.dumps(known).encode(), 0o600)
    return known[name]


def _found(assignment: str, course: Key, name: str) -> tuple[int, bytes]:
    """The number of the first key that is accepted, and what a memory keeps of it; all cores look for objections to it."""
    glimpses: Kept = {}
    numbers = range(len(_parts(assignment)[0]))
    with GradingPool(min(os.cpu_count() or 1, len(numbers))) as pool:

        def objection(key: Key) -> str:
            glimpses.clear()
            for said, kept in pool.map(functools.partial(_objection, assignment, key), numbers):
                if said:
                    return said
                glimpses.update(kept)
            return ""

        number = first_accepted(course, assignment, objection)
    return number, packed(find(assignment), drawn(course, assignment, number), name, glimpses)


def _objection(assignment: str, key: Key, number: int) -> tuple[str, Kept]:
    """What one part of the acceptance says against a key, and what it keeps. Runs in a grading process."""
    found, tests = _parts(assignment)
    part = found[number](tests, key)
    try:
        return next(part), {}
    except StopIteration as end:
        return "", portable(end.value)


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
