"""What a browser lacks is refused by its native stand-in, and the visible checks need none of it."""

import os
import signal
import socket
import subprocess
import threading

import numpy as np
import pytest
from conftest import ROOT, sample

from coursesite.in_browser import in_browser
from notebooks.labkit import own

FAIR = ("einsum", "fourier", "nested_loops", "python_lists")


@pytest.mark.parametrize(
    ("attempt", "error", "message"),
    [
        (lambda: threading.Thread(target=print).start(), RuntimeError, "can't start new thread"),
        (lambda: subprocess.run(["true"], check=False), OSError, "does not support processes"),
        (lambda: os.system("true"), OSError, "does not support processes"),
        (lambda: socket.create_connection(("127.0.0.1", 9)), OSError, "unreachable"),
        (lambda: signal.setitimer(signal.ITIMER_REAL, 1), AttributeError, "setitimer"),
    ],
    ids=["thread", "process", "shell", "connection", "timer"],
)
def test_what_a_browser_lacks_is_refused_as_pyodide_refuses_it(attempt, error, message):
    with in_browser(), pytest.raises(error, match=message):
        attempt()
    assert hasattr(signal, "setitimer") and np.arange(1).dtype == np.int64


def test_whole_numbers_have_32_bits_unless_somebody_asks_for_more():
    with in_browser():
        small = [np.arange(3), np.array([1, 2]), np.zeros(2, int), np.argmax([1, 2]), np.sum([1, 2])]
        assert {each.dtype for each in small} == {np.dtype(np.int32)}
        assert np.arange(3, dtype=np.int64).dtype == np.array([1], "int64").dtype == np.int64
        assert np.array([0.5]).dtype == np.float64 and np.array([1], np.uint8).dtype == np.uint8
        with pytest.raises(OverflowError, match="3000000000 does not fit into the int32"):
            np.array([3_000_000_000])


@pytest.mark.parametrize(
    "source",
    [
        *(sample(name) for name in ("perfect", "flipped_kernel", "same_mistake")),
        *((ROOT / "tests" / "fair" / f"{name}.py").read_text() for name in FAIR),
    ],
    ids=["perfect", "flipped_kernel", "same_mistake", *FAIR],
)
def test_visible_checks_say_the_same_in_a_browser(source):
    outside = verdicts(source)
    with in_browser():
        assert verdicts(source) == outside
    assert sum(not message for message in outside) > 20


def verdicts(source: str) -> list[str | None]:
    """What each visible case says of a student's functions: the message of what is wrong, None where they are right."""
    functions: dict = {"np": np}
    exec(source, functions)
    checks = own.load_checks("conv2d", ROOT / "assignment" / "conv2d" / "conv2d.ipynb")
    messages = []
    for name, cases in checks.CASES.items():
        for case in cases:
            problem, _ = checks.examine(name, functions[name], case)
            messages.append(problem and problem.message)
    return messages
