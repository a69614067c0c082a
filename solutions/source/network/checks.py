"""The visible checks of "A network by hand that reads clothes": what you see when you run a graded cell.

A check calls your function with small inputs whose results are known and stops at the first step that fails. It holds
data and comparisons only, no solution. Without matplotlib and IPython it leaves out the drawings.

"make release" writes this file from the kit's judge and the assignment's cases; it is not edited by hand.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import html
import importlib
import inspect
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
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
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
    differing: int = 0  # how many numbers of an array differ


CHANCE = 1e-11  # of each of three statements on a right `Uniform` to be found untrue


@dataclass(frozen=True)
class Uniform:
    """Random numbers, each from −limit to limit with the same chance: what is expected where no seed is prescribed.

    Right ones always keep to the limit. Three means are looked at: of the numbers, of their squares, and of how many
    are in the inner half. By Hoeffding's inequality (1963, theorem 2) the mean of n numbers from a range of width w is further
    than w · √(log(2/p) / 2n) from what it should be with probability p at most: `CHANCE`.
    """

    shape: tuple[int, ...]
    limit: float

    def problem_of(self, actual: object) -> Problem | None:
        """What is wrong with numbers that should be such."""
        if problem := _form_problem(actual, np.full(self.shape, self.limit), "result", UNKNOWN):
            return problem
        shares = np.asarray(actual, float) / self.limit
        if not np.isfinite(shares).all():
            return Problem("values", "Some of the numbers are nan or infinite.")
        if np.abs(shares).max(initial=0) > 1 + TOLERANCE:
            return Problem("values", "Some of the numbers lie outside the limits.")
        room = np.sqrt(np.log(2 / CHANCE) / 2 / max(shares.size, 1))
        if abs(shares.mean()) > 2 * room:
            return Problem(
                "values", "The numbers are not as often below 0 as above: on average they should be 0."
            )
        spread, inner = np.mean(shares**2) - 1 / 3, np.mean(np.abs(shares) < 0.5) - 1 / 2
        if max(abs(spread), abs(inner)) > room:
            how = "too close together" if spread < 0 else "too far apart, though within the limits"
            return Problem("values", f"The numbers are not spread evenly between the limits: they are {how}.")
        return None


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

    def panels(
        self, arguments: tuple[Any, ...], index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Any], str]:
        """Drawings of the inputs that one number comes from, as ``Panel``s, and the same in words.

        ``part`` says which array of a tuple the number is in.
        """
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
    A tuple of ints: a list, tuple or array of whole numbers. An array: an array. A tuple or list of arrays: a list or
    tuple of arrays. A list of floats: a list, tuple or array of numbers. A `Uniform`: an array of such numbers. float32 and float64 are both right, and so are integers where whole numbers are expected.
    Numbers agree when they differ by at most ``allowed`` (one number, or one for each array of a tuple), which is
    TOLERANCE · max(1e-6, largest expected) where it is not given. With ``reveal=False`` the message names shapes
    and places, and no value of the inputs, of ``actual`` or of ``expected``.
    """
    if actual is None:
        return Problem("type", "Your function returned None: is the `return` missing?")
    if isinstance(expected, Uniform):
        return expected.problem_of(actual)
    if isinstance(expected, (tuple, list)) and isinstance(expected[0], np.ndarray):
        return _compare_arrays(actual, expected, origin, reveal, allowed)
    if isinstance(expected, tuple):
        return _compare_integers(actual, expected, reveal)
    if isinstance(expected, list):
        return _compare_numbers(actual, expected, reveal, allowed)
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
            cure = " `/`, np.floor and np.ceil give floats; `//` rounds down to a whole number."
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


def _compare_numbers(actual: Any, expected: list[float], reveal: bool, allowed: Allowed) -> Problem | None:
    """A list of numbers, each of any kind."""
    is_list = isinstance(actual, (list, tuple)) or (isinstance(actual, np.ndarray) and actual.ndim == 1)
    if not is_list or any(np.ndim(each) or isinstance(each, (str, bool)) or each is None for each in actual):
        return Problem("type", f"Your function returned {describe(actual)}; a list of numbers is expected.")
    if len(actual) != len(expected):
        return Problem(
            "shape", f"Your function returned {len(actual)} numbers; {len(expected)} are expected."
        )
    return _compare_array(np.array(actual), np.array(expected), "result", UNKNOWN, reveal, allowed)


