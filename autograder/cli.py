"""The command line: reads arguments, calls one room, prints; every error a user can cause is one line."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console

from autograder.authoring.errors import FillError
from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.attempts import keep_attempts
from autograder.classroom.course_key import BadKey
from autograder.classroom.lock import Locked
from autograder.classroom.private import NotPrivate
from autograder.classroom.progress import STYLES, RecordTally, Tally, shown
from autograder.classroom.results import BadResults, count_results, each_result, read_results
from autograder.classroom.session import NoWorkers, Session, Wanted, Workers, local_workers
from autograder.classroom.submissions import NoSubmissions, find_submissions
from autograder.classroom.version import OtherVersion
from autograder.commands.collect import add_collect
from autograder.commands.export import add_export
from autograder.commands.gradescope import add_gradescope
from autograder.commands.gradescope_zip import BadRelease, add_gradescope_zip
from autograder.commands.insight import add_insight, show_insight
from autograder.commands.options import (
    WEAK,
    add_assignment,
    add_db,
    add_follow_through,
    add_jobs,
    add_key,
    add_submitted,
    add_weak,
    warn_of_mixed_up,
    warn_of_weak,
)
from autograder.commands.passwords import hide_passwords, without_password
from autograder.commands.return_grades import add_return
from autograder.commands.similar import add_similar
from autograder.commands.totals import read_grades
from autograder.commands.watch import add_watch
from autograder.commands.written import BadMarks, add_written
from autograder.gradebook.errors import NoGradebook
from autograder.grading.submission import GradingLimits
from autograder.platforms.download import BadDownload
from autograder.platforms.sheet import BadSheet
from autograder.reports.isolation import weakness_sentence
from autograder.reports.table import ClassSummary, class_table
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.doctor import diagnose, in_lines
from autograder.sandbox.probe import require
from autograder.sandbox.text import plain_text
from autograder.suite import SuiteError, suite_folder

USER_ERRORS = (
    BadDownload,
    BadKey,
    BadMarks,
    BadRelease,
    BadResults,
    BadSheet,
    FillError,
    Locked,
    NoGradebook,
    NoSubmissions,
    NoWorkers,
    NotPrivate,
    OtherVersion,
    SandboxUnavailable,
    SuiteError,
)


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with what to say about it."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 the machine does not isolate, 2 unusable arguments."""
    hide_passwords()
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except USER_ERRORS as error:
        print(f"{options.name}: {without_password(str(error))}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.name}: {error.filename or ''}: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"\n{options.name}: {stop or 'stopped.'}", file=sys.stderr)
        return 130


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {without_password(message)}. See: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="python -m autograder",
        description="Grades notebooks in a sandbox that student code cannot leave.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_collect(partial(_command, commands))
    _add_grade(_command(commands, "grade", _grade, "grade a folder of submissions"))
    add_watch(partial(_command, commands))
    _add_record(_command(commands, "record", _record, "write results into nbgrader's gradebook and pages"))
    report = _command(commands, "report", _report, "show the table of an earlier run")
    report.add_argument("results", type=Path, metavar="FILE.jsonl", help="a results file of 'grade'")
    add_db(report)
    add_return(partial(_command, commands))
    add_export(partial(_command, commands))
    add_gradescope(partial(_command, commands))
    add_gradescope_zip(partial(_command, commands))
    report.add_argument("--insight", action="store_true", help="what the class says, instead of the table")
    add_insight(partial(_command, commands))
    add_similar(partial(_command, commands))
    add_written(partial(_command, commands))
    _add_fill(_command(commands, "fill", _fill, "make a submission from a plain Python file"))
    add_weak(_command(commands, "doctor", _doctor, "try what isolates student code on this machine"))
    return parser


def _add_grade(grade) -> None:
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
    _add_progress(grade)
    grade.add_argument(
        "--record", action="store_true", help="then record the results, see the command 'record'"
    )
    _add_db(grade)


def _add_record(record) -> None:
    record.add_argument("results", type=Path, metavar="FILE.jsonl", help="a results file of 'grade'")
    add_assignment(record)
    record.add_argument(
        "--submitted", type=Path, metavar="SUBMITTED", help="what was graded (default: the course's folder)"
    )
    record.add_argument("--only", nargs="+", action="extend", metavar="STUDENT", help="these alone")
    _add_progress(record)
    _add_db(record)


def _add_fill(fill) -> None:
    fill.add_argument("released", type=Path, metavar="RELEASED.ipynb", help="the notebook that students get")
    fill.add_argument(
        "solution", type=Path, metavar="SOLUTION.py", help="functions with the notebook's names"
    )
    fill.add_argument("out", type=Path, metavar="OUT.ipynb", help="the notebook to write")


def _command(commands, name, function, summary):
    command = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
    command.set_defaults(command=function, name=command.prog)
    return command


def _add_progress(command) -> None:
    command.add_argument(
        "--progress", choices=STYLES, help="default: a bar in a terminal, a line every few seconds elsewhere"
    )


def _add_db(command) -> None:
    command.add_argument(
        "--db", metavar="URL", help="gradebook to record in (default: the one in nbgrader_config.py)"
    )


# --- commands --------------------------------------------------------------------------------------------


def _grade(options) -> int:
    suite_folder(options.assignment)
    results = options.results or Path("results") / f"{options.assignment}.jsonl"
    wanted = Wanted(options.only, options.changed, options.force)
    submissions = find_submissions(options.submitted, options.assignment)
    session = Session(results, submissions, wanted)
    tally, summary = Tally(len(session.submissions)), ClassSummary()
    limits = GradingLimits(follow_through=options.follow_through, allow_weak=options.allow_weak_isolation)
    with _workers(options) as workers:
        key = accepted_key(options.assignment, Path(), options.key)
        layers = ", ".join(workers.layers)
        print(
            f"Grading {tally.total:,} submissions, {workers.jobs} at a time; isolated by {layers}.",
            flush=True,
        )
        warn_of_weak(options, workers.missing)
        try:
            with shown(tally, options.progress, Console(stderr=True)) as advance:
                for graded in session.run(workers, limits, key):
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
    return _record_results(options, results, options.submitted) if options.record else 0


@contextmanager
def _workers(options) -> Iterator[Workers]:
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


def _record(options) -> int:
    return _record_results(options, options.results, options.submitted)


def _record_results(options, results: Path, submitted: Path | None) -> int:
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


def _report(options) -> int:
    if options.insight:
        show_insight(options.results)
        return 0
    grades, note = read_grades(options.results, None, options.db)
    totals = {key: grade.columns for key, grade in grades.items() if grade.total is not None}
    Console().print(class_table(read_results(options.results), totals))
    print(note)
    return 0


def _fill(options) -> int:
    # nbformat takes seconds to import, and grading alone can do without it.
    from autograder.authoring.fill import fill_file

    fill_file(options.released, options.solution, options.out)
    print(f"Wrote {options.out}")
    return 0


def _doctor(options) -> int:
    for line in in_lines(diagnose()):
        print(line)
    try:
        isolation = require(options.allow_weak_isolation)
    except SandboxUnavailable as error:
        print(f"Grading is refused on this machine. {error}")
        return 1
    if isolation.holds:
        print(f"Tier {isolation.tier}: student code is isolated by {', '.join(isolation.layers)}.")
    else:
        print(f"Grading would go on, since you allow it. {weakness_sentence(isolation.missing)} {WEAK}")
    return 0
