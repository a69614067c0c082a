"""Grading on other machines: the workers of a Dask cluster (the extra `cluster`).

Notebooks travel to the workers as bytes and reports come back: no shared folder is needed, only the same kit. A
worker that dies is Dask's business: what it had is graded by another one.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from distributed import Client
from distributed.scheduler import KilledWorker

from autograder.classroom.run import GraderFailed, Task, grade_task
from autograder.classroom.session import NoWorkers, Workers
from autograder.classroom.version import OtherVersion, Version, version
from autograder.grading.report import Report
from autograder.sandbox import Isolation, SandboxUnavailable
from autograder.sandbox.probe import require
from autograder.suite import SuiteError

PATIENCE = 30.0
P = ParamSpec("P")
T = TypeVar("T")
OURS = (GraderFailed, OtherVersion, SandboxUnavailable, SuiteError)


@contextmanager
def cluster(
    address: str,
    jobs: int | None = None,
    patience: float = PATIENCE,
    *,
    assignment: str = "conv2d",
    allow_weak: bool = False,
) -> Iterator[Workers]:
    """The workers of the cluster whose scheduler is there.

    Args:
        address: of the scheduler, such as "tcp://10.0.0.1:8786" (or "tls://…", with Dask's own settings).
        jobs: how many submissions at a time; by default one for each worker that there is now.
        patience: seconds to wait for the scheduler, and for a first worker.
        assignment: what they are to grade; all must have the same version of it.
        allow_weak: take workers on which nothing isolates student code, too.

    Raises `NoWorkers`, `OtherVersion` and `SandboxUnavailable` where these workers cannot be used.
    """
    # A lost connection is told by the errors below; Dask would print its tracebacks besides.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoWorkers(
            f"No Dask scheduler answers at {address} ({type(error).__name__}). Start one with: dask scheduler"
        ) from None
    with client:
        number = _wait_for_workers(client, address, patience)
        layers, missing = _inspect_workers(client, assignment, allow_weak)
        before = len(_losses(client))
        yield Workers(
            jobs or number,
            layers,
            make_executor=lambda _: ClusterExecutor(client),
            note=lambda: _told(_losses(client)[before:]),
            missing=missing,
        )


def _wait_for_workers(client: Client, address: str, patience: float) -> int:
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise NoWorkers(
            f"The scheduler at {address} has no workers. Start some with: dask worker {address} --nthreads 1"
        ) from None
    workers = client.scheduler_info()["workers"]
    for worker, about in workers.items():
        if about["nthreads"] != 1:
            raise NoWorkers(
                f"The worker {worker} has {about['nthreads']} threads, but a process grades one submission at a time. "
                f"Start it as processes: dask worker {address} --nworkers {about['nthreads']} --nthreads 1"
            )
    return len(workers)


def _inspect_workers(
    client: Client, assignment: str, allow_weak: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The layers that hold on every worker, and those that are missing on some. Each is asked before anything is graded."""
    isolations: list[Isolation] = []
    for worker, answer in client.run(describe_worker, assignment, allow_weak, on_error="return").items():
        if isinstance(answer, OURS):
            raise type(answer)(f"{worker}: {answer}")
        if isinstance(answer, Exception):
            raise NoWorkers(
                f"The kit does not run on the worker {worker} ({type(answer).__name__}: {answer}). "
                "Install the same version there."
            )
        theirs, isolation = answer
        theirs.refuse_unless(version(assignment), worker)
        isolations.append(isolation)
    holding = (layer for layer in isolations[0].layers if all(layer in other.layers for other in isolations))
    missing = dict.fromkeys(layer for isolation in isolations for layer in isolation.missing)
    return tuple(holding), tuple(missing)


def describe_worker(assignment: str, allow_weak: bool) -> tuple[Version, Isolation]:
    """The kit's version and what isolates student code. Runs on a worker."""
    return _grading_thread().submit(lambda: (version(assignment), require(allow_weak))).result()


def grade_on_worker(task: Task) -> Report:
    """`grade_task` on a worker."""
    return _grading_thread().submit(grade_task, task).result()


# As `run._grader`: what outlives one task on a worker can only be kept in its process.
@functools.cache
def _grading_thread() -> ThreadPoolExecutor:
    """A thread that lives as long as the worker's process: a sandbox ends with the thread that started it."""
    return ThreadPoolExecutor(1, thread_name_prefix="grading")


class ClusterExecutor(Executor):
    """Dask's executor, with the errors that every executor has.

    Its futures raise `BrokenExecutor` for a submission whose workers died one after the other, and `NoWorkers`
    where the cluster itself is gone.
    """

    def __init__(self, client: Client):
        self._dask = client.get_executor(pure=False)

    def submit(self, function: Callable[P, T], /, *task: P.args, **keywords: P.kwargs) -> Future[T]:
        if function is not grade_task:
            raise ValueError("a cluster grades submissions and does nothing else")
        ours: Future[T] = Future()
        self._dask.submit(grade_on_worker, *task, **keywords).add_done_callback(
            lambda theirs: _hand_over(theirs, ours)
        )
        return ours

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without waiting, submissions in progress are given up; a worker that is at one finishes it for nobody."""
        self._dask.shutdown(wait=wait and not cancel_futures)


def _hand_over(theirs: Future[T], ours: Future[T]) -> None:
    if theirs.cancelled():
        ours.set_exception(NoWorkers("The scheduler is gone. What was graded is kept; start it and go on."))
        return
    error = theirs.exception()
    if error is None:
        ours.set_result(theirs.result())
    elif isinstance(error, KilledWorker):
        ours.set_exception(BrokenExecutor(str(error)))
    elif isinstance(error, OURS):
        ours.set_exception(error)
    else:
        ours.set_exception(NoWorkers(f"A worker failed ({type(error).__name__}: {error})."))


def _losses(client: Client) -> list[dict[str, Any]]:
    """The scheduler's record of workers that ended unexpectedly with something still to grade."""
    return [
        event
        for _, event in client.get_events("all")
        if isinstance(event, dict)
        and event.get("action") == "remove-worker"
        and not event.get("expected")
        and event.get("processing-tasks")
    ]


def _told(losses: list[dict[str, Any]]) -> str:
    if not losses:
        return ""
    again = sum(len(event["processing-tasks"]) for event in losses)
    workers = "1 worker" if len(losses) == 1 else f"{len(losses)} workers"
    return f"{workers} ended unexpectedly; {again} submissions in progress there were graded again elsewhere."