def _compare_array(
    actual: Any, expected: np.ndarray, name: str, origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    return _form_problem(actual, expected, name, origin) or _values_problem(
        np.asarray(actual), expected, name, origin, reveal, allowed
    )


def _form_problem(actual: Any, expected: np.ndarray, name: str, origin: Origin) -> Problem | None:
    """The steps before the values: type, dtype and shape."""
    if not isinstance(actual, np.ndarray):
        cure = " np.array(...) makes one of a list." if isinstance(actual, (list, tuple)) else ""
        return Problem("type", f"The {name} is {describe(actual)}; a NumPy array is expected.{cure}")
    actual = np.asarray(actual)
    return _dtype_problem(actual, expected, name) or _shape_problem(actual, expected, name, origin)


def _compare_arrays(
    actual: Any, expected: Sequence[np.ndarray], origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    count = len(expected)
    names = origin.parts or tuple(f"array {number}" for number in range(count))
    if not isinstance(actual, (list, tuple)) or len(actual) != count:
        wanted = f"the {count} arrays ({', '.join(names)})"
        return Problem("type", f"Your function returned {describe(actual)}; {wanted} are expected.")
    each_allowed = allowed if isinstance(allowed, Sequence) else [allowed] * count
    for part, (value, right, name) in enumerate(zip(actual, expected, names, strict=True)):
        if problem := _compare_array(value, right, name, origin, reveal, each_allowed[part]):
            return replace(problem, part=part)
    return None


def changed(before: object, after: object) -> bool:
    """Whether an array, or one in a list, is another one than before. What holds no arrays is not looked at."""
    if isinstance(before, np.ndarray):
        is_same = (
            isinstance(after, np.ndarray) and after.shape == before.shape and np.array_equal(after, before)
        )
        return not is_same
    if isinstance(before, (list, tuple)) and any(isinstance(each, np.ndarray) for each in before):
        if not isinstance(after, (list, tuple)) or len(after) != len(before):
            return True
        return any(map(changed, before, after))
    return False


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
        axes = f"That is {actual.ndim} {'axis' if actual.ndim == 1 else 'axes'} where there should be {expected.ndim}."
        return Problem("shape", f"{message} {axes}")
    if 0 in actual.shape and 0 not in expected.shape:
        empty = "An axis of length 0 holds nothing. Often a slice is empty, such as x[p:-p] where p is 0."
        return Problem("shape", f"{message} {empty}")
    return Problem("shape", message + origin.rule(expected.shape, name))


def _allowed(expected: np.ndarray) -> float:
    return TOLERANCE * max(1e-6, float(np.abs(expected).max()))


def _values_problem(
    actual: np.ndarray, expected: np.ndarray, name: str, origin: Origin, reveal: bool, allowed: Allowed
) -> Problem | None:
    if not expected.size:
        return None
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
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
    differing = int(wrong.sum())
    count = f"{differing} of {wrong.size} numbers differ; the first is {where}."
    message = count if index else "The number is wrong."
    if reveal:
        message += f"\n  yours     {actual[index]:.6g}\n  expected  {expected[index]:.6g}"
    return Problem("values", message + origin.where(index), index, differing=differing)


# Python's and NumPy's errors in plain words, for people who meet them for the first time --------------------

LONGEST_MESSAGE = 1000  # characters of an error's message that are searched: it may be a student's own


@dataclass(frozen=True)
class Trouble:
    """An error, and what is known about where it came up.

    Attributes:
        error: the type's name.
        message: its text.
        line: the student's own line that was running; "" where it is not known.
        function: the function that is checked; "" where it is not known.
    """

    error: str
    message: str
    line: str = ""
    function: str = ""


@dataclass(frozen=True)
class Hint:
    """What an error usually means.

    Attributes:
        error: the type's name, as a pattern that fits all of it.
        pattern: what stands somewhere in its message.
        sentence: one for people, or a function that gives it ("" where it has nothing to say, then other hints are
            asked). It must hold for every error that fits, and repeats nothing of the message: that may hold what
            students are not to see.
        line: what stands somewhere in the student's line.
    """

    error: str
    pattern: str
    sentence: str | Callable[[Trouble], str]
    line: str = ""

    def explain(self, trouble: Trouble) -> str:
        """The sentence, or "" where the hint does not fit."""
        fits = (
            re.fullmatch(self.error, trouble.error)
            and re.search(self.pattern, trouble.message[:LONGEST_MESSAGE])
            and re.search(self.line, trouble.line)
        )
        if not fits:
            return ""
        return self.sentence if isinstance(self.sentence, str) else self.sentence(trouble)


def shapes_in(message: str) -> list[tuple[int, ...]]:
    """The shapes that a message of NumPy's names, in its order: "(2,3) (4,)" are (2, 3) and (4,)."""
    found = re.findall(r"\((\d*(?:, ?\d*)*)\)", message[:LONGEST_MESSAGE])
    return [tuple(int(size[:9]) for size in re.findall(r"\d+", shape)) for shape in found]


def _unfit_assignment(trouble: Trouble) -> str:
    """What does not fit where numbers are put into a part of an array."""
    right, left = (*shapes_in(trouble.message), (), ())[:2]
    if 0 in left and 0 not in right:
        return (
            "The place left of `=` is empty: does its slice end where it starts, as [p:-p] does where p is 0?"
        )
    if len(left) != len(right):
        return "What stands right of `=` has another number of axes than the place left of it: print both shapes."
    return "What stands right of `=` has another shape than the place left of it that it should fill."


def _not_imported(trouble: Trouble) -> str:
    module = next((name for name in MODULES if f"'{name}'" in trouble.message), "")
    return (
        f"A module must be imported: write `import {MODULES[module]}` at the top of this cell."
        if module
        else ""
    )


MODULES = {
    "np": "numpy as np", "numpy": "numpy", "math": "math", "itertools": "itertools", "functools": "functools",
    "operator": "operator", "sys": "sys", "random": "random", "time": "time",
}  # fmt: skip
_NUMPYS = (
    "zeros|ones|array|empty|sum|pad|dot|floor|ceil|arange|ndarray|ndim|shape|reshape|zeros_like|ones_like|mean|"
    "multiply|tensordot|einsum|stack|concatenate|float32|float64|uint8|matmul|transpose|asarray"
)
_NONE = "Something here is None: probably a function that it came from lacks its `return`."
_WHOLE = (
    "A size or a position must be a whole number: `/`, np.floor and np.ceil give floats, `//` a whole number "
    "that is rounded down."
)
_TUPLE = "A tuple, numbers in brackets such as a shape or a pair, stands where one number is needed: take one, a[0]."
_LIST = "Lists do no arithmetic: take one number of it, a[0], or make an array of it, np.array(a)."
_METHOD = "The brackets are missing behind the name of a function here: x.sum() and not x.sum."
_TEXT = "A text and a number meet here, and Python does not mix them."
_NOT_WITH = r"unsupported operand|not supported between|bad operand"
# The first that fits is told, so what is particular stands above what is general.
# fmt: off
_HINTS = (
    Hint(".*", "", "Your own `raise` refused this call, which is a sound one: is its condition too strict, or was it reached "
         "with wrong numbers?", line=r"^raise\b"),
    Hint(".*Error", "NoneType", _NONE),
    # Sizes and shapes
    Hint("ValueError", "remapped shapes.*requested shape",
         "np.pad wants one pair (before, after) for each axis of the array, (0, 0) where nothing is added."),
    Hint("ValueError", "shape-mismatch for sum",
         "np.tensordot sums over pairs of axes of equal length: print both shapes, and compare the axes that you name."),
    Hint("ValueError", "einstein sum|remapped shapes",
         "In np.einsum every letter stands for one axis, and means the same length wherever it stands."),
    Hint("ValueError", "non-broadcastable output",
         "`+=` cannot make the array left of it larger: what stands right of it has a shape that does not fit."),
    Hint("ValueError", "operands could not be broadcast",
         "Two arrays whose shapes do not fit were combined: print both shapes."),
    Hint("ValueError", "could not broadcast input", _unfit_assignment),
    Hint("ValueError", "not have enough dimensions",
         "`@` multiplies matrices, and one of these is a single number: `*` multiplies numbers."),
    Hint("ValueError", "matmul|not aligned",
         "In a matrix product the left matrix needs as many columns as the right one has rows: print both shapes."),
    Hint("ValueError", "cannot reshape",
         "reshape keeps every number: the sizes must multiply to the same total."),
    Hint("ValueError", "axes don't match", "transpose names every axis of the array once: print its shape."),
    Hint("ValueError", "negative dimensions", "A size of this shape is negative: print the numbers it is made of."),
    Hint("ValueError", "contain negative values", "A number of zeros to add is negative here: print it."),
    Hint("ValueError", "must provide window_shape|window_shape and axis",
         "Say which axes the window slides over: sliding_window_view(x, (rows, columns), axis=(1, 2))."),
    Hint("ValueError", "window shape cannot be larger", "The window is larger than the array that it slides over."),
    Hint("ValueError", "at least one array", "The list of arrays is empty: does the loop run at all?"),
    Hint("ValueError", "must have the same shape|dimensions.*must match exactly",
         "The arrays to be joined have different shapes: print them."),
    Hint("ValueError", "inhomogeneous", "The rows of this list have different lengths, so that it is no array."),
    Hint("ValueError", "object too deep", "This function takes arrays of one axis, and was given one of more."),
    Hint("ValueError", "zero-size array", "This array is empty: does a slice end where it starts?"),
    Hint("ValueError", "element with a sequence",
         "One place of an array takes one number, and an array or a list was put into it: is a sum missing?"),
    Hint("TypeError", "converted to Python scalars|converted to a scalar index",
         "One number is needed here, and this is an array of several: is a sum or a place [i, j] missing?"),
    Hint("ValueError", "not enough values to unpack.*got 0", "There are names to fill and no values."),
    Hint("ValueError", "to unpack", "A shape gives one number for each axis: print it, and count the names.",
         line=r"shape"),
    Hint("ValueError", "to unpack", "There are more or fewer values than names."),
    Hint("ValueError", "truth value of an array",
         "`if` needs one answer: compare shapes or single numbers, not arrays."),
    Hint("ValueError", "read-only", "This array is a view that may not be written into: work on a copy, x.copy()."),
    Hint("ValueError", r"range\(\) arg 3|slice step cannot be zero", "The step is 0 here: is the stride checked first?"),
    Hint("(ValueError|OverflowError)", "cannot convert float",
         "This number is nan or infinite: was something divided by zero, or np.empty not filled?"),
    Hint("OverflowError", "out of bounds for",
         "This number does not fit into the array's dtype: compute in floats, x.astype(float)."),
    # Places
    Hint("IndexError", "out of bounds",
         "Positions run from 0 to size − 1: does a loop run too far, or are rows and columns swapped?"),
    Hint(".*AxisError|ValueError|IndexError", "axis .* out of bounds",
         "The array has fewer axes than this one needs, which are counted from 0: print its shape."),
    Hint("IndexError", "too many indices",
         "The array has fewer axes than the indices you use: print its shape."),
    Hint("IndexError", "invalid index to scalar", "This is a single number already: it has no places to take it from."),
    Hint("IndexError", "(list|tuple) (assignment )?index out of range",
         "It has fewer numbers than that, and they are counted from 0: print it."),
    Hint("IndexError", "only integers",
         "A place is a whole number, and something else stands in these brackets: `/` gives a float, `//` a whole number."),
    Hint("TypeError", "list indices must be integers or slices, not tuple",
         "A list of lists takes [i][j]; np.array(...) makes an array of it, which takes [i, j]."),
    # What is called, and how
    Hint("TypeError", "as a data type", "This function takes the shape in brackets of its own: np.zeros((rows, columns)).",
         line=r"(zeros|ones|empty|full)\("),
    Hint("TypeError", "as a data type", "What should be a dtype, such as float, is something else."),
    Hint("TypeError", "positional arg", "The shape stands in brackets of its own: np.zeros((rows, columns)).",
         line=r"np\.(zeros|ones|empty)\("),
    Hint("TypeError", "positional arg", "np.array takes one list: np.array([1, 2]).", line=r"np\.array\("),
    Hint("TypeError", "positional arg|keyword arg|exactly one argument|multiple values for",
         "This call gives other arguments than the function takes: compare it with the line of its `def`."),
    Hint("TypeError", "object is not callable",
         "A shape is a tuple, and a number of it is taken with square brackets: x.shape[0].", line=r"\.shape\("),
    Hint("TypeError", "object is not callable", "size and ndim are numbers of an array and no functions: no brackets follow them.",
         line=r"\.(size|ndim)\("),
    Hint("TypeError", "ndarray' object is not callable",
         "An array is called like a function here: square brackets take numbers out of it, image[i, j]. Or was the "
         "array given the name of a function?"),
    Hint("TypeError", "'(int|float|numpy.\\w+)' object is not callable",
         "A number is called like a function here: is a `*` missing before a bracket, or was a number given the name of a "
         "function?"),
    Hint("TypeError", "module' object is not callable",
         "This is the name of a module: its functions are called with a point, such as math.ceil(x)."),
    Hint("TypeError", "not callable",
         "What stands before these round brackets is no function: do you mean square brackets, or was its name reused?"),
    Hint("TypeError", "'(builtin_function_or_method|method|function|type)' object is not subscriptable|type .* not subscr",
         "A function is called with round brackets: range(n), not range[n]."),
    Hint("TypeError", rf"({_NOT_WITH}).*'(method|builtin_function_or_method|function)'", _METHOD),
    Hint("TypeError", "'(int|float|numpy.\\w*(int|float)\\d+)' object is not subscriptable",
         "This is one number already: there is nothing in it to take with square brackets."),
    Hint("TypeError", "has no len|unsized object", "One number has no length: len(...) is for lists, tuples and arrays."),
    Hint("TypeError", "'(int|float|numpy.\\w*(int|float)\\d+)' object is not iterable",
         "A number cannot be gone through: `for i in range(n)` counts from 0 to n − 1.", line=r"\bfor\b"),
    Hint("TypeError", "cannot unpack non-iterable (int|float|numpy)",
         "This is one number, and cannot be taken apart into several names."),
    Hint("TypeError", "object is not iterable", "Several values are needed here, and this is one."),
    Hint("TypeError", "'tuple' object does not support item", "A tuple does not change: make a list of it, or a new one."),
    Hint("TypeError", "does not support item assignment",
         "This is a single number and no array, so there is no place in it: np.zeros(shape) makes an array."),
    # What cannot be calculated with
    Hint(".*TypeError", r"for \^|bitwise_xor", "`^` is no power in Python: x ** 2."),
    Hint("TypeError", r"for [&|]:|bitwise_", "Between conditions Python has the words `and` and `or`."),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number).*'?str\b", _TEXT),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number|must be|sequence).*'?tuple|'tuple' object cannot", _TUPLE),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number|must be|sequence).*'?list|'list' object cannot", _LIST),
    Hint("TypeError", "multiply sequence", "A list or a tuple stands where one number is needed."),
    Hint("TypeError", "'str' object cannot", _TEXT),
    Hint("TypeError", "as an integer|must be integers|integer scalar", _WHOLE),
    Hint(".*CastingError|.*TypeError", "Cannot cast ufunc",
         "`+=`, `*=` and their like write into the array itself, and one of whole numbers takes no fractions. If it is what "
         "your function was given, it must not be changed at all: write x = x * 2. If it is your own, np.zeros(shape) makes "
         "one of floats."),
    Hint(".*TypeError", "not supported for the input types", "This is no array of numbers: print it."),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which number is 0 here?"),
    # Names
    Hint("UnboundLocalError", "",
         "The function uses this name before it gives it a value: is it spelled the same everywhere, and set before the loop?"),
    Hint("NameError", f"name '({'|'.join(MODULES)})' is not", _not_imported),
    Hint("NameError", f"name '({_NUMPYS})' is not", "NumPy's names need `np.` before them, such as np.zeros."),
    Hint("NameError", "name '(true|false)' is not", "Python writes True and False with a capital."),
    Hint("NameError", "name '(null|none|NULL|nil)' is not", "Python writes None."),
    Hint("NameError", "",
         "Python does not know this name: check its spelling, and run the cell that defines it."),
    Hint("AttributeError", "'numpy.ndarray' object has no attribute '(append|extend|push)'",
         "An array does not grow: make it large enough first, np.zeros(shape), or collect in a list."),
    Hint("AttributeError", "'tuple' object has no attribute '(shape|ndim|size)'",
         "A tuple has no shape: it is a few numbers in brackets, such as a pair (rows, columns)."),
    Hint("AttributeError", "'list' object has no attribute '(shape|ndim|size)'",
         "A list has no shape: np.array(...) makes an array of it."),
    Hint("AttributeError", "'(int|float)' object has no attribute '(shape|ndim|size)'", "One number has no shape."),
    Hint("AttributeError", "module 'numpy' has no attribute",
         "NumPy has no such name: check its spelling; older versions had some that are gone, such as np.int."),
    Hint("AttributeError", "", "There is no such name behind the point: check its spelling, capitals too."),
    # The rest
    Hint("AssertionError", "", "An `assert` did not hold. To refuse arguments: if …: raise ValueError(…)."),
    Hint("RecursionError", "", "The function calls itself without an end."),
    Hint("(ModuleNotFound|Import)Error", "",
         "Only NumPy is needed, and only NumPy is there when the work is graded."),
)
# fmt: on


