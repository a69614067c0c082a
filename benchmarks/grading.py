"""`make bench`: what a sandboxed worker, a call and each stage of one submission cost on this machine.

Every row is the median of interleaved rounds, since a shared machine drifts; ratios say more than seconds.
"""

import contextlib
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from rich.console import Console
from rich.table import Table

from autograder.authoring.fill import fill
from autograder.grading import Grader
from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.suite_run import Suite, baseline_cells
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, ForkServer, Limits, Sandbox, runtime
from autograder.suite import suite_folder
from solutions.reference import textbook

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
Work = dict[str, Callable[[], object]]


def main() -> None:
    with contextlib.ExitStack() as held:
        medians = measure(pieces(held) | stages(held))
    show(medians)


def pieces(held: contextlib.ExitStack) -> Work:
    """What the sandbox costs."""
    batch = np.ones((64, 32, 32, 3), np.float32)
    server = held.enter_context(ForkServer())
    box = held.enter_context(Sandbox(server=server))
    box.run("def same(x): return x", "cell 1")
    return {
        "Python starts and imports NumPy, no sandbox": bare_python,
        "a sandboxed worker starts, an interpreter of its own": start_worker,
        "a sandboxed worker starts, forked by a server": lambda: start_worker(server),
        "a call with a number": lambda: box.call("same", 1),
        "a call with 64×32×32×3 float32, there and back": lambda: box.call("same", batch),
    }


def stages(held: contextlib.ExitStack) -> Work:
    """What one submission costs, stage by stage."""
    course = Stages(held)
    return {
        "pytest starts and collects the hidden suite, once for each process": course.collect,
        "stage 1: the notebook is read": course.read,
        "stage 2: a worker starts and runs the notebook's cells": course.start,
        "stage 3: the hidden tests run": course.test,
        "one perfect submission, graded": course.grade_perfect,
        "one submission with a mistake to name, graded": course.grade_wrong,
    }


class Stages:
    """The stages of grading one submission; each continues where the one before it ended."""

    def __init__(self, held: contextlib.ExitStack):
        self._perfect, self._wrong = submission("perfect"), submission("flipped_kernel")
        self._grader = held.enter_context(Grader())
        self._suite = held.enter_context(Suite(suite_folder("conv2d")))
        self._server = held.enter_context(ForkServer())
        self._baseline = held.enter_context(self._program_of(baseline_cells(textbook)))
        self._running = held.enter_context(contextlib.ExitStack())

    def _program_of(self, cells) -> Program:
        return Program(cells, Limits(), Allowance(), self._server)

    def collect(self) -> None:
        with Suite(suite_folder("conv2d")):
            pass

    def read(self) -> None:
        self._cells = read_cells(self._perfect)

    def start(self) -> None:
        self._program = self._running.enter_context(self._program_of(self._cells))
        self._program.call("output_size", 5, 3)

    def test(self) -> None:
        self._suite.run(self._program, self._baseline, EXAMPLE)
        self._running.close()

    def grade_perfect(self) -> None:
        self._grader.grade(self._perfect, student="perfect", assignment="conv2d", key=EXAMPLE)

    def grade_wrong(self) -> None:
        self._grader.grade(self._wrong, student="flipped_kernel", assignment="conv2d", key=EXAMPLE)


def submission(sample: str) -> bytes:
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    source = (ROOT / "demo" / "samples" / f"{sample}.py").read_text()
    return nbformat.writes(fill(released, source)).encode()


def measure(work: Work) -> dict[str, float]:
    """Median seconds of each piece of work, taken in turns; the first round only warms up."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS + 1):
        for name, action in work.items():
            begun = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(values[1:]) for name, values in times.items()}


def show(medians: dict[str, float]) -> None:
    table = Table(title=f"Medians of {ROUNDS} interleaved rounds", title_justify="left")
    table.add_column("What")
    table.add_column("Milliseconds", justify="right")
    table.add_column("Times a bare Python", justify="right")
    bare = next(iter(medians.values()))
    for name, seconds in medians.items():
        table.add_row(name, f"{1000 * seconds:.2f}", f"{seconds / bare:.3f}")
    Console().print(table)


def bare_python() -> None:
    numpy_folder = str(Path(np.__file__).parents[1])
    script = f"import sys; sys.path.append({numpy_folder!r}); import numpy"
    subprocess.run([runtime.interpreter(), "-I", "-S", "-c", script], check=True)


def start_worker(server: ForkServer | None = None) -> None:
    with Sandbox(server=server):
        pass


if __name__ == "__main__":
    main()
