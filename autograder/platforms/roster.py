"""The class, from any CSV file that a platform exports: who is in it, and when they submitted where it says so."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.platforms.columns import read_columns
from autograder.platforms.people import Person
from autograder.platforms.sheet import BadSheet, Sheet
from autograder.platforms.times import parse_time


@dataclass(frozen=True)
class Enrolled:
    """One student of the class.

    Attributes:
        submitted: when, in UTC, where the file is Moodle's grading worksheet; else None.
    """

    person: Person
    submitted: datetime | None


def read_roster(path: Path, zone: tzinfo | None = None) -> list[Enrolled]:
    """The class. Raises `BadSheet`.

    Args:
        zone: that of the times in it; None for this machine's.
    """
    rows = Sheet.read(path).texts()
    columns = read_columns(rows)
    enrolled = [
        Enrolled(columns.person(row), _time(row, columns.submitted, zone))
        for row in rows[1:]
        if columns.is_student(row)
    ]
    if not enrolled:
        raise BadSheet(
            f"'{path}' names nobody. It needs columns such as Name, Email, Username or Student ID; "
            "any list of the class that the platform exports as CSV has them."
        )
    return enrolled


def _time(row: list[str], column: int | None, zone: tzinfo | None) -> datetime | None:
    return parse_time(row[column], zone) if column is not None and column < len(row) else None