def explain_exception(
    type_name: str, message: str, own: Sequence[Hint] = (), *, line: str = "", function: str = ""
) -> str:
    """One plain sentence on a common error, or "" when there is nothing to add.

    Args:
        own: the assignment's hints: they know its subject, so they are asked first.
        line, function: as a `Trouble` has them.
    """
    trouble = Trouble(type_name, message, line, function)
    return next(filter(None, (hint.explain(trouble) for hint in (*own, *_HINTS))), "")


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


# Compares gradients with what nudging each number shows -----------------------------------------------------

STEP = 1e-5  # of a nudge: central differences of float64 are then right to about 1e-9
AGREES = 1e-5  # of the largest gradient of an array: far more than the roundings, far less than any mistake


def gradient_check(
    function: Callable[..., Any], gradients: Callable[..., Any], *arguments: Any, places: int = 12
) -> None:
    """Print whether gradients agree with what nudging shows: ``gradient_check(conv2d, conv2d_gradients, inputs, …)``.

    The loss is ``np.sum(upstream * function(*arguments))`` with an upstream of random numbers, and
    ``gradients(*arguments, upstream)`` is to return its gradient for each array of floats among the arguments, in their
    order (one array, or a tuple); arrays of whole numbers, as labels are, stay as they are. Of each array, at most
    `places` numbers are nudged up and down, chosen at random and always the same ones. The arrays should be small; a
    number that lies on a kink, as 0 does for a ReLU, has no gradient.
    """
    given = [np.array(each, float) if _is_nudged(each) else each for each in arguments]
    arrays = [number for number, each in enumerate(given) if _is_nudged(each)]
    rng = np.random.default_rng(7)
    upstream = rng.normal(size=np.shape(function(*given)))
    names = [_argument_name(function, number) for number in arrays]
    told = gradients(*given, upstream)
    if told is None:
        print("Your gradients came back as None: does the function end with a return?")
        return
    own = list(told) if isinstance(told, (tuple, list)) else [told]
    if len(own) != len(arrays):
        came, wanted = _plural(len(own), "gradient"), _plural(len(arrays), "array")
        print(f"{came} came back, for {wanted} of floats ({', '.join(names)}).")
        return
    loss = Loss(function, given, upstream)
    for number, name, gradient in zip(arrays, names, own, strict=True):
        chosen = rng.permutation(given[number].size)[:places]
        print(f"{name}: {_verdict(loss, number, np.asarray(gradient), chosen)}")


