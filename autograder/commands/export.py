"""`python -m autograder export`: a results file's scores as a CSV file, for a spreadsheet or an LMS."""

import argparse
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.reports.csv_scores import write_scores

_ABOUT = """\
One row for each submission, by student: student, assignment, status, score, max_score, the points of each graded cell, and
for a damaged submission the reason; where weak isolation was allowed, also the layers that did not hold. Most learning management systems import it as it is: match "student" with what
they call a user, and "score" with the grade. UTF-8, comma-separated. A name that a spreadsheet would take for a
formula gets an apostrophe in front.

Scores are the automatic ones of the results file. Those with written answers in them are in nbgrader's gradebook:
nbgrader export."""


def add_export(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes a command of (name, function of the options, one-line summary).
    """
    export = add("export", _export, "write scores as a CSV file, for a spreadsheet or an LMS")
    export.description, export.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    export.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")
    export.add_argument("out", type=Path, metavar="OUT.csv", help="the file to write")


def _export(options: argparse.Namespace) -> int:
    rows = write_scores(lambda: (result.report for result in each_result(options.results)), options.out)
    print(f"Wrote {options.out}: {rows:,} submissions.")
    return 0
