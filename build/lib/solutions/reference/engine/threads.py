"""Work on several cores. NumPy lets go of the interpreter's lock while it copies, adds and multiplies."""

import functools
import itertools
import os
from concurrent.futures import ThreadPoolExecutor, wait

WORTH_A_THREAD = 4_000_000  # multiplications: fewer are done before another thread has woken up
MOST_THREADS = 256


def share(threads, multiplications):
    """Return how many threads to use: `threads`, or if that is None this process's cores, fewer for small work."""
    if threads is not None:
        return threads
    useful = multiplications // WORTH_A_THREAD
    return 1 if useful < 2 else min(_cores(), useful)


def run(work, parts):
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


def cut(items, parts):
    """Cut a list or range into `parts` of nearly the same length, or into fewer: none is empty unless all are."""
    parts = max(1, min(parts, len(items)))
    if parts == 1:
        return [items]
    edges = [len(items) * i // parts for i in range(parts + 1)]
    return [items[first:last] for first, last in itertools.pairwise(edges)]


@functools.cache
def _pool(process):
    """The threads of a process, which wait for work: to start one for each convolution would take longer than many do.

    A fork inherits this function's memory, but no threads.
    """
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="convolution")


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
