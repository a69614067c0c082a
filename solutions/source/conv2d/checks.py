"""The visible checks of "Convolution by hand and in NumPy": what you see when you run a graded cell.

A check calls your function with small inputs whose results are known and stops at the first step that fails. It holds
data and comparisons only, no solution. Without matplotlib and IPython it leaves out the drawings.

"make release" writes this file from the kit's judge and the assignment's cases; it is not edited by hand.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import html
import io
import re
import signal
import sys
import sysconfig
import textwrap
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np


# The ladder by which every answer is judged -----------------------------------------------------------------

# Results may differ from the expected ones by this much of the largest expected number: enough for float32.
TOLERANCE = 1e-4

# By how much numbers may differ: one bound, or one for each array of a tuple; None for TOLERANCE's share.
Allowed = float | Sequence[float] | None


@dataclass(frozen=True)
class Problem:
    """The first thing that is wrong with a result."""

    step: str  # "not started", "raised", "type", "dtype", "shape", "values" or "inputs"
    message: str  # plain text: what happened, where, what to do next
    index: tuple[int, ...] | None = None  # the first differing place
    part: int | None = None  # of a tuple of arrays, the one that differs


class Origin:
    """How an output is made, for explaining a wrong one. This one knows nothing; an assignment derives its own."""

    parts: tuple[str, ...] = ()  # what the arrays of a tuple are called

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        """Why the array called ``name`` has this shape: what follows the two shapes in a message."""
        return ""

    def where(self, index: tuple[int, ...]) -> str:
        """Where the number at this place of the output comes from: what ends a message on a wrong value."""
        return ""

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple[int | slice, ...]:
        """The cut of a result with two axes, or one, that shows the number at ``index``; the last two here."""
        return (*index[:-2], *(slice(None) for _ in index[-2:]))

    def panels(self, arguments: tuple[Any, ...], index: tuple[int, ...]) -> tuple[list[Any], str]:
        """Drawings of the inputs that one number comes from, as ``Panel``s, and the same in words."""
        return [], ""

    def picture(self, index: tuple[int, ...], shape: tuple[int, ...]) -> Any:
        """What a report may draw of a place of an output of that shape: sizes and places, no values."""
        return None


UNKNOWN = Origin()


def compare(
    actual: object, expected: Any, *, origin: Origin = UNKNOWN, reveal: bool = True, allowed: Allowed = None
) -> Problem | None:
    """The first problem of ``actual``, or None when it is right.

    ``expected`` says what is compared. A Python int: a whole number. Any other number: a number of any kind.
    A tuple of ints: a list, tuple or array of whole numbers. An array: an array. A tuple of arrays: a list or
    tuple of arrays. float32 and float64 are both right, and so are integers where whole numbers are expected.
    Numbers agree when they differ by at most ``allowed`` (one number, or one for each array of a tuple), which is
    TOLERANCE · max(1e-6, largest expected) where it is not given. With ``reveal=False`` the message names shapes
    and places, and no value of the inputs, of ``actual`` or of ``expected``.
    """
    if actual is None:
        return Problem("type", "Your function returned None: is the `return` missing?")
    if isinstance(expected, tuple) and isinstance(expected[0], np.ndarray):
        return _compare_arrays(actual, expected, origin, reveal, allowed)
    if isinstance(expected, tuple):
        return _compare_integers(actual, expected, reveal)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _compare_array(actual, expected, "output", origin, reveal, allowed)
    if isinstance(expected, int):
        return _compare_integer(actual, expected, "The result", (), reveal)
    return _compare_number(actual, float(expected), reveal, allowed)


def _compare_integer(
    actual: Any, expected: int, what: str, index: tuple[int, ...], reveal: bool
) -> Problem | None:
    value = actual[()] if isinstance(actual, np.ndarray) and actual.ndim == 0 else actual
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        cure = ""
        if isinstance(value, (float, np.floating)):
            cure = " The division `/` always gives a float; `//` rounds down to a whole number."
        return Problem("type", f"{what} is {describe(value)}; a whole number (int) is expected.{cure}", index)
    if int(value) == expected:
        return None
    numbers = f"\n  yours     {int(value)}\n  expected  {expected}" if reveal else ""
    return Problem("values", f"{what} is wrong.{numbers}", index)


def _compare_integers(actual: Any, expected: tuple[int, ...], reveal: bool) -> Problem | None:
    count = len(expected)
    if not isinstance(actual, (list, tuple)) and not (isinstance(actual, np.ndarray) and actual.ndim == 1):
        return Problem("type", f"Your function returned {describe(actual)}; {count} numbers are expected.")
    if len(actual) != count:
        return Problem("shape", f"Your function returned {len(actual)} numbers; {count} are expected.")
    for place, (value, right) in enumerate(zip(actual, expected, strict=True)):
        if problem := _compare_integer(value, right, f"Number {place} of the result", (place,), reveal):
            return problem
    return None


def _compare_number(actual: Any, expected: float, reveal: bool, allowed: Allowed) -> Problem | None:
    is_number = np.isscalar(actual) or isinstance(actual, np.ndarray)
    if isinstance(actual, bool) or not is_number or np.ndim(actual):
        return Problem("type", f"Your function returned {describe(actual)}; one number is expected.")
    value, right = np.asarray(actual), np.asarray(expected)
    dtype_problem = _dtype_problem(value, right, "result")
    return dtype_problem or _values_problem(value, right, "result", UNKNOWN, reveal, allowed)


def _compare_array(
    actual: Any, expected: np.ndarray, name: str, origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    if not isinstance(actual, np.ndarray):
        cure = " np.array(...) makes one of a list." if isinstance(actual, (list, tuple)) else ""
        return Problem("type", f"The {name} is {describe(actual)}; a NumPy array is expected.{cure}")
    actual = np.asarray(actual)
    return (
        _dtype_problem(actual, expected, name)
        or _shape_problem(actual, expected, name, origin)
        or _values_problem(actual, expected, name, origin, reveal, allowed)
    )


def _compare_arrays(
    actual: Any, expected: tuple[np.ndarray, ...], origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    count = len(expected)
    names = origin.parts or tuple(f"array {number}" for number in range(count))
    if not isinstance(actual, (list, tuple)) or len(actual) != count:
        wanted = f"the {count} arrays ({', '.join(names)})"
        return Problem("type", f"Your function returned {describe(actual)}; {wanted} are expected.")
    each_allowed = allowed if isinstance(allowed, Sequence) else [allowed] * count
    for part, (value, right, name) in enumerate(zip(actual, expected, names, strict=True)):
        if problem := _compare_array(value, right, name, origin, reveal, each_allowed[part]):
            return Problem(problem.step, problem.message, problem.index, part)
    return None


def describe(value: object) -> str:
    """What a value is, without its numbers: "a list of length 2", "an array of shape (2, 3)"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of length {len(value)}"
    if value is None:
        return "None"
    name = type(value).__name__[:60]
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def _dtype_problem(actual: np.ndarray, expected: np.ndarray, name: str) -> Problem | None:
    if actual.dtype.kind not in "iuf":
        cure = "Numbers are expected: np.zeros(shape) makes an array of floats."
        return Problem("dtype", f"The {name} has dtype {actual.dtype}. {cure}")
    if actual.dtype.kind == "f" or not expected.size:
        return None
    if np.any(np.abs(expected - np.round(expected)) > _allowed(expected)):
        cause = "Whole numbers cut off the fractions of this result"
    elif expected.min() < np.iinfo(actual.dtype).min or expected.max() > np.iinfo(actual.dtype).max:
        cause = "Some numbers of this result do not fit into it and wrap around"
    else:
        return None
    cure = "make it of floats, e.g. with np.zeros(shape) or x.astype(float)."
    return Problem("dtype", f"The {name} has dtype {actual.dtype}. {cause}: {cure}")


