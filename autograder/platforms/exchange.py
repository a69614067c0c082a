"""An nbgrader exchange's `inbound` folder: `ada+conv2d+2026-11-20 10:11:12 UTC+<random>/`, a `timestamp.txt` in each."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import BadDownload, Entry, by_folder
from autograder.platforms.people import Person
from autograder.platforms.times import parse_time

TITLE = "nbgrader's exchange"

_FOLDER = re.compile(
    r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-[^+]+)(?:\+(?P<random>[^+]*))?"
)


def owns(path: tuple[str, ...]) -> bool:
    """Whether an exchange names folders like this."""
    return any(_FOLDER.fullmatch(part) for part in path[:-1])


def student_of(folder: str) -> str | None:
    """Whose attempt a folder of this name says it is; None where it is none."""
    found = _FOLDER.fullmatch(folder)
    return found["student"] if found else None


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """Every attempt at this assignment; those at others are left alone."""

    def is_attempt(folder: str) -> bool:
        found = _FOLDER.fullmatch(folder)
        return found is not None and found["assignment"] == assignment

    return [
        Attempt(Person(login=found["student"]), _own(handed_in), time=_time(found["time"], handed_in, zone))
        for folder, handed_in in by_folder(entries, is_attempt).items()
        if (found := _FOLDER.fullmatch(folder))
    ]


def _own(files: list[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in files if entry.name != "timestamp.txt")


def _time(of_folder: str, files: list[Entry], zone: tzinfo | None) -> datetime | None:
    for entry in files:
        if entry.path == ("timestamp.txt",) and entry.size < 1000:
            try:
                return parse_time(entry.content().decode("utf-8-sig", "replace"), zone)
            except BadDownload:
                break
    return parse_time(of_folder, zone)
