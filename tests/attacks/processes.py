"""Which processes descend from this one, however hard they try to be somebody else's."""

import contextlib
import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 3.0  # seconds in which what was killed has to be gone
CALM = 0.3  # seconds without a change, after which everything has started or ended


@contextlib.contextmanager
def adopting_orphans() -> Iterator[None]:
    """While the block lasts, whoever loses his parent becomes this process's child: a daemon stays in sight."""
    _set_subreaper(1)
    try:
        yield
    finally:
        _set_subreaper(0)


def _set_subreaper(on: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, on, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "orphans cannot be adopted")


def descendants() -> set[int]:
    """All living processes below this one, in all namespaces."""
    parents = dict(_living())
    found = {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found - {os.getpid()}


def _living():
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        if state != "Z":
            yield int(folder.name), int(parent)


def usual_number() -> int:
    """How many descendants there are when nothing is starting or ending: the number is the same for a while."""
    number, since = len(descendants()), time.monotonic()
    while time.monotonic() - since < CALM:
        time.sleep(CALM / 10)
        if (now := len(descendants())) != number:
            number, since = now, time.monotonic()
    return number


def too_many(usual: int) -> int:
    """How many more processes than usual are there, after what was killed had time to end.

    One that hides in the place of a worker which is not ready yet is seen after the next attack.
    """
    end = time.monotonic() + PATIENCE
    while (more := len(descendants()) - usual) > 0 and time.monotonic() < end:
        time.sleep(0.01)
    return max(more, 0)