def _shape_problem(actual: np.ndarray, expected: np.ndarray, name: str, origin: Origin) -> Problem | None:
    if actual.shape == expected.shape:
        return None
    message = f"The {name} has shape {actual.shape}; {expected.shape} is expected."
    if actual.ndim != expected.ndim:
        axes = f"That is {actual.ndim} axes where there should be {expected.ndim}."
        return Problem("shape", f"{message} {axes}")
    return Problem("shape", message + origin.rule(expected.shape, name))


def _allowed(expected: np.ndarray) -> float:
    return TOLERANCE * max(1e-6, float(np.abs(expected).max()))


def _values_problem(
    actual: np.ndarray, expected: np.ndarray, name: str, origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    if not expected.size:
        return None
    actual, expected = actual.astype(float), expected.astype(float)
    finite = np.isfinite(actual)
    allowed = _allowed(expected) if allowed is None else allowed
    wrong = ~(np.abs(actual - expected) <= allowed) if finite.all() else ~finite
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = f"{name}[{', '.join(map(str, index))}]" if index else f"the {name}"
    if not finite.all():
        cause = "np.empty without filling every place, a division by zero, or numbers that grew too large"
        return Problem("values", f"Not a number: {where} is nan or infinite. Usual causes: {cause}.", index)
    count = f"{wrong.sum()} of {wrong.size} numbers differ; the first is {where}."
    message = count if index else "The number is wrong."
    if reveal:
        message += f"\n  yours     {actual[index]:.6g}\n  expected  {expected[index]:.6g}"
    return Problem("values", message + origin.where(index), index)


# Python's and NumPy's errors in plain words, for people who meet them for the first time --------------------

LONGEST_MESSAGE = 1000  # characters of an error's message that are searched: it may be a student's own


@dataclass(frozen=True)
class Hint:
    """What an error usually means: its type and a part of its message, both as patterns, and one sentence."""

    error: str
    pattern: str
    sentence: str

    def fits(self, error: str, message: str) -> bool:
        return bool(re.fullmatch(self.error, error) and re.search(self.pattern, message[:LONGEST_MESSAGE]))


_NONE = "Something here is None: probably a function that it came from lacks its `return`."
_WHOLE = "A size or a position must be a whole number: `/` always gives a float, `//` a whole number."
# fmt: off
_HINTS = (
    Hint("ValueError", "operands could not be broadcast",
         "Two arrays whose shapes do not fit were combined: print both shapes."),
    Hint("ValueError", "could not broadcast input",
         "What stands right of `=` has another shape than the place left of it that it should fill."),
    Hint("ValueError", "matmul|not aligned",
         "In a matrix product the left matrix needs as many columns as the right one has rows."),
    Hint("ValueError", "cannot reshape",
         "reshape keeps every number: the sizes must multiply to the same total."),
    Hint("ValueError", "to unpack", "There are more or fewer values than names."),
    Hint("ValueError", "element with a sequence", "One place of an array takes one number: is a sum missing?"),
    Hint("ValueError", "truth value of an array",
         "`if` needs one answer: compare shapes or single numbers, not arrays."),
    Hint("IndexError", "out of bounds",
         "Positions run from 0 to size − 1: does a loop run too far, or are rows and columns swapped?"),
    Hint("IndexError", "too many indices",
         "The array has fewer axes than the indices you use: print its shape."),
    Hint("IndexError", "only integers", _WHOLE),
    Hint("UnboundLocalError", "", "The function uses this name before it gives it a value."),
    Hint("NameError", "",
         "Python does not know this name: check its spelling, and run the cell that defines it."),
    Hint("(Type|Attribute)Error", "NoneType", _NONE),
    Hint("TypeError", "as an integer|must be integers|integer scalar", _WHOLE),
    Hint("TypeError", "positional argument|keyword argument",
         "Keep each function's name and parameters as given."),
    Hint("TypeError", "not callable",
         "This name stands for something other than a function now: was it reused?"),
    Hint("TypeError", "sequence|'(list|tuple)'",
         "Lists do no arithmetic: np.array(...) makes an array of a list."),
    Hint(".*CastingError|.*UFuncTypeError", "",
         "An array of whole numbers cannot take fractions: np.zeros(shape) makes one of floats."),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which number is 0 here?"),
    Hint("RecursionError", "", "The function calls itself without an end."),
    Hint("(ModuleNotFound|Import)Error", "",
         "Only NumPy is needed, and only NumPy is there when the work is graded."),
)
# fmt: on


def explain_exception(type_name: str, message: str, own: Sequence[Hint] = ()) -> str:
    """One plain sentence on a common error, or "" when there is nothing to add.

    ``own`` are the assignment's hints: they know its subject, so they are asked first.
    """
    for hint in (*own, *_HINTS):
        if hint.fits(type_name, message):
            return hint.sentence
    return ""


# Grids of numbers side by side, for a notebook, each picture with a text for those who cannot see it --------

@dataclass(frozen=True)
class Panel:
    """A grid of numbers to draw: ``mark`` outlines (row, column, height, width), padding is hatched."""

    title: str
    numbers: np.ndarray
    mark: tuple[int, int, int, int] | None = None
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)  # rows above and below, columns left and right


def picture(*panels: Panel, alt: str) -> None:
    """Draw grids of numbers side by side, with a text for those who cannot see them."""
    from matplotlib.figure import Figure

    widths = [max(panel.numbers.shape[1], 2) for panel in panels]
    height = max(panel.numbers.shape[0] for panel in panels)
    figure = Figure(figsize=(0.46 * (sum(widths) + len(panels)), 0.46 * (height + 2)), facecolor="white")
    axes = figure.subplots(1, len(panels), width_ratios=widths, squeeze=False)[0]
    for ax, panel, width in zip(axes, panels, widths, strict=True):
        _draw_panel(ax, panel, width, height)
    figure.tight_layout()
    show(figure, alt)


def _draw_panel(ax: Any, panel: Panel, widest: int, highest: int) -> None:
    """Draw one grid at the top of a space of widest × highest cells, so that all panels' cells are equal."""
    from matplotlib.patches import Rectangle

    rows, columns = panel.numbers.shape
    top, bottom, left, right = panel.padding
    for (row, column), number in np.ndenumerate(panel.numbers):
        inside = top <= row < rows - bottom and left <= column < columns - right
        colour, hatch = ("#f4f4f4", None) if inside else ("#cfe3f2", "///")
        square = Rectangle(
            (column, row), 1, 1, edgecolor="#999999", linewidth=0.6, facecolor=colour, hatch=hatch
        )
        ax.add_patch(square)
        label = {"facecolor": colour, "edgecolor": "none", "pad": 1}
        ax.text(column + 0.5, row + 0.5, f"{number:.4g}", ha="center", va="center", fontsize=9, bbox=label)
    if panel.mark is not None:
        row, column, height, width = panel.mark
        ax.add_patch(
            Rectangle((column, row), width, height, fill=False, edgecolor="#b34700", linewidth=3, zorder=3)
        )
    around = (widest - columns) / 2 + 0.05
    ax.set(xlim=(-around, columns + around), ylim=(highest + 0.05, -0.05), aspect="equal", title=panel.title)
    ax.set_xticks(np.arange(columns) + 0.5, labels=np.arange(columns) - left)
    ax.set_yticks(np.arange(rows) + 0.5, labels=np.arange(rows) - top)
    ax.tick_params(length=0, labelsize=7, labeltop=True, labelbottom=False, colors="#555555")
    ax.title.set_fontsize(10)
    ax.spines[:].set_visible(False)


