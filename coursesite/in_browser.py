"""What Python lacks in a browser (Pyodide, WebAssembly), as a context in ordinary Python.

    with in_browser():
        …

Threads, processes, connections and interval timers are refused as Pyodide 314 refuses them. Whole numbers for which
NumPy would choose int64 are int32, as `numpy.intp` is there. So a lab or a check that runs here needs none of these.
"""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

# NumPy's functions that choose an integer dtype themselves, and those that count or give positions.
CHOOSING = ("arange", "array", "asarray", "full", "ones", "zeros", "empty", "linspace", "indices", "eye")
COUNTING = ("argmax", "argmin", "argsort", "nonzero", "where", "searchsorted", "bincount", "unique")
ADDING = ("sum", "prod", "cumsum", "cumprod", "dot", "matmul", "tensordot", "einsum", "round")
SMALLER = {np.dtype(np.int64): np.int32, np.dtype(np.uint64): np.uint32}


@contextmanager
def in_browser() -> Iterator[None]:
    """Refuse what a browser lacks, and give 32-bit whole numbers, until the context ends."""
    with ExitStack() as patches:
        for owner, name, error in refusals():
            patches.enter_context(patch.object(owner, name, _refusing(error)))
        for name in ("setitimer", "alarm"):  # the module has no such names there
            if function := signal.__dict__.get(name):
                patches.enter_context(_without(signal, name, function))
        for name in CHOOSING + COUNTING + ADDING:
            patches.enter_context(patch.object(np, name, _with_small_integers(getattr(np, name))))
        yield


def refusals() -> list[tuple[Any, str, Exception]]:
    """(owner, name, the error of Pyodide 314.0.6) of each function that cannot work there."""
    no_thread = RuntimeError("can't start new thread")
    no_process = OSError(138, "emscripten does not support processes.")
    no_host = OSError(23, "Host is unreachable")
    names = [(os, name, no_process) for name in ("fork", "system", "posix_spawn") if hasattr(os, name)]
    return [
        *names,
        (subprocess.Popen, "__init__", no_process),
        (threading.Thread, "start", no_thread),
        (socket.socket, "connect", no_host),
    ]


def _refusing(error: Exception) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise error

    return refuse


@contextmanager
def _without(module: Any, name: str, function: Any) -> Iterator[None]:
    delattr(module, name)
    try:
        yield
    finally:
        setattr(module, name, function)


def _with_small_integers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy function whose results have 32 bits where 64 were NumPy's choice and nobody's wish."""

    @functools.wraps(function)
    def small(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        if _asked_for_wide([*arguments, *options.values()]):
            return result
        return tuple(map(_small, result)) if isinstance(result, tuple) else _small(result)

    return small


def _asked_for_wide(arguments: list[Any]) -> bool:
    """Whether one of them is a 64-bit dtype by name, or an array or a NumPy number of one, or another owner of memory."""
    return any(
        (isinstance(each, np.ndarray | np.generic) and each.dtype in SMALLER)
        or (isinstance(each, np.dtype) and each in SMALLER)
        or (isinstance(each, type | str) and each in (np.int64, np.uint64, "int64", "uint64", "i8", "u8"))
        or (hasattr(each, "__array_interface__") and not isinstance(each, np.ndarray | np.generic))
        for each in arguments
    )


def _small(result: Any) -> Any:
    """The result in 32 bits. OverflowError where it does not fit, which there would be a wrong number."""
    if not isinstance(result, np.ndarray | np.generic) or result.dtype not in SMALLER:
        return result
    narrow = np.iinfo(SMALLER[result.dtype])
    if result.size and not (narrow.min <= result.min() and result.max() <= narrow.max):
        raise OverflowError(f"{result.max()} does not fit into the {narrow.dtype} that a browser has")
    return result.astype(narrow.dtype)