def _is_nudged(argument: object) -> bool:
    return isinstance(argument, np.ndarray) and argument.dtype.kind == "f"


@dataclass(frozen=True)
class Loss:
    """The sum of upstream times what the function returns for the arguments."""

    function: Callable[..., Any]
    arguments: list[Any]
    upstream: np.ndarray

    def slope(self, number: int, place: tuple[Any, ...]) -> float:
        """How fast it grows with one number of one argument: the difference between a nudge up and one down."""
        step = STEP * max(1.0, abs(float(self.arguments[number][place])))
        return (self._nudged(number, place, step) - self._nudged(number, place, -step)) / (2 * step)

    def _nudged(self, number: int, place: tuple[Any, ...], change: float) -> float:
        nudged = self.arguments[number].copy()
        nudged[place] += change
        arguments = [*self.arguments[:number], nudged, *self.arguments[number + 1 :]]
        return float(np.sum(self.upstream * self.function(*arguments)))


def _verdict(loss: Loss, number: int, gradient: np.ndarray, chosen: np.ndarray) -> str:
    """What is to be said of the gradient for argument `number`, by its places `chosen`, counted in memory's order."""
    shape = loss.arguments[number].shape
    if gradient.shape != shape:
        return f"its gradient has shape {gradient.shape}; it must have the array's own, {shape}."
    places = [tuple(map(int, np.unravel_index(one, shape))) for one in chosen]
    nudges = [Nudge(place, loss.slope(number, place), float(gradient[place])) for place in places]
    allowed = AGREES * max([1e-3, *(abs(each.shown) for each in nudges)])
    wrong = [each for each in nudges if not abs(each.shown - each.told) <= allowed]
    if not wrong:
        return f"right at the {len(nudges)} of its {gradient.size} places that were tried."
    return (
        f"wrong at {len(wrong)} of the {len(nudges)} places that were tried. At {list(wrong[0].place)} nudging shows "
        f"{wrong[0].shown:.6g}, your gradient says {wrong[0].told:.6g}.{_pattern(nudges)}"
    )


@dataclass(frozen=True)
class Nudge:
    """What one nudged number showed, beside what the gradient says of it."""

    place: tuple[int, ...]
    shown: float
    told: float


def _pattern(nudges: list[Nudge]) -> str:
    """What all places have in common, in a sentence with a space before it; "" where nothing is seen."""
    if all(each.told == 0 for each in nudges):
        return " All of yours are 0: is the result written into the array that you return?"
    ratios = [each.told / each.shown for each in nudges if abs(each.shown) > 1e-6]
    if not ratios or np.ptp(ratios) > 1e-4 * abs(np.mean(ratios)):
        return ""
    ratio = float(np.mean(ratios))
    if abs(ratio + 1) < 1e-3:
        return " All of yours have the wrong sign."
    return f" All of yours are {ratio:.4g} times what they should be: is a factor missing, or one too many?"


def _argument_name(function: Callable[..., Any], number: int) -> str:
    """What a function calls an argument, else its number."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return names[number] if number < len(names) else f"argument {number + 1}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


# How the outputs of a network's layers are made -------------------------------------------------------------

@dataclass(frozen=True)
class Pooled(Origin):
    """Windows of a max_pool: sizes are (rows, columns)."""

    image: tuple[int, ...]
    size: tuple[int, ...]
    strides: tuple[int, ...]

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        lines = ""
        for axis, word in enumerate(("rows", "columns")):
            n, f, s = self.image[axis], self.size[axis], self.strides[axis]
            lines += f"\n  {word}: floor(({n} − {f})/{s}) + 1 = {shape[1 + axis]}"
        return lines

    def where(self, index: tuple[int, ...]) -> str:
        spans = []
        for axis in (0, 1):
            start = index[1 + axis] * self.strides[axis]
            spans.append(f"{start} to {start + self.size[axis] - 1}")
        return f"\nIts window covers rows {spans[0]} and columns {spans[1]} of image {index[0]}, channel {index[3]}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (index[0], slice(None), slice(None), index[3])


@dataclass(frozen=True)
class PooledGradient(Origin):
    """The gradient of a max_pool for its inputs."""

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return " A gradient has the shape of what it belongs to, here of the inputs."

    def where(self, index: tuple[int, ...]) -> str:
        return (
            f"\nIt belongs to row {index[1]}, column {index[2]} of image {index[0]}, channel {index[3]}: look at every "
            "window that this number lies in, and at whether it is the first of the largest there."
        )

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (index[0], slice(None), slice(None), index[3])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients that a layer gives in a tuple."""

    parts: tuple[str, ...] = ("d_inputs", "d_weights", "d_bias")

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."