def show(figure: Any, alt: str) -> None:
    """Display a matplotlib figure as an image with a text alternative, and close it."""
    from IPython.display import display

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    png = base64.b64encode(buffer.getvalue()).decode("ascii")
    image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{png}" style="max-width: 100%">'
    display({"text/html": image, "text/plain": alt}, raw=True)


def can_draw() -> bool:
    """Whether this runs in a notebook, with matplotlib."""
    try:
        import IPython
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    return IPython.get_ipython() is not None


# Runs a student's function inside a notebook ----------------------------------------------------------------

PATIENCE = 5  # seconds of CPU time for one call: a right function takes milliseconds


class TooLong(BaseException):
    """The time for a call is over. No student's ``except Exception`` stops it."""


@contextmanager
def time_limit(seconds: float = PATIENCE) -> Iterator[None]:
    """Raises ``TooLong`` in the block where it computes longer; waiting, as in a debugger, does not count.

    Where the system has no such alarm (Windows, a browser), nothing happens, and Interrupt is left.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class CellRuns:
    """Which functions' cells stopped with an error when they were last run."""

    def __init__(self) -> None:
        self._stopped: dict[str, str] = {}

    def watch(self) -> None:
        """Hears of every cell that IPython runs from now on; outside a notebook there is nothing to hear of."""
        if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()) is not None:
            shell.events.register("post_run_cell", self.note)

    def note(self, result: Any) -> None:
        """IPython's record of a cell that has run."""
        error = result.error_before_exec or result.error_in_exec
        for name in re.findall(r"^(?:async )?def (\w+)", result.info.raw_cell or "", re.MULTILINE):
            if error is None:
                self._stopped.pop(name, None)
            else:
                self._stopped[name] = _in_a_line(error)

    def why_stopped(self, name: str) -> str:
        """What the last run of a function's cell stopped with; "" where it ran to its end."""
        return self._stopped.get(name, "")


def _in_a_line(error: BaseException) -> str:
    """The error in a line; a syntax error with its line in place of a file that no student knows."""
    said = str(error)
    if isinstance(error, SyntaxError):
        said = f"{error.msg}, in line {error.lineno}"
    return f"{type(error).__name__}: {said}".splitlines()[0][:200]


@contextmanager
def example_of(name: str) -> Iterator[None]:
    """Shows a student's function at work in the block; where that fails, says so in a sentence and goes on."""
    try:
        with time_limit():
            yield
    except (Exception, TooLong, KeyboardInterrupt) as error:
        missing = isinstance(error, (NotImplementedError, KeyError))
        reason = (
            "it is not there yet" if missing else f"it stopped with {type(error).__name__}: {error}"[:300]
        )
        print(f"This example shows your {name}; {reason}. Make its check pass, then run this cell again.")


def names_of_caller(depth: int) -> Mapping[str, object]:
    """The global names where a function was called: in a notebook, the student's own.

    ``depth`` is 1 for the caller of the function that asks.
    """
    return sys._getframe(depth + 1).f_globals


# The visible checks of an assignment ------------------------------------------------------------------------

@dataclass(frozen=True)
class Case:
    """One call of a student's function and what must come back; ``ValueError`` if it must raise one."""

    title: str
    arguments: tuple[Any, ...]
    expected: Any
    origin: Origin = UNKNOWN


class CheckFailed(AssertionError):
    """A check that did not pass; Jupyter shows its text alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """The lines that Jupyter shows: sentences wrapped at spaces, numbers and code as they are."""
        lines = str(self).splitlines()
        return [line if line.startswith(" ") else textwrap.fill(line, 90) for line in lines]


class Checks:
    """An assignment's visible checks.

    Args:
        cases: each function's, by its name, in the order of the notebook.
        hints: what errors mean in this assignment.
    """

    def __init__(self, cases: Mapping[str, Sequence[Case]], hints: Sequence[Hint] = ()):
        self.cases = cases
        self.hints = hints
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
        if stopped := self._stopped(name, function):
            raise CheckFailed(stopped)
        cases = self.cases[name]
        for number, case in enumerate(cases, 1):
            problem, actual = self.examine(name, function, case)
            if problem is None:
                continue
            if problem.step == "not started":
                raise CheckFailed(problem.message)
            title = f"{name}, check {number} of {len(cases)}: {case.title}{_call(name, case)}"
            drawn = _draw_difference(name, case, actual, problem) if problem.step == "values" else ""
            raise CheckFailed(f"{title}\n\n{problem.message}{drawn}")
        print(f"{name}: all {len(cases)} checks pass.")

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
        arguments = copy.deepcopy(case.arguments)
        try:
            with time_limit():
                actual = function(*arguments)
        except (KeyboardInterrupt, TooLong) as error:
            return _endless(error), None
        except NotImplementedError as error:
            stub = _own_frame(error).name
            return not_started(name, None if stub == getattr(function, "__name__", None) else stub), None
        except Exception as error:
            return self._error_problem(error, case), None
        if case.expected is ValueError:
            missing = "This call must raise a ValueError, and your function returned a result."
            return Problem("raised", missing), actual
        problem = compare(actual, case.expected, origin=case.origin)
        return problem or _changed_inputs(function, arguments, case.arguments), actual

    def _error_problem(self, error: Exception, case: Case) -> Problem | None:
        if case.expected is ValueError and isinstance(error, ValueError):
            return None
        parts = [
            f"{type(error).__name__}: {error}"[:500],
            f"  {_line(error)}",
            explain_exception(type(error).__name__, str(error), self.hints),
        ]
        message = "\n".join(["Your function stopped with an error.", *filter(None, parts)])
        if case.expected is ValueError:
            message = f"This call must raise a ValueError.\n{message}"
        return Problem("raised", message)

    def progress(self, namespace: dict[str, Any]) -> None:
        """Print how far each function of the assignment is; ``namespace`` is the notebook's, ``globals()``."""
        states = {name: self._state(name, namespace) for name in self.cases}
        width = max([18, *(len(name) + 2 for name in states)])
        for name, (state, note) in states.items():
            print(f"{name:<{width}}{state:<13}{note}".rstrip())
        right = sum(state == "right" for state, _ in states.values())
        print(f"\n{right} of {len(states)} functions pass their checks.")

    def _state(self, name: str, namespace: dict[str, Any]) -> tuple[str, str]:
        """A function's state in a word or two, and what there is to say about it."""
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
    return Problem("raised", f"{what}. It was {_line(error)}\nDoes a loop there never end?")


def _line(error: BaseException) -> str:
    frame = _own_frame(error)
    return f"in {frame.name}, line {frame.lineno}: {frame.line}"


def _changed_inputs(function: object, now: tuple[Any, ...], then: tuple[Any, ...]) -> Problem | None:
    """The problem of a function that overwrote what it was given."""
    pairs = enumerate(zip(now, then, strict=True))
    changed = [_parameter(function, i) for i, (after, before) in pairs if not np.array_equal(after, before)]
    if not changed:
        return None
    cure = "Work on a copy (x.copy()) or put the result into a new array."
    return Problem(
        "inputs", f"The result is right, but your function changed its input {', '.join(changed)}. {cure}"
    )


