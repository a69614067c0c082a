"""One handing in by one student, as a platform's download has it; every platform's module finds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from autograder.platforms.download import Entry
from autograder.platforms.people import Person


@dataclass(frozen=True)
class Attempt:
    """What a student handed in at one time.

    Attributes:
        person: who, as far as the download says it.
        files: what was handed in, zips not unpacked.
        time: when, in UTC; None where the download does not say it.
        late: whether the platform calls it late; None where it does not say.
        number: counts the attempts where there is no time, the newest is the largest.
        feedback: what the platform's importer wants a feedback file's path to begin with; empty where it takes none.
    """

    person: Person
    files: tuple[Entry, ...]
    time: datetime | None = None
    late: bool | None = None
    number: int = 0
    feedback: str = ""


class Platform(Protocol):
    """What every platform's module offers.

    Attributes:
        TITLE: its name.
    """

    TITLE: str

    def owns(self, path: tuple[str, ...]) -> bool:
        """Whether this platform gives a student's file such a path."""
        ...

    def find_attempts(self, entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
        """The attempts in a download of this platform; none where it is another's."""
        ...
