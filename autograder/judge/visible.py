"""The visible checks of an assignment: cases whose results are known, run on a student's functions in the notebook.

A check stops at the first step that fails: not started, raised an error, wrong type, wrong dtype, wrong shape, wrong
values, changed its inputs. Without matplotlib and IPython it leaves out the drawings.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import re
import sysconfig
import textwrap
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.drawing import Panel, can_draw, picture
from autograder.judge.ladder import UNKNOWN, Origin, Problem, changed, compare, describe
from autograder.judge.plain_words import Hint, explain_exception
from autograder.judge.running import PATIENCE, CellRuns, TooLong, names_of_caller, time_limit


@dataclass(frozen=True)
class Case:
    """One call of a student's function and what must come back; ``ValueError`` if it must raise one."""

    title: str
    arguments: tuple[Any, ...]
    expected: Any
    origin: Origin = UNKNOWN
    or_else: tuple[type[Exception], ...] = ()  # errors that will do in place of a ValueError
    changes: tuple[int, ...] = ()  # the places of the arguments that the function is there to change


class CheckFailed(AssertionError):
    """A check that did not pass; Jupyter shows its text alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """The lines that Jupyter shows: sentences wrapped at spaces, numbers and code as they are."""
        lines = str(self).splitlines()
        return [line if line.startswith(" ") else textwrap.fill(line, 90) for line in lines]


@dataclass(frozen=True)
class StandIn:
    """A function of the kit's in the place of a student's.

    Attributes:
        works: the function.
        reason: a sentence that says what is missing or wrong with the student's.
    """

    works: Callable[..., Any]
    reason: str

    def __call__(self, *arguments: Any) -> Any:
        return self.works(*arguments)


class Checks:
    """An assignment's visible checks.

    Args:
        cases: each function's, by its name, in the order of the notebook.
        hints: what errors mean in this assignment.
        parameters: those that each function is to have, as they stand in its first line: "image, kernel, x, y".
        ending: shown by `progress` when every function is right; it is given the notebook's names.
    """

    def __init__(
        self,
        cases: Mapping[str, Sequence[Case]],
        hints: Sequence[Hint] = (),
        parameters: Mapping[str, str] | None = None,
        ending: Callable[[Mapping[str, Any]], None] | None = None,
    ):
        self.cases = cases
        self.hints = hints
        self.parameters = parameters or {}
        self.ending = ending
        self.runs = CellRuns()

    def checker(self, name: str) -> Callable[..., None]:
        """The check of one function, as the notebook's graded cell calls it."""

        def run(function: object = None) -> None:
            self.check(name, names_of_caller(1).get(name) if function is None else function)

        run.__name__ = f"check_{name}"
        run.__doc__ = f"Check {name}: print a line when all is right, else show the first problem."
        return run

    def check(self, name: str, function: object) -> None:
        """Run all cases of one function; print a line when all pass, else draw and raise the first problem.

        ``function`` is None where the notebook has none of that name.
        """
        if isinstance(function, StandIn):
            raise CheckFailed(
                f"{name} is the kit's stand-in here. Run the cell of your {name} first, then this check."
            )
        if stopped := self._stopped(name, function):
            raise CheckFailed(stopped)
        cases = self.cases[name]
        for number, case in enumerate(cases, 1):
            problem, actual = self.examine(name, function, case)
            if problem is None:
                continue
            if problem.step == "not started":
                raise CheckFailed(problem.message)
            title = f"{name}, check {number} of {len(cases)}: {case.title}"
            call = f"Its call, for a cell of your own:\n{self._call(name, case, number)}"
            drawn = _draw_difference(name, case, actual, problem) if problem.step == "values" else ""
            raise CheckFailed(f"{title}\n{call}\n\n{problem.message}{drawn}")
        print(f"{name}: all {len(cases)} checks pass.")

    def arguments(self, name: str, number: int) -> tuple[Any, ...]:
        """The arguments of one case, numbered from 1 as in its message, to repeat its call: ``f(*arguments("f", 2))``."""
        return copy.deepcopy(self.cases[name][number - 1].arguments)

    def _stopped(self, name: str, function: object) -> str:
        """Why the function, if there is one, is not what its cell says now; "" where it is."""
        error = self.runs.why_stopped(name)
        if function is None:
            return (
                f"The cell of {name} stopped with {error}. Mend it and run it, then this check."
                if error
                else (
                    f"There is no {name} yet. Run the cell of this function first (Shift + Enter), then this check."
                )
            )
        if not error:
            return ""
        return (
            f"The last run of the cell of {name} stopped with {error}. What stands here is still your earlier version. "
            "Mend that cell and run it, then this check."
        )

    def examine(self, name: str, function: object, case: Case) -> tuple[Problem | None, object]:
        """Call the function with copies of the case's inputs; return the first problem and its result."""
        if not callable(function):
            reason = f"{name} is {describe(function)} now, not a function: has a cell reused its name?"
            return Problem("type", reason), None
        if wrong := self._wrong_parameters(name, function, case):
            return Problem("type", wrong), None
        arguments = copy.deepcopy(case.arguments)
        try:
            with time_limit():
                actual = function(*arguments)
        except (KeyboardInterrupt, TooLong) as error:
            return _endless(error), None
        except NotImplementedError as error:
            stub = (_own_frames(error) or traceback.extract_tb(error.__traceback__))[-1].name
            return not_started(name, None if stub == getattr(function, "__name__", None) else stub), None
        except Exception as error:
            return self._error_problem(name, error, case), None
        except SystemExit as error:
            leaves = (
                "Your function called exit() or quit(), which ends the program: `return` ends a function."
            )
            return Problem("raised", "\n".join([leaves, *_lines(error)])), None
        if case.expected is ValueError:
            return Problem("raised", _not_raised(actual)), actual
        problem = compare(actual, case.expected, origin=case.origin)
        return problem or _changed_inputs(function, arguments, case), actual

    def _wrong_parameters(self, name: str, function: Callable[..., Any], case: Case) -> str:
        """That a function cannot be called with what it is to be called with; "" where it can."""
        try:
            signature = inspect.signature(function)
        except ValueError:  # some built-in functions have none
            return ""
        try:
            signature.bind(*case.arguments)
        except TypeError:
            wanted = self.parameters.get(name)
            cure = f" Its first line is to be:\n  def {name}({wanted}):" if wanted else ""
            count = len(case.arguments)
            return f"Your {name} takes {signature}, and it is called with {count} arguments.{cure}"
        return ""

    def _error_problem(self, name: str, error: Exception, case: Case) -> Problem | None:
        if case.expected is ValueError and isinstance(error, (ValueError, *case.or_else)):
            return None
        own = _own_frames(error)
        line = (own[-1].line or "") if own else ""
        kind = type(error).__name__
        hint = explain_exception(kind, str(error), self.hints, line=line, function=name)
        told = ["Your function stopped with an error."]
        if case.expected is ValueError:
            told = ["This call must raise a ValueError.", *told]
            hint = "" if line.startswith("raise") else hint  # it refused the call, but with another error
        parts = [*told, f"{kind}: {error}"[:500].rstrip(": "), *_lines(error), hint]
        return Problem("raised", "\n".join(filter(None, parts)))

    def _call(self, name: str, case: Case, number: int) -> str:
        """The call of a case, to be pasted into a cell, and below it what the function is given."""
        if all(_is_short(argument) for argument in case.arguments):
            return f"  {name}({', '.join(map(repr, case.arguments))})"
        parameters = re.findall(r"(?:^|, )(\w+)", self.parameters.get(name, ""))
        given = []
        for place, argument in enumerate(case.arguments):
            word = f"{parameters[place]} " if place < len(parameters) else ""
            what = repr(argument) if _is_short(argument) else _in_words(argument)
            given.append(word + what)
        return f'  {name}(*checks.arguments("{name}", {number}))\n  {", ".join(given)}'

    def progress(self, namespace: dict[str, Any]) -> None:
        """Print how far each function of the assignment is; ``namespace`` is the notebook's, ``globals()``."""
        states = {name: self._state(name, namespace) for name in self.cases}
        width = max([18, *(len(name) + 2 for name in states)])
        for name, (state, note) in states.items():
            print(f"{name:<{width}}{state:<13}{note}".rstrip())
        right = sum(state == "right" for state, _ in states.values())
        print(f"\n{right} of {len(states)} functions pass their checks.")
        if right == len(states) and self.ending:
            self.ending(namespace)

    def _state(self, name: str, namespace: dict[str, Any]) -> tuple[str, str]:
        """A function's state in a word or two, and what there is to say about it."""
        if isinstance(standing := namespace.get(name), StandIn):
            return "stand-in", f"The kit's, until yours is right. {standing.reason}"
        error = self.runs.why_stopped(name)
        if name not in namespace:
            return ("stopped", error) if error else ("not run", "Run the cell of this function first.")
        if error:
            return "stopped", f"{error}. It is still your earlier version."
        cases = self.cases[name]
        for number, case in enumerate(cases, 1):
            with contextlib.redirect_stdout(io.StringIO()):  # what a student prints to look inside
                problem, _ = self.examine(name, namespace[name], case)
            if problem is not None and problem.step == "not started":
                other = re.match(r"\w+ calls (\w+)", problem.message)
                return (
                    ("waiting", f"It calls {other[1]}: write that first.") if other else ("not started", "")
                )
            if problem is not None:
                return "wrong", f"Check {number} of {len(cases)}: {case.title}."
        return "right", ""


