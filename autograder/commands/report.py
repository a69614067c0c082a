"""`python -m autograder report`: shows the table of an earlier run."""

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from autograder.classroom.results import read_results
from autograder.commands.options import add_db
from autograder.commands.totals import read_grades
from autograder.reports.table import class_table


def add_report(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    report = add(_report)
    report.add_argument("results", type=Path, metavar="FILE.jsonl", help="a results file of 'grade'")
    add_db(report)
    report.add_argument("--insight", action="store_true", help="what the class says, instead of the table")


def _report(options: argparse.Namespace) -> int:
    if options.insight:
        # The page's own imports take longer than the table.
        from autograder.commands.insight import show_insight

        show_insight(options.results)
        return 0
    grades, note = read_grades(options.results, None, options.db)
    totals = {key: grade.columns for key, grade in grades.items() if grade.total is not None}
    Console().print(class_table(read_results(options.results), totals))
    print(note)
    return 0
