"""`python -m autograder export`: a results file's scores as a CSV file, for a spreadsheet."""

import argparse
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.commands.options import add_db, warn_of_mixed_up
from autograder.commands.totals import ABOUT_TOTALS, read_grades
from autograder.reports.csv_scores import write_scores

_ABOUT = f"""\
One row for each submission, by student: student, assignment, status, score, max_score, the points of each graded cell, and
for a damaged submission the reason; where weak isolation was allowed, also the layers that did not hold. UTF-8,
comma-separated, for a spreadsheet. A name that a spreadsheet would take for a formula gets an apostrophe in front.
No learning management system takes it as it is; 'return' fills in the file that yours gives.

{ABOUT_TOTALS} Where there is one, the parts that add up to the score have columns of their own."""


def add_export(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    export = add(_export)
    export.description, export.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    export.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")
    export.add_argument("out", type=Path, metavar="OUT.csv", help="the file to write")
    add_db(export)


def _export(options: argparse.Namespace) -> int:
    grades, note = read_grades(options.results, None, options.db)
    totals = {key: grade.columns for key, grade in grades.items() if grade.total is not None}
    rows = write_scores(
        lambda: (result.report for result in each_result(options.results)), options.out, totals
    )
    print(f"Wrote {options.out}: {rows:,} submissions.")
    warn_of_mixed_up(options, {result.report.student for result in each_result(options.results)})
    print(note)
    return 0
