"""How often the verdict of the timing check changes on a busy machine.

    python -m benchmarks.timing_verdicts [ROUNDS]

Regrades the speed of three programs ROUNDS times (200 by default) while busy loops of its own keep every core
occupied: a fast one (one matrix product), a slow one (plain loops) and a borderline one (a loop over the
output's positions). For the fast and the slow one the verdict should never change; an inconclusive one
never costs points. The load stops by itself with this program, and after half an hour at the latest.
"""

import collections
import math
import multiprocessing
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.grading.notebook import Cell
from autograder.grading.program import Functions, Program
from autograder.grading.suite_run import baseline_cells
from autograder.judge import Inconclusive, Mismatch
from autograder.sandbox import ForkServer, Limits
from autograder.suite.conv2d.test_3_matrix_product import test_conv2d_matmul_speed as speed_test
from solutions.reference import textbook

SAMPLES = Path(__file__).resolve().parents[1] / "demo" / "samples"
LOAD_SECONDS = 1800
BORDERLINE = """
def conv2d_matmul(inputs, filters, strides, padding):
    height, width, channels, out_channels = filters.shape
    (top, bottom), (left, right) = same_padding(inputs.shape[1], height), same_padding(inputs.shape[2], width)
    padded = np.pad(inputs, ((0, 0), (top, bottom), (left, right), (0, 0)))
    flat = filters.reshape(-1, out_channels)
    output = np.zeros((*inputs.shape[:3], out_channels), inputs.dtype)
    for image in range(len(inputs)):
        for x in range(inputs.shape[1]):
            window = [padded[image, x : x + height, y : y + width].ravel() for y in range(inputs.shape[2])]
            output[image, x] = np.stack(window) @ flat
    return output
"""


def main(rounds: int) -> None:
    perfect = (SAMPLES / "perfect.py").read_text()
    programs = {
        "fast: one matrix product": perfect,
        "slow: plain loops": (SAMPLES / "loops_only.py").read_text(),
        "borderline: a loop over positions": perfect + BORDERLINE,
    }
    cores = os.cpu_count() or 1
    load = [multiprocessing.Process(target=keep_busy, daemon=True) for _ in range(cores)]
    for process in load:
        process.start()
    try:
        verdicts = {name: collections.Counter() for name in programs}
        with ForkServer() as server, program_of(baseline_cells(textbook), server) as baseline:
            for _ in track(range(rounds), "Regrading", console=Console(stderr=True)):
                for name, source in programs.items():
                    with program_of([Cell(1, "code", source)], server) as program:
                        verdicts[name][verdict(program, baseline)] += 1
    finally:
        for process in load:
            process.terminate()
    show(verdicts, rounds, cores)


def keep_busy() -> None:
    end = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < end:
        sum(range(10_000))


def program_of(cells: list[Cell], server: ForkServer) -> Program:
    return Program(cells, Limits(), math.inf, server)


def verdict(program: Program, baseline: Program) -> str:
    """The outcome of the speed test alone."""
    try:
        speed_test(Functions(program), Functions(baseline, beside=program))
    except Mismatch:
        return "failed"
    except Inconclusive:
        return "inconclusive"
    return "passed"


def show(verdicts, rounds, cores) -> None:
    table = Table(title=f"{rounds} regrades beside {cores} busy loops on {cores} cores", title_justify="left")
    for column in ("Program", "Passed", "Inconclusive", "Failed", "Changed verdict", "Points lost by noise"):
        table.add_column(column, justify="left" if column == "Program" else "right")
    for name, counts in verdicts.items():
        changed = rounds - max(counts.values())
        lost = counts["failed"] if name.startswith("fast") else 0
        row = (counts["passed"], counts["inconclusive"], counts["failed"], changed, lost)
        table.add_row(name, *map(str, row))
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
