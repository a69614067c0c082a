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

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        corner = self.corner_of(index)
        return ([], "") if corner is None else _window_panels(arguments, index, corner)


@dataclass(frozen=True)
class OneWindow(Origin):
    """One number of one window, whose place is what the function is given after the image and the kernel."""

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        return _window_panels(arguments, index, arguments[2:])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients of the images and of the filters, of a function given (inputs, filters, strides, padding, upstream)."""

    parts: tuple[str, ...] = ("d_inputs", "d_filters")
    before: tuple[int, ...] | None = None  # zeros above and left; without, SAME windows stay unnamed

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (slice(None), slice(None), *index[2:]) if self._by_filter(part) else _plane_of_one_image(index)

    def _by_filter(self, part: int | None) -> bool:
        return self.parts[part or 0] == "d_filters"

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        inputs, filters, strides, padding, upstream = arguments
        window = Window(
            inputs.shape[1:3], filters.shape[:2], tuple(strides[1:3]), padding.upper(), self.before
        )
        if window.corner(0, 0) is None:
            return [], ""
        if self._by_filter(part):
            return _weight_panels(inputs, upstream, window, index)
        return _pixel_panels(inputs, filters, upstream, window, index)


def _pixel_panels(
    inputs: np.ndarray, filters: np.ndarray, upstream: np.ndarray, window: Window, index: tuple[int, ...]
) -> tuple[list[Panel], str]:
    """The windows that hold one number of an image, with what each passes on to it."""
    image, row, column, channel = index
    terms, places = [], []
    for i, j in np.ndindex(*upstream.shape[1:3]):
        top, left = window.corner(i, j) or (0, 0)
        m, n = row - top, column - left
        if 0 <= m < window.filter[0] and 0 <= n < window.filter[1]:
            places.append((i, j))
            terms += [
                f"output [{i}, {j}, {f}]: upstream {upstream[image, i, j, f]:.4g}, its weight "
                f"[{m}, {n}] {filters[m, n, channel, f]:.4g}"
                for f in range(filters.shape[3])
            ]
    told = "No window holds this number of the image, so nothing depends on it."
    if places:
        told = "These windows hold this number of the image; each passes its upstream number on, times the weight there:"
    panels = [
        Panel("image", inputs[image, :, :, channel], (row, column, 1, 1)),
        *(Panel(f"filter {f}", filters[:, :, channel, f]) for f in range(filters.shape[3] if places else 0)),
        *(
            Panel(f"upstream {f}", upstream[image, :, :, f], _around(places))
            for f in range(upstream.shape[3] if places else 0)
        ),
    ]
    return panels, f"\n{told}{_listed(terms)}"


def _weight_panels(
    inputs: np.ndarray, upstream: np.ndarray, window: Window, index: tuple[int, ...]
) -> tuple[list[Panel], str]:
    """The numbers of the images that one weight meets, with the upstream number of each meeting."""
    m, n, channel, f = index
    terms, places = [], []
    for image, i, j in np.ndindex(*upstream.shape[:3]):
        top, left = window.corner(i, j) or (0, 0)
        row, column = top + m, left + n
        inside = 0 <= row < window.image[0] and 0 <= column < window.image[1]
        if inside and image == 0:
            places.append((row, column))
        number = f"number {inputs[image, row, column, channel]:.4g}" if inside else "zero padding"
        terms.append(
            f"image {image}, output [{i}, {j}]: upstream {upstream[image, i, j, f]:.4g}, {number} at "
            f"[{row}, {column}]"
        )
    told = "In every window this weight meets one number of the image, and the window's upstream number says how much it counts:"
    panels = [
        Panel("image 0", inputs[0, :, :, channel], _around(places)),
        Panel("upstream 0", upstream[0, :, :, f], (0, 0, *upstream.shape[1:3])),
    ]
    return panels, f"\n{told}{_listed(terms)}"


def _around(places: list[tuple[int, int]]) -> tuple[int, int, int, int] | None:
    """The smallest frame around some places; None around none."""
    if not places:
        return None
    rows, columns = zip(*places, strict=True)
    return min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1


def _listed(terms: list[str], most: int = 6) -> str:
    rest = [f"and {len(terms) - most} more"] if len(terms) > most else []
    return "".join(f"\n  {term}" for term in (*terms[:most], *rest))


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


def _unfit_shapes(trouble: Trouble) -> str:
    """What two arrays that cannot be multiplied say of a window and its kernel."""
    first, second = (*shapes_in(trouble.message), (), ())[:2]
    if not first or not second:
        return ""
    if 0 in first or 0 in second:
        return (
            "One of the two arrays is empty. A slice is empty where it starts behind the last row or column, or ends where it "
            "starts or before: print both of its ends."
        )
    if trouble.function == "conv2d_matmul" and len(second) == 2 and first[-1] == second[0]:
        return "`*` multiplies number by number; the matrix product, rows by columns, is `@`."
    if len(first) != len(second):
        return f"The two arrays have different numbers of axes. {_one_of(trouble)}"
    if first == second[::-1]:
        return "One array has as many rows as the other has columns: are rows and columns swapped somewhere?"
    if len(first) == 3 and first[:2] == second[:2]:
        return f"The two arrays have as many rows and columns, but different channels. {_one_of(trouble)}"
    return _window_and_kernel(first, second, trouble)


def _one_of(trouble: Trouble) -> str:
    """How one image and one filter are taken out of what the function was given."""
    taken = "Of a batch, inputs[n] is one image; of the filters, filters[:, :, :, f] is one filter"
    number = "; of the upstream gradient, upstream[n, i, j, f] is one number"
    return f"{taken}{number if trouble.function == 'conv2d_gradients' else ''}."


def _unfit_sum(trouble: Trouble) -> str:
    """What does not fit where something is added to a window."""
    first, second = (*shapes_in(trouble.message), (), ())[:2]
    if len(first) != len(second):
        return (
            f"What is added has another number of axes than the place that it is added to. {_one_of(trouble)}"
        )
    return (
        "What is added has another size than the place that it is added to. If that is a window, does it hang over the edge of "
        "the image, because padding is missing or strides are swapped?"
    )


_KERNEL = r"\b\w*(kernel|filt|weight)\w*"


def _window_and_kernel(first: tuple[int, ...], second: tuple[int, ...], trouble: Trouble) -> str:
    """Whether the window is larger or smaller than the kernel, where the line says which of the two is which."""
    left, star, right = trouble.line.partition("*")
    known = star and bool(re.search(_KERNEL, left)) != bool(re.search(_KERNEL, right))
    fitting = "image[x : x + rows, y : y + columns], with the kernel's rows and columns"
    if not known:
        return f"Two arrays whose shapes do not fit were combined. A window must be as large as its kernel: {fitting}."
    window, kernel = (first, second) if re.search(_KERNEL, right) else (second, first)
    larger = any(w > k for w, k in zip(window, kernel, strict=True))
    if larger or trouble.function == "apply_kernel":
        return f"What the kernel is multiplied by has another size than the kernel. A window is {fitting}."
    return (
        "The window is smaller than the kernel. Either it hangs over the edge of the image, so that the loop runs too far or "
        f"padding is missing, or it is cut out wrongly: it is {fitting}."
    )


def only_in(functions: str, sentence: str) -> Callable[[Trouble], str]:
    """A sentence that is told of these functions alone, whose names are given with spaces between."""
    return lambda trouble: sentence if trouble.function in functions.split() else ""


BATCHES = "conv2d extract_patches conv2d_matmul conv2d_gradients"
# fmt: off
HINTS = (
    Hint("ValueError", "operands could not be broadcast together with shapes", _unfit_shapes),
    Hint("ValueError", "non-broadcastable output", _unfit_sum),
    Hint("ValueError", "to unpack",
         "There are more or fewer values than names: a single image's shape has 2, a batch's 4.", line="shape"),
    Hint("TypeError", "cannot unpack non-iterable|object is not (subscriptable|iterable)|has no len",
         only_in("convolve", "A stride may be one number for both axes, or a pair (rows, columns): both must work."),
         line=r"\bstride\b"),
    Hint("TypeError", "(unsupported operand|not supported between|concatenate|multiply sequence).*tuple",
         only_in("convolve", "A tuple stands where one number is needed: a shape, or a stride that is a pair (rows, columns). "
                 "Take its numbers apart."), line=r"\bstride\b"),
    Hint("TypeError", "(unsupported operand|not supported between|concatenate|multiply sequence).*list",
         only_in(BATCHES, "A list stands where one number is needed. `strides` is one, [1, rows, columns, 1]: strides[1] is "
                 "the step of the rows, strides[2] that of the columns.")),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which size or stride is 0 here?"),
)
# fmt: on


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
        Case("a stride of 1.5", (SMALL, TILT, [1, 1.5, 1, 1], "VALID"), ValueError, or_else=(TypeError, IndexError)),
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
        Case("a 3×3 filter, strides (2, 3), SAME", (SMALL, TAUGHT, [1, 2, 3, 1], "SAME",
             _batch([[[[1, 2], [3, -1]]]])), (_batch([[[[1, 0, 4, 2], [0, 4, -1, 0], [3, 0, -2, -1]]]]),
             _bank([[[[-2, 9, 27], [3, 12, 10], [4, 17, 9]]]])), GRADIENTS),
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
    """Section 7: the student's gradients beside what nudging shows."""
    rng = np.random.default_rng(2)
    inputs, filters = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(2, 3, 3, 4))
    own = names_of_caller(1)
    with example_of("conv2d"):
        own["conv2d"](inputs, filters, [1, 2, 1, 1], "SAME")
        with example_of("conv2d_gradients"):
            gradient_check(own["conv2d"], own["conv2d_gradients"], inputs, filters, [1, 2, 1, 1], "SAME")


