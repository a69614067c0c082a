"""The commands that hand a results file on: `export` for a spreadsheet or an LMS, `gradescope` for Gradescope."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.gradebook.names import is_folder_name
from autograder.reports.gradescope import VISIBILITIES, gradescope_results
from autograder.reports.scores import write_scores
from autograder.sandbox.text import plain_text

_EXPORT = """\
One row for each submission, by student: student, assignment, status, score, max_score, the points of each graded cell, and
for a damaged submission the reason; where weak isolation was allowed, also the layers that did not hold. Most learning management systems import it as it is: match "student" with what
they call a user, and "score" with the grade. UTF-8, comma-separated. A name that a spreadsheet would take for a
formula gets an apostrophe in front.

Scores are the automatic ones of the results file. Those with written answers in them are in nbgrader's gradebook:
nbgrader export."""
_GRADESCOPE = """\
Writes OUT_FOLDER/<student>/results.json in the form in which a Gradescope autograder reports: the score, and for each
hidden test its name, score, max_score, status (passed or failed), output (what to mend first; no hidden input) and
visibility. An autograder of your own on Gradescope hands such a file out as /autograder/results/results.json."""


def add_commands(commands, add: Callable) -> None:
    """Adds both to the command line.

    Args:
        commands: argparse's subcommands.
        add: makes one of them, from (commands, name, function, one-line summary).
    """
    export = add(commands, "export", _export, "write scores as a CSV file, for a spreadsheet or an LMS")
    _describe(export, _EXPORT)
    export.add_argument("out", type=Path, metavar="OUT.csv", help="the file to write")

    gradescope = add(commands, "gradescope", _gradescope, "write a Gradescope results.json for each student")
    _describe(gradescope, _GRADESCOPE)
    gradescope.add_argument("out", type=Path, metavar="OUT_FOLDER", help="the folder to write to")
    gradescope.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default="visible",
        help="when students see the tests (default: %(default)s)",
    )


def _describe(command, text: str) -> None:
    command.description = text
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")


def _export(options) -> int:
    rows = write_scores(lambda: (result.report for result in each_result(options.results)), options.out)
    print(f"Wrote {options.out}: {rows:,} submissions.")
    return 0


def _gradescope(options) -> int:
    written = left_out = 0
    for result in each_result(options.results):
        report = result.report
        if not is_folder_name(report.student):
            who = plain_text(report.student, 100)
            print(f"{options.name}: '{who}' is left out: it is not the name of a folder.", file=sys.stderr)
            left_out += 1
            continue
        file = options.out / report.student / "results.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            json.dumps(gradescope_results(report, options.visibility), indent=1), encoding="utf-8"
        )
        written += 1
    print(f"Wrote {written:,} files {options.out}/<student>/results.json.")
    return 1 if left_out else 0