def _parameter(function: object, position: int) -> str:
    names = getattr(getattr(function, "__code__", None), "co_varnames", ())
    return f"`{names[position]}`" if position < len(names) else f"number {position + 1}"


def _call(name: str, case: Case) -> str:
    """The call of a case whose arguments are all plain numbers, for a cell of one's own."""
    if any(isinstance(argument, np.ndarray) for argument in case.arguments):
        return ""
    return f"\n  {name}({', '.join(map(repr, case.arguments))})"


def _own_frame(error: BaseException) -> traceback.FrameSummary:
    """The innermost frame of the error that is the student's: not this file's, not a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _is_library(frame.filename)]
    return (own or frames)[-1]


def _is_library(path: str) -> bool:
    # The alarm rings in a function of the module that sets it; in a student's checks.py that is this very file.
    ours = (__file__, CellRuns.watch.__code__.co_filename)
    return path.startswith((sysconfig.get_path("stdlib"), *ours, "<__array")) or "-packages" in path


def _draw_difference(name: str, case: Case, actual: Any, problem: Problem) -> str:
    """Draw where the first differing number comes from and both results; return the former in words."""
    index, expected = problem.index or (), case.expected
    if problem.part is not None:
        actual, expected = actual[problem.part], expected[problem.part]
    inputs, words = case.origin.panels(case.arguments, index)
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


# How the outputs of a convolution are made ------------------------------------------------------------------

@dataclass(frozen=True)
class Window(Origin):
    """Windows that slide over an image, or over each image of a batch; sizes are (rows, columns)."""

    image: tuple[int, ...]
    filter: tuple[int, ...]
    strides: tuple[int, ...] = (1, 1)
    padding: str = "VALID"
    before: tuple[int, ...] | None = None  # zeros above and left; without, SAME windows stay unnamed

    def corner(self, row: int, column: int) -> tuple[int, int] | None:
        """The first image row and column that output (row, column) covers; negative ones are padding."""
        before = (0, 0) if self.padding == "VALID" else self.before
        if before is None:
            return None
        return row * self.strides[0] - before[0], column * self.strides[1] - before[1]

    def corner_of(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """The same for a place in an output [rows, columns] or [batch, rows, columns, channels]."""
        return self.corner(*index[_spatial(index)]) if len(index) in (2, 4) else None

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        lines = ""
        for axis, word in enumerate(("rows", "columns")):
            n, f, s = self.image[axis], self.filter[axis], self.strides[axis]
            formula = f"floor(({n} − {f})/{s}) + 1" if self.padding == "VALID" else f"ceil({n}/{s})"
            lines += f"\n  {word}: {formula} = {shape[_spatial(shape)][axis]}"
        return lines

    def where(self, index: tuple[int, ...]) -> str:
        corner = self.corner_of(index)
        if corner is None:
            return ""
        ends = [corner[axis] + self.filter[axis] for axis in (0, 1)]
        spans = [f"{first} to {end - 1}" for first, end in zip(corner, ends, strict=True)]
        outside = min(corner) < 0 or ends[0] > self.image[0] or ends[1] > self.image[1]
        padding = " What lies outside the image is zero padding." if outside else ""
        return f"\nIts window covers image rows {spans[0]} and columns {spans[1]}.{padding}"

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return _plane_of_one_image(index)

    def panels(self, arguments: tuple, index: tuple[int, ...]) -> tuple[list[Panel], str]:
        corner = self.corner_of(index)
        return ([], "") if corner is None else _window_panels(arguments, index, corner)


@dataclass(frozen=True)
class OneWindow(Origin):
    """One number of one window, whose place is what the function is given after the image and the kernel."""

    def panels(self, arguments: tuple, index: tuple[int, ...]) -> tuple[list[Panel], str]:
        return _window_panels(arguments, index, arguments[2:])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients of the images and of the filters."""

    parts: tuple[str, ...] = ("d_inputs", "d_filters")

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        by_filter = self.parts[part or 0] == "d_filters"
        return (slice(None), slice(None), *index[2:]) if by_filter else _plane_of_one_image(index)


def _spatial(index: tuple[int, ...]) -> slice:
    """Which axes are rows and columns: the first two of an image, the second and third of a batch."""
    return slice(0, 2) if len(index) == 2 else slice(1, 3)


def _plane_of_one_image(index: tuple[int, ...]) -> tuple:
    """The rows and columns of one image and channel of a batch; an image is its own plane."""
    rows_and_columns = (slice(None), slice(None))
    return rows_and_columns if len(index) == 2 else (index[0], *rows_and_columns, index[3])


def _window_panels(arguments: tuple, index: tuple, corner: tuple) -> tuple[list[Panel], str]:
    """The image planes with the window, the kernel planes that meet it, and both in words."""
    image, kernel = arguments[:2]
    if image.ndim == 4:
        image = image[index[0]]
        kernel = kernel[:, :, :, index[3]] if isinstance(kernel, np.ndarray) else None
    else:
        image, kernel = image[:, :, None], kernel[:, :, None]
    size = kernel.shape[:2] if kernel is not None else arguments[1]
    panels, words = [], ""
    for channel in range(image.shape[2]):
        panel, window = _windowed(image[:, :, channel], corner, size)
        number = f" {channel}" if image.shape[2] > 1 else ""
        panels.append(Panel(f"image{number}", *panel))
        words += f"\n  window{number}  {_numbers(window)}"
        if kernel is not None:
            panels.append(Panel(f"kernel{number}", kernel[:, :, channel]))
            words += f"\n  kernel{number}  {_numbers(kernel[:, :, channel])}"
    return panels, words + "\nWork this one number out by hand, then follow your code to where it differs."


def _numbers(array: np.ndarray) -> str:
    rows = (", ".join(f"{number:.4g}" for number in row) for row in array)
    return f"[{', '.join(f'[{row}]' for row in rows)}]"


def _windowed(plane: np.ndarray, corner: tuple, size: tuple) -> tuple[tuple, np.ndarray]:
    """A plane with as much zero padding as the window needs: (numbers, mark, padding), and the window."""
    around = [(max(0, -c), max(0, c + f - n)) for c, f, n in zip(corner, size, plane.shape, strict=True)]
    numbers = np.pad(plane, around)
    row, column = corner[0] + around[0][0], corner[1] + around[1][0]
    window = numbers[row : row + size[0], column : column + size[1]]
    return (numbers, (row, column, *size), (*around[0], *around[1])), window


HINTS = (
    Hint(
        "ValueError",
        "operands could not be broadcast",
        "Two arrays whose shapes do not fit were combined. If one is a window and the other the kernel, the "
        "window hangs over the edge of the image: the loop runs too far, or the image needs (more) padding.",
    ),
    Hint(
        "ValueError",
        "to unpack",
        "There are more or fewer values than names: a single image's shape has 2, a batch's 4.",
    ),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which size or stride is 0 here?"),
)


# The visible cases of the convolution notebook --------------------------------------------------------------

def _batch(images: list) -> np.ndarray:
    """Images written channel by channel, images[n][c][row][column], as NHWC."""
    return np.moveaxis(np.array(images, dtype=float), 1, 3)


def _bank(filters: list) -> np.ndarray:
    """Filters written channel by channel, filters[out][in][row][column], as HWIO."""
    return np.array(filters, dtype=float).transpose(2, 3, 1, 0)


def _single(array: np.ndarray) -> np.ndarray:
    """The same in float32, with the first axis changing fastest in memory, as in a transposed array."""
    return np.asfortranarray(array, dtype=np.float32)


