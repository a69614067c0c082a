"""Compares the CPU time of two functions so that a busy machine changes nothing."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.judge.function import Function
from autograder.judge.vocabulary import Inconclusive, Mismatch, assert_same
from autograder.sandbox import Answer, TimedOut, WorkerFailure

PAIRS = 5
TRIES = 3
SCREENING = 3  # pairs in which a clear case shows
SMALL, LARGE = 1, 4  # the two sizes
LINEAR = 4  # how many times longer the baseline takes from the small size to the large one
SQUARE = 4  # how many times more than that the time of a square grows
HOPELESS = 8  # times the factor: noise was never seen to make a call more than 4 times longer
STEADY = 1.3  # the baseline's own median may be this many times its minimum
GROWTH = 3  # how many times more than the baseline's the time may grow from the small size to the large one
LEAST_PATIENCE = 0.25  # seconds of CPU time that any call may take before it is stopped as too slow


def assert_not_much_slower(
    function: Function,
    baseline: Function,
    make_arguments: Callable[[int, int], tuple[Any, ...]],
    *,
    factor: float,
    unit: str = "inputs",
    advice: str = "",
) -> None:
    """The student's function needs at most `factor` times the baseline's CPU time, or half of that if it grows faster.

    It is timed at sizes n and 4n: after a pair to warm up, each of five pairs runs both functions on fresh
    inputs, one right after the other, and the minima are compared. Load on the machine slows both or is left
    out by the minimum. Every timed answer is compared with the baseline's, so that a fast wrong answer earns
    nothing.

    Clear cases end early, by the minima of two or three pairs. Growth counts from half of `factor` on. So a pass is clear
    within half of it at size 4n, or so far below at size n that even a square, which grows 4 times more than the
    baseline, stays within. A failure is clear at size n where the function would be too slow at size 4n even if
    that took it no longer. A call that takes 8 times what is allowed is stopped, and is a failure, too.

    Args:
        function: the student's.
        baseline: a vectorized one that runs in a worker of its own under the same limits.
        make_arguments: gives the arguments for a size of 1 or 4 and for pair number n, different for every
            n. At size 4 they should keep the baseline busy for 5 milliseconds and more: shorter calls measure
            the clock and the wire.
        factor: leave a factor 2 of room above what good solutions need.
        unit: what there are 4 times as many of at the larger size, for the message.
        advice: how to be faster, in a sentence or two for the student.

    Raises `Mismatch` when it is slower, `Inconclusive` when it looks slower but the baseline's own times are
    too unsteady to say so.
    """
    Race(function, baseline, make_arguments, factor, unit, advice).judge()


@dataclass(frozen=True)
class Times:
    """Least CPU seconds of both functions at one size, and whether the baseline's can be believed."""

    theirs: float
    ours: float
    steady: bool

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours

    @classmethod
    def least(cls, pairs: list[tuple[float, float]]) -> "Times":
        theirs, ours = (sorted(times) for times in zip(*pairs, strict=True))
        return cls(theirs[0], ours[0], ours[len(ours) // 2] <= STEADY * ours[0])


@dataclass(frozen=True)
class Race:
    """The arguments of `assert_not_much_slower`, and the numbers of the pairs that are still to come."""

    function: Function
    baseline: Function
    make_arguments: Callable[[int, int], tuple[Any, ...]]
    factor: float
    unit: str
    advice: str
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def judge(self) -> None:
        """Returns where the function is fast enough; raises what `assert_not_much_slower` raises."""
        if self.is_clearly_fast():
            return
        for _ in range(TRIES):
            small, large = self.measure(SMALL), self.measure(LARGE)
            slower = large.ratio > self.factor
            # Caches alone make some right solutions grow twice as fast, so growth counts for slow ones only.
            grows = large.ratio > GROWTH * small.ratio and large.ratio > self.factor / 2
            if not slower and not grows:
                return
            if slower and large.steady:
                raise self.too_slow(f"about {large.ratio:.0f} times")
            if grows and large.steady and small.steady:
                raise self.grows(large.theirs / small.theirs)
        raise Inconclusive(
            "The machine was too busy to time this function. You keep the points of this check."
        )

    def is_clearly_fast(self) -> bool:
        """Whether the first pairs settle that it passes; raises `Mismatch` where they settle that it does not."""
        fast_even_if_square, too_slow_even_if_constant = self.factor / 2 / SQUARE, LINEAR * self.factor
        bounds = ((SMALL, fast_even_if_square, too_slow_even_if_constant), (LARGE, self.factor / 2, math.inf))
        for size, fast, slow in bounds:
            times = self.settled(size, fast, slow)
            if times is not None and times.ratio <= fast:
                return True
            if times is not None:
                raise self.too_slow(f"about {times.ratio:.0f} times")
        return False

    def settled(self, size: int, fast: float, slow: float) -> Times | None:
        """The first pairs, if they settle it: a ratio up to `fast`, or above `slow`. The very first one warms up."""
        pairs = []
        for _ in range(SCREENING):
            pairs.append(self.pair(size))
            least = Times.least(pairs)
            if len(pairs) > 1 and least.steady and not fast < least.ratio <= slow:
                return least
        return None

    def measure(self, size: int) -> Times:
        return Times.least([self.pair(size) for _ in range(PAIRS)])

    def pair(self, size: int) -> tuple[float, float]:
        """CPU seconds of the student's function and of the baseline on the same fresh inputs."""
        arguments = self.make_arguments(size, next(self.numbers))
        reference = self.reference(arguments)
        hopeless = HOPELESS * self.factor
        patience = max(hopeless * reference.cpu_seconds, LEAST_PATIENCE)
        try:
            answer = self.function.answer(*arguments, cpu_seconds=patience)
        except TimedOut:
            raise self.too_slow(f"more than {hopeless:.0f} times") from None
        assert_same(answer.value, reference.value)
        return answer.cpu_seconds, reference.cpu_seconds

    def reference(self, arguments: tuple[Any, ...]) -> Answer:
        try:
            return self.baseline.answer(*arguments)
        except WorkerFailure as failure:  # our own code did not make it: never the student's fault
            raise Inconclusive(
                f"This function could not be timed ({failure}). You keep the points of this check."
            ) from None

    def too_slow(self, times: str) -> Mismatch:
        limit = f"up to {self.factor:g} times is fine."
        said = f"The function needs {times} the time of a vectorized version; {limit} {self.advice}"
        return Mismatch("too slow", said.strip())

    def grows(self, times: float) -> Mismatch:
        return Mismatch(
            "too slow",
            f"On {LARGE} times as many {self.unit} the function needs {times:.0f} times as long. The "
            f"time should grow with the number of {self.unit}: is some work done again for every other "
            f"{self.unit.removesuffix('s')}?",
        )
