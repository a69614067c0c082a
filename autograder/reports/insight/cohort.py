"""A class's reports as arrays: gone through once, 100,000 of them in a few hundred bytes each.

Whatever a results file holds is bounded here: how many tests, mistakes and messages are kept, and how long each text is.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from autograder.grading.report import OUTCOMES, Report, TestResult
from autograder.judge.picture import Picture

MOST_LAYOUTS = 20  # different lists of tests in one file: versions of a suite
MOST_TESTS = 300  # in one of them
MOST_NAMES = 1000  # of mistakes
MOST_MESSAGES = 20_000  # different ones
LONGEST = 200  # characters of a text that is kept
LONGEST_NAME = 300  # of a student's: a folder's has up to 255 bytes

CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}
ABSENT = 255  # the code of a test that a student's suite did not have
NONE = -1  # no mistake, no message

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Item:
    """One hidden test, as the class's reports have it."""

    name: str
    cell: str
    title: str
    max_points: float


@dataclass(frozen=True)
class Message:
    """What failed tests without a named mistake said, with the numbers in it left out.

    Attributes:
        cell: the graded cell.
        outcome: one of `OUTCOMES`.
        text: the message's first line, "#" for every number.
        code: the student's own line that it speaks of, of the first who got it; "" where there is none.
    """

    cell: str
    outcome: str
    text: str
    code: str


@dataclass(frozen=True)
class Cohort:
    """The graded submissions of one assignment, a row each, by name.

    Attributes:
        assignment: which.
        items: the hidden tests, a column each.
        students: the names.
        outcomes: codes of `OUTCOMES` [student, test], or `ABSENT`.
        mistakes: places in `names` [student, test], or `NONE`.
        messages: places in `texts` [student, test], or `NONE`.
        follows: places in `helpers` [student, test] of the function whose mistake was the cause, or `NONE`.
        kept: the points that were given all the same, where there is such a function [student, test].
        scores, seconds: points, and the time that grading took [student].
        max_score: the points that can be had.
        names: the named mistakes.
        helpers: the functions whose mistakes others were not charged for.
        texts: the messages of tests without a named mistake.
        pictures: of the first place that differed, by cell and mistake.
        damaged: why, by student: submissions that could not be read. They have no row.
        weak: layers of isolation that did not hold.
        left_out: lines of another assignment, or of more suites than are kept.
    """

    assignment: str
    items: tuple[Item, ...]
    students: tuple[str, ...]
    outcomes: np.ndarray
    mistakes: np.ndarray
    messages: np.ndarray
    follows: np.ndarray
    kept: np.ndarray
    scores: np.ndarray
    seconds: np.ndarray
    max_score: float
    names: tuple[str, ...]
    helpers: tuple[str, ...]
    texts: tuple[Message, ...]
    pictures: dict[tuple[str, str], Picture]
    damaged: dict[str, str]
    weak: tuple[str, ...]
    left_out: int

    @property
    def cells(self) -> list[str]:
        """The graded cells, in the order of the suite."""
        return list(dict.fromkeys(item.cell for item in self.items))

    def of_cell(self, cell: str) -> np.ndarray:
        """The columns of a cell's tests."""
        return np.flatnonzero([item.cell == cell for item in self.items])


def cohort_of(reports: Iterable[Report]) -> Cohort:
    """The class of these reports; of two of one student the later one counts. An empty one where there are none."""
    collected = _Collected()
    for report in reports:
        collected.add(report)
    return collected.cohort()


@dataclass(slots=True)
class _Row:
    layout: int
    score: float
    max_score: float
    seconds: float
    outcomes: bytes
    mistakes: bytes
    messages: bytes
    follows: bytes
    kept: bytes


