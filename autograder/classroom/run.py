"""Grades many submissions at once; one that breaks its process costs nobody else anything."""

import functools
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.util import Finalize

from autograder.classroom.beside import digest_of
from autograder.classroom.pool import GradingPool
from autograder.classroom.results import Result
from autograder.classroom.store import ReportStore
from autograder.classroom.submissions import Submission
from autograder.classroom.version import OtherVersion, Version, version
from autograder.grading.notebook import Damaged
from autograder.grading.rehearsed import Memory
from autograder.grading.report import Report
from autograder.grading.submission import Grader, GradingLimits, damaged
from autograder.grading.visible_run import VisibleCases, digest_of_cases
from autograder.judge.hidden import Key
from autograder.sandbox import SandboxUnavailable
from autograder.suite import SuiteError


@dataclass(frozen=True)
class Graded:
    """A submission that is done.

    Attributes:
        result: its line of the results file.
        earlier: whether an earlier run had graded it, so that nothing was left to do.
        visible: whether the result is of the visible cases, see `VisibleOnly`.
    """

    result: Result
    earlier: bool = False
    visible: bool = False


@dataclass(frozen=True)
class VisibleOnly:
    """In place of a submission: that its visible cases alone are to be run, and no hidden test.

    Attributes:
        cases: each function's, by its name.
    """

    submission: Submission
    cases: VisibleCases


@dataclass(frozen=True)
class Wait:
    """In place of a submission: that there is none for so many seconds, and what is ready should be given out."""

    seconds: float


@dataclass(frozen=True)
class Task:
    """What travels to a grading process, on this machine or another: plain values and the notebook's bytes."""

    student: str
    assignment: str
    content: bytes
    files: dict[str, bytes]  # small ones beside the notebook
    digest: str  # SHA-256 of both
    limits: GradingLimits
    key: Key  # the assignment's alone
    version: Version
    cases: VisibleCases | None = None  # these are run instead of the hidden tests
    memory: Memory | None = (
        None  # of what follows from the key; elsewhere the file is not there, and is not missed
    )


class GraderFailed(Exception):
    """Grading one submission ended in an error of the grader's own; the message is the error's name."""


def grade_task(task: Task) -> Report:
    """One submission's report. Runs in a grading process.

    Raises `OtherVersion`, `SandboxUnavailable` and `SuiteError`, which concern every submission, and
    `GraderFailed`, which concerns this one.
    """
    try:
        version(task.assignment).refuse_unless(task.version, socket.gethostname())
        grader, who = (
            _grader(task.limits, task.memory),
            {"student": task.student, "assignment": task.assignment},
        )
        if task.cases is not None:
            return grader.run_visible(task.content, task.cases, files=task.files, **who)
        return grader.grade(task.content, key=task.key, files=task.files, **who)
    except (OtherVersion, SandboxUnavailable, SuiteError):
        raise
    except Exception as error:
        raise GraderFailed(type(error).__name__) from None


# An executor's function gets its task and nothing else: what is to outlive one task can only be kept in the process.
@functools.cache
def _grader(limits: GradingLimits, memory: Memory | None) -> Grader:
    """The process's own, which lives as long as the process."""
    grader = Grader(limits, memory=memory)
    Finalize(None, grader.__exit__, exitpriority=0)  # multiprocessing's children run no `atexit` functions
    return grader


def grade_class(
    submissions: Iterable[Submission | VisibleOnly | Wait],
    *,
    key: Key,
    jobs: int,
    limits: GradingLimits | None = None,
    make_executor: Callable[[int], Executor] = GradingPool,
    store: ReportStore | None = None,
    force: bool = False,
    missing: tuple[str, ...] = (),
    memory: Memory | None = None,
) -> Iterator[Graded]:
    """Every submission's result, in the order in which they are ready.

    Args:
        submissions: whose to grade. They may come while others are graded.
        key: the assignment's, from which the hidden inputs follow.
        jobs: how many at a time. Twice as many notebooks are in memory, however many there are.
        limits: for each of them.
        make_executor: gives a `concurrent.futures` executor for that many jobs, by default processes of this
            machine. Its futures raise `BrokenExecutor` where a grading process died.
        store: the reports of earlier runs; this run's are put there as well.
        force: grade anew what an earlier run has graded.
        missing: the layers that do not hold there, for the reports of notebooks that cannot be graded.
        memory: where the course keeps what follows from the key.

    Raises `SandboxUnavailable`, `SuiteError` and `OtherVersion`, which concern all of them. Whatever else goes
    wrong with one submission is told in its own report.
    """
    run = _Run(key, jobs, limits or GradingLimits(), make_executor, store, force, missing, memory)
    steps = map(run.look_at, submissions)
    broken = True
    while broken:
        suspects: list[Task] = []
        broken = yield from run.until_it_breaks(steps, suspects)
        for suspect in suspects:  # one of them killed its grading process: each once more, alone
            yield run.grade_alone(suspect)


