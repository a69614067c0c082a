"""`python -m autograder watch`: grades what appears in a folder, and tells students as much as was chosen."""

import argparse
import importlib
import math
import signal
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.attempts import MOST_ATTEMPTS
from autograder.classroom.lock import only_one
from autograder.classroom.session import beside, local_workers
from autograder.classroom.store import ReportStore
from autograder.classroom.submissions import NoSubmissions
from autograder.classroom.watch.book import Book
from autograder.classroom.watch.desk import Rules
from autograder.classroom.watch.hours import BadHours, Hours, Span
from autograder.classroom.watch.service import Telling, Watch
from autograder.commands.options import (
    add_assignment,
    add_follow_through,
    add_jobs,
    add_key,
    add_timezone,
    add_weak,
    time_option,
    warn_of_weak,
)
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.grading.suite_run import list_tests
from autograder.grading.visible_run import VisibleCases
from autograder.judge.assignment import Assignment
from autograder.platforms.dialects import NAMED
from autograder.platforms.mirror import Mirror, has_owners
from autograder.platforms.roster import read_roster
from autograder.reports.levels import LEVELS, bits_of_totals, refused, told
from autograder.sandbox.text import plain_text
from autograder.suite import SuiteError, find, suite_folder

_ABOUT = """\
Grades what appears or changes in FOLDER, which holds a folder or a file for each student or attempt: the inbound folder of an
nbgrader exchange, a folder that is synced with the students, or one into which a platform's submissions are copied. Each
attempt is copied into SUBMITTED/<student>/<assignment>/, as 'collect' lays it out, and graded as 'grade' does it; results
and attempts are those of 'grade'. A page for its student goes to FEEDBACK/<student>/<assignment>/<assignment>.html, as
nbgrader has it. Nothing is graded twice, and a watch that is stopped or killed goes on where it was.

What students are told (--tell):
{levels}

What comes after a student's last attempt, out of the hours or too late is left in FOLDER: after the deadline, 'collect'
takes everybody's last hand-in as always. docs/watch.md tells how to run it as a service.""".format(
    levels="\n".join(f"  {level:<8}{what}" for level, what in LEVELS.items())
)


