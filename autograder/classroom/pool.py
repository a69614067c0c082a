"""Grading processes on this machine, which never outlive the run."""

import contextlib
import functools
import multiprocessing
import multiprocessing.util
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext

from autograder.sandbox.folders import held_folder

LONGEST_FOLDER = 60  # characters: the names of the sockets in it may have 107 in all


class GradingPool(ProcessPoolExecutor):
    """Processes forked from a clean server that has everything imported and tried: see `prepared`.

    They end with this process, even if it is killed, and at once when the pool is shut down without waiting:
    a notebook that is being graded may have minutes to go.
    """

    def __init__(self, jobs: int):
        context = start_server()
        watched, self._lifeline = context.Pipe(duplex=False)
        super().__init__(jobs, mp_context=context, initializer=_start_process, initargs=(watched,))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._lifeline.close()


# Once in a process, since multiprocessing has one such server and one folder for each process, and keeps both itself.
@functools.cache
def start_server() -> BaseContext:
    """Starts the clean server, once. It gets ready by itself, while this process does something else."""
    _keep_sockets_together()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.classroom.prepared"])
    forkserver.ensure_running()
    return context


def _keep_sockets_together() -> None:
    """Lets multiprocessing make its folder, one for the whole process, where the next run removes it after a kill."""
    with contextlib.ExitStack() as held:
        folder = held.enter_context(held_folder())
        if len(folder) > LONGEST_FOLDER:
            return
        with _temporary_files_in(folder):
            multiprocessing.util.get_temp_dir()  # made when first asked for, and remembered
        # After multiprocessing's own folder in it, which goes at -100.
        multiprocessing.util.Finalize(None, held.pop_all().close, exitpriority=-200)


@contextlib.contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """While the block lasts, the whole process makes its temporary files there: multiprocessing takes no folder as an argument.

    For blocks that are over at once.
    """
    usual, tempfile.tempdir = tempfile.tempdir, folder
    try:
        yield
    finally:
        tempfile.tempdir = usual


def _start_process(lifeline: Connection) -> None:
    """Ctrl-C is the main process's business: it decides what becomes of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    lifeline.poll(None)  # nothing is ever sent: it returns when the other end is gone
    os._exit(1)
