"""`python -m autograder gradescope-zip`: an autograder to upload to Gradescope."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograder.classroom.accepted_key import accepted_key
from autograder.commands.options import add_assignment, add_follow_through, add_key, add_weak
from autograder.gradescope.settings import Settings, WrittenQuestion
from autograder.gradescope.zip_file import write_zip
from autograder.reports.gradescope import VISIBILITIES
from autograder.suite import find
from autograder.user_error import UserError

_ABOUT = """\
Writes the zip for "Configure Autograder" of a programming assignment on Gradescope: setup.sh, run_autograder, the kit as a
wheel with its hidden tests, and the versions of the packages that it needs. On the default image, Ubuntu 22.04, setup.sh brings
a Python that is new enough. Each submission is graded there as 'grade' does here, under whatever name the notebook was handed in;
written answers are shown to whoever marks them, in the outline of the assignment. The instructor's view begins with what
'doctor' found.

Keep the zip as you keep the hidden tests: they are in it, with the key from which their inputs follow."""
_REFUSES = """\
If Gradescope's machine has neither namespaces nor Landlock 6, the autograder refuses to grade there, and says so to you: students
get no points, and no 0 either. What its machines have is not documented. Hand in one notebook yourself to see it."""
_WEAK = """\
If Gradescope's machine has neither namespaces nor Landlock 6, the autograder grades there all the same, as other graders always do.
Then a student's code can read the hidden tests and the kit in the container, write its own results, and reach the network;
system-call filter and limits alone hold. Each report says so. That is what you chose with --allow-weak-isolation."""


class BadRelease(UserError):
    """The released notebook cannot be used; the message says why, in one line."""


def add_gradescope_zip(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    command = add(_gradescope_zip)
    command.description, command.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    command.add_argument("out", type=Path, metavar="OUT.zip", help="the zip to write")
    add_assignment(command)
    add_key(command)
    command.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default="visible",
        help="when students see the hidden tests' results (default: %(default)s)",
    )
    command.add_argument(
        "--late-penalty",
        type=_points,
        default=0.0,
        metavar="POINTS",
        help="what each day begun after the due date, or a student's extension, costs (default: none; it is told)",
    )
    add_weak(command)
    add_follow_through(command)
    command.add_argument(
        "--release",
        type=Path,
        metavar="FILE.ipynb",
        help="what students got, for the written questions (default: assignment/<name>/<name>.ipynb)",
    )


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e6:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of points")
    return points


def _gradescope_zip(options: argparse.Namespace) -> int:
    assignment = find(options.assignment)
    written = _written_questions(options)
    settings = Settings(
        options.assignment,
        accepted_key(options.assignment, Path(), options.key)[0].secret.hex(),
        options.visibility,
        options.late_penalty,
        options.allow_weak_isolation,
        written,
        options.follow_through,
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    size = write_zip(options.out, settings)
    print(f"Wrote {options.out}: {size / 2**20:.1f} MB.")
    points = sum(exercise.points for exercise in assignment.exercises)
    print(
        f"Upload it under Configure Autograder, base image Ubuntu 22.04. The autograder gives {points:g} points."
    )
    for question in settings.written:
        print(f"Add a question that is marked by hand to the outline: {question.title}.")
    print(_WEAK if settings.allow_weak else _REFUSES)
    return 0


def _written_questions(options: argparse.Namespace) -> tuple[WrittenQuestion, ...]:
    """Those of the released notebook; none, with a word about it, where it is not there."""
    name = options.assignment
    path = options.release or Path("assignment") / name / f"{name}.ipynb"
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return tuple(_question(above, cell) for above, cell in pairwise(cells) if _is_written(cell))
    except FileNotFoundError:
        if options.release:
            raise
        print(
            f"{options.name}: {path} is not there, so written answers are left out. Name it with --release.",
            file=sys.stderr,
        )
        return ()
    except (ValueError, KeyError, TypeError):
        raise BadRelease(
            f"'{path}' is no released notebook. Release it first: nbgrader generate_assignment {name}"
        ) from None


def _is_written(cell: dict[str, Any]) -> bool:
    about = cell["metadata"].get("nbgrader", {})
    return bool(cell["cell_type"] == "markdown" and about.get("grade") and about.get("solution"))


def _question(above: dict[str, Any], cell: dict[str, Any]) -> WrittenQuestion:
    about = cell["metadata"]["nbgrader"]
    heading = re.match(r"\s*#+ +(.+)", "".join(above["source"]))
    title = heading[1].strip() if heading else about["grade_id"].replace("_", " ")
    return WrittenQuestion(about["grade_id"], title, float(about["points"]), "".join(cell["source"]))
