"""How often the verdict of the timing check changes, and how far from its border what people write is.

    python -m benchmarks.timing_verdicts [ROUNDS] [--idle] [--kernels NAME] [--only NAME …]

Judges the speed of conv2d_matmul ROUNDS times (200 by default): of each fair program of `tests/fair`, of the model answer,
and of each style in `benchmarks/speeds`, without a loop over windows, with one, and in plain loops. Meanwhile busy
loops of its own keep every core occupied, unless `--idle` is given. `--kernels` forces those of OpenBLAS's for the matrix product, such
as Haswell (AVX2) or SkylakeX (AVX-512, where the processor has it), for both sides.
An inconclusive verdict keeps its points. The load stops by itself with this program, and after half an hour at the latest.
Ctrl-C ends the measurement, and shows the rounds that are done.
"""

import argparse
import collections
import contextlib
import inspect
import math
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.grading.notebook import Cell
from autograder.grading.program import Functions, Program
from autograder.grading.suite_run import baseline_cells
from autograder.judge import Inconclusive, Mismatch
from autograder.judge.timing import Race
from autograder.sandbox import Allowance, ForkServer, Limits, bubblewrap
from autograder.suite.conv2d.test_3_matrix_product import SPEED_FACTOR, timed_arguments
from benchmarks.speeds import loop_free, plain_loops, window_loops
from solutions.reference import textbook

ROOT = Path(__file__).resolve().parents[1]
LOAD_SECONDS = 1800
KEPT = ("passed", "inconclusive")  # verdicts that keep the points
FAIR_WINDOW_LOOPS = {
    *("generators", "helper_classes", "nested_loops", "python_lists", "recursion", "talkative")
}


@dataclass
class Tried:
    """A program and what became of it in all rounds.

    Attributes:
        kind: without a loop over windows, with one, or in plain loops.
        ratios: how many times the baseline's time it took; infinite where a call was stopped.
    """

    name: str
    kind: str
    source: str
    verdicts: collections.Counter[str] = field(default_factory=collections.Counter)
    ratios: list[float] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """In how many rounds the points were others than in most."""
        kept = sum(self.verdicts[verdict] for verdict in KEPT)
        return min(kept, self.verdicts.total() - kept)


def programs() -> list[Tried]:
    """All that are judged, each a whole program."""
    found = [
        Tried(path.stem, "window loop" if path.stem in FAIR_WINDOW_LOOPS else "loop-free", path.read_text())
        for path in [
            *sorted((ROOT / "tests" / "fair").glob("*.py")),
            ROOT / "demo" / "samples" / "perfect.py",
        ]
    ]
    kinds = (loop_free, "loop-free"), (window_loops, "window loop"), (plain_loops, "plain loops")
    return found + [each for module, kind in kinds for each in styles(module, kind)]


def styles(module: ModuleType, kind: str) -> Iterator[Tried]:
    """A program for each style of the module."""
    source = inspect.getsource(module)
    for style in module.STYLES:
        yield Tried(style.__name__, kind, f"{source}\n\nconv2d_matmul = {style.__name__}\n")


def main(rounds: int, *, idle: bool, kernels: str | None, only: list[str] | None) -> None:
    if kernels:
        bubblewrap.ENVIRONMENT["OPENBLAS_CORETYPE"] = kernels  # what all workers start with
    tried = [each for each in programs() if not only or each.name in only]
    with contextlib.ExitStack() as held:
        if not idle:
            held.enter_context(load())
        server = held.enter_context(ForkServer())
        baseline = held.enter_context(program_of(baseline_cells(textbook), server))
        done = 0
        with contextlib.suppress(KeyboardInterrupt):
            for _ in track(range(rounds), "Judging", console=Console(stderr=True)):
                outcomes = [verdict_on(each, baseline, server) for each in tried]
                for each, (verdict, ratio) in zip(tried, outcomes, strict=True):
                    each.verdicts[verdict] += 1
                    each.ratios.append(ratio)
                done += 1
    show(tried, done, idle, kernels)


def verdict_on(tried: Tried, baseline: Program, server: ForkServer) -> tuple[str, float]:
    """What `judged` says of it in a new worker."""
    with program_of([Cell(1, "code", tried.source)], server) as program:
        return judged(program, baseline)


@contextlib.contextmanager
def load() -> Iterator[None]:
    """A busy loop for each core."""
    busy = [multiprocessing.Process(target=keep_busy, daemon=True) for _ in range(os.cpu_count() or 1)]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.terminate()


def keep_busy() -> None:
    end = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < end:
        sum(range(10_000))


def program_of(cells: list[Cell], server: ForkServer) -> Program:
    return Program(cells, Limits(), Allowance(), server)


def judged(program: Program, baseline: Program) -> tuple[str, float]:
    """The outcome of the speed test, and how many times the baseline's time the function took."""
    student, ours = Functions(program).conv2d_matmul, Functions(baseline, beside=program).conv2d_im2col
    race = Race(student, ours, timed_arguments, SPEED_FACTOR, "")
    try:
        race.judge()
    except Mismatch as problem:
        if problem.step != "too slow":
            raise
        return "failed", race.ratio if len(race.theirs) > 1 else math.inf
    except Inconclusive:
        return "inconclusive", race.ratio
    return "passed", race.ratio


def show(tried: list[Tried], rounds: int, idle: bool, kernels: str | None) -> None:
    beside = "on an idle machine" if idle else f"beside {os.cpu_count()} busy loops on as many cores"
    table = Table(
        title=f"{rounds} rounds {beside}, kernels: {kernels or 'its own choice'}; too slow above {2 * SPEED_FACTOR}",
        title_justify="left",
    )
    for column in ("Kind", "Program", "Least", "Median", "Most", "Passed", "Borderline", "Failed", "Changed"):
        table.add_column(column, justify="left" if column in ("Kind", "Program") else "right")
    for each in sorted(tried, key=lambda each: statistics.median(each.ratios)):
        times = (min(each.ratios), statistics.median(each.ratios), max(each.ratios))
        counts = *(each.verdicts[verdict] for verdict in (*KEPT, "failed")), each.changes
        table.add_row(each.kind, each.name, *(f"{ratio:.1f}" for ratio in times), *map(str, counts))
    Console(width=140).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timing_verdicts", description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=200)
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--kernels")
    parser.add_argument("--only", nargs="+")
    main(**vars(parser.parse_args()))
