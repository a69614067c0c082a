"""A whole run: which submissions, the lock, the kept reports, the results file."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.beside import digest_of
from autograder.classroom.lock import only_one
from autograder.classroom.pool import GradingPool
from autograder.classroom.results import each_result, results_writer
from autograder.classroom.run import Graded, grade_class
from autograder.classroom.store import ReportStore
from autograder.classroom.submissions import Submission, only_of
from autograder.grading.notebook import Damaged
from autograder.grading.rehearsed import Memory
from autograder.grading.submission import GradingLimits
from autograder.judge.hidden import Key
from autograder.sandbox.probe import require
from autograder.user_error import UserError


@dataclass(frozen=True)
class Wanted:
    """What of a class to grade.

    Attributes:
        only: these students; None means everybody.
        changed: those whose notebook is not the one in the results file, even if the tests have changed since.
        force: grade again what an earlier run has graded in the same way.

    Everybody else's line stays in the results file as it is.
    """

    only: list[str] | None = None
    changed: bool = False
    force: bool = False


class NoWorkers(UserError):
    """The workers cannot be used; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Workers:
    """Where grading happens.

    Attributes:
        jobs: how many submissions at a time.
        layers: what isolates student code there.
        make_executor: as `grade_class` takes it.
        note: what is to be told about the workers after the run; "" for nothing.
        missing: the layers that do not hold there; empty unless weak isolation is allowed.
    """

    jobs: int
    layers: tuple[str, ...]
    make_executor: Callable[[int], Executor] = GradingPool
    note: Callable[[], str] = str
    missing: tuple[str, ...] = ()


def local_workers(jobs: int | None, allow_weak: bool) -> Workers:
    """This machine's cores; `jobs` is how many of them, None for all. Raises `SandboxUnavailable`."""
    with GradingPool(1) as pool:  # the server that forks them has tried already what isolates here
        isolation = pool.submit(require, allow_weak).result()
    return Workers(jobs or os.cpu_count() or 1, isolation.layers, missing=isolation.missing)


class Session:
    """One run over a class. A run that is stopped, or killed, goes on when the same is asked for again.

    Args:
        results: the results file. Finished reports are kept in the folder `<results>.cache` beside it.
        submissions: the class's.
        wanted: which of them.

    Attributes:
        submissions: those that this run deals with.
    """

    def __init__(self, results: Path, submissions: list[Submission], wanted: Wanted):
        self._results, self._wanted = results, wanted
        if wanted.only is not None:
            submissions = only_of(submissions, wanted.only)
        if wanted.changed:
            submissions = _changed(submissions, results)
        self.submissions = submissions

    def run(
        self, workers: Workers, limits: GradingLimits, key: Key, memory: Memory | None = None
    ) -> Iterator[Graded]:
        """Grades with the assignment's key, writing every result down. Raises what `grade_class` raises, and `Locked`."""
        self._results.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = ReportStore(beside(self._results, ".cache"), limits, workers.layers, key)
        what = f"the results in {self._results}"
        with (
            only_one(beside(self._results, ".lock"), what),
            results_writer(self._results, self._others()) as write,
        ):
            for graded in grade_class(
                self.submissions,
                key=key,
                jobs=max(1, min(workers.jobs, len(self.submissions))),
                limits=limits,
                make_executor=workers.make_executor,
                store=store,
                force=self._wanted.force,
                missing=workers.missing,
                memory=memory,
            ):
                write(graded.result)
                yield graded

    def _others(self) -> Callable[[str], bool] | None:
        """Whose earlier lines stay; nobody's where the whole class is graded."""
        if self._wanted.only is None and not self._wanted.changed:
            return None
        graded = {submission.student for submission in self.submissions}
        return lambda student: student not in graded


def beside(path: Path, suffix: str) -> Path:
    """The file or folder that belongs to a results file and is called like it, but for its end."""
    return path.with_name(path.name + suffix)


def _changed(submissions: list[Submission], results: Path) -> list[Submission]:
    """Those whose notebook is not the one that the results file speaks of."""
    if not results.exists():
        return submissions
    known = {result.report.student: result.submission for result in each_result(results)}
    return [
        submission
        for submission in submissions
        if submission.student not in known or known[submission.student] != _digest(submission)
    ]


def _digest(submission: Submission) -> str | None:
    try:
        return digest_of(submission.read(), submission.files())
    except Damaged:
        return None
