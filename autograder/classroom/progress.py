"""How far a run has come: a bar in a terminal, elsewhere a line every few seconds for people or programs."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from autograder.classroom.run import Graded

EVERY = 10.0  # seconds between two lines
STYLES = ("bar", "lines", "json")


class Counts(Protocol):
    """What can be shown."""

    total: int
    done: int

    def count(self, event: Any) -> None:
        """Notes one that is done."""

    def line(self) -> str:
        """For people."""

    def to_json(self) -> dict[str, object]:
        """For programs."""


@dataclass
class Tally:
    """Counts of what is graded.

    Attributes:
        total: how many submissions there are.
        done: how many of them have a report.
        earlier: how many of these an earlier run had graded.
        damaged: how many could not be read.
        inconclusive: how many have a test that could not be decided.
        started: when, in `time.monotonic` seconds.
    """

    total: int
    done: int = 0
    earlier: int = 0
    damaged: int = 0
    inconclusive: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, graded: Graded) -> None:
        report = graded.result.report
        self.done += 1
        self.earlier += graded.earlier
        self.damaged += report.reason is not None
        self.inconclusive += any(test.outcome == "inconclusive" for test in report.tests)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Submissions graded in a second, without those of an earlier run; 0 before the first."""
        return (self.done - self.earlier) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None as long as there is none."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def line(self) -> str:
        """For people: "120 of 1,000 graded, 3.1 in a second, about 4:44 left; 2 damaged"."""
        parts = [f"{self.done:,} of {self.total:,} graded"]
        if self.done > self.earlier:
            parts.append(f"{self.rate:.1f} in a second")
        if self.seconds_left and self.done < self.total:
            parts.append(f"about {_clock(self.seconds_left)} left")
        notes = [
            f"{number:,} {what}"
            for number, what in (
                (self.earlier, "from an earlier run"),
                (self.damaged, "damaged"),
                (self.inconclusive, "with a test that could not be decided"),
            )
            if number
        ]
        return "; ".join([", ".join(parts), *notes])

    def to_json(self) -> dict[str, object]:
        """The same for programs."""
        left = self.seconds_left
        return {
            "total": self.total,
            "done": self.done,
            "earlier": self.earlier,
            "damaged": self.damaged,
            "inconclusive": self.inconclusive,
            "seconds": round(self.seconds, 1),
            "rate": round(self.rate, 3),
            "seconds_left": None if left is None else round(left, 1),
        }


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass
class RecordTally:
    """Counts of what is written into a gradebook."""

    total: int
    done: int = 0
    problems: int = 0

    def count(self, event: Any) -> None:
        self.done += 1
        self.problems += event.problem is not None

    def line(self) -> str:
        note = f", {self.problems:,} could not be" if self.problems else ""
        return f"{self.done - self.problems:,} of {self.total:,} recorded{note}"

    def to_json(self) -> dict[str, object]:
        return {"total": self.total, "recorded": self.done - self.problems, "problems": self.problems}


@contextmanager
def shown(tally: Counts, style: str | None, console: Console) -> Iterator[Callable[[Any], None]]:
    """A function that counts a finished submission and shows how far the run is.

    Args:
        style: one of `STYLES`; None means a bar where the console is a terminal, lines elsewhere.
        console: where it is shown.
    """
    style = style or ("bar" if console.is_terminal else "lines")
    if style == "bar":
        with _bar(tally, console) as refresh:
            yield _counting(tally, refresh)
        return

    def write() -> None:
        text = json.dumps(tally.to_json()) if style == "json" else tally.line()
        print(text, file=console.file, flush=True)

    ticker = _Ticker(write)
    yield _counting(tally, ticker.tick)
    ticker.end()


def _counting(tally: Counts, refresh: Callable[[], None]) -> Callable[[Any], None]:
    def advance(event: Any) -> None:
        tally.count(event)
        refresh()

    return advance


@contextmanager
def _bar(tally: Counts, console: Console) -> Iterator[Callable[[], None]]:
    columns = (BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=tally.total)
        yield lambda: progress.update(task, completed=tally.done, description=tally.line())


class _Ticker:
    """Calls `write` every few seconds and at the end."""

    def __init__(self, write: Callable[[], None]):
        self._write = write
        self._next = time.monotonic() + EVERY
        self._told = False

    def tick(self) -> None:
        self._told = time.monotonic() >= self._next
        if self._told:
            self._write()
            self._next = time.monotonic() + EVERY

    def end(self) -> None:
        if not self._told:
            self._write()
