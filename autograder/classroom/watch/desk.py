"""Decides what a watch grades next: one place in the queue for each student, who has had least goes first."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.submissions import Submission
from autograder.classroom.watch.book import Book
from autograder.grading.notebook import is_whole
from autograder.platforms.download import BadDownload, Moved
from autograder.platforms.mirror import Arrival, Mark, Mirror
from autograder.platforms.notebooks import NoNotebook, find_notebook
from autograder.platforms.register import Register
from autograder.platforms.shelf import Shelf

MOST_BACK_OFF = (
    10  # doublings of the time for which somebody is not looked at who handed in what cannot be taken
)
MOST_STUDENTS = 100_000  # known at a time; names are students', and there may be more of them than people


@dataclass(frozen=True)
class Rules:
    """What a watch goes by; times in seconds.

    Attributes:
        attempts: of each student, that are graded.
        every: between two looks at the folder.
        quiet: for how long a hand-in must have stayed as it is before it is taken.
        patience: the same for one that looks cut off, or in which there is no notebook yet.
        pause: between a student's page and their next attempt.
    """

    attempts: int
    every: float = 5.0
    quiet: float = 3.0
    patience: float = 60.0
    pause: float = 600.0


class Desk:
    """Takes attempts from the folder into `submitted`.

    Args:
        mirror: looks at the folder.
        submitted: where what is taken goes, and is found by `grade`.
        book: says what was taken before.
        say: tells the instructor, a line for each event.
        refuse: tells a student, by their folder's name, why nothing was graded.
    """

    def __init__(
        self,
        mirror: Mirror,
        submitted: Path,
        book: Book,
        rules: Rules,
        say: Callable[[str, str], None],
        refuse: Callable[[str, str], None],
    ):
        self._mirror, self._submitted, self._book = mirror, submitted, book
        self._shelf = Shelf(submitted, mirror.assignment)
        self._register = Register(self._shelf.index)
        self._rules, self._say, self._refuse = rules, say, refuse
        self._folders: dict[object, str] = {}
        self._waiting: dict[object, Arrival] = {}  # in the order in which they were seen first
        self._handled: dict[object, Mark] = {}
        self._not_before: dict[object, float] = {}
        self._failed: Counter[object] = Counter()
        self._left: dict[object, str] = {}  # why the last was not taken
        self._told: dict[str, str] = {}
        self._busy: dict[str, object] = {}  # whose attempt is being graded: folder, key
        self._last_look = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing that was seen is still to be taken, and nothing is being graded."""
        return not self._waiting and not self._busy

    def look(self, *, last: bool = False) -> None:
        """Looks at the folder.

        Args:
            last: whether nobody will look again, so that what is not whole now never will be.
        """
        self._last_look = last
        arrivals = {arrival.key: arrival for arrival in self._mirror.look() if self._knows(arrival)}
        fresh = {key: each for key, each in arrivals.items() if each.mark != self._handled.get(key)}
        kept = {key: fresh[key] for key in self._waiting if key in fresh}
        self._waiting = kept | fresh
        if last:
            self._waiting = {
                k: each for k, each in self._waiting.items() if each.settled >= self._rules.quiet
            }
        self._tell_left_out()

    def next(self) -> Submission | None:
        """The next attempt, in `submitted`; None where there is none at the moment."""
        while (arrival := self._choose()) is not None:
            if taken := self._take(arrival):
                return taken
        return None

    def done(self, student: str) -> None:
        """The student's attempt is graded, and the page is there."""
        self._not_before[self._busy.pop(student)] = time.monotonic() + self._rules.pause

    def hold(self, student: str) -> None:
        """The student's last attempt is being graded although it was taken by an earlier program."""
        self._busy[student] = None

    def _knows(self, arrival: Arrival) -> bool:
        """Whether there is a place for the student."""
        if arrival.key not in self._folders and len(self._folders) < MOST_STUDENTS:
            self._folders[arrival.key] = self._register.folder(arrival.person)
        return arrival.key in self._folders

    def _tell_left_out(self) -> None:
        left_out = self._mirror.left_out
        for name, why in left_out.items():
            if self._told.get(name) != why:
                self._say(name or "the folder", f"left out: {why}.")
        self._told = left_out

    # --- whose turn it is ----------------------------------------------------------------------------------

    def _choose(self) -> Arrival | None:
        """The one of those who had least attempts that was seen first."""
        ready = [arrival for arrival in self._waiting.values() if self._is_ready(arrival)]
        return min(ready, key=self._had, default=None)

    def _had(self, arrival: Arrival) -> int:
        return len(self._book.taken(self._folders[arrival.key])) + self._failed[arrival.key]

    def _is_ready(self, arrival: Arrival) -> bool:
        return (
            arrival.settled >= self._rules.quiet
            and (self._last_look or time.monotonic() >= self._not_before.get(arrival.key, 0.0))
            and self._folders[arrival.key] not in self._busy
        )

    # --- what is taken -------------------------------------------------------------------------------------

    def _take(self, arrival: Arrival) -> Submission | None:
        content = self._content(arrival)
        if content is None:
            return None
        student, digest = self._folders[arrival.key], hashlib.sha256(content).hexdigest()
        taken, most = self._book.taken(student), self._rules.attempts
        if digest in taken[-1:]:
            self._finish(arrival)
        elif digest in taken:
            self._leave(arrival, f"attempt {taken.index(digest) + 1} again; nothing new is graded.")
        elif len(taken) >= most:
            self._leave(arrival, f"has had {len(taken)} of {most} attempts; left where it is.")
        elif problem := self._put(arrival, content):
            self._leave(arrival, f"not taken: {problem}.")
        else:
            self._note(arrival)
            self._book.take(student, digest)
            self._busy[student] = arrival.key
            for table in (self._failed, self._left):
                table.pop(arrival.key, None)
            self._finish(arrival)
            return Submission(student, self._shelf.assignment, self._submitted)
        return None

    def _content(self, arrival: Arrival) -> bytes | None:
        """The bytes of the notebook; None where it is not to be graded, or not yet."""
        impatient = self._last_look or arrival.settled >= self._rules.patience
        if not arrival.enrolled:
            self._leave(arrival, "is not in the roster; left where it is.")
            return None
        try:
            content = find_notebook(arrival.attempt.files, self._shelf.assignment).content()
            if impatient or is_whole(content):
                return content
        except Moved:
            pass
        except (NoNotebook, BadDownload) as problem:
            if impatient:
                self._leave(arrival, f"there is no notebook in it ({problem}).", tell=True)
                return None
        self._not_before[arrival.key] = time.monotonic() + self._rules.every
        return None

    def _put(self, arrival: Arrival, content: bytes) -> str:
        """Puts it into `submitted`; returns why not."""
        attempt = arrival.attempt
        try:
            return self._shelf.put(self._folders[arrival.key], content, attempt.time, attempt.files)
        except BadDownload as problem:
            return str(problem)

    def _note(self, arrival: Arrival) -> None:
        """Writes down who is who, for the way back."""
        platform = self._mirror.platform
        assert platform is not None  # else nobody would have arrived
        self._register.note(self._folders[arrival.key], arrival.person, arrival.attempt, platform.TITLE)
        self._register.write()

    def _leave(self, arrival: Arrival, why: str, *, tell: bool = False) -> None:
        """Does not take it, for as long as it is what it is; whoever does that again and again is looked at more rarely."""
        self._finish(arrival)
        self._failed[arrival.key] += 1
        doublings = min(self._failed[arrival.key], MOST_BACK_OFF)
        self._not_before[arrival.key] = time.monotonic() + self._rules.every * 2**doublings
        if self._left.get(arrival.key) != why:
            self._left[arrival.key] = why
            self._say(self._folders[arrival.key], why)
        if tell:
            self._refuse(self._folders[arrival.key], why)

    def _finish(self, arrival: Arrival) -> None:
        self._handled[arrival.key] = arrival.mark
        del self._waiting[arrival.key]
