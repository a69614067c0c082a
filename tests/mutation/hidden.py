"""The hidden tests as plain functions: collected once by pytest, then called thousands of times without it."""

import os
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from trusted_program import TrustedProgram

from autograder.grading.explain import explain
from autograder.grading.program import Functions
from autograder.grading.report import EARNS_POINTS
from autograder.judge.hidden import Key, Numbers
from autograder.judge.rehearsal import EXAMPLE
from autograder.suite import SUITES, suite_folder

OPTIONS = [
    "-c",
    os.devnull,
    "--rootdir",
    str(SUITES),
    "--import-mode=importlib",
    "--assert=plain",
]


@dataclass(frozen=True)
class HiddenTest:
    """A hidden test that needs the student's functions alone: `body` takes them."""

    name: str
    cell: str
    body: Callable[[Functions], None]

    def passes(self, functions: Mapping[str, object]) -> bool:
        """Whether these functions earn its points."""
        program = TrustedProgram(functions)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                self.body(Functions(program))
        except (Exception, pytest.fail.Exception) as error:
            return explain(error, program).outcome in EARNS_POINTS
        return True

    def seconds(self, functions) -> float:
        """CPU time that it takes."""
        started = time.process_time()
        self.passes(functions)
        return time.process_time() - started


class _Collector:
    def __init__(self):
        self.items = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.items = session.items
        return True


def hidden_tests(key: Key = EXAMPLE, assignment: str = "conv2d") -> list[HiddenTest]:
    """Every hidden test but those that measure time against the baseline, with the inputs that follow from the key."""
    collector = _Collector()
    quiet = [option for name in ("terminal", "cacheprovider", "xdist") for option in ("-p", f"no:{name}")]
    pytest.main([str(suite_folder(assignment)), *OPTIONS, *quiet], plugins=[collector])
    tests = [_hidden_test(item, key) for item in collector.items if "baseline" not in item.fixturenames]
    assert tests, "the hidden suite could not be collected"
    return tests


def _hidden_test(item, key: Key) -> HiddenTest:
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    if "numbers" in item.fixturenames:
        parameters["numbers"] = Numbers(key)
    unknown = set(item.fixturenames) - {"student", "request", *parameters}
    assert not unknown, f"{item.name} wants fixtures that this runner does not know: {unknown}"
    cell = item.get_closest_marker("graded").kwargs["cell"]
    return HiddenTest(item.name, cell, lambda student: item.obj(student=student, **parameters))
