"""What a report would say of a program with a beginner's mistake, if hidden tests had the inputs of the visible checks."""

import contextlib
import copy
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from autograder.grading.explain import explain
from autograder.grading.notebook import Cell
from autograder.grading.program import Program as Submission
from autograder.judge import assert_raises, assert_same
from autograder.judge.visible import Case
from autograder.sandbox import Allowance, Frame, Limits, Raised, TimedOut
from autograder.sandbox.failures import builtin_name, raised
from autograder.sandbox.inside import wire
from autograder.suite.conv2d import ASSIGNMENT
from solutions.source.conv2d import checks

from .programs import RIGHT, Program, programs
from .reading import SOON, same_in_every_python

REPORTS = Path(__file__).parent / "reports.txt"


def report(program: Program) -> str:
    """The message of the first visible case that goes wrong, as a report would have it; "" where none does."""
    sources = RIGHT | {program.function: program.source}
    cells = [Cell(position, "code", text, name) for position, (name, text) in enumerate(sources.items(), 1)]
    submission = Submission(cells, Limits(), Allowance(60))
    notebook: dict[str, object] = {"np": np}
    for cell in cells:
        exec(compile(cell.source, f"cell {cell.position}", "exec"), notebook)
    function = _called(notebook[program.function])
    for case in checks.CASES[program.function]:
        try:
            _test(function, case)
        except Exception as error:
            return same_in_every_python(explain(error, submission, ASSIGNMENT.hints).message)
    return ""


def _test(function: Callable[..., object], case: Case) -> None:
    """A hidden test with this case's arguments."""
    if case.expected is ValueError:
        assert_raises(ValueError, function, *case.arguments, because=case.title, or_else=case.or_else)
    else:
        assert_same(function(*case.arguments), case.expected, origin=case.origin)


def _called(function: Callable[..., object]) -> Callable[..., object]:
    """The function as a hidden test has it: its values have travelled, its errors are a worker's failures."""

    def call(*arguments: object) -> object:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with checks.time_limit(SOON), contextlib.redirect_stdout(None):
                    return _over_the_wire(function(*copy.deepcopy(arguments)))
            except SystemExit as error:
                raise _raised(error) from None
            except checks.TooLong:
                raise TimedOut("no answer after 10 seconds of computing") from None
            except Exception as error:
                raise _raised(error) from None

    return call


def _raised(error: BaseException) -> Raised:
    """What the worker would say of it."""
    places = traceback.extract_tb(error.__traceback__)
    frames = [Frame(each.filename, each.lineno or 0) for each in places if each.filename.startswith("cell ")]
    return raised(type(error).__name__, builtin_name(error), " ".join(str(error).split())[:500], frames[:50])


def _over_the_wire(value: object) -> object:
    frame = wire.encode({}, value)
    return wire.decode(frame[: wire.PREFIX.size], frame[wire.PREFIX.size :])[1]


def all_reports() -> Iterator[str]:
    """Every program's mistake with what its report says, as `reports.txt` has it."""
    for each in programs():
        yield f"=== {each.function}: {each.mistake}\n{report(each)}\n"
