"""Runs a student's function inside a notebook: for a limited time, and knowing whether its cell stopped."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

PATIENCE = 5  # seconds of CPU time for one call: a right function takes milliseconds


class TooLong(BaseException):
    """The time for a call is over. No student's ``except Exception`` stops it."""


@contextmanager
def time_limit(seconds: float = PATIENCE) -> Iterator[None]:
    """Raises ``TooLong`` in the block where it computes longer; waiting, as in a debugger, does not count.

    Where the system has no such alarm (Windows, a browser), nothing happens, and Interrupt is left.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class CellRuns:
    """Which functions' cells stopped with an error when they were last run."""

    def __init__(self) -> None:
        self._stopped: dict[str, str] = {}

    def watch(self) -> None:
        """Hears of every cell that IPython runs from now on; outside a notebook there is nothing to hear of."""
        if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()) is not None:
            shell.events.register("post_run_cell", self.note)

    def note(self, result: Any) -> None:
        """IPython's record of a cell that has run."""
        error = result.error_before_exec or result.error_in_exec
        for name in re.findall(r"^(?:async )?def (\w+)", result.info.raw_cell or "", re.MULTILINE):
            if error is None:
                self._stopped.pop(name, None)
            else:
                self._stopped[name] = _in_a_line(error)

    def why_stopped(self, name: str) -> str:
        """What the last run of a function's cell stopped with; "" where it ran to its end."""
        return self._stopped.get(name, "")


def _in_a_line(error: BaseException) -> str:
    """The error in a line; a syntax error with its line in place of a file that no student knows."""
    said = str(error)
    if isinstance(error, SyntaxError):
        said = f"{error.msg}, in line {error.lineno}"
    return f"{type(error).__name__}: {said}".splitlines()[0][:200]


@contextmanager
def example_of(name: str) -> Iterator[None]:
    """Shows a student's function at work in the block; where that fails, says so in a sentence and goes on."""
    try:
        with time_limit():
            yield
    except (Exception, TooLong, KeyboardInterrupt) as error:
        missing = isinstance(error, (NotImplementedError, KeyError))
        reason = (
            "it is not there yet" if missing else f"it stopped with {type(error).__name__}: {error}"[:300]
        )
        print(f"This example shows your {name}; {reason}. Make its check pass, then run this cell again.")


def names_of_caller(depth: int) -> Mapping[str, object]:
    """The global names where a function was called: in a notebook, the student's own.

    ``depth`` is 1 for the caller of the function that asks.
    """
    return sys._getframe(depth + 1).f_globals
