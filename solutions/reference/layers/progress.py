"""What `fit` tells while it trains."""

import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

WIDTH = 20  # characters of a full bar
PAUSE = 0.5  # seconds between two looks of the bar: a notebook stores each of them


class Progress:
    """A line for each epoch; while it lasts, a bar in a terminal or a notebook.

    `verbose` is 0 for silence, 1 for the bar, 2 for finished epochs only; "auto" is 1 where a line can be
    written over (a terminal, Jupyter), else 2.
    """

    def __init__(self, epochs: int, verbose: str | int = "auto", stream: TextIO | None = None):
        self.epochs = epochs
        self.stream = stream or sys.stdout
        self.verbose = _level(verbose, self.stream)
        self._shown = ""
        self._next_look = self._start = 0.0

    def begin(self, epoch: int) -> None:
        """An epoch begins, counted from 0."""
        self._title = f"Epoch {epoch + 1:>{len(str(self.epochs))}}/{self.epochs}"
        self._start = time.perf_counter()

    def step(self, done: int, steps: int, measures: Mapping[str, float]) -> None:
        """So many batches of the epoch are done; `measures` maps names to their means up to here."""
        now = time.perf_counter()
        if self.verbose == 1 and now >= self._next_look:
            self._next_look = now + PAUSE
            left = (now - self._start) / done * (steps - done)
            filled = WIDTH * done // steps
            bar = "█" * filled + "░" * (WIDTH - filled)
            self._write(f"{self._title}  {bar}  {done}/{steps}  {_in_words(measures)}  {left:.0f} s left")

    def end(self, measures: Mapping[str, float]) -> None:
        """The epoch is done."""
        if self.verbose:
            seconds = time.perf_counter() - self._start
            self._write(f"{self._title}  {_in_words(measures)}  {seconds:.1f} s", end="\n")
            self._shown = ""

    def _write(self, line: str, end: str = "") -> None:
        over = "\r" if self._shown else ""
        print(over + line.ljust(len(self._shown)), end=end, file=self.stream, flush=True)
        self._shown = line


def _level(verbose: Any, stream: TextIO) -> int:
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f"verbose must be 'auto', 0, 1 or 2, but it is {verbose!r}")
    if verbose != "auto":
        return int(verbose)
    in_jupyter = type(stream).__module__.startswith("ipykernel")
    return 1 if in_jupyter or stream.isatty() else 2


def _in_words(measures: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in measures.items())
