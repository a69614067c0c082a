"""Grading processes on this machine, which never outlive the run."""

import contextlib
import functools
import multiprocessing
import multiprocessing.util
import os
import signal
import tempfile
import threading
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


@functools.cache
def start_server() -> BaseContext:
    """Starts the clean server, once. It gets ready by itself, while this process does something else."""
    _keep_sockets_together()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.classroom.prepared"])
    forkserver.ensure_running()
    return context


@functools.cache
def _keep_sockets_together() -> None:
    """Lets multiprocessing make its folder, one for the whole process, where the next run removes it after a kill."""
    with contextlib.ExitStack() as held:
        folder = held.enter_context(held_folder())
        if len(folder) > LONGEST_FOLDER:
            return
        usual, tempfile.tempdir = tempfile.tempdir, folder
        try:
            multiprocessing.util.get_temp_dir()
        finally:
            tempfile.tempdir = usual
        # After multiprocessing's own folder in it, which goes at -100.
        multiprocessing.util.Finalize(None, held.pop_all().close, exitpriority=-200)


def _start_process(lifeline: Connection) -> None:
    """Ctrl-C is the main process's business: it decides what becomes of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    lifeline.poll(None)  # nothing is ever sent: it returns when the other end is gone
    os._exit(1)