# What is told ----------------------------------------------------------------------------------------------


def _is_short(argument: object) -> bool:
    """Whether an argument can be written down in a call."""
    if isinstance(argument, (list, tuple)):
        return all(map(_is_short, argument))
    return not isinstance(argument, (np.ndarray, np.random.Generator))


def _in_words(argument: object) -> str:
    if isinstance(argument, np.ndarray):
        return f"of shape {argument.shape}"
    if isinstance(argument, (list, tuple)):
        return f"of {len(argument)} arrays"
    return "a generator of random numbers"


def not_started(name: str, stub: str | None = None) -> Problem:
    """The problem of a function that is still its stub, or that calls another one that is."""
    if stub not in (None, name):
        return Problem("not started", f"{name} calls {stub}, which is not started yet. Write {stub} first.")
    cure = "Put your code in place of its line `raise NotImplementedError(...)` and run that cell."
    return Problem("not started", f"{name} is not started yet. {cure}")


def _endless(error: BaseException) -> Problem:
    """The problem of a call that did not come to its end, by itself or by the student's interrupt."""
    what = (
        "You interrupted your function"
        if isinstance(error, KeyboardInterrupt)
        else (f"Your function did not come to its end within {PATIENCE} seconds")
    )
    where = "\n".join(["", *_lines(error)])
    return Problem("raised", f"{what}. It was{where}\nDoes a loop there never end?")