def ending(own: Mapping[str, object]) -> None:
    """What `progress` shows when all is right: what the student has built, at work in a trained network."""
    print(
        "\nYou have built what tf.nn.conv2d does, its fast form and its gradients: everything that a network needs in order "
        "to see,\nand to learn what to look for. Here your functions read a handwritten digit, with the weights of the article's "
        "network\n(trained, with 6 and 12 filters in place of 32 and 64). Choose another one with checks.read_digit(8), from 0 to "
        '499,\nor a picture file of your own, with checks.read_digit("mine.png").\n'
    )
    _read(own, 3)


def read_digit(which: int | str = 3) -> None:
    """Let the student's own functions read a digit of the sample, or a picture file, beside the article's network."""
    own = names_of_caller(1)
    with example_of("conv2d"):
        _read(own, which)


def _read(own: Mapping[str, Any], which: int | str) -> None:
    folder = _samples()
    if folder is None:
        print(
            "The digits and the trained network come with the students' zip, in data/samples; they are not here."
        )
        return
    if isinstance(which, str) and not Path(which).is_file():
        print(f"There is no picture file {which} in the folder {Path.cwd()}.")
        return
    with np.load(folder / "digit_network.npz") as arrays:
        network = {name: arrays[name].astype(float) for name in arrays.files}
    pixels, beside = _picture_file(which), None
    if pixels is None:
        with np.load(folder / "mnist.npz") as arrays:
            pixels = arrays["images"][int(which) % 500, :, :, 0] / 255
        beside = network["probabilities"][int(which) % 500]
    maps, found = _by_own_functions(own, network, pixels[None, :, :, None])
    said = f"With your functions the network reads a {found.argmax()}, with {found.max():.1%}."
    if beside is not None:
        away = np.abs(found - beside).max()
        said += f" The article's network says {beside.argmax()}, with {beside.max():.1%}; "
        said += "yours agrees." if away < 0.002 else f"a probability of yours is {away:.1%} away."
    print(said)
    if can_draw():
        _show_reading(pixels, maps, found, beside)


