"""Listens to everything that workers say to the grader, and looks at what they take."""

import contextlib
import ctypes
import gc
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

from autograder.sandbox import Sandbox
from autograder.sandbox.processes import Forked


class Ear:
    """What was heard since the last `forget`.

    Args:
        words: what to listen for. All else is forgotten at once: an ear that kept it would need more memory than the grader.

    Attributes:
        said: whatever of that workers sent.
        workers: the process ids of those that were started.
        peak: the most resident memory that one of them was seen to have taken, in bytes.
        kinds: the tier of each, and whether a server forked it.
    """

    def __init__(self, words: Sequence[re.Pattern[bytes]]):
        self._words = words
        self.forget()

    def forget(self) -> None:
        self.said: list[bytes] = []
        self.workers: list[int] = []
        self.peak = 0
        self.kinds: set[tuple[int, bool]] = set()

    def hear(self, sent: bytes) -> None:
        """Keeps what it listens for of some bytes that belong together."""
        for word in self._words:
            self.said += word.findall(sent)

    def sandbox(self, *arguments, **keywords) -> "_Overheard":
        """In place of `Sandbox(…)`."""
        return _Overheard(self, *arguments, **keywords)


class _Overheard(Sandbox):
    def __init__(self, ear, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self._ear = ear

    def _start(self, bounds):
        super()._start(bounds)
        self._ear.workers.append(self.pid)
        self._ear.kinds.add((self.tier, isinstance(self._child, Forked)))

    def _read(self, count, bounds):
        received = super()._read(count, bounds)
        self._ear.hear(received)
        return received

    def kill(self):
        if self.alive and self.pid:
            self._ear.peak = max(self._ear.peak, peak_memory(self.pid))
        super().kill()


@contextlib.contextmanager
def overhearing(words: Sequence[re.Pattern[bytes]]) -> Iterator[Ear]:
    """From now on, every worker of a submission is overheard."""
    ear = Ear(words)
    with mock.patch("autograder.grading.program.Sandbox", ear.sandbox):
        yield ear


def peak_memory(process: int | str = "self") -> int:
    """The most resident memory of a process in bytes, since it began or since `forget_peak_memory`; 0 if it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) << 10 if found else 0


def forget_peak_memory() -> None:
    """From now on, `peak_memory()` of this process is counted anew (see proc(5), clear_refs), without what earlier ones left free."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # glibc keeps freed memory for itself
    Path("/proc/self/clear_refs").write_text("5")
