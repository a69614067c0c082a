"""`python -m autograder grade`: grades a folder of submissions; the results file, and a table of the class."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.attempts import keep_attempts
from autograder.classroom.progress import Tally, shown
from autograder.classroom.session import NoWorkers, Session, Wanted, Workers, local_workers
from autograder.classroom.submissions import find_submissions
from autograder.commands.options import (
    add_assignment,
    add_follow_through,
    add_jobs,
    add_key,
    add_progress,
    add_recording_db,
    add_submitted,
    add_weak,
    warn_of_mixed_up,
    warn_of_weak,
)
from autograder.commands.record import record_results
from autograder.commands.stopped import Stopped
from autograder.grading.submission import GradingLimits
from autograder.reports.table import ClassSummary
from autograder.suite import suite_folder


def add_grade(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    grade = add(_grade)
    add_submitted(grade)
    add_assignment(grade)
    add_jobs(grade)
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on a Dask cluster, such as tcp://10.0.0.1:8786"
    )
    grade.add_argument(
        "--results", type=Path, metavar="FILE.jsonl", help="default: results/<assignment>.jsonl"
    )
    grade.add_argument(
        "--only",
        nargs="+",
        action="extend",
        metavar="STUDENT",
        help="these alone; other results stay as they are",
    )
    grade.add_argument(
        "--changed",
        action="store_true",
        help="new and changed notebooks alone, even if the hidden tests have changed since",
    )
    grade.add_argument("--force", action="store_true", help="grade again what an earlier run has graded")
    add_follow_through(grade)
    add_key(grade)
    add_weak(grade)
    add_progress(grade)
    grade.add_argument(
        "--record", action="store_true", help="then record the results, see the command 'record'"
    )
    add_recording_db(grade)


def _grade(options: argparse.Namespace) -> int:
    suite_folder(options.assignment)
    results = options.results or Path("results") / f"{options.assignment}.jsonl"
    wanted = Wanted(options.only, options.changed, options.force)
    submissions = find_submissions(options.submitted, options.assignment)
    session = Session(results, submissions, wanted)
    tally, summary = Tally(len(session.submissions)), ClassSummary()
    limits = GradingLimits(follow_through=options.follow_through, allow_weak=options.allow_weak_isolation)
    with _workers(options) as workers:
        key, memory = accepted_key(options.assignment, Path(), options.key)
        layers = ", ".join(workers.layers)
        print(
            f"Grading {tally.total:,} submissions, {workers.jobs} at a time; isolated by {layers}.",
            flush=True,
        )
        warn_of_weak(options, workers.missing)
        try:
            with shown(tally, options.progress, Console(stderr=True)) as advance:
                for graded in session.run(workers, limits, key, memory):
                    advance(graded)
                    summary.add(graded.result.report)
        except KeyboardInterrupt:
            raise Stopped(
                f"stopped after {tally.line()}. Nothing of it is lost: the same command goes on from here. "
                f"Until then {results} is as it was."
            ) from None
        note = workers.note()
    warn_of_mixed_up(options, [submission.student for submission in submissions])
    keep_attempts(results)
    _show(summary)
    print(f"{tally.line()}; {tally.seconds:.0f} s. Results: {results}")
    if note:
        print(note)
    return record_results(options, results, options.submitted) if options.record else 0


@contextmanager
def _workers(options: argparse.Namespace) -> Iterator[Workers]:
    """This machine's cores, or a cluster's workers."""
    if options.scheduler is None:
        yield local_workers(options.jobs, options.allow_weak_isolation)
        return
    try:
        from autograder.classroom.cluster import cluster
    except ImportError:
        raise NoWorkers(
            "A cluster needs Dask on this machine too: pip install 'convolution-course-kit[cluster]'"
        ) from None
    what = {"assignment": options.assignment, "allow_weak": options.allow_weak_isolation}
    with cluster(options.scheduler, options.jobs, **what) as workers:
        yield workers


def _show(summary: ClassSummary) -> None:
    for table in summary.tables():
        Console().print(table)