# fmt: off
LECTURE = np.array([[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]])
EDGES = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
WIDE = np.array([[3.0, 0, 1, 2, 7], [1, 5, 8, 9, 3], [2, 7, 2, 5, 1]])
EVEN = np.array([[1.0, 2], [0, -1]])
STEEP = np.array([[1.0, -2, 3], [4, 0, -5]])

HOMEWORK = _batch([[[[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]]]])
SOBEL = _bank([[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]])
ANSWERS = _batch([[[[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]]]])
TAUGHT = _bank([[[[1, 0, 1], [2, 1, 0], [0, 0, 1]]]])
PAIR = _batch(
    [
        [[[3, 0, 1, 2], [1, 5, 8, 9], [2, 7, 2, 5]], [[1, 1, 0, 4], [0, 2, 6, 1], [3, 0, 1, 2]]],
        [[[0, 2, 4, 1], [3, 3, 0, 2], [5, 1, 1, 6]], [[2, 0, 7, 1], [1, 4, 0, 0], [0, 8, 2, 3]]],
    ]
)
BANK = _bank(
    [
        [[[1, 2, 0], [0, -1, 3]], [[2, 0, 1], [-1, 1, 0]]],
        [[[0, 1, -2], [1, 0, 0]], [[0, 3, 0], [1, 0, -1]]],
        [[[-1, 0, 0], [2, 0, 1]], [[1, 0, 2], [0, 0, 4]]],
    ]
)
SMALL = _batch([[[[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]]])
WHOLE = SMALL.astype(int)
TILT = _bank([[[[1, 10], [100, -1]]]])
WEDGE = _bank([[[[1, -2], [0, 3], [2, 1]]]])
ROW, ROW_FILTER = _batch([[[[3, 1, 4]]]]), _bank([[[[2, 5]]]])
LONG_ROW = _batch([[[[3, 1, 4, 1, 5]]]])
COLUMN, COLUMN_FILTER = _batch([[[[3], [1], [4], [1]]]]), _bank([[[[2], [5]]]])
TALL_FILTER = _bank([[[[2], [5], [-1]]]])
THREE_COLUMNS = _batch([[[[3], [1], [4], [1], [5]]], [[[2], [0], [6], [1], [1]]], [[[1], [1], [2], [7], [0]]]])
TRIO = _batch([[[[3, 0, 1, 2], [1, 5, 8, 9], [2, 7, 2, 5]]], [[[1, 1, 0, 4], [0, 2, 6, 1], [3, 0, 1, 2]]],
               [[[0, 2, 4, 1], [3, 3, 0, 2], [5, 1, 1, 6]]]])
PIXELS, WEIGHTS = np.uint8([[200, 100, 30]]), np.uint8([[2, 3]])
UPSTREAM = _batch([[[[1, 2]], [[0, -1]], [[3, 1]]], [[[2, 0]], [[1, 5]], [[-2, 4]]]])

ONE = [1, 1, 1, 1]
ONE_WINDOW, GRADIENTS = OneWindow(), Gradients()
VALID_WIDE = Window((3, 4), (2, 2), (1, 2))
SAME_3X3 = Window((4, 4), (3, 3), (1, 1), "SAME", (1, 1))
SAME_EVEN = Window((3, 4), (2, 2), (1, 1), "SAME", (0, 0))
SAME_TALL = Window((3, 4), (2, 2), (2, 1), "SAME", (0, 0))
SAME_WIDE = Window((3, 4), (2, 3), (1, 2), "SAME", (0, 0))
SAME_BY_TWO = Window((3, 4), (3, 2), (2, 2), "SAME", (1, 0))

CASES: dict[str, list[Case]] = {
    "apply_kernel": [
        Case("the slides' first number", (LECTURE, EDGES, 0, 0), -4.0, ONE_WINDOW),
        Case("x is the row: V(1, 0)", (LECTURE, EDGES, 1, 0), 3.0, ONE_WINDOW),
        Case("an even kernel at row 1, column 2", (WIDE, EVEN, 1, 2), 21.0, ONE_WINDOW),
        Case("a 2×3 kernel with weights of its own at every place", (WIDE, STEEP, 1, 2), 2.0, ONE_WINDOW),
        Case("a fraction from whole pixels", (LECTURE, EDGES / 4, 1, 0), 0.75, ONE_WINDOW),
        Case("uint8 pixels whose products pass 255", (PIXELS, WEIGHTS, 0, 0), 700.0, ONE_WINDOW),
    ],
    "output_size": [
        Case("4 wide, filter 3", (4, 3), 2),
        Case("4 wide, filter 3, one zero on each side", (4, 3, 1, 1), 4),
        Case("7 wide, filter 3, stride 2", (7, 3, 2), 3),
        Case("6 wide, filter 3, stride 2: round down", (6, 3, 2), 2),
        Case("9 wide, filter 2, stride 3, one zero on each side", (9, 2, 3, 1), 4),
        Case("a filter as large as its input", (5, 5, 2), 1),
        Case("a filter larger than its input, which fits by the zeros", (3, 5, 1, 1), 1),
        Case("a filter that does not fit", (3, 5), ValueError),
        Case("stride 0", (5, 3, 0), ValueError),
        Case("a negative stride", (5, 3, -1), ValueError),
        Case("an empty input", (0, 1, 1, 2), ValueError),
        Case("an empty filter", (4, 0), ValueError),
    ],
    "convolve": [
        Case("the slides' first example", (LECTURE, EDGES), np.array([[-4, -3], [3, -8]]), Window((4, 4),
             (3, 3))),
        Case("a 3×5 image, an even kernel", (WIDE, EVEN), np.array([[-2, -6, -4, 13], [4, 19, 21, 14]]),
             Window((3, 5), (2, 2))),
        Case("a 3×5 image, a 2×3 kernel", (WIDE, STEEP), np.array([[-30, -21, 35], [13, 19, 2]]), Window((3,
             5), (2, 3))),
        Case("stride 2", (WIDE, EVEN, 2), np.array([[-2, -4]]), Window((3, 5), (2, 2), (2, 2))),
        Case("strides (1, 3)", (WIDE, EVEN, (1, 3)), np.array([[-2, 13], [4, 14]]), Window((3, 5), (2, 2),
             (1, 3))),
        Case("strides (2, 1) on a 5×3 image", (WIDE.T, EVEN, (2, 1)), np.array([[0, -2], [8, 7]]),
             Window((5, 3), (2, 2), (2, 1))),
        Case("fractions from whole pixels", (LECTURE, EDGES / 4, (1, 2)), np.array([[-1], [0.75]]),
             Window((4, 4), (3, 3), (1, 2))),
        Case("one row, a stride larger than the kernel", (LONG_ROW[0, :, :, 0], ROW_FILTER[:, :, 0, 0], 3),
             np.array([[11, 27]]), Window((1, 5), (1, 2), (3, 3))),
        Case("one column", (COLUMN[0, :, :, 0], COLUMN_FILTER[:, :, 0, 0]), np.array([[11], [22], [13]]),
             Window((4, 1), (2, 1))),
        Case("uint8 pixels whose products pass 255", (PIXELS, WEIGHTS), np.array([[700, 290]]), Window((1, 3),
             (1, 2))),
        Case("float32, columns first in memory", (_single(WIDE), _single(EVEN), 2), np.array([[-2, -4]]),
             Window((3, 5), (2, 2), (2, 2))),
    ],
    "same_padding": [
        Case("4 wide, filter 3", (4, 3), (1, 1)),
        Case("4 wide, filter 2: the odd zero goes after", (4, 2), (0, 1)),
        Case("the slides' 28 wide, filter 5, stride 2", (28, 5, 2), (1, 2)),
        Case("7 wide, filter 3, stride 2", (7, 3, 2), (1, 1)),
        Case("7 wide, filter 4, stride 3", (7, 4, 3), (1, 2)),
        Case("6 wide, filter 1, stride 3: no zeros needed", (6, 1, 3), (0, 0)),
        Case("a filter larger than its input", (3, 6), (2, 3)),
        Case("one pixel, filter 3, stride 2", (1, 3, 2), (1, 1)),
    ],
    "pad": [
        Case("a row above, columns (1, 2)", (WIDE, (1, 0), (1, 2)), np.array([[0, 0, 0, 0, 0, 0, 0, 0], [0,
             3, 0, 1, 2, 7, 0, 0], [0, 1, 5, 8, 9, 3, 0, 0], [0, 2, 7, 2, 5, 1, 0, 0]])),
        Case("rows below only", (EVEN, (0, 2), (0, 0)), np.array([[1, 2], [0, -1], [0, 0], [0, 0]])),
        Case("another number on each side; fractions stay", (EVEN / 4, [0, 1], [2, 3]), np.array([[0, 0, 0.25,
             0.5, 0, 0, 0], [0, 0, 0, -0.25, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]])),
        Case("a row of whole numbers, above 255 and below 0", (np.array([[300, -7, 12]]), (2, 0), (1, 0)),
             np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 300, -7, 12]])),
        Case("one column, columns of zeros only", (np.array([[4.0], [5], [6]]), (0, 0), (1, 2)), np.array([[0,
             4, 0, 0], [0, 5, 0, 0], [0, 6, 0, 0]])),
        Case("no zeros at all", (STEEP, (0, 0), (0, 0)), np.array([[1, -2, 3], [4, 0, -5]])),
    ],
    "conv2d": [
        Case("the questions' example, VALID", (ANSWERS, TAUGHT, ONE, "VALID"), _batch([[[[14, 6], [6, 12]]]]),
             Window((4, 4), (3, 3))),
        Case("the slides' homework, SAME", (HOMEWORK, SOBEL, ONE, "SAME"), _batch([[[[-1, -1, -1, 6], [-2, 0,
             1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]]]]), SAME_3X3),
        Case("an even filter, SAME", (SMALL, TILT, ONE, "SAME"), _batch([[[[504, 939, 208, 601], [592, 324,
             554, 806], [35, 53, 85, 8]]]]), SAME_EVEN),
        Case("2 images, 2 channels, 3 filters", (PAIR, BANK, ONE, "VALID"), _batch([[[[26, 31], [13, 40]],
             [[-4, 3], [-1, 13]], [[32, 32], [21, 26]]], [[[15, 13], [21, 22]], [[-2, 30], [18, 2]], [[22, 8],
             [17, 21]]]]), Window((3, 4), (2, 3))),
        Case("strides (1, 2), SAME in small letters", (PAIR, BANK, [1, 1, 2, 1], "same"), _batch([[[[26, -9],
             [13, 34], [23, 14]], [[-4, 28], [-1, 15], [3, 11]], [[32, 15], [21, 2], [3, -1]]], [[[15, 18],
             [21, -1], [9, 17]], [[-2, 4], [18, 5], [23, 15]], [[22, 3], [17, 2], [-1, 1]]]]), SAME_WIDE),
        Case("3 images, strides (2, 2) with a remainder, VALID in small letters", (TRIO, TILT, [1, 2, 2, 1],
             "valid"), _batch([[[[98, 812]]], [[[9, 639]]], [[[317, 12]]]]), Window((3, 4), (2, 2), (2, 2))),
        Case("strides (2, 2), SAME", (SMALL, WEDGE, [1, 2, 2, 1], "SAME"), _batch([[[[22, 13], [-4, 14]]]]),
             SAME_BY_TWO),
        Case("one row, a stride larger than the filter, SAME", (LONG_ROW, ROW_FILTER, [1, 1, 3, 1], "SAME"),
             _batch([[[[11, 27]]]]), Window((1, 5), (1, 2), (1, 3), "SAME", (0, 0))),
        Case("one column, VALID", (COLUMN, COLUMN_FILTER, ONE, "VALID"), _batch([[[[11], [22], [13]]]]),
             Window((4, 1), (2, 1))),
        Case("fractions from whole pixels", (WHOLE, TILT / 16, [1, 1, 2, 1], "VALID"), _batch([[[[31.5, 13],
             [37, 34.625]]]]), VALID_WIDE),
        Case("uint8 pixels and weights whose products pass 255", (PIXELS[None, :, :, None], WEIGHTS[:, :,
             None, None], ONE, "VALID"), _batch([[[[700, 290]]]]), Window((1, 3), (1, 2))),
        Case("float32, columns first in memory", (_single(PAIR), _single(BANK), [1, 1, 2, 1], "VALID"),
             _batch([[[[26], [13]], [[-4], [-1]], [[32], [21]]], [[[15], [21]], [[-2], [18]], [[22], [17]]]]),
             Window((3, 4), (2, 3), (1, 2))),
        Case("filters of 2 channels, images of one", (SMALL, BANK, ONE, "SAME"), ValueError),
        Case("filters of one channel, images of 2", (PAIR, TILT, ONE, "SAME"), ValueError),
        Case("an unknown padding", (SMALL, TILT, ONE, "FULL"), ValueError),
        Case("strides that skip images", (SMALL, TILT, [2, 1, 1, 1], "SAME"), ValueError),
        Case("a stride of 0", (SMALL, TILT, [1, 0, 1, 1], "SAME"), ValueError),
        Case("a stride of 1.5", (SMALL, TILT, [1, 1.5, 1, 1], "VALID"), ValueError),
        Case("inputs with three axes", (SMALL[0], TILT, ONE, "SAME"), ValueError),
        Case("filters with three axes", (SMALL, TILT[..., 0], ONE, "SAME"), ValueError),
        Case("VALID with a filter larger than the image", (SMALL[:, :1], TILT, ONE, "VALID"), ValueError),
    ],
    "flatten_filters": [
        Case("one 2×2 filter, one channel", (TILT,), np.array([[1], [10], [100], [-1]])),
        Case("three 2×3 filters, two channels", (BANK,), np.array([[1, 0, -1], [2, 0, 1], [2, 1, 0], [0, 3,
             0], [0, -2, 0], [1, 0, 2], [0, 1, 2], [-1, 1, 0], [-1, 0, 0], [1, 0, 0], [3, 0, 1], [0, -1,
             4]])),
        Case("fractions in float32, columns first in memory", (_single(BANK / 4),), np.array([[0.25, 0,
             -0.25], [0.5, 0, 0.25], [0.5, 0.25, 0], [0, 0.75, 0], [0, -0.5, 0], [0.25, 0, 0.5], [0, 0.25,
             0.5], [-0.25, 0.25, 0], [-0.25, 0, 0], [0.25, 0, 0], [0.75, 0, 0.25], [0, -0.25, 1]])),
    ],
    "extract_patches": [
        Case("2×2 windows, one channel", (SMALL, (2, 2), ONE, "VALID"), np.array([[[[3, 1, 5, 9], [1, 4, 9,
             2], [4, 1, 2, 6]], [[5, 9, 5, 3], [9, 2, 3, 5], [2, 6, 5, 8]]]]), Window((3, 4), (2, 2))),
        Case("2×2 windows, SAME, strides (2, 1)", (SMALL, (2, 2), [1, 2, 1, 1], "SAME"), np.array([[[[3, 1, 5,
             9], [1, 4, 9, 2], [4, 1, 2, 6], [1, 0, 6, 0]], [[5, 3, 0, 0], [3, 5, 0, 0], [5, 8, 0, 0], [8, 0, 0, 0]]]]),
             SAME_TALL),
        Case("2×3 windows, 2 images, 2 channels", (PAIR, (2, 3), ONE, "VALID"), np.array([[[[3, 1, 0, 1, 1, 0,
             1, 0, 5, 2, 8, 6], [0, 1, 1, 0, 2, 4, 5, 2, 8, 6, 9, 1]], [[1, 0, 5, 2, 8, 6, 2, 3, 7, 0, 2, 1],
             [5, 2, 8, 6, 9, 1, 7, 0, 2, 1, 5, 2]]], [[[0, 2, 2, 0, 4, 7, 3, 1, 3, 4, 0, 0], [2, 0, 4, 7, 1,
             1, 3, 4, 0, 0, 2, 0]], [[3, 1, 3, 4, 0, 0, 5, 0, 1, 8, 1, 2], [3, 4, 0, 0, 2, 0, 1, 8, 1, 2, 6,
             3]]]]), Window((3, 4), (2, 3))),
        Case("1×1 windows, strides (2, 3)", (PAIR, (1, 1), [1, 2, 3, 1], "VALID"), np.array([[[[3, 1], [2, 4]],
             [[2, 3], [5, 2]]], [[[0, 2], [1, 1]], [[5, 0], [6, 3]]]]), Window((3, 4), (1, 1), (2, 3))),
        Case("3×3 windows, strides (2, 2), SAME", (SMALL, (3, 3), [1, 2, 2, 1], "SAME"), np.array([[[[0, 0, 0,
             3, 1, 4, 5, 9, 2], [0, 0, 0, 4, 1, 0, 2, 6, 0]], [[5, 9, 2, 5, 3, 5, 0, 0, 0], [2, 6, 0, 5, 8, 0,
             0, 0, 0]]]]), Window((3, 4), (3, 3), (2, 2), "SAME", (1, 0))),
        Case("3 images, strides (2, 2) with a remainder, VALID in small letters", (TRIO, (2, 2), [1, 2, 2, 1],
             "valid"), np.array([[[[3, 0, 1, 5], [1, 2, 8, 9]]], [[[1, 1, 0, 2], [0, 4, 6, 1]]], [[[0, 2, 3,
             3], [4, 1, 0, 2]]]]), Window((3, 4), (2, 2), (2, 2))),
        Case("one row", (ROW, (1, 2), ONE, "VALID"), np.array([[[[3, 1], [1, 4]]]]), Window((1, 3), (1, 2))),
        Case("one column, SAME in small letters", (COLUMN, (2, 1), ONE, "same"), np.array([[[[3, 1]], [[1,
             4]], [[4, 1]], [[1, 0]]]]), Window((4, 1), (2, 1), (1, 1), "SAME", (0, 0))),
        Case("fractions in float32, columns first in memory", (_single(TRIO[:1] / 4), (2, 3), ONE, "VALID"),
             np.array([[[[0.75, 0, 0.25, 0.25, 1.25, 2], [0, 0.25, 0.5, 1.25, 2, 2.25]], [[0.25, 1.25, 2, 0.5,
             1.75, 0.5], [1.25, 2, 2.25, 1.75, 0.5, 1.25]]]]), Window((3, 4), (2, 3))),
    ],
    "conv2d_gradients": [
        Case("the row worked by hand", (ROW, ROW_FILTER, ONE, "VALID", _batch([[[[10, 1]]]])), (_batch([[[[20,
             52, 5]]]]), _bank([[[[31, 14]]]])), GRADIENTS),
        Case("strides (1, 2), VALID", (SMALL, TILT, [1, 1, 2, 1], "VALID", _batch([[[[1, 2], [3, -1]]]])),
             (_batch([[[[1, 10, 2, 20], [103, 29, 199, -12], [300, -3, -100, 1]]]]), _bank([[[[24, 24], [19,
             22]]]])), GRADIENTS),
        Case("an even filter, SAME", (SMALL, TILT, [1, 2, 2, 1], "SAME", _batch([[[[1, 2], [3, -1]]]])),
             (_batch([[[[1, 10, 2, 20], [100, -1, 200, -2], [3, 30, -1, -10]]]]), _bank([[[[21, 4], [9,
             21]]]])), GRADIENTS),
        Case("2 images, 2 channels, 3 filters", (PAIR, BANK, [1, 2, 1, 1], "VALID", UPSTREAM), (_batch([[[[-2,
             3, 3, 2], [6, 0, 4, 7], [0, 0, 0, 0]], [[5, 5, 4, 4], [-1, -2, 14, 5], [0, 0, 0, 0]]], [[[4, 1,
             3, -10], [-3, 11, 4, 4], [0, 0, 0, 0]], [[2, 7, 13, 8], [-1, 7, -9, 11], [0, 0, 0, 0]]]]),
             _bank([[[[3, 6, 13], [17, 27, 26]], [[7, 1, 22], [6, 22, 8]]], [[[10, 21, 7], [13, -5, 1]], [[1,
             35, 8], [19, -2, -1]]], [[[17, 13, 1], [14, 17, 41]], [[0, 31, -6], [16, 4, 19]]]])), GRADIENTS),
        Case("a 3×3 filter, strides (2, 2), SAME in small letters", (SMALL, TAUGHT, [1, 2, 2, 1], "same",
             _batch([[[[1, 2], [3, -1]]]])), (_batch([[[[2, 1, 4, 2], [3, 0, 3, 0], [6, 3, -2, -1]]]]),
             _bank([[[[13, 21, 6], [21, 4, 19], [9, 21, 2]]]])), GRADIENTS),
        Case("3 images of one column, a stride larger than the filter, VALID in small letters",
             (THREE_COLUMNS, TALL_FILTER, [1, 4, 1, 1], "valid", _batch([[[[1]]], [[[-2]]], [[[3]]]])),
             (_batch([[[[2], [5], [-1], [0], [0]]], [[[-4], [-10], [2], [0], [0]]], [[[6], [15], [-3], [0],
             [0]]]]), _bank([[[[2], [4], [-2]]]])), GRADIENTS),
        Case("fractions from whole pixels and weights", (WHOLE, TILT.astype(int), ONE, "VALID",
             _batch([[[[0.5, 1, 0], [0.25, 0, 2]]]])), (_batch([[[[0.5, 6, 10, 0], [50.25, 102, 1, 20], [25,
             -0.25, 200, -2]]]]), _bank([[[[7.75, 18.75], [22.75, 23.25]]]])), GRADIENTS),
        Case("whole pixels, weights with fractions", (WHOLE, TILT / 16, ONE, "VALID", _batch([[[[1, 0, 2], [0,
             -1, 0]]]])), (_batch([[[[0.0625, 0.625, 0.125, 1.25], [6.25, -0.125, 11.875, -0.125], [0, -6.25,
             0.0625, 0]]]]), _bank([[[[2, 1], [6, 16]]]])), GRADIENTS),
        Case("float32, columns first in memory", (_single(SMALL), _single(TILT), ONE, "VALID",
             _single(_batch([[[[1, 2, 0], [3, 0, -1]]]]))), (_batch([[[[1, 12, 20, 0], [103, 229, -3, -10],
             [300, -3, -100, 1]]]]), _bank([[[[18, 30], [33, 14]]]])), GRADIENTS),
    ],
}
# fmt: on
CASES["conv2d_matmul"] = CASES["conv2d"]