def _not_raised(actual: object) -> str:
    """That a call that must be refused gave something."""
    cure = ""
    if isinstance(actual, BaseException) or (isinstance(actual, type) and issubclass(actual, BaseException)):
        cure = " An error is not returned but raised: raise ValueError(…)."
    return f"This call must raise a ValueError, and your function returned {describe(actual)}.{cure}"


def _lines(error: BaseException) -> list[str]:
    """The line of the checked function, and that of a function of the student's which it called, if it stopped there."""
    own = [frame for frame in _own_frames(error) if not re.fullmatch("<(genexpr|.*comp)>", frame.name)]
    said = [f"in {frame.name}, line {frame.lineno}: {frame.line}" for frame in own]
    if not said:
        return []
    if own[-1].name == own[0].name:
        return [f"  {said[-1]}"]
    return [f"  {said[0]}", f"  and there {said[-1]}"]


def _changed_inputs(function: object, now: tuple[Any, ...], case: Case) -> Problem | None:
    """The problem of a function that overwrote what it was given."""
    pairs = enumerate(zip(case.arguments, now, strict=True))
    overwritten = [
        _parameter(function, place)
        for place, (before, after) in pairs
        if place not in case.changes and changed(before, after)
    ]
    if not overwritten:
        return None
    cure = "Work on a copy (x.copy()) or put the result into a new array."
    return Problem(
        "inputs", f"The result is right, but your function changed its input {', '.join(overwritten)}. {cure}"
    )


def _parameter(function: object, position: int) -> str:
    code = getattr(function, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code else ()
    return f"`{names[position]}`" if position < len(names) else f"number {position + 1}"


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the error that are the student's, outermost first: not this file's, not a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if not _is_library(frame.filename)]


def _is_library(path: str) -> bool:
    # The alarm rings in a function of the module that sets it; in a student's checks.py that is this very file.
    ours = (__file__, CellRuns.watch.__code__.co_filename)
    return path.startswith((sysconfig.get_path("stdlib"), *ours, "<__array")) or "-packages" in path


def _draw_difference(name: str, case: Case, actual: Any, problem: Problem) -> str:
    """Draw where the first differing number comes from and both results; return the former in words."""
    index, expected = problem.index or (), case.expected
    if problem.part is not None:
        actual, expected = actual[problem.part], expected[problem.part]
    inputs, words = case.origin.panels(case.arguments, index, problem.part)
    if not inputs:
        inputs = [
            Panel("given", each) for each in case.arguments if isinstance(each, np.ndarray) and each.ndim == 2
        ]
    results = []
    if isinstance(expected, np.ndarray) and index:
        cut = case.origin.plane(index, problem.part)
        results = [_result("yours", actual, index, cut), _result("expected", expected, index, cut)]
    if (inputs or results) and can_draw():
        picture(*inputs, *results, alt=f"{name}: {problem.message} {words}")
    return words


def _result(title: str, array: Any, index: tuple[int, ...], cut: tuple[int | slice, ...]) -> Panel:
    """One cut of a result, with the number at ``index`` outlined; a row where the cut has one axis."""
    place = [i for i, kept in zip(index, cut, strict=True) if isinstance(kept, slice)]
    row, column = [0, *place][-2:]
    return Panel(title, np.atleast_2d(np.asarray(array)[cut]), (row, column, 1, 1))