def _samples() -> Path | None:
    """Where the digits and the weights are: in the zip's and the kit's main folder, above this file or the notebook."""
    above = [*Path(__file__).resolve().parents, *Path.cwd().parents, Path.cwd()]
    folders = [folder / "data" / "samples" for folder in above]
    return next((folder for folder in folders if (folder / "digit_network.npz").is_file()), None)


def _picture_file(which: int | str) -> np.ndarray | None:
    """A picture file as the network wants it, 28×28 and white on black, from 0 to 1; None where `which` is a number."""
    if not isinstance(which, str):
        return None
    from PIL import Image, ImageOps

    gray = np.asarray(Image.open(which).convert("L"), float)
    ink = np.abs(gray - np.median(gray))  # most of a picture is paper, or a blackboard
    pixels = Image.fromarray(np.uint8(255 * ink / max(ink.max(), 1)))
    return np.asarray(ImageOps.pad(pixels, (28, 28)), float) / 255


def _by_own_functions(
    own: Mapping[str, Any], network: Mapping[str, np.ndarray], inputs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The six maps of the first layer, [24, 24, 6], and the ten probabilities."""
    steps = [1, 1, 1, 1]
    maps = np.maximum(own["conv2d"](inputs, network["filters_1"], steps, "VALID") + network["biases_1"], 0)
    pooled = _largest(own, maps)
    second = own["conv2d_matmul"](pooled, network["filters_2"], steps, "VALID") + network["biases_2"]
    rest = _largest(own, np.maximum(second, 0))
    scores = rest.reshape(1, -1) @ own["flatten_filters"](network["filters_3"]) + network["biases_3"]
    powers = np.exp(scores[0] - scores.max())
    return maps[0], powers / powers.sum()


def _largest(own: Mapping[str, Any], maps: np.ndarray) -> np.ndarray:
    """The largest number of each 2×2 window, by the student's extract_patches."""
    patches = own["extract_patches"](maps, (2, 2), [1, 2, 2, 1], "VALID")
    return patches.reshape(*patches.shape[:3], 4, -1).max(axis=3)


def _show_reading(pixels: np.ndarray, maps: np.ndarray, found: np.ndarray, beside: np.ndarray | None) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 2.9), facecolor="white")
    grid = figure.add_gridspec(
        2, 5, width_ratios=[2, 1, 1, 1, 2.6], left=0.02, right=0.98, bottom=0.16, top=0.86
    )
    axis = figure.add_subplot(grid[:, 0])
    axis.imshow(pixels, cmap="gray", vmin=0, vmax=1)
    axis.set_title("the picture", fontsize=10)
    axis.axis("off")
    for number in range(6):
        axis = figure.add_subplot(grid[number // 3, 1 + number % 3])
        axis.imshow(maps[:, :, number], cmap="magma")
        axis.axis("off")
        if number == 1:
            axis.set_title("your conv2d, first layer", fontsize=10)
    _show_bars(figure.add_subplot(grid[:, 4]), found, beside)
    others = (
        "" if beside is None else f" Beside them the article's network's, the longest for {beside.argmax()}."
    )
    show(
        figure,
        f"The digit, the six maps of the first layer by your conv2d, and ten bars for the classes: the longest is "
        f"{found.argmax()}, with {found.max():.0%}.{others}",
    )


def _show_bars(axis: Any, found: np.ndarray, beside: np.ndarray | None) -> None:
    places = np.arange(10)
    if beside is None:
        axis.bar(places, found, 0.7, color="#b34700", label="your functions")
    else:
        axis.bar(places - 0.2, found, 0.4, color="#b34700", label="your functions")
        axis.bar(
            places + 0.2,
            beside,
            0.4,
            color="#0072b2",
            hatch="//",
            edgecolor="white",
            label="the article's network",
        )
    axis.set(ylim=(0, 1.28), yticks=[0, 0.5, 1], title="probabilities")
    axis.set_xticks(places)
    axis.tick_params(labelsize=8, length=0)
    axis.title.set_fontsize(10)
    axis.legend(fontsize=8, loc="upper center", ncols=2, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)


# What the notebook calls ------------------------------------------------------------------------------------

EXERCISES = ('apply_kernel', 'output_size', 'convolve', 'same_padding', 'pad', 'conv2d', 'flatten_filters', 'extract_patches', 'conv2d_matmul', 'conv2d_gradients')
PARAMETERS = {'apply_kernel': 'image, kernel, x, y', 'output_size': 'input_size, filter_size, stride=1, padding=0', 'convolve': 'image, kernel, stride=1', 'same_padding': 'input_size, filter_size, stride=1', 'pad': 'image, rows, columns', 'conv2d': 'inputs, filters, strides, padding', 'flatten_filters': 'filters', 'extract_patches': 'inputs, filter_size, strides, padding', 'conv2d_matmul': 'inputs, filters, strides, padding', 'conv2d_gradients': 'inputs, filters, strides, padding, upstream'}
CHECKS = Checks({name: CASES[name] for name in EXERCISES}, HINTS, PARAMETERS, ending)
CASES = CHECKS.cases
check, examine, progress = CHECKS.check, CHECKS.examine, CHECKS.progress
arguments = CHECKS.arguments
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