# What the notebook's own cells show -------------------------------------------------------------------------

def show_one_window() -> None:
    """Section 1: the window at row 1, column 2."""
    picture(
        Panel("image", np.array([[3, 0, 1, 2, 7], [1, 5, 8, 9, 3], [2, 7, 2, 5, 1]]), mark=(1, 2, 2, 2)),
        Panel("kernel", np.array([[1, 2], [0, -1]])),
        alt="A 3×5 image with the window [[8, 9], [2, 5]] outlined at row 1, column 2; "
        "the kernel is [[1, 2], [0, -1]].",
    )


def show_strides() -> None:
    """Section 3: two neighbouring windows with strides (1, 3)."""
    image = np.arange(15).reshape(3, 5)
    picture(
        Panel("output (0, 0)", image, mark=(0, 0, 2, 2)),
        Panel("output (0, 1)", image, mark=(0, 3, 2, 2)),
        alt="A 3×5 image and a 2×2 window with strides (1, 3). Output (0, 0) covers rows 0-1 and columns 0-1, "
        "output (0, 1) covers rows 0-1 and columns 3-4.",
    )


def see_kernels() -> None:
    """Section 3: what the student's convolve makes of a letter."""
    letter = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    letter = np.kron(np.pad(letter, ((1, 1), (1, 3))), np.ones((3, 3)))
    kernels = {
        "outline": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        "shift": np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    }
    framed = np.pad(letter, 1)  # one zero around it, so that the results are as large as the letter
    own = names_of_caller(1)
    with example_of("convolve"):
        results = {name: own["convolve"](framed, kernel) for name, kernel in kernels.items()}
        _show_pictures(
            {"letter": letter} | results,
            "The letter F and three results of your convolve. Outline: only the edges are left. Sharpen: the F, "
            "brighter inside and darker outside along its edges. Shift: the F, one pixel further to the right.",
        )


