"""Grades many submissions at once; one that breaks its process costs nobody else anything."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, ProcessPoolExecutor, wait

from autograder.classroom.submissions import Submission
from autograder.grading.notebook import Damaged
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits, damaged, grade
from autograder.grading.suite_run import SuiteError
from autograder.sandbox import SandboxUnavailable


def grade_class(
    submissions: Iterable[Submission],
    *,
    jobs: int,
    limits: GradingLimits | None = None,
    make_executor: Callable[[int], Executor] | None = None,
) -> Iterator[Report]:
    """The report of every submission, in the order in which they are ready.

    Args:
        submissions: whose to grade.
        jobs: how many at a time.
        limits: for each of them.
        make_executor: gives a `concurrent.futures` executor for that many jobs; a process pool by default.

    Raises `SandboxUnavailable` and `SuiteError`, which concern all of them. Whatever else goes wrong with one
    submission is told in its own report.
    """
    make_executor = make_executor or process_pool
    waiting = deque(submissions)
    while waiting:
        suspects: list[Submission] = []
        yield from _until_it_breaks(waiting, suspects, jobs, limits, make_executor)
        for suspect in suspects:  # one of them killed its grading process: each once more, alone
            yield from _alone(suspect, limits, make_executor)


def process_pool(jobs: int) -> ProcessPoolExecutor:
    """Processes forked from a clean server that has the grader imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading"])
    return ProcessPoolExecutor(jobs, mp_context=context)


def _until_it_breaks(waiting, suspects, jobs, limits, make_executor) -> Iterator[Report]:
    """Keeps every worker busy and no more than that many notebooks in memory."""
    running = {}
    with make_executor(jobs) as executor:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * jobs:
                    submission = waiting.popleft()
                    running[executor.submit(grade_submission, submission, limits)] = submission
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    report = future.result()
                    del running[future]
                    yield report
        except BrokenExecutor:
            suspects.extend(running.values())
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _alone(submission, limits, make_executor) -> Iterator[Report]:
    with make_executor(1) as executor:
        try:
            yield executor.submit(grade_submission, submission, limits).result()
        except BrokenExecutor:
            reason = "Grading this notebook ended the grader's own process twice. Please look at it by hand."
            yield damaged(reason, student=submission.student, assignment=submission.assignment)


def grade_submission(submission: Submission, limits: GradingLimits | None) -> Report:
    """One submission's report, whatever is wrong with it. Runs in a process of the pool."""
    names = {"student": submission.student, "assignment": submission.assignment}
    try:
        return grade(submission.read(), **names, limits=limits)
    except Damaged as damage:
        return damaged(str(damage), **names)
    except (SandboxUnavailable, SuiteError):
        raise
    except Exception as error:
        return damaged(
            f"The grader failed on this notebook ({type(error).__name__}). Please look at it by hand.",
            **names,
        )
