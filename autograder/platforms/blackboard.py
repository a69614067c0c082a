"""Blackboard Learn: the zip of "Assignment File Download" in the Grade Center.

A file is called `<assignment>_<login>_attempt_2026-11-20-10-11-12_<its own name>`, and beside each attempt lies a text,
the same without a name of its own, whose first line is `Name: Ada Lovelace (ada)` in the course's language. Both the assignment's
title and the login may have underscores: the text decides, and where there is none, what all names begin with.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import BadDownload, Entry
from autograder.platforms.people import Person, full_name
from autograder.platforms.times import parse_time

TITLE = "Blackboard"

_NAMED = re.compile(r"(?P<who>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))")
LONGEST_LINE = 1000  # characters of a file that are looked at


def owns(path: tuple[str, ...]) -> bool:
    """Whether Blackboard names files like this."""
    return _NAMED.fullmatch(path[-1]) is not None


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """Every attempt that was downloaded."""
    files: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    texts: dict[str, Entry] = {}
    for entry in entries:
        if found := _NAMED.fullmatch(entry.name):
            if found["text"]:
                texts[found["who"]] = entry
                files.setdefault((found["who"], found["time"]), [])
            else:
                files[found["who"], found["time"]].append(entry.at(found["file"]))
    prefix = _common_prefix({who for who, _ in files})
    return [
        Attempt(_person(who, prefix, texts.get(who)), tuple(handed_in), time=parse_time(time, zone))
        for (who, time), handed_in in files.items()
    ]


def _common_prefix(names: set[str]) -> str:
    """What comes before every login; of a single name, all before its last underscore."""
    same = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    shared = "".join(letters[0] for letters in same)
    return shared[: shared.rfind("_") + 1]


def _first_line(text: Entry) -> tuple[str, str]:
    """Name and login in "Name: Ada Lovelace (ada)"; empty where the file begins in another way."""
    try:
        content = text.content().decode("utf-8-sig", "replace")[:LONGEST_LINE]
    except BadDownload:
        return "", ""
    _, colon, person = (content.splitlines() or [""])[0].partition(":")
    name, bracket, login = person.strip().rpartition("(")
    if not (colon and bracket and name.strip() and login.endswith(")")):
        return "", ""
    return name.strip(), login.removesuffix(")")


def _person(who: str, prefix: str, text: Entry | None) -> Person:
    if text is not None:
        name, login = _first_line(text)
        if login and who.endswith("_" + login):
            return Person(login=login, name=full_name(name))
    return Person(login=who.removeprefix(prefix))