def _show_pictures(pictures: dict[str, np.ndarray], alt: str) -> None:
    if not can_draw():
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 2.4), layout="constrained")
    for axis, (name, pixels) in zip(figure.subplots(1, len(pictures)), pictures.items(), strict=True):
        axis.imshow(pixels, cmap="gray")
        axis.set_title(name)
    show(figure, alt)


def show_padding() -> None:
    """Section 4.2: rows=(1, 0) and columns=(1, 2)."""
    image = np.array([[3, 1, 4], [1, 5, 9]])
    picture(
        Panel("image", image),
        Panel("padded", np.pad(image, ((1, 0), (1, 2))), padding=(1, 0, 1, 2)),
        alt="The 2×3 image [[3, 1, 4], [1, 5, 9]] becomes 3×6: a row of zeros above, "
        "one column of zeros to the left and two to the right.",
    )


def show_same() -> None:
    """Section 5: the slides' homework, number (0, 3)."""
    image = np.array([[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]])
    output = np.array([[-1, -1, -1, 6], [-2, 0, 1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]])
    picture(
        Panel("image with SAME padding", np.pad(image, 1), mark=(0, 3, 3, 3), padding=(1, 1, 1, 1)),
        Panel("kernel", np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])),
        Panel("output", output, mark=(0, 3, 1, 1)),
        alt="The 4×4 image of the slides with a border of zeros. The window at rows −1 to 1 and columns 2 to 4 "
        "is outlined, and number (0, 3) of the 4×4 output, 6.",
    )


