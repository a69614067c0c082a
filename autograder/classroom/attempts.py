"""What each student handed in before: `results/<assignment>.attempts.jsonl`, a results file to which lines are only added.

A line is added when a notebook is graded whose bytes differ from those of the student's last line, so that grading again
adds nothing. The latest attempt of a student is the last line.
"""

from collections import Counter
from pathlib import Path

from autograder.classroom.lines import Lines
from autograder.classroom.results import Result, each_result

MOST_ATTEMPTS = 100  # of one student; later ones are not kept


def attempts_file(results: Path) -> Path:
    """Where the attempts lie that belong to a results file."""
    return results.with_name(f"{results.name.removesuffix('.jsonl')}.attempts.jsonl")


class Attempts:
    """The attempts that belong to a results file, open for adding. A context manager; entering raises `BadResults`.

    Attributes:
        latest: each student's last submission.
    """

    def __init__(self, results: Path):
        self._lines = Lines(attempts_file(results))
        self.latest: dict[str, str | None] = {}
        self._number: Counter[str] = Counter()

    def __enter__(self) -> "Attempts":
        self._lines.__enter__()
        try:
            for result in each_result(self._lines.path):
                self._count(result)
        except BaseException:
            self._lines.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._lines.__exit__()

    def add(self, result: Result) -> bool:
        """Adds the attempt if it is a new one. A submission without a readable file is none."""
        student, submission = result.report.student, result.submission
        is_new = submission is not None and submission != self.latest.get(student)
        if not is_new or self._number[student] >= MOST_ATTEMPTS:
            return False
        self._lines.add(result.to_json())
        self._count(result)
        return True

    def keep(self) -> None:
        """Waits until all is on the disk."""
        self._lines.keep()

    def _count(self, result: Result) -> None:
        self.latest[result.report.student] = result.submission
        self._number[result.report.student] += 1


def keep_attempts(results: Path) -> int:
    """Adds the new attempts of a results file to those kept beside it; returns how many. Raises `BadResults`."""
    with Attempts(results) as attempts:
        return sum([attempts.add(result) for result in each_result(results)])
