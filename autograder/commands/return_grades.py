"""`python -m autograder return`: grades into the platform's own file, feedback into a zip that it takes back."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.commands.options import add_assignment, add_db, warn_of_mixed_up
from autograder.commands.totals import ABOUT_TOTALS, Grade, read_grades
from autograder.platforms.feedback_zip import write_feedback
from autograder.platforms.filling import Filled, fill_in
from autograder.platforms.index import Index
from autograder.platforms.sheet import BadSheet, Sheet
from autograder.platforms.shelf import Shelf, write_whole
from autograder.reports.feedback_page import feedback_page
from autograder.sandbox.text import plain_text
from autograder.suite import find

_ABOUT = f"""\
Fills grades into the file that the platform gave, so that it takes it back: Canvas's gradebook CSV, Moodle's grading
worksheet, Blackboard's and Brightspace's gradebook CSV, or any CSV with a column for the login, the number or the name
(name the column of the grade with --column). Only the cells of that column are written, everything else stays byte for
byte. Students are found by id, then login, then name; where two could be meant, nobody is filled in. A grade that is
there already stays, unless --replace; what is excused or locked stays in any case.

{ABOUT_TOTALS}"""


def add_return(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    command = add(_return)
    command.description, command.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    command.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")
    command.add_argument(
        "--into", type=Path, required=True, metavar="FILE", help="the platform's file; it stays as it is"
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where to write it, filled in"
    )
    command.add_argument(
        "--column", metavar="TITLE", help="which column (default: the one called like the assignment)"
    )
    command.add_argument(
        "--replace", action="store_true", help="write over grades that are there already, too"
    )
    add_assignment(command)
    command.add_argument(
        "--submitted",
        type=Path,
        default=Path("submitted"),
        metavar="SUBMITTED",
        help="where 'collect' put the submissions, and who is who (default: %(default)s)",
    )
    command.add_argument(
        "--feedback", type=Path, metavar="ZIP", help="write feedback, too: for Canvas and Moodle"
    )
    add_db(command)


def _return(options: argparse.Namespace) -> int:
    if options.out.resolve() == options.into.resolve():
        raise BadSheet(
            "--out is the file of --into. The platform's own file is left as it is; name another one."
        )
    index = Index.read(Shelf(options.submitted, options.assignment).index)
    by_key, note = read_grades(options.results, options.assignment, options.db)
    grades = {student: grade for (student, _), grade in by_key.items()}
    sheet = Sheet.read(options.into)
    points = {student: grade.score for student, grade in grades.items()}
    filled = fill_in(sheet, points, index, options.assignment, column=options.column, replace=options.replace)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(options.out, sheet.content(), 0o600)
    warn_of_mixed_up(options, grades)
    _show(filled, options.out, max((grade.max_score for grade in grades.values()), default=0.0))
    print(note)
    if options.feedback:
        _feedback(options, index, grades)
    return 0


def _show(filled: Filled, out: Path, max_score: float) -> None:
    print(f"Wrote {out}: {filled.filled:,} grades in '{plain_text(filled.column, 100)}'.")
    if filled.same:
        print(f"{filled.same:,} were there already.")
    _list("left as they are", [f"{student}: {reason}" for student, reason in filled.stayed])
    _list("graded, but not in the file", filled.not_in_table)
    _list(
        "in the file, without a grade (their cells stay empty)",
        [str(person) for person in filled.without_grade],
    )
    if filled.possible is not None and filled.possible != max_score:
        print(
            f"The platform gives {filled.possible:g} points for it, the assignment {max_score:g}. Change it there."
        )


def _list(title: str, lines: list[str]) -> None:
    if lines:
        print(f"{len(lines):,} {title}:")
        print("\n".join(f"    {plain_text(line, 200)}" for line in sorted(lines)))


def _feedback(options: argparse.Namespace, index: Index, grades: dict[str, Grade]) -> None:
    count, unknown = write_feedback(_pages(options, grades), index, options.feedback)
    print(f"Wrote {options.feedback}: feedback for {count:,} students.")
    if unknown:
        names = ", ".join(plain_text(student, 100) for student in sorted(unknown))
        print(
            f"{options.name}: no feedback file for whom the platform did not hand in: {names}",
            file=sys.stderr,
        )


def _pages(options: argparse.Namespace, grades: dict[str, Grade]) -> Iterator[tuple[str, str]]:
    assignment = find(options.assignment)
    for result in each_result(options.results):
        report = result.report
        if grade := grades.get(report.student):
            yield report.student, feedback_page(report, assignment, grade.parts, grade.marks)
