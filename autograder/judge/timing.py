"""Compares the CPU time of two functions, on inputs that nobody can know, so that a busy machine changes nothing."""

import secrets
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.judge.function import Function
from autograder.judge.vocabulary import Inconclusive, Mismatch, assert_same
from autograder.sandbox import Answer, OutOfTime, TimedOut, WorkerFailure

LEAST_PAIRS = 3
MOST_PAIRS = 7
BORDER = 2  # from the factor divided by this to the factor times this lies what is borderline
CLEAR = 4  # times the factor, above which no more pairs are needed
HOPELESS = 8  # times the factor, after which a call is stopped
LEAST_PATIENCE = 0.25  # seconds of CPU time that any call may take before it is stopped
WRONG = "A timed call was answered with the wrong {}. The other tests of this function may tell more."

MakeArguments = Callable[[np.random.Generator], tuple[Any, ...]]


def assert_not_much_slower(
    function: Function,
    baseline: Function,
    make_arguments: MakeArguments,
    *,
    factor: float,
    advice: str = "",
) -> None:
    """The student's function does not need many times the baseline's CPU time.

    Up to half of `factor` is fast, above twice `factor` too slow. What lies between is borderline, and keeps its points: a
    score must be the same when the same notebook is graded again, so the inputs have to be chosen such that what people
    write lies on either side of all that. `python -m benchmarks.timing_verdicts` tells whether it does.

    Both functions run in pairs, one right after the other, each pair on inputs of its own from the system's
    randomness: what code remembers of an earlier pair, or has computed before the first, is of no use. Every
    answer is compared with the baseline's, and the time of *every* call counts, the first one's too: the mean of
    the student's is compared with the median of the baseline's. Three pairs settle clear cases, seven all others.
    A worker pays for what it does between two calls, and cannot do anything while the baseline runs.

    Args:
        function: the student's.
        baseline: a vectorized one that runs in a worker of its own under the same limits.
        make_arguments: makes the arguments of a pair with the generator that it is given. They should keep the baseline
            busy for half a millisecond and more: shorter calls measure the clock and the wire.
        factor: times the baseline's median.
        advice: how to be faster, in a sentence or two for the student.

    Raises `Mismatch` when it is too slow or an answer is wrong; `Inconclusive` when it is borderline, or the baseline fails.
    """
    Race(function, baseline, make_arguments, factor, advice).judge()


@dataclass
class Race:
    """The arguments of `assert_not_much_slower`, and the CPU seconds of all calls so far."""

    function: Function
    baseline: Function
    make_arguments: MakeArguments
    factor: float
    advice: str
    theirs: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """All of theirs count, so that no call is a good place to hide work in; one of ours may be disturbed."""
        return statistics.fmean(self.theirs) / statistics.median(self.ours)

    def judge(self) -> None:
        """Returns where the function is fast enough; raises what `assert_not_much_slower` raises."""
        for number in range(1, MOST_PAIRS + 1):
            self.run_pair()
            if number >= LEAST_PAIRS and self.ratio <= self.factor / BORDER:
                return
            if number >= LEAST_PAIRS and self.ratio > self.factor * CLEAR:
                break
        if self.ratio > self.factor * BORDER:
            raise self.too_slow()
        raise self.borderline()

    def run_pair(self) -> None:
        """Times the student's function and the baseline on the same fresh inputs."""
        arguments = self.make_arguments(np.random.default_rng(secrets.randbits(128)))
        reference = self.reference(arguments)
        patience = max(HOPELESS * self.factor * reference.cpu_seconds, LEAST_PATIENCE)
        try:
            answer = self.function.answer(*arguments, cpu_seconds=patience)
        except OutOfTime:  # the whole notebook, not this function
            raise
        except TimedOut:
            raise self.too_slow() from None
        self.check(answer.value, reference.value)
        self.theirs.append(answer.cpu_seconds)
        self.ours.append(reference.cpu_seconds)

    def check(self, value: object, expected: object) -> None:
        """Raises `Mismatch` where an answer is wrong. What differs where hangs on the inputs, so that is not told."""
        try:
            assert_same(value, expected)
        except Mismatch as problem:
            raise Mismatch(problem.step, WRONG.format(problem.step), facts=()) from None

    def reference(self, arguments: tuple[Any, ...]) -> Answer:
        try:
            return self.baseline.answer(*arguments)
        except WorkerFailure as failure:  # our own code did not make it: never the student's fault
            raise Inconclusive(
                f"This function could not be timed ({failure}). You keep the points of this check."
            ) from None

    # No measured number is told: the same notebook should read the same twice, and a time may carry a message out.

    def too_slow(self) -> Mismatch:
        said = f"The function needs more than {self.factor * BORDER:g} times the time of a vectorized version. {self.advice}"
        return Mismatch("too slow", said.strip(), facts=())

    def borderline(self) -> Inconclusive:
        return Inconclusive(
            f"Borderline: the function needs between {self.factor / BORDER:g} and {self.factor * BORDER:g} times the time "
            f"of a vectorized version. You keep the points of this check. {self.advice}".strip()
        )
