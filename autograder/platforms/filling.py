"""Grades into a platform's own table: single cells are filled, by id, then login, then name, and never by a guess."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.platforms.columns import Columns, read_columns
from autograder.platforms.index import Index
from autograder.platforms.people import People, Person
from autograder.platforms.sheet import BadSheet, Sheet

# What stands in a cell that nobody has graded; Blackboard says that something was handed in.
_UNGRADED = ("", "-", "needs grading", "in progress", "attempt in progress")
_EXCUSED = ("ex", "excused", "exempt")


@dataclass
class Filled:
    """What became of the grades.

    Attributes:
        platform: whose table it is; empty where that cannot be told.
        column: the title of the column that was filled.
        possible: the points that the platform gives for it; None where the table does not say.
        filled: how many cells were written.
        same: how many held the grade already.
        stayed: cells that were left as they are: who, and why.
        not_in_table: students with a grade and no row, or several rows that could be theirs.
        without_grade: people in the table of whom there is no grade.
    """

    platform: str
    column: str
    possible: float | None
    filled: int = 0
    same: int = 0
    stayed: list[tuple[str, str]] = field(default_factory=list)
    not_in_table: list[str] = field(default_factory=list)
    without_grade: list[Person] = field(default_factory=list)


def fill_in(
    sheet: Sheet,
    grades: Mapping[str, float],
    index: Index,
    assignment: str,
    *,
    column: str | None = None,
    replace: bool = False,
) -> Filled:
    """Fills the grades into the sheet.

    Args:
        grades: by student, as their folder is called.
        index: who they are, from `collect`; without it, the folder's name is a login, an id or a name.
        column: its title; by default the only one that can be the assignment's.
        replace: whether to write over grades that are there. What is excused or locked stays in any case.

    Raises `BadSheet`.
    """
    rows = sheet.texts()
    columns = read_columns(rows)
    place = _find_column(rows, columns, assignment, column)
    filled = Filled(columns.platform, rows[0][place], _possible(rows, columns, place))
    comma = _has_decimal_commas(rows, columns, place)
    row_of = _match(rows, columns, grades, index, filled)
    for student, number in sorted(row_of.items(), key=lambda pair: pair[1]):
        text = written(grades[student], comma=comma)
        if place >= len(sheet.rows[number]):
            raise BadSheet(
                f"Row {number + 1} has fewer cells than there are columns. Download the file again."
            )
        reason = _stays(rows[number], columns, place, text, replace=replace)
        if reason is None:
            sheet.fill(number, place, text)
            filled.filled += 1
        elif reason:
            filled.stayed.append((student, reason))
        else:
            filled.same += 1
    return filled


def _match(
    rows: Sequence[Sequence[str]],
    columns: Columns,
    grades: Mapping[str, float],
    index: Index,
    filled: Filled,
) -> dict[str, int]:
    """The row of each student; who has none, and which rows are nobody's, goes into the account."""
    in_table = {
        number: columns.person(row) for number, row in enumerate(rows) if number and columns.is_student(row)
    }
    people = People(in_table)
    found = {student: _find(student, index, people) for student in grades}
    claimed = Counter(number for number, _ in found.values() if number is not None)
    row_of: dict[str, int] = {}
    for student, (number, several) in found.items():
        if isinstance(number, int) and claimed[number] == 1:
            row_of[student] = number
        else:
            doubt = several or number is not None
            filled.not_in_table.append(f"{student}{' (several people could be meant)' if doubt else ''}")
    matched = set(row_of.values())
    filled.without_grade = [person for number, person in in_table.items() if number not in matched]
    return row_of


def _find(student: str, index: Index, people: People) -> tuple[object | None, bool]:
    """As `People.find`; of somebody whom `collect` did not take in, the folder's name is a login or a number, else a name."""
    if known := index.students.get(student):
        return people.find(known.person)
    number, several = people.find(Person(login=student, email=student, other_ids=(student,)))
    return (number, several) if number is not None or several else people.find(Person(name=student))


def _stays(row: Sequence[str], columns: Columns, place: int, text: str, *, replace: bool) -> str | None:
    """Why the cell is left as it is; None where it is filled, empty where it holds the grade already."""
    there = row[place]
    if columns.locked(row):
        return "the platform says that it cannot be changed"
    if there.casefold() in _UNGRADED:
        return None
    if there.casefold() in _EXCUSED:
        return "excused"
    if _number(there) == _number(text):
        return ""
    return None if replace and _number(there) is not None else f"it says {there} there, not {text}"


def _find_column(rows: Sequence[Sequence[str]], columns: Columns, assignment: str, title: str | None) -> int:
    titles = rows[0]
    if title is not None:
        wanted = {title.strip().casefold()}
        found = [place for place, each in enumerate(titles) if wanted & {each.casefold(), plain_title(each)}]
        if columns.platform:
            found = [place for place in found if place in columns.grades]
    else:
        found = list(columns.grades)
        if len(found) > 1:
            named = [place for place in found if plain_title(titles[place]) == assignment.casefold()]
            found = named or [place for place in found if assignment.casefold() in titles[place].casefold()]
    if len(found) == 1:
        return found[0]
    choices = ", ".join(f"'{titles[place]}'" for place in columns.grades or range(len(titles)))
    raise BadSheet(f"Which column takes the grades? Name it with --column: {choices}.")


def plain_title(title: str) -> str:
    """A column's title without what the platform adds: its number, its points."""
    text = re.sub(r"\s*(\(\d+\)|\[Total Pts: .*|Points Grade( <.*)?)$", "", title, flags=re.IGNORECASE)
    return text.strip().casefold()


def _possible(rows: Sequence[Sequence[str]], columns: Columns, place: int) -> float | None:
    title = rows[0][place]
    if found := re.search(r"(?:Total Pts: |MaxPoints:)([\d.,]+)", title):
        return _number(found[1])
    if columns.platform == "Canvas":
        points = next((row for row in rows[1:4] if row[0].startswith("Points Possible")), None)
        return _number(points[place]) if points and place < len(points) else None
    if columns.maximum is not None:
        return next((_number(row[columns.maximum]) for row in rows[1:] if columns.maximum < len(row)), None)
    return None


def _has_decimal_commas(rows: Sequence[Sequence[str]], columns: Columns, place: int) -> bool:
    """Whether the file's own numbers are written so; German and French ones are."""
    places = {place, *columns.grades} | ({columns.maximum} if columns.maximum is not None else set())
    return any(
        re.fullmatch(r"\d+,\d{1,2}|\d{1,3}(\.\d{3})*,\d+", row[each])
        for row in rows[1:]
        for each in places
        if each < len(row)
    )


def written(points: float, *, comma: bool = False) -> str:
    """Points as a platform reads them, to the hundredth: `92.5`, or `92,5`."""
    text = f"{round(points, 2):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _number(text: str) -> float | None:
    """A number as platforms write it; None for another text."""
    plain = (
        text.replace(".", "").replace(",", ".") if re.search(r",\d{1,2}$", text) else text.replace(",", "")
    )
    try:
        return float(plain)
    except ValueError:
        return None
