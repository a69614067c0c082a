"""The options that several commands have, each with one name, one default and one help text."""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.classroom.course_key import NAME
from autograder.classroom.progress import STYLES
from autograder.platforms.people import mixed_up
from autograder.platforms.times import parse_time
from autograder.reports.isolation import weakness_sentence

WEAK = (
    "Student code can read and change whatever this account may: hidden tests, other submissions, grades. "
    "Every report says so."
)


def add_assignment(command: argparse.ArgumentParser) -> None:
    """Adds the option that says which assignment is meant."""
    command.add_argument("--assignment", default="conv2d", help="which assignment (default: %(default)s)")


def add_submitted(command: argparse.ArgumentParser) -> None:
    """Adds the folder of the submissions, as the command's next argument."""
    command.add_argument(
        "submitted", type=Path, metavar="SUBMITTED", help="holds <student>/<assignment>/<assignment>.ipynb"
    )


def add_db(command: argparse.ArgumentParser) -> None:
    """Adds the option of the gradebook that is read."""
    command.add_argument(
        "--db", metavar="URL", help="gradebook to read (default: the one in nbgrader_config.py)"
    )


def add_progress(command: argparse.ArgumentParser) -> None:
    """Adds the option of how progress is shown."""
    command.add_argument(
        "--progress", choices=STYLES, help="default: a bar in a terminal, a line every few seconds elsewhere"
    )


def add_recording_db(command: argparse.ArgumentParser) -> None:
    """Adds the option of the gradebook that is written."""
    command.add_argument(
        "--db", metavar="URL", help="gradebook to record in (default: the one in nbgrader_config.py)"
    )


def add_jobs(command: argparse.ArgumentParser) -> None:
    """Adds the option of how many submissions are graded at a time."""
    command.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many at a time (default: one for each core or worker)",
    )


def add_key(command: argparse.ArgumentParser) -> None:
    """Adds the option of the course's key."""
    command.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help=f"the course's key, from which hidden inputs follow (default: {NAME} in this folder, which the first run makes)",
    )


def add_weak(command: argparse.ArgumentParser) -> None:
    """Adds the option that allows weak isolation."""
    command.add_argument(
        "--allow-weak-isolation",
        action="store_true",
        help="grade even where student code can read and change hidden tests, other submissions and grades; "
        "every report says so",
    )


def add_follow_through(command: argparse.ArgumentParser) -> None:
    """Adds the option of how much a function keeps that is right but for another one's mistake."""
    command.add_argument(
        "--follow-through",
        type=_share,
        metavar="SHARE",
        help="what a function keeps of its points where it is right but for another one's mistake, from 0 to 1 "
        "(default: what the assignment says, else 1)",
    )


def warn_of_weak(options: argparse.Namespace, missing: tuple[str, ...]) -> None:
    """Says on standard error which layers do not hold, where some do not."""
    if missing:
        print(f"{options.name}: {weakness_sentence(missing)} {WEAK}", file=sys.stderr, flush=True)


def warn_of_mixed_up(options: argparse.Namespace, students: Iterable[str]) -> None:
    """Says on standard error which students have names that a spreadsheet, a platform or a reader would take for one."""
    for names in mixed_up(students):
        told = ", ".join(map(ascii, names[:10]))
        print(
            f"{options.name}: {told}: easily taken for one student. Here they are {len(names)}; see that they stay so where "
            "you carry grades to.",
            file=sys.stderr,
        )


def add_timezone(command: argparse.ArgumentParser) -> None:
    """Adds the option of the zone of times without one."""
    command.add_argument(
        "--timezone",
        type=_zone,
        metavar="NAME",
        help="of times without one, as in Europe/Berlin (default: this machine's)",
    )


def time_option(options: argparse.Namespace, name: str) -> datetime | None:
    """The moment that an option names, None where it was not given; leaves the program where it is not sure which."""
    text = getattr(options, name)
    moment = parse_time(text, options.timezone) if text else None
    if text and moment is None:
        print(f"{options.name}: '{text}' is no time that is sure. Write 2026-11-30 23:59.", file=sys.stderr)
        raise SystemExit(2)
    return moment


def _zone(text: str) -> tzinfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"'{text}' is no time zone; use one such as Europe/Berlin") from None


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of processes; use 1 or more")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no share of the points; use a number from 0 to 1")
    return share
