"""The results file: one JSON line for each submission."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.grading.report import Report


class BadResults(Exception):
    """The file is not a results file; the message says why, in one line."""


@contextmanager
def results_writer(path: Path) -> Iterator:
    """A function that writes one report, at once.

    The lines go to `<path>.part`, which takes the place of an earlier results file when the run is complete:
    a run that is stopped leaves the earlier one as it was, and what it had done in the `.part` file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:

        def write(report: Report) -> None:
            file.write(json.dumps(report.to_json()) + "\n")
            file.flush()

        yield write
    part.replace(path)


def read_results(path: Path) -> list[Report]:
    """The reports of a results file, by student. Raises `BadResults`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise BadResults(
            f"There is no results file '{path}'. Make it with: python -m autograder grade …"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadResults(f"'{path}' cannot be read ({type(error).__name__}).") from None
    reports = []
    for number, line in enumerate(lines, 1):
        try:
            reports.append(Report.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadResults(f"Line {number} of '{path}' is not a grading result.") from None
    return sorted(reports, key=lambda report: report.student)