def add_watch(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    watch = add(_watch)
    watch.description, watch.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    watch.add_argument("folder", type=Path, metavar="FOLDER", help="where hand-ins appear")
    add_assignment(watch)
    _add_places(watch)
    _add_rules(watch)
    add_jobs(watch)
    add_follow_through(watch)
    add_key(watch)
    add_weak(watch)


def _add_places(watch: argparse.ArgumentParser) -> None:
    for option, default, what in (
        ("--to", "submitted", "where what is graded is copied to"),
        ("--feedback", "feedback", "where the pages go"),
    ):
        name = option.strip("-").upper() if option != "--to" else "SUBMITTED"
        watch.add_argument(
            option, type=Path, default=Path(default), metavar=name, help=f"{what} (default: %(default)s)"
        )
    watch.add_argument(
        "--results", type=Path, metavar="FILE.jsonl", help="default: results/<assignment>.jsonl"
    )
    watch.add_argument(
        "--platform", choices=NAMED, help="whose names are in FOLDER (default: as its first hand-in is named)"
    )
    watch.add_argument(
        "--roster", type=Path, metavar="FILE.csv", help="grade these students alone; any list of the class"
    )
    watch.add_argument(
        "--owners",
        action="store_true",
        help="a student's folder counts only where it belongs to the account of that name",
    )


def _add_rules(watch: argparse.ArgumentParser) -> None:
    watch.add_argument("--tell", choices=LEVELS, default="checks", help="see above (default: %(default)s)")
    watch.add_argument(
        "--attempts",
        type=_attempts,
        default=3,
        metavar="N",
        help="of each student that are graded (default: 3)",
    )
    watch.add_argument(
        "--pause",
        type=_minutes,
        default=600.0,
        metavar="MINUTES",
        help="between a student's page and their next attempt (default: 10)",
    )
    watch.add_argument(
        "--hours",
        type=_span,
        action="append",
        default=[],
        metavar="WHEN",
        help="when it is open, as in 'mon-fri 08:00-20:00'; may be given several times (default: always)",
    )
    watch.add_argument("--until", metavar="TIME", help="when it closes and ends, as in '2026-11-30 23:59'")
    add_timezone(watch)
    watch.add_argument("--once", action="store_true", help="grade what is there now, and end")
    watch.add_argument(
        "--every", type=_seconds, default=5.0, metavar="SECONDS", help="between two looks (default: 5)"
    )


def _watch(options: argparse.Namespace) -> int:
    suite_folder(options.assignment)
    results = options.results or Path("results") / f"{options.assignment}.jsonl"
    _refuse_places_in_each_other(options, results)
    assignment, hours = find(options.assignment), _hours(options)
    telling = _telling(options, assignment)
    mirror = _mirror(options)
    results.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # how a service is stopped
    rules = Rules(
        options.attempts, every=options.every, quiet=min(options.every, 3.0) * 0.9, pause=options.pause
    )
    limits = GradingLimits(follow_through=options.follow_through, allow_weak=options.allow_weak_isolation)
    with only_one(beside(results, ".lock"), f"the results in {results}"), Book(results) as book:
        workers = local_workers(options.jobs, options.allow_weak_isolation)
        key, memory = accepted_key(options.assignment, Path(), options.key, partial(_say, "the watch"))
        store = ReportStore(beside(results, ".cache"), limits, workers.layers, key)
        watch = Watch(mirror, options.to, book, rules, hours, telling, _say, once=options.once)
        _say("the watch", _beginning(options, workers.layers))
        warn_of_weak(options, workers.missing)
        try:
            watch.run(workers, limits, key, store, memory)
        except KeyboardInterrupt:
            _say("the watch", "stopped; the same command goes on from here.")
            return 0
    _say("the watch", "is over.")
    return 0


def _beginning(options: argparse.Namespace, layers: tuple[str, ...]) -> str:
    share = options.follow_through
    share = find(options.assignment).follow_through if share is None else share
    bits = math.ceil(bits_of_totals(list_tests(suite_folder(options.assignment)), share))
    tells = {
        "checks": "nothing of the hidden tests",
        "totals": f"function totals, {bits} bits of the hidden tests at most with each",
        "page": "the whole page",
    }[options.tell]
    return (
        f"over {options.folder}; isolated by {', '.join(layers)}; {options.attempts} attempts; tells {tells}."
    )


def _say(whom: str, what: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {plain_text(whom, 100)}: {plain_text(what, 500)}", flush=True)


def _mirror(options: argparse.Namespace) -> Mirror:
    if not options.folder.is_dir():
        raise NoSubmissions(f"There is no folder '{options.folder}'. Name the one in which hand-ins appear.")
    platform = NAMED[options.platform] if options.platform else None
    if options.owners and not has_owners(platform):
        raise NoSubmissions(
            "--owners is for an nbgrader exchange and for folders that are called as accounts are."
        )
    roster = read_roster(options.roster, options.timezone) if options.roster else ()
    return Mirror(
        options.folder, options.assignment, platform, roster, zone=options.timezone, owners=options.owners
    )


def _refuse_places_in_each_other(options: argparse.Namespace, results: Path) -> None:
    """What the watch writes must not appear where it looks."""
    folder = options.folder.resolve()
    for path in (options.to, options.feedback, results):
        if path.resolve().is_relative_to(folder):
            raise NoSubmissions(
                f"'{path}' is in '{options.folder}', where students hand in. Choose another place, outside of it."
            )


def _hours(options: argparse.Namespace) -> Hours:
    return Hours(tuple(options.hours), time_option(options, "until"), options.timezone)


def _telling(options: argparse.Namespace, assignment: Assignment) -> Telling:
    cases = _visible_cases(assignment) if options.tell == "checks" else None
    page = partial(_page, options.tell, assignment, options.attempts)
    return Telling(options.feedback, page, partial(refused, assignment), cases)


def _page(level: str, assignment: Assignment, most: int, report: Report, number: int) -> str:
    note = (
        f"This was attempt {number} of the {most} that get feedback now. What counts is your last hand-in, whether it was one of "
        "them or not."
    )
    return told(level, report, assignment, note)


def _visible_cases(assignment: Assignment) -> VisibleCases:
    name = f"solutions.{assignment.name}.cases"
    try:
        cases: VisibleCases = importlib.import_module(name).CASES
    except (ModuleNotFoundError, AttributeError):
        raise SuiteError(
            f"The visible checks are in {name.replace('.', '/')}.py, which is not here. Give the command in the course's "
            "folder, or another level with --tell."
        ) from None
    return {
        exercise.name: cases[exercise.name] for exercise in assignment.exercises if cases.get(exercise.name)
    }


def _span(text: str) -> Span:
    try:
        return Span.read(text)
    except BadHours as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _attempts(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ATTEMPTS:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of attempts; use 1 to {MOST_ATTEMPTS}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds between 0 and a day")
    return seconds


def _minutes(text: str) -> float:
    return 0.0 if text == "0" else 60 * _seconds(text)
