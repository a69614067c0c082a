"""The time that code may take in all its requests and workers together: the one place that owns this deadline."""

import math
import time

from autograder.sandbox.failures import OutOfTime

# Real seconds that each second of computing may take besides, on top of a limit: others may keep the machine busy.
PATIENCE = 20
IDLE = 0.25  # real seconds that a request may wait for nothing before that is charged


class Allowance:
    """What is charged, and when all of it is used up.

    Charged is the CPU time of the workers, that of this side while it waits for and reads what they send, and real time in
    which a worker neither computed nor, as far as that can be told from outside, waited for a busy processor. So what other
    processes do on the machine is no part of it. Whoever grades shares one among all workers of a submission: a request is ended
    where it would take more than is left, and none begins after that.

    Args:
        seconds: what may be charged.
        real_seconds: real time from now on, whatever happens in it.

    Attributes:
        charged: what has been charged by the requests that have ended.
    """

    def __init__(self, seconds: float = math.inf, real_seconds: float = math.inf):
        self._seconds = seconds
        self._real_seconds = real_seconds
        self._end = time.monotonic() + real_seconds
        self._used_up = ""  # what was, at the first time that it was refused
        self.charged = 0.0

    def charge(self, seconds: float) -> None:
        self.charged += seconds

    def request(self) -> "Charge":
        """Charges what happens in its block."""
        return Charge(self)

    def refuse(self, charge: float = 0.0) -> None:
        """Raises `OutOfTime` where it is used up, with what a request on its way has cost so far; from then on always."""
        if not self._used_up and self.charged + charge > self._seconds:
            self._used_up = f"{self._seconds:g} seconds of computing and waiting"
        if not self._used_up and time.monotonic() > self._end:
            self._used_up = f"{self._real_seconds:g} seconds of real time"
        if self._used_up:
            raise OutOfTime(self._used_up)


class Charge:
    """One request's part: a context manager, which charges it at its end.

    Attributes:
        computed: CPU seconds that the worker has spent on it; whoever reads its clock keeps this up to date.
    """

    def __init__(self, allowance: Allowance):
        self._allowance = allowance
        self._begun, self._own = time.monotonic(), time.thread_time()
        self.computed = 0.0

    def __enter__(self) -> "Charge":
        return self

    def __exit__(self, *exception: object) -> None:
        self._allowance.charge(self.seconds)

    @property
    def seconds(self) -> float:
        own, passed = time.thread_time() - self._own, time.monotonic() - self._begun
        return own + self.computed + max(passed - own - PATIENCE * self.computed - IDLE, 0.0)

    def refuse(self) -> None:
        """Raises `OutOfTime` where the allowance is used up with this."""
        self._allowance.refuse(self.seconds)