def _unfit_matrices(trouble: Trouble) -> str:
    """What a matrix product that does not fit may mean, by the function."""
    if trouble.function == "dense_gradients":
        return (
            "The two matrices do not fit. Write the shapes down: inputs [batch, in], weights [in, out], upstream [batch, out]. "
            "d_inputs is [batch, in] and d_weights [in, out]: which of them must be transposed (.T)?"
        )
    return "The two matrices do not fit: the columns of the first must be as many as the rows of the second."


# fmt: off
HINTS = (
    Hint("ValueError", "matmul: .*mismatch|shapes .* not aligned", _unfit_matrices),
    Hint("ValueError", "zero-size array to reduction operation",
         "An empty window has no largest number: does a window begin behind the last row or column?"),
    Hint("TypeError", "cannot unpack non-iterable|object is not (subscriptable|iterable)",
         "Sizes and strides may be one number for both axes, or a pair (rows, columns), and strides may be None."),
    Hint("IndexError", "arrays used as indices must be of integer",
         "Labels are whole numbers: are these probabilities or floats?"),
)
# fmt: on


# The visible cases of the network notebook ------------------------------------------------------------------

def _picture(*channels: list) -> np.ndarray:
    """One picture, written channel by channel, as [1, height, width, channels]."""
    return np.array([channels], dtype=float).transpose(0, 2, 3, 1)


def _ramp(*shape: int) -> np.ndarray:
    """Numbers from -0.5 to 0.5 in no order that one sees."""
    return ((np.arange(np.prod(shape)) ** 3 * 7 % 13) / 13 - 0.5).reshape(shape)


# fmt: off
ONE = [1, 1, 1, 1]
TEXT = _picture([[1, 3, 2, 0, 9], [4, 2, 2, 1, 8], [0, 5, 6, 6, 7], [1, 5, 2, 6, 3]])
NEGATIVE = _picture([[-3, -5, -1], [-4, -2, -6]], [[-9, -8, -7], [-1, -2, -3]])
ROW = _picture([[1, 5, 2]])
WIDE = _picture([[3, 0, 1, 2, 7, 4], [1, 5, 8, 9, 3, 0], [2, 7, 2, 5, 1, 6]])
LOGS = np.log([[1.0, 2, 5]])
TWO = np.log([[1.0, 2, 5], [4, 1, 3]])
NETWORK = [_ramp(3, 2, 1, 2), np.array([0.1, -0.1]), _ramp(2, 2, 2, 3), np.array([0, 0.2, 0.1]), _ramp(6, 3), np.zeros(3)]
PICTURES = _ramp(4, 12, 9, 1)
COLOURED = [_ramp(3, 2, 2, 2), *NETWORK[1:]]
GRADIENTS, POOL_GRADIENT = Gradients(), PooledGradient()

