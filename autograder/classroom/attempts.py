"""What each student handed in before: `results/<assignment>.attempts.jsonl`, a results file to which lines are only added.

A line is added when a notebook is graded whose bytes differ from those of the student's last line, so that grading again
adds nothing. The latest attempt of a student is the last line.
"""

import fcntl
import json
import os
from collections import Counter
from pathlib import Path

from autograder.classroom.results import each_result

MOST_ATTEMPTS = 100  # of one student; later ones are not kept


def attempts_file(results: Path) -> Path:
    """Where the attempts lie that belong to a results file."""
    return results.with_name(f"{results.name.removesuffix('.jsonl')}.attempts.jsonl")


def keep_attempts(results: Path) -> int:
    """Adds the new attempts of a results file to those kept beside it; returns how many. Raises `BadResults`.

    A submission without a readable file is no attempt.
    """
    path = attempts_file(results)
    added = 0
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two runs that end at once add one after the other
        _cut_torn_line(path)
        latest, number = _kept(path)
        for result in each_result(results):
            student, submission = result.report.student, result.submission
            is_new = submission is not None and submission != latest.get(student)
            if is_new and number[student] < MOST_ATTEMPTS:
                file.write(json.dumps(result.to_json()) + "\n")
                latest[student] = submission
                number[student] += 1
                added += 1
        file.flush()
        os.fsync(file.fileno())
    return added


def _kept(path: Path) -> tuple[dict[str, str | None], Counter[str]]:
    """Each student's last submission, and how many attempts there are."""
    latest: dict[str, str | None] = {}
    number: Counter[str] = Counter()
    for result in each_result(path):
        latest[result.report.student] = result.submission
        number[result.report.student] += 1
    return latest, number


def _cut_torn_line(path: Path) -> None:
    """A run that was killed while it wrote may have left a part of a line, which the next run writes anew."""
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(end - 65_536, 0)
            file.seek(start)
            last = file.read(end - start).rfind(b"\n")
            if last >= 0:
                file.truncate(start + last + 1)
                return
            end = start
        file.truncate(0)
