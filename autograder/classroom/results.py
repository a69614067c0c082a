"""The results file: one JSON line for each submission.

A line is `Report.to_json` and two entries more: "submission", the SHA-256 of the notebook's bytes (null where there
was no readable file), and "version", that of the kit which graded it.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast

from autograder.classroom.private import expect_private, open_private
from autograder.grading.report import OUTCOMES, Record, Report, TestResult
from autograder.judge.picture import Picture
from autograder.user_error import UserError

LARGEST = 1e9  # points or seconds
WIDEST = 1000  # the largest number of a picture, which may be drawn line by line
MOST_PLACES = 20  # of a picture, and numbers of a place


class BadResults(UserError):
    """The file is not a results file; the message says why, in one line."""


@dataclass(frozen=True)
class Result:
    """One line: a report, and what it is a report of.

    Attributes:
        report: the submission's.
        submission: SHA-256 of the notebook that was graded, in hexadecimal; None where there was no readable file.
        version: the kit's that graded it.
    """

    report: Report
    submission: str | None = None
    version: str | None = None

    def to_json(self) -> dict[str, Any]:
        return self.report.to_json() | {"submission": self.submission, "version": self.version}


@contextmanager
def results_writer(
    path: Path, keep: Callable[[str], bool] | None = None
) -> Iterator[Callable[[Result], None]]:
    """A function that writes one result, at once.

    The lines go to `<path>.part`, which takes the place of an earlier results file when the run is complete:
    a run that is stopped leaves the earlier one as it was, and what it had done in the `.part` file.

    Args:
        keep: says of a student whether the earlier file's line is taken over; none is by default.

    Raises `NotPrivate` where either file is a link, or somebody else's.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    expect_private(path)
    part = path.with_name(path.name + ".part")
    with os.fdopen(open_private(part, os.O_WRONLY), "w", encoding="utf-8") as file:
        file.truncate()

        def write(result: Result) -> None:
            file.write(json.dumps(result.to_json()) + "\n")
            file.flush()

        yield write
        if keep is not None and path.exists():
            for line, result in _lines(path):
                if keep(result.report.student):
                    file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def each_result(path: Path) -> Iterator[Result]:
    """The results of a file one after the other, as they stand in it. Raises `BadResults`."""
    return (result for _, result in _lines(path))


def count_results(path: Path) -> int:
    """How many lines the file has. Raises `BadResults`."""
    with _opened(path) as file:
        return sum(1 for _ in file)


def read_results(path: Path) -> list[Report]:
    """The reports of a results file, by student. Raises `BadResults`."""
    return sorted((result.report for result in each_result(path)), key=lambda report: report.student)


def _lines(path: Path) -> Iterator[tuple[str, Result]]:
    with _opened(path) as file:
        for number, line in enumerate(file, 1):
            yield line.rstrip("\n"), _result_of_line(line, number, path)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8") as file:
            yield file
    except FileNotFoundError:
        raise BadResults(
            f"There is no results file '{path}'. Make it with: python -m autograder grade …"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadResults(f"'{path}' cannot be read ({type(error).__name__}).") from None


def _result_of_line(line: str, number: int, path: Path) -> Result:
    try:
        record = json.loads(line)
        report = report_from(record)
    except (ValueError, RecursionError, BadResults):
        raise BadResults(f"Line {number} of '{path}' is not a grading result.") from None
    return Result(report, _text_or_none(record, "submission"), _text_or_none(record, "version"))


def _text_or_none(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


# --- a report from plain data that nobody vouches for ------------------------------------------------------


def report_from(record: object) -> Report:
    """The report that `Report.to_json` made, every entry checked. Raises `BadResults` for anything else."""
    if not isinstance(record, dict):
        raise BadResults("This is not a grading result.")
    try:
        report = Report.from_json(cast(Record, record))
    except (KeyError, TypeError, AttributeError):
        raise BadResults("This is not a grading result.") from None
    lists = (record["isolation"], record.get("weak_isolation", []), record.get("remarks", []))
    if not all(isinstance(each, list) for each in lists) or not _is_sound(report):
        raise BadResults("This is not a grading result.")
    return report


def _is_sound(report: Report) -> bool:
    return (
        isinstance(report.student, str)  # a folder's name, which may be no UTF-8
        and _are_texts(report.assignment, *report.isolation, *report.weak_isolation, *report.remarks)
        and _is_number(report.seconds)
        and (report.reason is None or _are_texts(report.reason))
        and len(report.tests) > 0
        and all(map(_is_sound_test, report.tests))
    )


def _is_sound_test(test: TestResult) -> bool:
    return (
        _are_texts(test.name, test.cell, test.title, test.outcome, test.message)
        and test.outcome in OUTCOMES
        and _is_number(test.max_points)
        and (test.mistake is None or _are_texts(test.mistake))
        and (test.follow_through is None or _are_texts(test.follow_through))
        and _is_number(test.followed_points)
        and test.followed_points <= test.max_points
        and (test.picture is None or _is_sound_picture(test.picture))
    )


def _is_sound_picture(picture: Picture) -> bool:
    """Whether a drawing of it stays small: few places, of few and small numbers."""
    return (
        _are_texts(picture.kind, *picture.places)
        and len(picture.places) <= MOST_PLACES
        and all(len(numbers) <= MOST_PLACES for numbers in picture.places.values())
        and all(type(n) is int and abs(n) <= WIDEST for numbers in picture.places.values() for n in numbers)
    )


def _is_number(value: object) -> bool:
    return (type(value) is int or type(value) is float) and 0 <= value <= LARGEST  # NaN is not


def _are_texts(*values: object) -> bool:
    """Whether they are texts that a terminal and a file take: JSON can write half of a surrogate pair."""
    return all(isinstance(value, str) and _is_whole(value) for value in values)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
