"""The hard cases get the same scores with a core for each and with a third of one. It takes minutes."""

import os

import pytest
from conftest import cells_notebook, sample

from autograder.classroom.pool import GradingPool
from autograder.grading import Grader, Report
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Limits

pytestmark = pytest.mark.slow(45)

PERFECT = "import numpy as np\n" + sample("perfect")
HANG = "def convolve(image, kernel, stride=1):\n    while True: pass\ndef pad(image, rows, columns):\n    while True: pass"
BURN = "import time\nstart = time.process_time()\nwhile time.process_time() - start < {}: pass"
# Cells, and what the notebook deserves.
HARD = {
    "two functions that hang and four slow cells": ([PERFECT, HANG, *[BURN.format(0.8)] * 4], 82.0),
    "a benchmark below each function's cell": ([f"{PERFECT}\n{BURN.format(30)}"], 100.0),
    "five cells that hang": ([PERFECT, *[BURN.format(1000)] * 5], 100.0),
    "a cell that sleeps for long": ([PERFECT, "import time\ntime.sleep(1000)"], 100.0),
    "cells that kill the worker": ([PERFECT, *["__import__('os')._exit(1)"] * 5], 100.0),
    "functions that take nearly all the time that they may": (
        [PERFECT, f"right = pad\ndef pad(*values):\n    {BURN.format(0.7).replace(chr(10), chr(10) + '    ')}\n    return right(*values)"],
        100.0,
    ),
    "loops only": (["import numpy as np\n" + sample("loops_only")], 96.0),
    "a notebook that uses up its time": ([PERFECT, *[BURN.format(0.9)] * 12], 0.0),
}  # fmt: skip


def graded(name: str, cores: set[int]) -> Report:
    """The report on a hard case, from a grader that may use these cores alone. Runs in a grading process."""
    os.sched_setaffinity(0, cores)
    cells, deserved = HARD[name]
    total = 7.0 if not deserved else 30.0
    with Grader(GradingLimits(Limits(cpu_seconds=1.0, wall_seconds=4.0), total_seconds=total)) as grader:
        return grader.grade(cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE)


def all_graded(together: int, cores: set[int]) -> dict[str, Report]:
    with GradingPool(together) as pool:
        reports = [pool.submit(graded, name, cores) for name in HARD]
        return {name: report.result() for name, report in zip(HARD, reports, strict=True)}


@pytest.fixture(scope="module")
def apart() -> dict[str, Report]:
    """The reports where each has a core."""
    cores = os.sched_getaffinity(0)
    return all_graded(len(cores), cores)


@pytest.fixture(scope="module")
def crowded() -> dict[str, Report]:
    """The reports where three share a core: each is what else the machine does for the others."""
    return all_graded(3, {min(os.sched_getaffinity(0))})


@pytest.mark.parametrize("name", HARD)
def test_the_score_does_not_depend_on_what_else_the_machine_does(name, apart, crowded):
    for report in (apart[name], crowded[name]):
        assert report.score == HARD[name][1], [
            (test.name, test.message) for test in report.tests if not test.points
        ]
    one, other = (
        [(test.name, test.points, test.outcome) for test in reports[name].tests]
        for reports in (apart, crowded)
    )
    assert one == other
