"""One allowance bounds what a whole submission takes: every cell, every call, every worker."""

import math
from collections.abc import Callable, Iterator

import pytest
from conftest import cells_notebook

from autograder.grading import Grader, Report
from autograder.grading.notebook import read_cells
from autograder.grading.program import NotRun, Program
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, ForkServer, Limits, OutOfTime, Sandbox, TimedOut

pytestmark = pytest.mark.sandbox

BURN = "end = time.process_time() + {}\nwhile time.process_time() < end: pass"
CODE = f"""
import os, time, threading
def sleep(seconds): time.sleep(seconds)
def burn(seconds):
    {BURN.format("seconds").replace(chr(10), chr(10) + "    ")}
def burn_in_threads(seconds):
    for _ in range(4): threading.Thread(target=burn, args=(60,), daemon=True).start()
    time.sleep(seconds)
def end(): os._exit(1)
def one(): return 1
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


@pytest.fixture
def box_within(server: ForkServer) -> Iterator[Callable[[Allowance], Sandbox]]:
    """A function from an allowance to a worker that has run CODE."""
    boxes: list[Sandbox] = []

    def made(allowance: Allowance) -> Sandbox:
        boxes.append(Sandbox(Limits(cpu_seconds=60, wall_seconds=60), allowance=allowance, server=server))
        boxes[-1].__enter__().run(CODE, "code")
        return boxes[-1]

    yield made
    for box in boxes:
        box.kill()


# --- one request -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", ["sleep", "burn", "burn_in_threads"])
def test_a_request_ends_when_the_allowance_is_used_up_however_it_spends_it(function, box_within):
    allowance = Allowance(0.7)
    box = box_within(allowance)
    with pytest.raises(OutOfTime, match=r"^0\.7 seconds of computing and waiting$"):
        box.call(function, 60)
    assert not box.alive and 0.7 < allowance.charged < 1.7


def test_real_time_ends_a_request_that_is_charged_nothing(box_within):
    box = box_within(Allowance(math.inf, 0.5))
    with pytest.raises(OutOfTime, match=r"^0\.5 seconds of real time$"):
        box.call("sleep", 60)
    assert not box.alive


def test_a_wait_of_a_moment_is_not_charged_and_a_longer_one_is(box_within):
    allowance = Allowance(60)
    box = box_within(allowance)
    charged = []
    for seconds in (0.1, 0.9):
        before = allowance.charged
        box.call("sleep", seconds)
        charged.append(allowance.charged - before)
    assert charged[0] < 0.1 and 0.5 < charged[1] < 0.9


def test_what_a_request_has_cost_is_charged_also_where_it_fails(box_within):
    allowance = Allowance(60)
    box = box_within(allowance)
    before = allowance.charged
    with pytest.raises(TimedOut):
        box.call("burn", 60, cpu_seconds=0.3)
    assert allowance.charged - before >= 0.3


def test_no_request_of_any_kind_begins_afterwards_in_no_worker(box_within, server):
    allowance = Allowance(60)
    first, second, third = (box_within(allowance) for _ in range(3))
    allowance.charge(60)
    for request in (
        lambda: first.call("one"),
        lambda: second.run("x = 1", "more"),
        lambda: third.put("a", b""),
    ):
        with pytest.raises(OutOfTime):
            request()


# --- a notebook ------------------------------------------------------------------------------------------


def test_two_programs_that_share_an_allowance_use_up_each_others(server):
    allowance = Allowance(1.0)
    cells = read_cells(cells_notebook(CODE))
    with (
        Program(cells, Limits(), allowance, server) as one,
        Program(cells, Limits(), allowance, server) as other,
    ):
        with pytest.raises(OutOfTime):
            one.call("burn", 4)
        with pytest.raises(NotRun) as refused:
            other.call("one")
        assert isinstance(refused.value.reason, OutOfTime)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(GradingLimits(Limits(cpu_seconds=3, wall_seconds=3), total_seconds=1.0)) as grader:
        yield grader


def read(grader: Grader, *cells: str) -> Report:
    return grader.grade(cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE)


USED_UP = (
    "used up the time that all its cells and tests may take together: 1 seconds of computing and waiting."
)
LOOK = "Nearly all notebooks need a few seconds: look for cells and functions that compute much, sleep or never end."
RIGHT = "def flatten_filters(filters): return filters.reshape(-1, filters.shape[-1])"


def test_a_notebook_that_runs_out_in_a_cell_is_told_in_which_and_that_no_test_was_reached(grader):
    report = read(grader, RIGHT, "import time", *["time.sleep(0.9)"] * 9)
    assert {(test.outcome, test.message) for test in report.tests} == {
        (
            "timeout",
            f"Not reached: before this test's turn, the notebook had {USED_UP} It ran out in cell 4. {LOOK}",
        )
    }
    assert any("Cell 4 was stopped" in remark for remark in report.remarks)


def test_a_notebook_that_runs_out_in_a_call_keeps_what_it_has_and_is_told_where_it_stopped(grader):
    report = read(grader, RIGHT, "def extract_patches(*_): __import__('time').sleep(60)")
    told = {test.name: test for test in report.tests}
    assert told["test_flatten_filters_order"].points == 4
    stopped, *later = (told[f"test_extract_patches_{name}"] for name in ("valid", "same", "leaves_its_input"))
    assert (stopped.outcome, stopped.message) == (
        "timeout",
        f"Stopped: while this test ran, the notebook had {USED_UP} {LOOK}",
    )
    for test in (*later, told["test_conv2d_matmul_speed"]):
        assert (test.outcome, test.points) == ("timeout", 0)
        assert test.message == f"Not reached: before this test's turn, the notebook had {USED_UP} {LOOK}"
