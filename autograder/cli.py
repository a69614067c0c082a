"""The command line: reads arguments, calls one room, prints; every error a user can cause is one line."""

import argparse
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.authoring.fill import FillError, fill_file
from autograder.classroom.results import BadResults, read_results, results_writer
from autograder.classroom.run import grade_class
from autograder.classroom.submissions import NoSubmissions, find_submissions
from autograder.grading.suite_run import SuiteError, suite_folder
from autograder.reports.table import class_table
from autograder.sandbox import SandboxUnavailable, probe
from autograder.sandbox.probe import require

USER_ERRORS = (BadResults, FillError, NoSubmissions, SandboxUnavailable, SuiteError)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 the machine does not isolate, 2 unusable arguments."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except USER_ERRORS as error:
        print(f"{options.name}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.name}: {error.filename or ''}: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{options.name}: stopped.", file=sys.stderr)
        return 130


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message}. See: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="python -m autograder",
        description="Grades convolution notebooks in a sandbox that student code cannot leave.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    grade = _command(commands, "grade", _grade, "grade a folder of submissions")
    grade.add_argument(
        "submitted", type=Path, metavar="SUBMITTED", help="holds <student>/<assignment>/<assignment>.ipynb"
    )
    grade.add_argument("--assignment", default="conv2d", help="which assignment (default: %(default)s)")
    grade.add_argument(
        "--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N", help="how many at a time"
    )
    grade.add_argument(
        "--results", type=Path, metavar="FILE.jsonl", help="default: results/<assignment>.jsonl"
    )

    report = _command(commands, "report", _report, "show the table of an earlier run")
    report.add_argument("results", type=Path, metavar="FILE.jsonl", help="a results file of 'grade'")

    fill = _command(commands, "fill", _fill, "make a submission from a plain Python file")
    fill.add_argument("released", type=Path, metavar="RELEASED.ipynb", help="the notebook that students get")
    fill.add_argument(
        "solution", type=Path, metavar="SOLUTION.py", help="functions with the notebook's names"
    )
    fill.add_argument("out", type=Path, metavar="OUT.ipynb", help="the notebook to write")

    _command(commands, "doctor", _doctor, "try what isolates student code on this machine")
    return parser


def _command(commands, name, function, summary):
    command = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
    command.set_defaults(command=function, name=command.prog)
    return command


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of processes; use 1 or more")
    return int(text)


# --- commands --------------------------------------------------------------------------------------------


def _grade(options) -> int:
    suite_folder(options.assignment)
    submissions = find_submissions(options.submitted, options.assignment)
    isolation = require()
    results = options.results or Path("results") / f"{options.assignment}.jsonl"
    console = Console()
    console.print(f"Grading {len(submissions)} submissions; isolated by {', '.join(isolation.layers)}.")
    reports = []
    started = time.monotonic()
    with results_writer(results) as write, _progress(console) as progress:
        task = progress.add_task("Grading", total=len(submissions))
        for report in grade_class(submissions, jobs=min(options.jobs, len(submissions))):
            write(report)
            reports.append(report)
            progress.advance(task)
    console.print(class_table(reports))
    broken = sum(report.status == "damaged" for report in reports)
    note = f", {broken} damaged" if broken else ""
    console.print(f"{len(reports)} graded{note} in {time.monotonic() - started:.0f} s. Results: ", end="")
    print(results)
    return 0


def _progress(console) -> Progress:
    """A bar with the count and the time left; nothing where the output is not a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _report(options) -> int:
    Console().print(class_table(read_results(options.results)))
    return 0


def _fill(options) -> int:
    fill_file(options.released, options.solution, options.out)
    print(f"Wrote {options.out}")
    return 0


def _doctor(options) -> int:
    try:
        isolation = probe()
    except SandboxUnavailable as error:
        print(f"Student code cannot be isolated on this machine; grading is refused.\n{error}")
        return 1
    print(f"Layers: {', '.join(isolation.layers)}")
    for name, held in isolation.findings:
        print(f"  {'contained  ' if held else 'GOT THROUGH'}  {name.replace('_', ' ')}")
    if not isolation.holds:
        print("Student code is not isolated well enough on this machine; grading is refused.")
        return 1
    print(f"Tier {isolation.tier}: student code is isolated on this machine.")
    return 0
