"""Runs the hidden suite on every mutant, in worker processes: a mutant may hang, take all memory or crash."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from mutation.hidden import HiddenTest
from mutation.mutants import Mutant, Solution

CPU_SECONDS = 0.5  # a hanging mutant costs this much and five times what its test takes on the right solution
WALL_SECONDS = 60.0  # for a mutant that hangs without using the processor
MEMORY = 2 << 30  # bytes more than the process has when it starts
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        mutant: which.
        killed_by: the test that failed first, with "(hangs)" or "(crashes)" where it did; "" for a survivor.
        valid: False where the mutant is no Python program: then it is none.
        before, after: the line that was changed.
    """

    mutant: Mutant
    killed_by: str = ""
    valid: bool = True
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Schedule:
    """Which tests can tell a function's mutants apart: those that run it, its own cell's first, quick ones first."""

    tests: dict[str, list[HiddenTest]]
    seconds: dict[str, float]

    @classmethod
    def of(cls, solution: Solution, tests: Sequence[HiddenTest]) -> "Schedule":
        functions = solution.functions()
        seconds, chosen = {}, {piece.name: [] for piece in solution.pieces}
        for test in tests:
            if not test.passes(functions):
                raise AssertionError(f"{solution.files} must pass {test.name} before it is mutated")
            seconds[test.name] = test.seconds(functions)
            for name in _called(solution, test):
                chosen[name].append(test)
        for name, known in chosen.items():
            known.sort(key=lambda test, own=f"test_{name}": (test.cell != own, seconds[test.name], test.name))
        return cls(chosen, seconds)


def _called(solution, test) -> set[str]:
    """The functions of the solution that a test runs."""
    called = set()

    def note(frame, event, _argument):
        if event == "call" and frame.f_code.co_filename in solution.files:
            called.add(frame.f_code.co_qualname.split(".")[0])

    functions = solution.functions()
    sys.setprofile(note)
    try:
        test.passes(functions)
    finally:
        sys.setprofile(None)
    return called & {piece.name for piece in solution.pieces}


def judge(
    solution: Solution, schedule: Schedule, mutants: Sequence[Mutant], workers: int = 0
) -> Iterator[Verdict]:
    """The verdict on each mutant, as they come."""

    def work(connection, told):
        _limit()
        for number in iter(connection.recv, None):
            connection.send(_verdict(solution, schedule, mutants[number], told))

    yield from _spread(work, mutants, schedule, workers or os.cpu_count() or 1)


def _verdict(solution, schedule, mutant, told) -> Verdict:
    """Runs in a worker. `told` takes the number of the test that is running, in case that it never ends."""
    told.value = -1
    before, after = mutant.change
    tests = schedule.tests[mutant.piece.name]
    _allow(CPU_SECONDS)
    try:
        functions = solution.functions(mutant)
    except SyntaxError:
        return Verdict(mutant, valid=False, before=before, after=after)
    except Exception:  # the notebook's cell would stop
        return Verdict(mutant, "the cell itself", True, before, after)
    for number, test in enumerate(tests):
        told.value = number
        _allow(CPU_SECONDS + 5 * schedule.seconds[test.name])
        if not test.passes(functions):
            _allow(0)
            return Verdict(mutant, test.name, True, before, after)
    _allow(0)
    return Verdict(mutant, "", True, before, after)


def _limit():
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, whatever C code it is in
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))


def _allow(cpu_seconds):
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)


class _Worker:
    """A process that is given one number after another."""

    def __init__(self, work: Callable):
        self.told = FORK.Value("i", -1, lock=False)
        self.connection, theirs = FORK.Pipe()
        self.process = FORK.Process(target=work, args=(theirs, self.told), daemon=True)
        self.process.start()
        theirs.close()
        self.number = None

    def give(self, number) -> None:
        self.number = number
        self.connection.send(number)

    def end(self) -> int | None:
        """Ends it in any case; the signal that had ended it before, negative."""
        self.process.join(0.2)
        code = self.process.exitcode
        self.process.kill()
        self.process.join()
        self.connection.close()
        return code


def _spread(work, mutants, schedule, count) -> Iterator[Verdict]:
    waiting = iter(range(len(mutants)))
    busy: dict[object, _Worker] = {}
    for _ in range(min(count, len(mutants))):
        _start(_Worker(work), next(waiting), busy)
    while busy:
        ready = wait(list(busy), WALL_SECONDS) or list(busy)
        for connection in ready:
            worker = busy.pop(connection)
            try:
                if not connection.poll():
                    raise EOFError
                yield connection.recv()
            except (EOFError, ConnectionResetError):
                mutant = mutants[worker.number]
                yield _lost(mutant, schedule.tests[mutant.piece.name], worker)
                worker = None
            number = next(waiting, None)
            if number is not None:
                _start(worker or _Worker(work), number, busy)
            elif worker is not None:
                worker.end()


def _start(worker, number, busy):
    worker.give(number)
    busy[worker.connection] = worker


def _lost(mutant, tests, worker) -> Verdict:
    number, code = worker.told.value, worker.end()
    how = "hangs" if code in (None, -signal.SIGPROF) else "crashes"
    test = tests[number].name if number >= 0 else "the cell itself"
    return Verdict(mutant, f"{test} ({how})", True, *mutant.change)
