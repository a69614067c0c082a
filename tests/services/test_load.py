"""The hard cases get the same scores on an idle machine and beside four busy loops. It takes minutes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import cells_notebook, sample

from autograder.grading import Grader
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Limits

pytestmark = pytest.mark.slow(45)

PERFECT = "import numpy as np\n" + sample("perfect")
HANG = "def convolve(image, kernel, stride=1):\n    while True: pass\ndef pad(image, rows, columns):\n    while True: pass"
BURN = "import time\nstart = time.process_time()\nwhile time.process_time() - start < {}: pass"
# Cells, and what the notebook deserves.
HARD = {
    "two functions that hang and four slow cells": ([PERFECT, HANG, *[BURN.format(1.6)] * 4], 82.0),
    "a benchmark below each function's cell": ([f"{PERFECT}\n{BURN.format(30)}"], 100.0),
    "five cells that hang": ([PERFECT, *[BURN.format(1000)] * 5], 100.0),
    "a cell that sleeps for long": ([PERFECT, "import time\ntime.sleep(1000)"], 100.0),
    "cells that kill the worker": ([PERFECT, *["__import__('os')._exit(1)"] * 5], 100.0),
    "functions that take nearly all the time that they may": (
        [PERFECT, f"right = pad\ndef pad(*values):\n    {BURN.format(1.4).replace(chr(10), chr(10) + '    ')}\n    return right(*values)"],
        100.0,
    ),
    "loops only": (["import numpy as np\n" + sample("loops_only")], 96.0),
    "a notebook that uses up its time": ([PERFECT, *[BURN.format(1.9)] * 12], 0.0),
}  # fmt: skip


@contextlib.contextmanager
def busy(loops: int) -> Iterator[None]:
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


@pytest.mark.parametrize("name", HARD)
def test_the_score_does_not_depend_on_what_else_the_machine_does(name):
    cells, deserved = HARD[name]
    total = 15.0 if not deserved else 60.0
    limits = GradingLimits(Limits(cpu_seconds=2.0, wall_seconds=8.0), total_seconds=total)
    outcomes = []
    for loops in (0, 2 * (os.cpu_count() or 2)):
        with busy(loops), Grader(limits) as grader:
            report = grader.grade(cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE)
        outcomes.append([(test.name, test.points, test.outcome) for test in report.tests])
        assert report.score == deserved, [
            (test.name, test.message) for test in report.tests if not test.points
        ]
    assert outcomes[0] == outcomes[1]
