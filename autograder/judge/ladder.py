"""The ladder by which every answer is judged: type, dtype, shape, values. It stops at the first step that is wrong.

It needs NumPy alone, since a student's visible checks are judged by the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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
