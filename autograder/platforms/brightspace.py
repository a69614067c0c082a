"""Brightspace (D2L): the zip of an assignment's "Download".

A folder for each attempt, `12345-678901 - Ada Lovelace - Nov 20, 2026 1012 AM`: two numbers of Brightspace's own, which stand in no
other of its files, the name, and the time in the teacher's language; an `index.html` lies beside them. So students are
found in the table of grades by name alone, and two of one name are for a person to tell apart.
"""

import re
from collections.abc import Sequence
from datetime import tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import Entry, by_folder
from autograder.platforms.people import Person, full_name
from autograder.platforms.times import parse_time

TITLE = "Brightspace"

_FOLDER = re.compile(r"(?P<user>\d+)-(?P<number>\d+) - (?P<name>.+) - (?P<time>.*\d{4}.*)")


def owns(path: tuple[str, ...]) -> bool:
    """Whether Brightspace names folders like this."""
    return any(_FOLDER.fullmatch(part) for part in path[:-1])


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """Every attempt that was downloaded."""
    files = by_folder(entries, _FOLDER.fullmatch)
    return [_attempt(folder, handed_in, zone) for folder, handed_in in files.items()]


def _attempt(folder: str, files: list[Entry], zone: tzinfo | None) -> Attempt:
    found = _FOLDER.fullmatch(folder)
    assert found
    return Attempt(
        Person(id=found["user"], name=full_name(found["name"])),
        tuple(files),
        time=parse_time(found["time"], zone),
    )
