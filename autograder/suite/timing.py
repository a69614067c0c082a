"""Compares the CPU time of two functions so that a busy machine changes nothing."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox import TimedOut, WorkerFailure
from autograder.suite.vocabulary import Inconclusive, Mismatch, assert_same

PAIRS = 5
TRIES = 3
SCREENING = 3  # pairs in which a clear case shows
LINEAR = 4  # how many times longer the baseline takes from n to 4n
SQUARE = 4  # how many times more than that the time of a square grows
HOPELESS = 8  # times the factor: noise was never seen to make a call more than 4 times longer
STEADY = 1.3  # the baseline's own median may be this many times its minimum
GROWTH = 3  # how many times more than the baseline's the time may grow from n to 4n
LEAST_PATIENCE = 0.25  # seconds of CPU time that any call may take before it is stopped as too slow


def assert_not_much_slower(
    function, baseline, make_arguments: Callable[[int, int], tuple], *, factor: float
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

    Raises `Mismatch` when it is slower, `Inconclusive` when it looks slower but the baseline's own times are
    too unsteady to say so.
    """
    numbers = itertools.count()
    for size, fast, slow in ((1, factor / 2 / SQUARE, LINEAR * factor), (4, factor / 2, math.inf)):
        first = _clear_pairs(function, baseline, make_arguments, size, numbers, factor, fast, slow)
        if first is not None and first.ratio <= fast:
            return
        if first is not None:
            raise _too_slow(f"about {first.ratio:.0f} times", factor)
    for _ in range(TRIES):
        small, large = (
            _time_pairs(function, baseline, make_arguments, size, numbers, factor) for size in (1, 4)
        )
        slower = large.ratio > factor
        # Caches alone make some right solutions grow twice as fast, so growth counts for slow ones only.
        grows = large.ratio > GROWTH * small.ratio and large.ratio > factor / 2
        if not slower and not grows:
            return
        if slower and large.steady:
            raise _too_slow(f"about {large.ratio:.0f} times", factor)
        if grows and large.steady and small.steady:
            raise Mismatch(
                "too slow",
                f"On 4 times as many images the function needs {large.theirs / small.theirs:.0f} times as long. The "
                "time should grow with the number of images: is some work done again for every other image?",
            )
    raise Inconclusive("The machine was too busy to time this function. You keep the points of this check.")


@dataclass(frozen=True)
class _Times:
    """Least CPU seconds of both functions at one size, and whether the baseline's can be believed."""

    theirs: float
    ours: float
    steady: bool

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours


def _clear_pairs(function, baseline, make_arguments, size, numbers, factor, fast, slow) -> _Times | None:
    """The first pairs, if they settle it: a ratio up to `fast`, or above `slow`. The very first one warms up."""
    pairs = []
    for _ in range(SCREENING):
        pairs.append(_time_pair(function, baseline, make_arguments(size, next(numbers)), factor))
        least = _least(pairs)
        if len(pairs) > 1 and least.steady and not fast < least.ratio <= slow:
            return least
    return None


def _time_pairs(function, baseline, make_arguments, size, numbers, factor) -> _Times:
    arguments = (make_arguments(size, next(numbers)) for _ in range(PAIRS))
    return _least([_time_pair(function, baseline, inputs, factor) for inputs in arguments])


def _least(pairs) -> _Times:
    theirs, ours = (sorted(times) for times in zip(*pairs, strict=True))
    return _Times(theirs[0], ours[0], ours[len(ours) // 2] <= STEADY * ours[0])


def _time_pair(function, baseline, arguments, factor) -> tuple[float, float]:
    """CPU seconds of the student's function and of the baseline on the same inputs."""
    reference = _answer_of(baseline, arguments)
    hopeless = HOPELESS * factor
    try:
        answer = function.answer(
            *arguments, cpu_seconds=max(hopeless * reference.cpu_seconds, LEAST_PATIENCE)
        )
    except TimedOut:
        raise _too_slow(f"more than {hopeless:.0f} times", factor) from None
    assert_same(answer.value, reference.value)
    return answer.cpu_seconds, reference.cpu_seconds


def _answer_of(baseline, arguments):
    try:
        return baseline.answer(*arguments)
    except WorkerFailure as failure:  # our own code did not make it: never the student's fault
        raise Inconclusive(
            f"This function could not be timed ({failure}). You keep the points of this check."
        ) from None


def _too_slow(times, factor) -> Mismatch:
    return Mismatch(
        "too slow",
        f"The function needs {times} the time of a vectorized version; up to "
        f"{factor:g} times is fine. Gather all patches at once and use one matrix product (@) in place of loops "
        "over the output's numbers.",
    )
