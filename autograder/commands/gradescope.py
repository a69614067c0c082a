"""`python -m autograder gradescope`: a results file as Gradescope's results.json for each student."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.classroom.results import each_result
from autograder.gradebook.names import is_folder_name
from autograder.reports.gradescope import VISIBILITIES, gradescope_results
from autograder.sandbox.text import plain_text

_ABOUT = """\
Writes OUT_FOLDER/<student>/results.json in the form in which a Gradescope autograder reports: the score, and for each
hidden test its name, score, max_score, status (passed or failed), output (what to mend first; no hidden input) and
visibility. An autograder of your own on Gradescope hands such a file out as /autograder/results/results.json."""


def add_gradescope(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    gradescope = add(_gradescope)
    gradescope.description, gradescope.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    gradescope.add_argument("results", type=Path, metavar="RESULTS.jsonl", help="a results file of 'grade'")
    gradescope.add_argument("out", type=Path, metavar="OUT_FOLDER", help="the folder to write to")
    gradescope.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default="visible",
        help="when students see the tests (default: %(default)s)",
    )


def _gradescope(options: argparse.Namespace) -> int:
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
        record = gradescope_results(report, options.visibility)
        file.write_text(json.dumps(record, indent=1), encoding="utf-8")
        written += 1
    print(f"Wrote {written:,} files {options.out}/<student>/results.json.")
    return 1 if left_out else 0