@dataclass
class _Collected:
    """What is known so far."""

    assignment: str | None = None
    rows: dict[str, _Row] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)
    layouts: dict[tuple, int] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    helpers: dict[str, int] = field(default_factory=dict)
    texts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    pictures: dict[tuple[str, str], Picture] = field(default_factory=dict)
    weak: dict[str, None] = field(default_factory=dict)
    left_out: int = 0

    def add(self, report: Report) -> None:
        if self.assignment is None:
            self.assignment = report.assignment
        layout = self._layout(report)
        if layout is None:
            self.left_out += 1
            return
        self.weak |= dict.fromkeys(layer[:LONGEST] for layer in report.weak_isolation[:LONGEST])
        student = report.student[:LONGEST_NAME]
        self.rows.pop(student, None)
        self.damaged.pop(student, None)
        if report.reason is not None:
            self.damaged[student] = report.reason[:LONGEST]
        else:
            self.rows[student] = self._row(report, layout)

    def _layout(self, report: Report) -> int | None:
        """The number of the report's list of tests; None for one that is not kept."""
        key = tuple(test.name for test in report.tests)
        if report.assignment != self.assignment:
            return None
        if key not in self.layouts:
            fits = len(self.layouts) < MOST_LAYOUTS and len(set(key)) == len(key) <= MOST_TESTS
            if not fits:
                return None
            self.layouts[key] = len(self.layouts)
            for test in report.tests:
                item = Item(test.name[:LONGEST], test.cell[:LONGEST], test.title[:LONGEST], test.max_points)
                self.items.setdefault(test.name, item)
        return self.layouts[key]

    def _row(self, report: Report, layout: int) -> _Row:
        tests = report.tests
        return _Row(
            layout,
            report.score,
            report.max_score,
            report.seconds,
            bytes([CODES[test.outcome] for test in tests]),
            np.array([self._mistake(test) for test in tests], np.int16).tobytes(),
            np.array([self._message(test) for test in tests], np.int32).tobytes(),
            np.array([self._helper(test) for test in tests], np.int16).tobytes(),
            np.array([test.followed_points for test in tests], np.float32).tobytes(),
        )

    def _helper(self, test: TestResult) -> int:
        if test.follow_through is None:
            return NONE
        name = test.follow_through[:LONGEST]
        if name not in self.helpers and len(self.helpers) == MOST_TESTS:
            return NONE
        return self.helpers.setdefault(name, len(self.helpers))

    def _mistake(self, test: TestResult) -> int:
        if test.mistake is None:
            return NONE
        name = test.mistake[:LONGEST]
        if name not in self.names and len(self.names) == MOST_NAMES:
            return NONE
        if test.picture is not None:
            self.pictures.setdefault((test.cell, name), test.picture)
        return self.names.setdefault(name, len(self.names))

    def _message(self, test: TestResult) -> int:
        if test.mistake is not None or not test.is_to_mend or test.outcome == "missing":
            return NONE
        text, code = skeleton(test.message)
        key = (test.cell, test.outcome, text)
        if key not in self.texts and len(self.texts) == MOST_MESSAGES:
            return NONE
        place = self.texts.setdefault(key, len(self.texts))
        self.codes.setdefault(place, code)
        return place

    def cohort(self) -> Cohort:
        students = sorted(self.rows)
        rows = [self.rows[student] for student in students]
        return Cohort(
            assignment=self.assignment or "",
            items=tuple(self.items.values()),
            students=tuple(students),
            outcomes=self._table([row.outcomes for row in rows], rows, np.uint8, ABSENT),
            mistakes=self._table([row.mistakes for row in rows], rows, np.int16, NONE),
            messages=self._table([row.messages for row in rows], rows, np.int32, NONE),
            follows=self._table([row.follows for row in rows], rows, np.int16, NONE),
            kept=self._table([row.kept for row in rows], rows, np.float32, 0),
            scores=np.array([row.score for row in rows], float),
            seconds=np.array([row.seconds for row in rows], float),
            max_score=max((row.max_score for row in rows), default=0.0),
            names=tuple(self.names),
            helpers=tuple(self.helpers),
            texts=tuple(Message(*key, self.codes[place]) for key, place in self.texts.items()),
            pictures=self.pictures,
            damaged=dict(sorted(self.damaged.items())),
            weak=tuple(self.weak),
            left_out=self.left_out,
        )

    def _table(self, parts: list[bytes], rows: list[_Row], dtype: type, empty: int) -> np.ndarray:
        """One array [student, test] of the rows' bytes, each in the columns of its own list of tests."""
        table: np.ndarray = np.full((len(rows), len(self.items)), empty, dtype)
        columns = {name: column for column, name in enumerate(self.items)}
        of_row = np.array([row.layout for row in rows], int)
        for names, layout in self.layouts.items():
            own = np.flatnonzero(of_row == layout)
            if own.size:
                joined = b"".join([parts[row] for row in own])
                values: np.ndarray = np.frombuffer(joined, dtype).reshape(own.size, len(names))
                table[np.ix_(own, np.array([columns[name] for name in names]))] = values
        return table


@lru_cache(10_000)
def skeleton(message: str) -> tuple[str, str]:
    """A message's first line with "#" for every number, and the line of the student's code that it quotes.

    >>> skeleton("The function raised IndexError: 5 is too large.\\nIn cell 3, line 2:\\n    image[5]")
    ('The function raised IndexError: # is too large.', 'image[5]')
    """
    lines = message[: 10 * LONGEST].splitlines() or [""]
    code = next(
        (after for line, after in itertools.pairwise(lines) if _places(line) and after[:4] == "    "),
        "",
    )
    return _NUMBER.sub("#", lines[0])[:LONGEST], code.strip()[:LONGEST]


def _places(line: str) -> bool:
    """Whether the next line is the student's own: "In the cell 'pad', line 3:"."""
    return line.startswith("In ") and line.endswith(":")
