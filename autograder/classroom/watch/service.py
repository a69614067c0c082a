"""The watch itself: looks, grades what is next with everything that `grade` has, writes it down, tells it."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom.beside import digest_of
from autograder.classroom.run import Graded, VisibleOnly, Wait, grade_class
from autograder.classroom.session import Workers
from autograder.classroom.store import ReportStore
from autograder.classroom.submissions import Submission
from autograder.classroom.watch.book import Book
from autograder.classroom.watch.desk import Desk, Rules
from autograder.classroom.watch.feedback import publish
from autograder.classroom.watch.hours import Hours
from autograder.grading.notebook import Damaged
from autograder.grading.rehearsed import Memory
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.grading.visible_run import VisibleCases
from autograder.judge.hidden import Key
from autograder.platforms.mirror import Mirror
from autograder.platforms.shelf import SECRET, write_whole

BREATH = 0.2  # seconds between two questions whether there is something to do
RESULTS_EVERY = 30.0  # seconds between two writings of the results file, while there is something to do


@dataclass(frozen=True)
class Telling:
    """What students are told.

    Attributes:
        feedback: the folder of their pages.
        page: makes a page of a report and the number of the attempt.
        refusal: makes a page of why nothing was graded.
        cases: the visible cases, of which alone the page then speaks; None where it speaks of the hidden tests.
    """

    feedback: Path
    page: Callable[[Report, int], str]
    refusal: Callable[[str], str]
    cases: VisibleCases | None = None


class Watch:
    """One watch over one folder.

    Args:
        mirror: the folder.
        submitted: where what is taken goes.
        book: open.
        rules, hours: how often, and when.
        telling: what becomes of a report.
        say: tells the instructor; whom it is about, and what.
        once: take what lies there now, and end.
    """

    def __init__(
        self,
        mirror: Mirror,
        submitted: Path,
        book: Book,
        rules: Rules,
        hours: Hours,
        telling: Telling,
        say: Callable[[str, str], None],
        *,
        once: bool = False,
    ):
        self._mirror, self._submitted, self._book, self._rules = mirror, submitted, book, rules
        self._hours, self._telling, self._say, self._once = hours, telling, say, once
        self._desk = Desk(mirror, submitted, book, rules, say, self._refuse)
        self._later: deque[Submission] = (
            deque()
        )  # whose page is out, and whose hidden tests are still to be run
        self._open: bool | None = None
        self._next_look = self._next_results = 0.0

    def run(
        self,
        workers: Workers,
        limits: GradingLimits,
        key: Key,
        store: ReportStore,
        memory: Memory | None = None,
    ) -> None:
        """Watches until it is over. Raises what `grade_class` raises."""
        graded = grade_class(
            self._steps(),
            key=key,
            jobs=workers.jobs,
            limits=limits,
            make_executor=workers.make_executor,
            store=store,
            missing=workers.missing,
            memory=memory,
        )
        for each in graded:
            self._record(each)
        self._book.bring_up_to_date()

    # --- what is next --------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[Submission | VisibleOnly | Wait]:
        yield from self._unfinished()
        looks_left = 0 if self._hours.are_over(datetime.now(UTC)) else 2
        while looks_left or not self._desk.is_empty or self._later:
            ends = self._ends()
            if looks_left and self._is_time_to_look():
                looks_left -= ends
                self._look(last=ends and not looks_left)
            yield self._next() or Wait(BREATH)

    def _is_time_to_look(self) -> bool:
        return self._is_open() and time.monotonic() >= self._next_look

    def _ends(self) -> bool:
        return self._once or self._hours.are_over(datetime.now(UTC))

    def _is_open(self) -> bool:
        is_open = self._ends() or self._hours.are_open(datetime.now(UTC))
        if self._open is not None and is_open != self._open:
            self._say("the watch", "opens." if is_open else "closes for now; what comes meanwhile waits.")
        self._open = is_open
        return is_open

    def _look(self, *, last: bool) -> None:
        began = time.monotonic()
        try:
            self._desk.look(last=last)
        except OSError as error:  # a network's folder comes and goes
            self._say("the folder", f"cannot be looked at ({error.strerror}).")
        took = time.monotonic() - began
        pause = self._rules.quiet if self._once else self._rules.every
        self._next_look = time.monotonic() + max(pause, took)  # half of the time at most goes into looking

    def _next(self) -> Submission | VisibleOnly | None:
        taken = self._desk.next() if self._is_open() else None
        if taken is not None:
            return self._first(taken)
        if self._later:
            return self._later.popleft()
        self._write_results()
        return None

    def _first(self, submission: Submission) -> Submission | VisibleOnly:
        """What is done first with a submission that was taken."""
        cases = self._telling.cases
        return submission if cases is None else VisibleOnly(submission, cases)

    def _unfinished(self) -> Iterator[Submission | VisibleOnly]:
        """What an earlier program had taken and not finished when it ended."""
        for student in self._book.students():
            page, is_graded = self._book.page(student), self._book.is_graded(student)
            submission = Submission(student, self._mirror.assignment, self._submitted)
            if page is not None:
                self._publish(submission, page)
            if (page is None or not is_graded) and self._is_there(submission):
                self._desk.hold(student)
                yield submission if page is not None else self._first(submission)

    def _is_there(self, submission: Submission) -> bool:
        """Whether the student's last attempt is what lies in `submitted`."""
        try:
            digest = digest_of(submission.read(), {})
        except Damaged:
            return False
        return digest == self._book.taken(submission.student)[-1]

    # --- what came of it -----------------------------------------------------------------------------------

    def _record(self, graded: Graded) -> None:
        report, student = graded.result.report, graded.result.report.student
        number = len(self._book.taken(student))
        submission = Submission(student, report.assignment, self._submitted)
        tells = graded.visible or self._telling.cases is None
        if not graded.visible:
            self._book.grade(graded.result)
        if tells:
            page = self._telling.page(report, number).encode()
            self._book.keep_page(student, page, write_whole)
            self._publish(submission, page)
        if graded.visible:
            self._later.append(submission)
        else:
            self._desk.done(student)
        self._say(student, _line(graded, f"attempt {number} of {self._rules.attempts}"))
        self._write_results()

    def _publish(self, submission: Submission, page: bytes) -> None:
        files = {
            name: content for name in ("timestamp.txt", SECRET) if (content := _beside(submission, name))
        }
        self._put(submission.student, files | {f"{submission.assignment}.html": page})

    def _refuse(self, student: str, why: str) -> None:
        self._put(student, {f"{self._mirror.assignment}.html": self._telling.refusal(why).encode()})

    def _put(self, student: str, files: dict[str, bytes]) -> None:
        try:
            publish(self._telling.feedback, student, self._mirror.assignment, files)
        except OSError as error:
            self._say(student, f"the page could not be written ({error.strerror}).")

    def _write_results(self) -> None:
        """Now and then: a class of ten thousand has a results file of 200 MB."""
        if time.monotonic() >= self._next_results:
            began = time.monotonic()
            self._book.bring_up_to_date()
            took = time.monotonic() - began
            self._next_results = time.monotonic() + max(RESULTS_EVERY, 10 * took)


def _beside(submission: Submission, name: str) -> bytes:
    path = submission.folder / name
    return path.read_bytes() if path.is_file() else b""


def _line(graded: Graded, attempt: str) -> str:
    report = graded.result.report
    if report.reason is not None:
        return f"{attempt}: {report.reason}"
    kept = ", kept from before" if graded.earlier else f", {report.seconds:.1f} s"
    if graded.visible:
        cells = {test.cell for test in report.tests}
        wrong = {test.cell for test in report.tests if test.outcome != "passed"}
        return f"{attempt}: {len(cells - wrong)} of {len(cells)} functions pass their visible cases{kept}."
    return f"{attempt}: {report.score:g} of {report.max_score:g} points{kept}."
