"""Plain folders: `ada/conv2d.ipynb`, `ada/anything/…`, or files that carry the student's name, `ada.ipynb`, `ada_conv2d.ipynb`."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import BadDownload, Entry
from autograder.platforms.people import Person
from autograder.platforms.times import parse_time

TITLE = "a folder of files"


def owns(path: tuple[str, ...]) -> bool:
    """Whether it may be a student's: any may."""
    return True


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """One for each folder, and for each file that lies beside the folders."""
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        student = entry.path[0] if len(entry.path) > 1 else _named(entry.name, assignment)
        if student:
            files[student].append(entry.at(*(entry.path[1:] or entry.path)))
    return [
        Attempt(Person(login=student), _own(handed_in), time=_time(handed_in, zone))
        for student, handed_in in files.items()
    ]


def without_wrapper(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Without one folder in which all the students' folders are, as a zip of a folder has it."""
    inner = [entry.path[1:] for entry in entries]
    one_top = len({entry.path[0] for entry in entries}) == 1
    if one_top and all(len(path) > 1 for path in inner) and len({path[0] for path in inner}) > 1:
        return [entry.at(*path) for entry, path in zip(entries, inner, strict=True)]
    return entries


def _named(file: str, assignment: str) -> str:
    """The student in a notebook's or zip's own name; empty for another file."""
    found = re.fullmatch(r"(.+?)\.(?:ipynb|zip)", file, re.IGNORECASE)
    if not found:
        return ""
    student = re.sub(
        rf"(?:^{re.escape(assignment)}[\s_-]+|[\s_-]+{re.escape(assignment)}$)", "", found[1], flags=re.I
    )
    return "" if student.casefold() == assignment.casefold() else student.strip()


def _own(files: list[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in files if entry.name != "timestamp.txt")


def _time(files: list[Entry], zone: tzinfo | None) -> datetime | None:
    for entry in files:
        if entry.name == "timestamp.txt" and entry.size < 1000:
            try:
                return parse_time(entry.content().decode("utf-8-sig", "replace"), zone)
            except BadDownload:
                return None
    return None