@dataclass(frozen=True)
class _Run:
    """The arguments of `grade_class`."""

    key: Key
    jobs: int
    limits: GradingLimits
    make_executor: Callable[[int], Executor]
    store: ReportStore | None
    force: bool
    missing: tuple[str, ...]
    memory: Memory | None

    def look_at(self, step: Submission | VisibleOnly | Wait) -> Task | Graded | Wait:
        """What is to be graded; or the result, if there is nothing to read or an earlier run has graded it."""
        if isinstance(step, Wait):
            return step
        visible = isinstance(step, VisibleOnly)
        submission, cases = (step.submission, step.cases) if isinstance(step, VisibleOnly) else (step, None)
        names = {"student": submission.student, "assignment": submission.assignment}
        ours = version(submission.assignment)
        try:
            content, files = submission.read(), submission.files()
        except Damaged as damage:
            report = damaged(str(damage), **names, missing=self.missing)
            return Graded(Result(report, None, ours.kit), visible=visible)
        digest = digest_of(content, files)
        task = Task(
            **names,
            content=content,
            files=files,
            digest=digest,
            limits=self.limits,
            key=self.key,
            version=ours,
            cases=cases,
            memory=self.memory,
        )
        if self.store is not None and not self.force:
            kept = self.store.get(self._name(self.store, task), submission.student)
            if kept is not None:
                return Graded(Result(kept, digest, ours.kit), earlier=True, visible=visible)
        return task

    def _name(self, store: ReportStore, task: Task) -> str:
        shown = "" if task.cases is None else f" {digest_of_cases(task.cases)}"
        return store.name(task.assignment, task.digest + shown)

    def until_it_breaks(
        self, steps: Iterator[Task | Graded | Wait], suspects: list[Task]
    ) -> Generator[Graded, None, bool]:
        """Works through the steps; returns whether the executor broke before their end.

        Whatever was with a grading process that died is put into `suspects`.
        """
        running: dict[Future[Report], Task] = {}
        broken = False
        with self.make_executor(self.jobs) as executor, _given_up_on_error(executor):
            for step in steps:
                if isinstance(step, Graded):
                    yield step
                    continue
                if isinstance(step, Wait):
                    yield from self._collect(running, suspects, step.seconds)
                    continue
                try:
                    running[executor.submit(grade_task, step)] = step
                except BrokenExecutor:
                    suspects.append(step)
                    broken = True
                    break
                while len(running) >= 2 * self.jobs:
                    yield from self._collect(running, suspects)
            while running:
                yield from self._collect(running, suspects)
        return broken

    def grade_alone(self, task: Task) -> Graded:
        """Grades it with no other near, so that it is clear whose fault a dead process is."""
        with self.make_executor(1) as executor, _given_up_on_error(executor):
            try:
                return self._finish(task, executor.submit(grade_task, task))
            except BrokenExecutor:
                return self._failed(task, "Grading this notebook ended the grader's own process twice.")

    def _collect(
        self, running: dict[Future[Report], Task], suspects: list[Task], seconds: float | None = None
    ) -> Iterator[Graded]:
        """Waits until something is done, or for so many seconds."""
        if not running and seconds is not None:
            time.sleep(seconds)
        for future in wait(running, seconds, return_when=FIRST_COMPLETED).done:
            task = running.pop(future)
            try:
                yield self._finish(task, future)
            except BrokenExecutor:
                suspects.append(task)

    def _finish(self, task: Task, future: Future[Report]) -> Graded:
        try:
            report = future.result()
        except GraderFailed as failure:
            return self._failed(task, f"The grader failed on this notebook ({failure}).")
        if self.store is not None:
            self.store.put(self._name(self.store, task), report)
        return self._graded(task, report)

    def _failed(self, task: Task, reason: str) -> Graded:
        """Not kept for the next run: the fault may be the machine's."""
        report = damaged(
            f"{reason} Please look at it by hand.",
            student=task.student,
            assignment=task.assignment,
            missing=self.missing,
        )
        return self._graded(task, report)

    @staticmethod
    def _graded(task: Task, report: Report) -> Graded:
        return Graded(Result(report, task.digest, task.version.kit), visible=task.cases is not None)


@contextmanager
def _given_up_on_error(executor: Executor) -> Iterator[None]:
    """Nobody waits for submissions in progress when the run is stopped: each may take minutes."""
    try:
        yield
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
