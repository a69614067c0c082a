"""Work on several cores. NumPy lets go of the interpreter's lock while it copies, adds and multiplies."""

import functools
import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar, overload

from solutions.reference.engine.tuning import THREAD_MULTIPLICATIONS

# Of one process; the others of a call that wants more wait for their turn. No machine of today gets near it.
MOST_THREADS = 256

Part = TypeVar("Part")
Result = TypeVar("Result")
Item = TypeVar("Item")


def share(threads: int | None, multiplications: int) -> int:
    """Return how many threads to use: `threads`, or if that is None this process's cores, fewer for small work."""
    if threads is not None:
        return threads
    useful = multiplications // THREAD_MULTIPLICATIONS
    return 1 if useful < 2 else min(_cores(), useful)


def run(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """Return [work(part) for part in parts], each in a thread of its own, the first in the caller's."""
    first, *others = parts
    if not others:
        return [work(first)]
    results = [_pool(os.getpid()).submit(work, part) for part in others]
    try:
        done = work(first)
    finally:
        wait(results)
    return [done, *(result.result() for result in results)]


@overload
def cut(items: range, parts: int) -> list[range]: ...
@overload
def cut(items: list[Item], parts: int) -> list[list[Item]]: ...
def cut(items: Any, parts: int) -> Any:
    """Cut a list or range into `parts` of nearly the same length, or into fewer: none is empty unless all are.

    >>> cut(["a", "b", "c", "d", "e"], 2)
    [['a', 'b'], ['c', 'd', 'e']]
    """
    parts = max(1, min(parts, len(items)))
    if parts == 1:
        return [items]
    edges = [len(items) * i // parts for i in range(parts + 1)]
    return [items[first:last] for first, last in itertools.pairwise(edges)]


@functools.cache
def _pool(process: int) -> ThreadPoolExecutor:
    """The threads of a process, which wait for work: to start one for each convolution would take longer than many do.

    A fork inherits this function's memory, but no threads: so the process's number is an argument, and a fork
    gets new ones.
    """
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="convolution")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
