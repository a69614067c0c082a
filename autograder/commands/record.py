"""`python -m autograder record`: writes results into nbgrader's gradebook and pages."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from autograder.classroom.progress import RecordTally, shown
from autograder.classroom.results import count_results, each_result
from autograder.commands.options import add_assignment, add_progress, add_recording_db
from autograder.commands.stopped import Stopped
from autograder.sandbox.text import plain_text


def add_record(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    record = add(_record)
    record.add_argument("results", type=Path, metavar="FILE.jsonl", help="a results file of 'grade'")
    add_assignment(record)
    record.add_argument(
        "--submitted", type=Path, metavar="SUBMITTED", help="what was graded (default: the course's folder)"
    )
    record.add_argument("--only", nargs="+", action="extend", metavar="STUDENT", help="these alone")
    add_progress(record)
    add_recording_db(record)


def _record(options: argparse.Namespace) -> int:
    return record_results(options, options.results, options.submitted)


def record_results(options: argparse.Namespace, results: Path, submitted: Path | None) -> int:
    """Records what stands in a results file; returns the exit code."""
    # nbgrader takes seconds to import, and grading alone can do without it.
    from autograder.gradebook.course import Course
    from autograder.gradebook.recording import record

    course = Course.here(options.db)
    tally = RecordTally(len(options.only) if options.only else count_results(results))
    chosen = (r for r in each_result(results) if not options.only or r.report.student in options.only)
    try:
        with shown(tally, options.progress, Console(stderr=True)) as advance:
            for recorded in record(course, options.assignment, submitted or course.submitted, chosen):
                advance(recorded)
                if recorded.problem:
                    who = plain_text(recorded.student, 100)
                    print(f"{options.name}: {who} was not recorded: {recorded.problem}", file=sys.stderr)
                if recorded.remark:
                    who = plain_text(recorded.student, 100)
                    print(f"{options.name}: {who}: {recorded.remark}", file=sys.stderr)
    except KeyboardInterrupt:
        raise Stopped(f"stopped, {tally.line()}. The same command records the rest.") from None
    print(f"{tally.line()} in {course.gradebook_name}")
    return 1 if tally.problems else 0
