"""`python -m autograder collect`: a platform's download, taken in."""

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.commands.options import add_assignment, add_timezone, time_option
from autograder.gradebook.errors import NoGradebook
from autograder.platforms.collecting import Collected, Collection, collect
from autograder.platforms.people import Person
from autograder.platforms.roster import read_roster
from autograder.sandbox.text import plain_text

_ABOUT = """\
Takes in what a learning platform gives: the zip of submissions of Canvas, Moodle (any of its layouts), Blackboard,
Brightspace or Gradescope, such a zip unpacked, the inbound folder of an nbgrader exchange, or a folder of files. It
writes SUBMITTED/<student>/<assignment>/<assignment>.ipynb, and timestamp.txt where the download says the time (Canvas's
does not; Moodle's does not either, but its grading worksheet as --roster does).

The newest attempt that has a notebook is taken, under whatever name. Other attempts, and whatever was in SUBMITTED
before, are kept in SUBMITTED/.collected, with the list of who is who that 'return' reads. It can be done again with a
later download. A roster is any list of the class that the platform exports as CSV: its logins become the folders'
names, and names and addresses go into the course's gradebook."""


def add_collect(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    command = add(_collect)
    command.description, command.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    command.add_argument("download", type=Path, metavar="DOWNLOAD", help="a zip or a folder")
    command.add_argument(
        "--roster", type=Path, metavar="FILE.csv", help="the class, as the platform exports it"
    )
    add_assignment(command)
    command.add_argument(
        "--to", type=Path, default=Path("submitted"), metavar="SUBMITTED", help="default: %(default)s"
    )
    command.add_argument("--due", metavar="TIME", help="what came later is late, as in '2026-11-30 23:59'")
    add_timezone(command)
    command.add_argument("--db", metavar="URL", help="gradebook for the names (default: the course's)")


def _collect(options: argparse.Namespace) -> int:
    due = time_option(options, "due")
    roster = read_roster(options.roster, options.timezone) if options.roster else []
    collection = collect(
        options.download, options.to, options.assignment, roster, due=due, zone=options.timezone
    )
    _show(collection, has_roster=bool(roster))
    if roster:
        print(_name_students(options.db, collection))
    taken = sum(student.taken for student in collection.students)
    print(
        f"Took {taken:,} of {len(collection.students):,} from {collection.platform}'s download into {options.to}."
    )
    return 0


def _show(collection: Collection, *, has_roster: bool) -> None:
    """The counts, and below them by name whoever needs a look."""
    students = collection.students
    undated = sum(student.taken and student.time is None for student in students)
    groups: list[tuple[str, list[str]]] = [
        ("late", [_line(s, _when(s)) for s in students if s.late]),
        (
            "handed in more than once",
            [_line(s, f"{s.attempts} attempts") for s in students if s.attempts > 1],
        ),
        ("without a notebook", [_line(s, s.problem) for s in students if not s.taken]),
        ("with a remark", [_line(s, s.problem) for s in students if s.taken and s.problem]),
    ]
    if has_roster:
        groups += [
            ("in the roster, not here", [_named(person) for person in collection.absent]),
            ("here, not in the roster", [_line(s, "") for s in students if not s.enrolled]),
        ]
    groups.append(("names that look alike", [" / ".join(map(_named, group)) for group in collection.alike]))
    table = Table(title="Collected", title_justify="left", pad_edge=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("who", overflow="fold")
    table.add_row("taken", f"{sum(s.taken for s in students):,}", "")
    for title, people in groups:
        table.add_row(title, f"{len(people):,}", Text("\n".join(people)))
    if undated:
        table.add_row("taken, time not known", f"{undated:,}", "count as on time")
    Console().print(table)


def _line(student: Collected, about: str) -> str:
    """The student, the folder where it has another name, and what there is to say."""
    folder = "" if student.folder == str(student.person) else f" ({plain_text(student.folder, 100)})"
    return f"{_named(student.person)}{folder}{': ' if about else ''}{plain_text(about, 200)}"


def _named(person: Person) -> str:
    return plain_text(str(person), 100)


def _when(student: Collected) -> str:
    return f"{student.time:%Y-%m-%d %H:%M} UTC" if student.time else "the platform says so, not when"


def _name_students(db: str | None, collection: Collection) -> str:
    # nbgrader takes seconds to import, and collecting alone can do without it.
    from autograder.gradebook.course import Course
    from autograder.gradebook.roster import Named, name_students

    named = [
        Named(student.folder, *student.person.first_and_last, student.person.email)
        for student in collection.students
        if student.enrolled
    ]
    try:
        course = Course.here(db)
        return f"Names of {name_students(course, named):,} students are in {course.gradebook_name}."
    except NoGradebook as error:
        return f"Names were not put into a gradebook. {error} Then collect again."