CASES: dict[str, list[Case]] = {
    "conv2d": [
        Case("two channels, two filters", (np.stack([TEXT[..., 0], -TEXT[..., 0]], axis=3)[:, :2, :3],
             np.array([[[[1.0, 0], [0, 2]], [[0, 1], [1, 0]]]]), ONE, "VALID"),
             np.array([[[[-2, 1], [1, -4]], [[2, -6], [0, -2]]]])),
    ],
    "conv2d_gradients": [
        Case("the row of the first assignment", (_picture([[3, 1, 4]]), np.array([[[[2.0]], [[5]]]]), ONE, "VALID",
             _picture([[10, 1]])), (_picture([[20, 52, 5]]), np.array([[[[31.0]], [[14]]]]))),
    ],
    "relu": [
        Case("the text's example", (np.array([3.0, -1, 0, 2]),), np.array([3.0, 0, 0, 2])),
        Case("two channels of a picture", (NEGATIVE + 3,), np.maximum(NEGATIVE + 3, 0)),
        Case("whole numbers", (np.array([[5, -7]]),), np.array([[5, 0]])),
        Case("float32", (np.array([1.5, -0.25], np.float32),), np.array([1.5, 0])),
    ],
    "relu_gradient": [
        Case("the text's example, with a 0", (np.array([3.0, -1, 0, 2]), np.array([10.0, 20, 30, 40])),
             np.array([10.0, 0, 0, 40])),
        Case("negative upstream numbers pass as well", (np.array([[0.5, -2]]), np.array([[-3.0, 4]])), np.array([[-3.0, 0]])),
        Case("float32", (np.array([0.5, -2], np.float32), np.array([1.5, 4], np.float32)), np.array([1.5, 0])),
    ],
    "max_pool": [
        Case("the text's example", (TEXT, 2), _picture([[4, 2], [5, 6]]), Pooled((4, 5), (2, 2), (2, 2))),
        Case("negative numbers, two channels", (NEGATIVE, 2), _picture([[-2]], [[-1]]), Pooled((2, 3), (2, 2), (2, 2))),
        Case("a size of (2, 3)", (WIDE, (2, 3)), _picture([[8, 9]]), Pooled((3, 6), (2, 3), (2, 3))),
        Case("strides of 1: overlaps", (WIDE, 2, 1), _picture([[5, 8, 9, 9, 7], [7, 8, 9, 9, 6]]), Pooled((3, 6), (2, 2),
             (1, 1))),
        Case("strides of (1, 3): gaps", (WIDE, (2, 2), (1, 3)), _picture([[5, 9], [7, 9]]), Pooled((3, 6), (2, 2), (1, 3))),
        Case("strides of None are the size", (WIDE, (1, 2), None), _picture([[3, 2, 7], [5, 9, 3], [7, 5, 6]]),
             Pooled((3, 6), (1, 2), (1, 2))),
        Case("two pictures of whole numbers", (np.concatenate([TEXT, 9 - TEXT]).astype(np.uint8), (4, 2)),
             np.concatenate([_picture([[5, 6]]), _picture([[9, 9]])]), Pooled((4, 5), (4, 2), (4, 2))),
        Case("float32", (ROW.astype(np.float32) / 2, (1, 2)), _picture([[2.5]]), Pooled((1, 3), (1, 2), (1, 2))),
    ],
    "max_pool_gradient": [
        Case("the text's example: ties, and a column left out", (TEXT, 2, None, _picture([[10, 20], [30, 40]])),
             _picture([[0, 0, 20, 0, 0], [10, 0, 0, 0, 0], [0, 30, 40, 0, 0], [0, 0, 0, 0, 0]]), POOL_GRADIENT),
        Case("overlaps add up", (ROW, (1, 2), 1, _picture([[10, 1]])), _picture([[0, 11, 0]]), POOL_GRADIENT),
        Case("zeros alone: the first gets it", (0 * TEXT[:, :2, :4], 2, 2, _picture([[3, -4]])),
             _picture([[3, 0, -4, 0], [0, 0, 0, 0]]), POOL_GRADIENT),
        Case("negative numbers, two channels", (NEGATIVE, 2, 2, _picture([[7]], [[8]])),
             _picture([[0, 0, 0], [0, 7, 0]], [[0, 0, 0], [8, 0, 0]]), POOL_GRADIENT),
        Case("strides of (1, 3)", (WIDE, (2, 2), (1, 3), _picture([[1, 2], [3, 4]])),
             _picture([[0, 0, 0, 0, 0, 0], [0, 1, 0, 6, 0, 0], [0, 3, 0, 0, 0, 0]]), POOL_GRADIENT),
        Case("two pictures of whole numbers", (np.concatenate([ROW, 6 - ROW]).astype(np.uint8), (1, 2), None,
             np.concatenate([_picture([[7]]), _picture([[8]])])),
             np.concatenate([_picture([[0, 7, 0]]), _picture([[8, 0, 0]])]), POOL_GRADIENT),
        Case("float32", (ROW.astype(np.float32), (1, 2), 1, _picture([[0.5, 1]]).astype(np.float32)),
             _picture([[0, 1.5, 0]]), POOL_GRADIENT),
    ],
    "dense": [
        Case("the text's example", (np.array([[1.0, 2], [0, -1]]), np.array([[1.0, 0, 2], [3, 1, -1]]), np.array([0.5, 0, 1])),
             np.array([[7.5, 2, 1], [-2.5, -1, 2]])),
        Case("one picture, one unit", (np.array([[1.0, 2, 3]]), np.array([[1.0], [10], [100]]), np.array([0.5])),
             np.array([[321.5]])),
        Case("as many inputs as units", (np.array([[1.0, 2]]), np.array([[1.0, 0], [3, 1]]), np.array([0.0, 1])),
             np.array([[7.0, 3]])),
        Case("whole numbers and float32", (np.array([[1, 2]], np.uint8), np.array([[0.5, 0, 1], [3, 1, 2]], np.float32),
             np.array([0.0, 1, 2])), np.array([[6.5, 3, 7]])),
    ],
    "dense_gradients": [
        Case("the text's example", (np.array([[1.0, 2], [0, -1]]), np.array([[1.0, 0, 2], [3, 1, -1]]),
             np.array([[1.0, 0, 2], [0, 1, 1]])), (np.array([[5.0, 1], [2, 0]]), np.array([[1.0, 0, 2], [2, -1, 3]]),
             np.array([1.0, 1, 3])), GRADIENTS),
        Case("one picture, two inputs, two units", (np.array([[1.0, 2]]), np.array([[1.0, 0], [3, 1]]), np.array([[1.0, 10]])),
             (np.array([[1.0, 13]]), np.array([[1.0, 10], [2, 20]]), np.array([1.0, 10])), GRADIENTS),
        Case("one unit, whole numbers", (np.array([[1, 2, 3], [0, 1, 0]], np.uint8), np.array([[1.0], [0.5], [0]]),
             np.array([[2.0], [4]])), (np.array([[2.0, 1, 0], [4, 2, 0]]), np.array([[2.0], [8], [6]]), np.array([6.0])),
             GRADIENTS),
    ],
    "softmax": [
        Case("the text's example", (LOGS,), np.array([[0.125, 0.25, 0.625]])),
        Case("two pictures", (TWO,), np.array([[0.125, 0.25, 0.625], [0.5, 0.125, 0.375]])),
        Case("large logits", (LOGS + 1000,), np.array([[0.125, 0.25, 0.625]])),
        Case("large logits of both signs", (np.array([[0, 3000.0], [-3000, -3000]]),), np.array([[0, 1], [0.5, 0.5]])),
        Case("whole numbers", (np.array([[0, 0, 0, 0]]),), np.array([[0.25, 0.25, 0.25, 0.25]])),
        Case("float32", (LOGS.astype(np.float32),), np.array([[0.125, 0.25, 0.625]])),
    ],
    "cross_entropy": [
        Case("the text's example: log 4", (LOGS, np.array([1])), 1.3862943611),
        Case("two pictures: the mean of log 8 and log 2", (TWO, np.array([0, 0])), 1.3862943611),
        Case("the last class", (TWO, np.array([2, 2])), 0.7254164565),
        Case("hopeless: a loss of 3000", (np.array([[0, 3000.0]]), np.array([0])), 3000.0),
        Case("large logits", (LOGS + 1000, np.array([1])), 1.3862943611),
        Case("logits far below 0", (LOGS - 1000, np.array([1])), 1.3862943611),
        Case("whole numbers: log 4", (np.array([[0, 0, 0, 0]]), np.array([3])), 1.3862943611),
        Case("float32", (LOGS.astype(np.float32), np.array([1])), 1.3862943611),
    ],
    "cross_entropy_gradient": [
        Case("the text's example", (LOGS, np.array([1])), np.array([[0.125, -0.75, 0.625]])),
        Case("two pictures: half of each", (TWO, np.array([2, 0])), np.array([[0.0625, 0.125, -0.1875], [-0.25, 0.0625,
             0.1875]])),
        Case("large logits", (LOGS + 1000, np.array([0])), np.array([[-0.875, 0.25, 0.625]])),
        Case("logits far below 0", (LOGS - 1000, np.array([0])), np.array([[-0.875, 0.25, 0.625]])),
        Case("hopeless: a probability that becomes 0", (np.array([[0, 3000.0]]), np.array([0])), np.array([[-1.0, 1]])),
        Case("whole numbers", (np.array([[0, 0, 0, 0]]), np.array([3])), np.array([[0.25, 0.25, 0.25, -0.75]])),
        Case("float32", (LOGS.astype(np.float32), np.array([1])), np.array([[0.125, -0.75, 0.625]])),
    ],
    "glorot_uniform": [
        Case("a dense layer", ((2, 4), np.random.default_rng(0)), Uniform((2, 4), 1.0)),
        Case("filters", ((3, 5, 2, 6), np.random.default_rng(1)), Uniform((3, 5, 2, 6), 0.2236068)),
        Case("many weights", ((400, 200), np.random.default_rng(2)), Uniform((400, 200), 0.1)),
    ],
    "sgd_step": [
        Case("the text's example", ([np.array([1.0, 2])], [np.array([10.0, -5])], 0.1), [np.array([0, 2.5])]),
        Case("two arrays", ([np.array([[1.0, 2]]), np.array([3.0])], [np.array([[1.0, 0]]), np.array([4.0])], 0.5),
             [np.array([[0.5, 2]]), np.array([1.0])]),
    ],
    "train": [
        Case("one picture, two steps", (NETWORK, PICTURES[:1], np.array([2]), 2, 0.5, 1, np.random.default_rng(0)),
             [1.0631461880, 0.7191784952], changes=(0,)),
        Case("three epochs of one batch", (NETWORK, PICTURES[:3], np.array([2, 0, 1]), 3, 0.2, 3, np.random.default_rng(0)),
             [1.0974629126, 1.0973072485, 1.0971677698], changes=(0,)),
        Case("no steps, two batches: the mean of both", (NETWORK, PICTURES, np.array([2, 0, 1, 1]), 1, 0.0, 2,
             np.random.default_rng(0)), [1.0959896212], changes=(0,)),
        Case("no steps, and a last batch that is smaller: the same", (NETWORK, PICTURES, np.array([2, 0, 1, 1]), 1, 0.0, 3,
             np.random.default_rng(0)), [1.0959896212], changes=(0,)),
        Case("a batch that is smaller than batch_size", (NETWORK, PICTURES[:3], np.array([0, 0, 1]), 2, 0.2, 100,
             np.random.default_rng(0)), [1.1242862031, 1.0645007496], changes=(0,)),
        Case("two channels", (COLOURED, _ramp(2, 12, 9, 2), np.array([1, 2]), 2, 0.5, 2, np.random.default_rng(0)),
             [1.0726498888, 0.9625323768], changes=(0,)),
    ],
}
# fmt: on


