"""`python -m autograder similar` and `export-code`: which solutions are alike, here or for another tool."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.classroom.submissions import Submission, find_submissions
from autograder.commands.options import add_assignment, add_submitted
from autograder.gradebook.names import is_folder_name
from autograder.grading.notebook import Cell, Damaged, read_cells
from autograder.platforms.shelf import write_whole
from autograder.reports.markup import visible
from autograder.reports.similar import (
    Comparison,
    compare,
    mistakes_of,
    shared_mistakes,
    similarity_page,
    solutions_of,
)
from autograder.reports.similar.mistakes import SharedMistake
from autograder.suite import find

_ABOUT = """\
Compares the solution cells of all submissions, function by function, and writes one HTML page: the pairs that have most
in common of what few others have, how often that comes by chance, groups, and the code side by side. Names, numbers,
comments and layout do not count, nor does what everybody was given. Nothing is run, and nothing leaves this machine."""
_EXPORT = """\
Writes FOLDER/<student>.py with the student's own code alone, by function, for JPlag, Dolos, MOSS or another tool.
--base writes what everybody was given, which those tools leave out when told to."""

Add = Callable[..., argparse.ArgumentParser]


def add_similar(add: Add) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    similar = add(_similar)
    _add_common(similar, _ABOUT)
    similar.add_argument("out", type=Path, metavar="OUT.html", help="the page to write")
    similar.add_argument("--earlier", type=Path, metavar="FOLDER", help="the submissions of an earlier class")
    similar.add_argument(
        "--results",
        type=Path,
        metavar="FILE.jsonl",
        help="results of 'grade': equal rare mistakes are shown, too",
    )


def add_export_code(add: Add) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    export = add(_export)
    _add_common(export, _EXPORT)
    export.add_argument("out", type=Path, metavar="FOLDER", help="the folder to write to")
    export.add_argument("--base", type=Path, metavar="FILE.py", help="also write what everybody was given")


def _add_common(command: argparse.ArgumentParser, about: str) -> None:
    command.description, command.formatter_class = about, argparse.RawDescriptionHelpFormatter
    add_submitted(command)
    add_assignment(command)
    command.add_argument(
        "--release",
        type=Path,
        metavar="FILE.ipynb",
        help="what students got (default: assignment/<name>/<name>.ipynb)",
    )


def _similar(options: argparse.Namespace) -> int:
    released = _released(options)
    programs, unread = _programs(options, options.submitted, released)
    earlier = _programs(options, options.earlier, released)[0] if options.earlier else {}
    given = solutions_of(released, _functions(options))
    comparison = compare(programs, given, earlier)
    mistakes = _mistakes(options.results, comparison) if options.results else []
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(options.out, similarity_page(comparison, unread, mistakes).encode(), 0o600)
    print(f"Wrote {options.out}: {len(programs):,} submissions, {len(comparison.groups):,} groups.")
    return 0


def _mistakes(results: Path, comparison: Comparison) -> list[SharedMistake]:
    return shared_mistakes(comparison, mistakes_of(result.report for result in each_result(results)))


def _export(options: argparse.Namespace) -> int:
    released = _released(options)
    programs, unread = _programs(options, options.submitted, released)
    options.out.mkdir(parents=True, exist_ok=True)
    written = 0
    for student, program in programs.items():
        if is_folder_name(student):
            (options.out / f"{student}.py").write_text(_as_file(program), encoding="utf-8")
            written += 1
        else:
            print(
                f"{options.name}: '{visible(student, 100)}' is left out: it is not the name of a file.",
                file=sys.stderr,
            )
    if options.base:
        options.base.write_text(_as_file(solutions_of(released, _functions(options))), encoding="utf-8")
    print(f"Wrote {written:,} files to {options.out}.")
    return 1 if written < len(programs) + unread else 0


def _as_file(program: dict[str, str]) -> str:
    return "\n\n".join(f"# --- {function}\n{source}" for function, source in program.items()) + "\n"


def _functions(options: argparse.Namespace) -> list[str]:
    return [exercise.name for exercise in find(options.assignment).exercises]


def _released(options: argparse.Namespace) -> list[Cell]:
    """The cells that everybody got; none, with a word about it, where that notebook is not there."""
    name = options.assignment
    path = options.release or Path("assignment") / name / f"{name}.ipynb"
    try:
        return read_cells(path.read_bytes())
    except FileNotFoundError:
        if options.release:
            raise
        print(
            f"{options.name}: {path} is not there, so given code counts. Name it with --release.",
            file=sys.stderr,
        )
        return []


def _programs(
    options: argparse.Namespace, folder: Path, released: list[Cell]
) -> tuple[dict[str, dict[str, str]], int]:
    """Each student's own code, by function, and how many submissions could not be read, which are named."""
    programs, unread, functions = {}, 0, _functions(options)
    for submission in find_submissions(folder, options.assignment):
        cells = _cells(options.name, submission)
        if cells is None:
            unread += 1
        else:
            programs[submission.student] = solutions_of(cells, functions, released)
    return programs, unread


def _cells(command: str, submission: Submission) -> list[Cell] | None:
    try:
        return read_cells(submission.read())
    except Damaged as damage:
        print(f"{command}: {visible(submission.student, 100)} is left out: {damage}", file=sys.stderr)
        return None
