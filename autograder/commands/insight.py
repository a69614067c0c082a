"""`python -m autograder insight`: a class's results as one page of what a teacher wants to know."""

import argparse
import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from autograder.classroom.attempts import attempts_file
from autograder.classroom.results import BadResults, each_result
from autograder.judge.assignment import Assignment
from autograder.platforms.shelf import write_whole
from autograder.reports.insight import Cohort, class_page, cohort_of, insight_of, insight_tables, progress_of
from autograder.reports.insight.progress import Progress
from autograder.reports.insight.sharing import TooFew, without_names
from autograder.suite import assignments, find

_ABOUT = """\
Writes one HTML page that needs no network and no script: the named mistakes that most students have, with where the
lecture deals with them; scores; each function and hidden test, with how well it tells the strong from the weak; errors
that several share; who has not started, who is stuck; time; what was mended from one attempt to the next; and what has
changed since an earlier class.

The page names students and stays with you. --without-names writes one for everybody: no name, no line of code, and no
number that points to fewer than five students."""


def add_insight(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    insight = add(_insight)
    insight.description, insight.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    insight.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")
    insight.add_argument("out", type=Path, metavar="OUT.html", help="the page to write")
    insight.add_argument("--without-names", action="store_true", help="a page that can be shared")
    insight.add_argument("--without-list", action="store_true", help="leave out whom to speak to")
    insight.add_argument("--earlier", type=Path, metavar="FILE.jsonl", help="results of an earlier class")
    insight.add_argument(
        "--sections",
        type=Path,
        metavar="FILE.csv",
        help="who is in which section: columns 'student' and 'section'",
    )


def _insight(options: argparse.Namespace) -> int:
    cohort = read_cohort(options.results)
    assignment = _assignment(cohort)
    earlier = read_cohort(options.earlier) if options.earlier else None
    sections = _read_sections(options.sections) if options.sections else None
    insight = insight_of(
        cohort, assignment, earlier=earlier, sections=sections, progress=_progress(options.results)
    )
    if options.without_list:
        insight = replace(insight, people=None)
    if options.without_names:
        try:
            insight = without_names(insight)
        except TooFew as error:
            raise BadResults(str(error)) from None
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(options.out, class_page(insight, assignment).encode(), 0o600)
    print(f"Wrote {options.out}: {insight.graded:,} submissions, {len(insight.mistakes)} named mistakes.")
    return 0


def show_insight(results: Path) -> None:
    """Prints the same in the terminal."""
    cohort = read_cohort(results)
    for table in insight_tables(insight_of(cohort, _assignment(cohort))):
        Console().print(table)


def read_cohort(results: Path) -> Cohort:
    """The class of a results file. Raises `BadResults`, for a file without results as well."""
    cohort = cohort_of(result.report for result in each_result(results))
    if not cohort.students and not cohort.damaged:
        raise BadResults(f"'{results}' holds no results. Make them with: python -m autograder grade …")
    return cohort


def _progress(results: Path) -> Progress | None:
    """What the attempts say that are kept beside the results."""
    attempts = attempts_file(results)
    return progress_of(result.report for result in each_result(attempts)) if attempts.exists() else None


def _assignment(cohort: Cohort) -> Assignment | None:
    return find(cohort.assignment) if cohort.assignment in assignments() else None


def _read_sections(path: Path) -> dict[str, str]:
    """The section of each student. Raises `BadResults` for another kind of file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"student", "section"} <= set(rows.fieldnames or ()):
                raise BadResults(f"'{path}' needs a first row with the columns 'student' and 'section'.")
            return {row["student"]: row["section"] for row in rows if row["student"] and row["section"]}
    except (UnicodeDecodeError, csv.Error):
        raise BadResults(
            f"'{path}' is no CSV file in UTF-8 with the columns 'student' and 'section'."
        ) from None