# What the notebook's own cells show -------------------------------------------------------------------------

CLOTHES = "fashion_mnist"


# --- a convolution where there is none of one's own ---------------------------------------------------------


def stand_in_where_needed() -> None:
    """Says whose convolution is used, and puts a stand-in in the place of one that is missing or wrong."""
    own = sys._getframe(1).f_globals
    for name, works_instead in (("conv2d", _conv2d_by_rows), ("conv2d_gradients", _gradients_by_rows)):
        reason = _why_not(name, own.get(name), own["checks"])
        if reason:
            own[name] = StandIn(works_instead, reason)
        print(f"{name}: {f'a stand-in works here until yours is right. {reason}' if reason else 'your own.'}")


def _why_not(name: str, function: object, checks: ModuleType) -> str:
    if function is None:
        return "There is none yet: run its cell first."
    if isinstance(function, StandIn):
        return function.reason
    for case in checks.CASES[name]:
        problem, _ = checks.examine(name, function, case)
        if problem is not None:
            return problem.message.splitlines()[0]
    return ""


def _bands(size: int, length: int) -> np.ndarray:
    """1 where window i holds number k at its place m: [windows, size, length]."""
    windows = size - length + 1
    i, k, m = np.ogrid[:windows, :size, :length]
    return (k == i + m).astype(np.float32)


