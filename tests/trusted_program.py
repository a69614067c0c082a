"""Runs the hidden suite on functions of our own, in this process: our code, so the wall is not the point."""

import contextlib
import copy
import types
from collections.abc import Mapping

from autograder.grading.report import TestResult
from autograder.grading.suite_run import run_suite
from autograder.judge.hidden import Key
from autograder.judge.outcomes import is_deliberate
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Answer, NotDefined, OutOfMemory
from autograder.sandbox.failures import as_failure
from autograder.sandbox.inside import wire
from autograder.suite import suite_folder
from solutions.reference import textbook


class TrustedProgram:
    """Answers calls as `grading.program.Program` does: values travel over the wire, errors become failures."""

    cells = all_cells = ()
    failed_cells = types.MappingProxyType({})

    def __init__(self, functions: Mapping[str, object]):
        self._functions = functions

    def call(self, function, *arguments, cpu_seconds=None, **keywords) -> Answer:
        if not callable(self._functions.get(function)):
            raise NotDefined("there is no such function")
        arguments = copy.deepcopy(list(arguments))
        try:
            value = self._functions[function](*arguments, **keywords)
        except MemoryError:
            raise OutOfMemory("out of memory") from None
        except Exception as error:
            self._was_deliberate = is_deliberate(error)
            raise as_failure(error) from None
        return Answer(_over_the_wire(value), arguments, 0.01)

    def still(self):
        """It does nothing anyway while another one works."""
        return contextlib.nullcontext()

    def cell_of(self, block):
        return None

    def is_deliberate(self, failure):
        return self._was_deliberate

    def why_not_defined(self, function):
        return None


def _over_the_wire(value):
    frame = wire.encode({}, value)
    size = wire.PREFIX.size
    return wire.decode(frame[:size], frame[size:])[1]


def suite_results(
    functions: Mapping[str, object], assignment: str = "conv2d", key: Key = EXAMPLE
) -> tuple[TestResult, ...]:
    """Every hidden test's result on these functions. All functions "take" the same time."""
    programs = TrustedProgram(functions), TrustedProgram(vars(textbook))
    return run_suite(suite_folder(assignment), *programs, key)