def show_matrix_product() -> None:
    """Section 6: windows as rows, the filter as a column, and their product."""
    windows = [[4, 3, 1, 2, 1, 0, 1, 2, 4], [3, 1, 0, 1, 0, 1, 2, 4, 1]]
    windows += [[2, 1, 0, 1, 2, 4, 3, 1, 0], [1, 0, 1, 2, 4, 1, 1, 0, 2]]
    rows, column = np.array(windows), np.array([[1], [0], [1], [2], [1], [0], [0], [0], [1]])
    image = np.array([[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]])
    picture(
        Panel("image", image, mark=(0, 1, 3, 3)),
        Panel("patches: a row for each window", rows, mark=(1, 0, 1, 9)),
        Panel("filter", column),
        Panel("product", rows @ column, mark=(1, 0, 1, 1)),
        alt="A 4×4 image, its four 3×3 windows as the rows of a 4×9 matrix, the kernel as a column of 9, and their "
        "product 14, 6, 6, 12. The window at row 0, column 1 is outlined, and so are its row and its number, 6.",
    )


def race() -> None:
    """Section 6.3: the student's convolve, filter by filter, against the student's conv2d_matmul."""
    images = np.random.default_rng(0).normal(size=(8, 28, 28, 1))
    filters = np.random.default_rng(1).normal(size=(5, 5, 1, 16))
    own = names_of_caller(1)
    with example_of("convolve"):
        start = perf_counter()
        for f in range(16):
            own["convolve"](images[0, :, :, 0], filters[:, :, 0, f], 2)
        loops = (perf_counter() - start) * len(images)
        with example_of("conv2d_matmul"):
            start = perf_counter()
            own["conv2d_matmul"](images, filters, [1, 2, 2, 1], "VALID")
            matmul = perf_counter() - start
            print(f"{len(images)} images by convolve: about {loops:.2f} s; by conv2d_matmul: {matmul:.4f} s")


def nudge() -> None:
    """Section 7: one weight is nudged, and the change of the loss compared with the student's gradient."""
    rng = np.random.default_rng(2)
    inputs, filters, strides = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(2, 3, 3, 4)), [1, 2, 1, 1]
    nudged = filters.copy()
    nudged[1, 0, 2, 3] += 1e-4
    own = names_of_caller(1)
    with example_of("conv2d"):
        before = own["conv2d"](inputs, filters, strides, "SAME")
        upstream = rng.normal(size=before.shape)
        change = own["conv2d"](inputs, nudged, strides, "SAME") - before
        with example_of("conv2d_gradients"):
            _, d_filters = own["conv2d_gradients"](inputs, filters, strides, "SAME", upstream)
            by_nudging = np.sum(upstream * change) / 1e-4
            print(f"by nudging {by_nudging:.6f}, by your function {d_filters[1, 0, 2, 3]:.6f}")


# What the notebook calls ------------------------------------------------------------------------------------

EXERCISES = ('apply_kernel', 'output_size', 'convolve', 'same_padding', 'pad', 'conv2d', 'flatten_filters', 'extract_patches', 'conv2d_matmul', 'conv2d_gradients')
CHECKS = Checks({name: CASES[name] for name in EXERCISES}, HINTS)
CASES = CHECKS.cases
check, examine, progress = CHECKS.check, CHECKS.examine, CHECKS.progress
CHECKS.runs.watch()
check_apply_kernel = CHECKS.checker("apply_kernel")
check_output_size = CHECKS.checker("output_size")
check_convolve = CHECKS.checker("convolve")
check_same_padding = CHECKS.checker("same_padding")
check_pad = CHECKS.checker("pad")
check_conv2d = CHECKS.checker("conv2d")
check_flatten_filters = CHECKS.checker("flatten_filters")
check_extract_patches = CHECKS.checker("extract_patches")
check_conv2d_matmul = CHECKS.checker("conv2d_matmul")
check_conv2d_gradients = CHECKS.checker("conv2d_gradients")