def _conv2d_by_rows(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> np.ndarray:
    """What the network needs of conv2d: VALID, stride 1. Each row of a filter becomes a band of a matrix."""
    height, (rows, columns) = inputs.shape[1], filters.shape[:2]
    band = np.einsum("jlw,mwco->mlcjo", _bands(inputs.shape[2], columns), filters, optimize=True)
    out = height - rows + 1
    parts = (np.tensordot(inputs[:, m : m + out], band[m], 2) for m in range(rows))
    return sum(parts)


def _gradients_by_rows(
    inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the network needs of conv2d_gradients, by the same bands."""
    (rows, columns), out = filters.shape[:2], upstream.shape[1]
    bands = _bands(inputs.shape[2], columns)
    band = np.einsum("jlw,mwco->mlcjo", bands, filters, optimize=True)
    d_inputs, d_filters = np.zeros(inputs.shape, upstream.dtype), np.zeros(filters.shape, upstream.dtype)
    for m in range(rows):
        d_inputs[:, m : m + out] += np.tensordot(upstream, band[m], ((2, 3), (2, 3)))
        d_band = np.tensordot(inputs[:, m : m + out], upstream, ((0, 1), (0, 1)))
        d_filters[m] = np.einsum("lcjo,jlw->wco", d_band, bands, optimize=True)
    return d_inputs, d_filters


# --- tools --------------------------------------------------------------------------------------------------


def nudge() -> None:
    """Section 8: a weight of each array is nudged, and the change of the loss compared with what a step takes off."""
    own, rng, rate = names_of_caller(1), np.random.default_rng(2), 1e-3
    images, labels = rng.normal(size=(4, 14, 12, 1)), np.array([2, 0, 1, 2])
    shapes = [(3, 3, 1, 3), (3,), (3, 2, 3, 4), (4,), (2 * 2 * 4, 3), (3,)]
    network = [rng.normal(size=shape) * 0.3 for shape in shapes]
    stepped = [array.copy() for array in network]
    with example_of("train"):
        own["train"](stepped, images, labels, 1, rate, len(images), rng)
        names = ("filters_1", "bias_1", "filters_2", "bias_2", "weights", "bias")
        print(f"{'':<12}{'by nudging':>12}{'by your train':>15}")
        for place, name in enumerate(names):
            index = tuple(side // 2 for side in network[place].shape)
            losses = []
            for change in (1e-5, -1e-5):
                nudged = [array.copy() for array in network]
                nudged[place][index] += change
                losses.append(own["cross_entropy"](own["forward"](nudged, images), labels))
            by_train = (network[place][index] - stepped[place][index]) / rate
            print(f"{name:<12}{(losses[0] - losses[1]) / 2e-5:>12.5f}{by_train:>15.5f}")


def overfit() -> None:
    """Section 8: ten pictures, learned by heart."""
    own, rng = names_of_caller(1), np.random.default_rng(0)
    images, labels = clothes("train")
    chosen = [int(np.flatnonzero(labels == label)[0]) for label in range(10)]
    images, labels = images[chosen], labels[chosen]
    with example_of("train"):
        shapes = [(5, 5, 1, 4), (4,), (5, 5, 4, 8), (8,), (16 * 8, 10), (10,)]
        network = [own["glorot_uniform"](each, rng) if len(each) > 1 else np.zeros(each) for each in shapes]
        network = [array.astype(np.float32) for array in network]
        losses = own["train"](network, images, labels, 60, 0.1, 2, rng)
        right = int(np.sum(own["forward"](network, images).argmax(axis=1) == labels))
        print(f"{right} of 10 pictures right; the loss fell from {losses[0]:.2f} to {losses[-1]:.4f}.")


def example(function: Callable[[], tuple]) -> tuple:
    """What the function gives; where one that it calls is not written yet, says so and gives as many Nones."""
    try:
        return function()
    except NotImplementedError as error:
        print(f"This cell needs all functions above: {error}")
        return None, None


def clothes(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of clothes from 0 to 1, [number, 28, 28, 1] in float32, and their labels.

    ``part`` is "train" for the first 200 of each class, or "test" for 50 others of each.
    """
    found = _data().load(CLOTHES, "sample")
    border = len(found.images) * 4 // 5
    chosen = slice(border) if part == "train" else slice(border, None)
    return found.images[chosen] / np.float32(255), found.labels[chosen]


def _data() -> ModuleType:
    """The kit's package with the pictures: two folders above the notebook, or anywhere above it."""
    here = Path.cwd().resolve()
    folder = next((each for each in (here, *here.parents) if (each / "data" / "samples").is_dir()), None)
    if folder is None:
        raise FileNotFoundError(
            "The pictures are not here: the folder `data` of the zip that you were given belongs beside this notebook, or "
            "in a folder above it."
        )
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module("data")


def _class_names() -> tuple[str, ...]:
    return _data().load(CLOTHES, "sample").class_names


# --- what it has learned ------------------------------------------------------------------------------------


def show_losses(losses: list[float] | None) -> None:
    """The loss curve."""
    if not losses:
        return
    print(f"The loss of the first epoch was {losses[0]:.3f}, that of the last {losses[-1]:.3f}.")
    if can_draw():
        axes, figure = _axes(6, 3)
        axes.plot(range(1, len(losses) + 1), losses, marker="o")
        axes.set(xlabel="epoch", ylabel="mean loss", ylim=(0, None))
        show(
            figure, f"A falling curve: the mean loss of each epoch, from {losses[0]:.2f} to {losses[-1]:.2f}."
        )


def show_accuracy(network: list[np.ndarray] | None) -> None:
    """The share of right answers on pictures that the network has not seen."""
    if network is not None:
        images, labels = clothes("test")
        answers = names_of_caller(1)["forward"](network, images).argmax(axis=1)
        print(f"{np.mean(answers == labels):.1%} of {len(labels)} new pictures are right.")


def show_filters(network: list[np.ndarray] | None) -> None:
    """The filters of the first layer."""
    if network is None or not can_draw():
        return
    from matplotlib.figure import Figure

    filters = network[0][:, :, 0]
    limit = float(np.abs(filters).max())
    figure = Figure(figsize=(8, 2.2), layout="constrained")
    for place, axes in enumerate(figure.subplots(2, -(-filters.shape[2] // 2)).flat):
        axes.set_axis_off()
        if place < filters.shape[2]:
            axes.imshow(filters[:, :, place], cmap="PuOr_r", vmin=-limit, vmax=limit)
    show(
        figure,
        f"The {filters.shape[2]} filters of the first layer, 5×5 each: most are light on one side and dark on another.",
    )


def show_confusion(network: list[np.ndarray] | None) -> None:
    """What each kind of clothes is taken for."""
    if network is None:
        return
    (images, labels), names = clothes("test"), _class_names()
    answers = names_of_caller(1)["forward"](network, images).argmax(axis=1)
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (labels, answers), 1)
    off = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(off.argmax(), off.shape)
    told = f"Most often, {off[row, column]} times of {counts[row].sum()}, {names[row]} is taken for {names[column]}."
    print(told)
    if can_draw():
        axes, figure = _axes(6, 5.4)
        axes.imshow(counts, cmap="Blues")
        for i, j in np.argwhere(counts):
            axes.text(j, i, counts[i, j], ha="center", va="center", color="w" if counts[i, j] > 25 else "k")
        ticks = range(len(names))
        axes.set_xticks(ticks, names, rotation=60, ha="right")
        axes.set_yticks(ticks, names)
        axes.set(xlabel="taken for", ylabel="is")
        show(figure, f"A table of ten by ten counts, most of them on the diagonal. {told}")


def explain_mistake(network: list[np.ndarray] | None) -> None:
    """The mistake that the network is most certain of, and a picture that may explain it."""
    if network is None:
        return
    (images, labels), (seen, seen_labels), names = clothes("test"), clothes("train"), _class_names()
    own = names_of_caller(1)
    chances = own["softmax"](own["forward"](network, images))
    answers = chances.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    if not len(wrong):
        print("There is no mistake to look into.")
        return
    place = wrong[chances[wrong].max(axis=1).argmax()]
    alike = seen[seen_labels == answers[place]]
    nearest = alike[((alike - images[place]) ** 2).sum(axis=(1, 2, 3)).argmin()]
    told = (
        f"Picture {place} is {names[labels[place]]}. The network takes it for {names[answers[place]]}, with a probability of "
        f"{chances[place].max():.1%}, and gives the right class {chances[place, labels[place]]:.1%}."
    )
    print(told)
    if can_draw():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 2.6), layout="constrained")
        axes = figure.subplots(1, 3, width_ratios=(1, 1.4, 1))
        axes[0].imshow(images[place, :, :, 0], cmap="gray")
        axes[0].set_title(f"is: {names[labels[place]]}", fontsize=9)
        axes[1].barh(names, chances[place])
        axes[1].set_title("probabilities", fontsize=9)
        axes[2].imshow(nearest[:, :, 0], cmap="gray")
        axes[2].set_title(f"learned: {names[answers[place]]}", fontsize=9)
        for each in (axes[0], axes[2]):
            each.set_axis_off()
        show(figure, f"{told} Beside it the most similar picture of the class that it was taken for.")


def _axes(width: float, height: float) -> tuple:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure.subplots(), figure


# What the notebook calls ------------------------------------------------------------------------------------

EXERCISES = ('conv2d', 'conv2d_gradients', 'relu', 'relu_gradient', 'max_pool', 'max_pool_gradient', 'dense', 'dense_gradients', 'softmax', 'cross_entropy', 'cross_entropy_gradient', 'glorot_uniform', 'sgd_step', 'train')
PARAMETERS = {'conv2d': 'inputs, filters, strides, padding', 'conv2d_gradients': 'inputs, filters, strides, padding, upstream', 'relu': 'values', 'relu_gradient': 'values, upstream', 'max_pool': 'inputs, size, strides=None', 'max_pool_gradient': 'inputs, size, strides, upstream', 'dense': 'inputs, weights, bias', 'dense_gradients': 'inputs, weights, upstream', 'softmax': 'logits', 'cross_entropy': 'logits, labels', 'cross_entropy_gradient': 'logits, labels', 'glorot_uniform': 'shape, rng', 'sgd_step': 'parameters, gradients, learning_rate', 'train': 'network, images, labels, epochs, learning_rate, batch_size, rng'}
CHECKS = Checks({name: CASES[name] for name in EXERCISES}, HINTS, PARAMETERS, None)
CASES = CHECKS.cases
check, examine, progress = CHECKS.check, CHECKS.examine, CHECKS.progress
arguments = CHECKS.arguments
CHECKS.runs.watch()
check_conv2d = CHECKS.checker("conv2d")
check_conv2d_gradients = CHECKS.checker("conv2d_gradients")
check_relu = CHECKS.checker("relu")
check_relu_gradient = CHECKS.checker("relu_gradient")
check_max_pool = CHECKS.checker("max_pool")
check_max_pool_gradient = CHECKS.checker("max_pool_gradient")
check_dense = CHECKS.checker("dense")
check_dense_gradients = CHECKS.checker("dense_gradients")
check_softmax = CHECKS.checker("softmax")
check_cross_entropy = CHECKS.checker("cross_entropy")
check_cross_entropy_gradient = CHECKS.checker("cross_entropy_gradient")
check_glorot_uniform = CHECKS.checker("glorot_uniform")
check_sgd_step = CHECKS.checker("sgd_step")
check_train = CHECKS.checker("train")
