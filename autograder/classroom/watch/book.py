"""What a watch must not forget: which attempts were taken, what came of them, and what was told.

Each fact is on the disk before the next step begins: an attempt counts before anything can be told of it, and its page
is kept before its student can read it. So a watch that is killed goes on where it was.
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom.attempts import Attempts, attempts_file
from autograder.classroom.lines import Lines
from autograder.classroom.private import private_folder
from autograder.classroom.results import BadResults, Result, each_result, results_writer


class Book:
    """Beside a results file: `<name>.watch/taken.jsonl`, `<name>.watch/pages/`, the attempts. A context manager.

    Entering raises `BadResults` where one of them is not what it should be.

    Args:
        results: the results file, which `bring_up_to_date` writes.
    """

    def __init__(self, results: Path):
        self._results = results
        self._folder = results.with_name(f"{results.name.removesuffix('.jsonl')}.watch")
        self._lines = Lines(self._folder / "taken.jsonl")
        self._attempts = Attempts(results)
        self._taken: dict[str, list[str]] = {}
        self._new: dict[str, Result] = {}
        self._held = ExitStack()

    def __enter__(self) -> "Book":
        private_folder(self._folder)
        with ExitStack() as held:
            held.enter_context(self._lines)
            held.enter_context(self._attempts)
            self._taken = _read_taken(self._lines.path)
            self._new = self._not_in_results()
            self._held = held.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._held.close()

    # --- what was taken ------------------------------------------------------------------------------------

    def taken(self, student: str) -> list[str]:
        """The SHA-256 of each attempt that was taken, oldest first."""
        return self._taken.get(student, [])

    def students(self) -> list[str]:
        """Those who have attempts, by name."""
        return sorted(self._taken)

    def take(self, student: str, digest: str) -> None:
        """Notes an attempt."""
        self._lines.add(
            {"student": student, "submission": digest, "taken": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        )
        self._lines.keep()
        self._taken.setdefault(student, []).append(digest)

    # --- what came of it -----------------------------------------------------------------------------------

    def is_graded(self, student: str) -> bool:
        """Whether the student's last attempt is."""
        return self._attempts.latest.get(student) == self.taken(student)[-1]

    def grade(self, result: Result) -> None:
        """Notes the result of the student's last attempt."""
        self._attempts.add(result)
        self._attempts.keep()
        self._new[result.report.student] = result

    def bring_up_to_date(self) -> None:
        """Puts the new results into the results file, in place of those students' earlier ones."""
        if not self._new:
            return
        with results_writer(self._results, lambda student: student not in self._new) as write:
            for result in self._new.values():
                write(result)
        self._new = {}

    def _not_in_results(self) -> dict[str, Result]:
        """What was graded before this program was killed, and is not in the results file."""
        there = (
            {r.report.student: r.submission for r in each_result(self._results)}
            if self._results.exists()
            else {}
        )
        last = {student: digests[-1] for student, digests in self._taken.items()}
        lacks = {s for s, digest in last.items() if self._attempts.latest.get(s) == digest != there.get(s)}
        attempts = each_result(attempts_file(self._results)) if lacks else ()
        return {result.report.student: result for result in attempts if result.report.student in lacks}

    # --- what is told --------------------------------------------------------------------------------------

    def page(self, student: str) -> bytes | None:
        """The page on the student's last attempt; None where there is none yet."""
        path = self._page(student)
        return path.read_bytes() if path.exists() else None

    def keep_page(self, student: str, page: bytes, write: Callable[[Path, bytes], None]) -> None:
        """Keeps the page on the student's last attempt.

        Args:
            write: writes a file as a whole or not at all.
        """
        path = self._page(student)
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, page)

    def _page(self, student: str) -> Path:
        return self._folder / "pages" / student / f"{self.taken(student)[-1]}.html"


def _read_taken(path: Path) -> dict[str, list[str]]:
    taken: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                record = json.loads(line)
                student, digest = str(record["student"]), str(record["submission"])
            except (ValueError, KeyError, TypeError):
                raise BadResults(
                    f"Line {number} of '{path}' is not one of a watch. Restore the file, or move it away: then all attempts begin anew."
                ) from None
            taken.setdefault(student, []).append(digest)
    return taken
