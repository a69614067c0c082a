"""What became of a call, and whether it ended as another one did: as the right function's, or as a faulty version's."""

import copy
import dis
import functools
import math
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judge.arguments import Arguments, remember
from autograder.judge.ladder import TOLERANCE, Allowed, compare
from autograder.judge.rounding import rounding
from autograder.sandbox import Answer, Raised, WorkerFailure
from autograder.sandbox.failures import builtin_name


@dataclass(frozen=True)
class Outcome:
    """What became of one call: a value or the name of a built-in exception, and the arguments afterwards.

    `raised` is None where a value came back, and "" where the call ended in another way (too slow, crashed).
    `afterwards` is empty where no array among the arguments has changed, and None where nobody knows.
    `deliberate` says that the error came from a `raise` or `assert` of the code's own.
    """

    value: object = None
    raised: str | None = None
    afterwards: tuple[Any, ...] | None = None
    deliberate: bool = False


@dataclass(frozen=True)
class RecordedCall:
    """One call of a student's function: the arguments that were sent, what became of it, and the test that made it."""

    arguments: tuple[Any, ...]
    keywords: Mapping[str, object]
    outcome: Outcome
    test: str = ""

    @functools.cached_property
    def key(self) -> Arguments:
        return Arguments(self.arguments, self.keywords)


def record(
    arguments: Iterable[Any],
    keywords: Mapping[str, object],
    ending: Answer | WorkerFailure,
    *,
    test: str = "",
    deliberate: bool = False,
) -> RecordedCall:
    """A call as a test made it, with the answer or the failure that it ended in.

    The arguments are kept as they are: the trusted side's own, which no student's code can change.
    """
    if isinstance(ending, Answer):
        sent = tuple(arguments)
        afterwards = _changed(tuple(ending.arguments), sent) if ending.arguments is not None else None
        return RecordedCall(sent, dict(keywords), Outcome(ending.value, afterwards=afterwards), test)
    raised = ending.builtin_name if isinstance(ending, Raised) else ""
    outcome = Outcome(raised=raised, deliberate=deliberate)
    return RecordedCall(tuple(arguments), dict(keywords), outcome, test)


def recorded(call: Arguments, outcome: Outcome, test: str) -> RecordedCall:
    """The call of these arguments, which are not made into a key once more."""
    made = RecordedCall(call.positional, call.keywords, outcome, test)
    made.__dict__["key"] = call  # where `cached_property` would put it
    return made


def outcome_of(function: Callable[..., Any], call: RecordedCall) -> Outcome:
    """What a function of our own makes of the same call. It works on copies; the result is kept for later."""
    return kept_outcome(function, call.key)


def fresh_outcome(function: Callable[..., Any], call: Arguments) -> Outcome:
    """The same, not kept: for a function that was made for this one question."""
    arguments = tuple(map(copied, call.positional))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = function(*arguments, **call.keywords)
        except Exception as error:
            return Outcome(raised=builtin_name(error), deliberate=is_deliberate(error))
    return Outcome(value, afterwards=_changed(arguments, call.positional))


def is_deliberate(error: Exception) -> bool:
    """Whether a `raise` or `assert` made the error, and none of NumPy's."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or f"{os.sep}numpy{os.sep}" in place.tb_frame.f_code.co_filename:
        return False
    return dis.opname[place.tb_frame.f_code.co_code[place.tb_lasti]] == "RAISE_VARARGS"


def copied(value: object) -> object:
    """A value that shares nothing with this one which could change."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if type(value) is list or type(value) is tuple:
        return type(value)(map(copied, value))
    return value if value is None or isinstance(value, (int, float, str)) else copy.deepcopy(value)


def _changed(afterwards: tuple[Any, ...], before: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments afterwards; none where they are as before."""
    return () if _alike(afterwards, before) else afterwards


kept_outcome = remember(20_000)(fresh_outcome)


def allowed_for(right: Callable[..., Any], call: RecordedCall) -> Allowed:
    """How far a right answer may be from the reference's; None where no arrays are in play or none is right."""
    return kept_allowed(right, call.key)


@remember(1000)
def kept_allowed(right: Callable[..., Any], call: Arguments) -> Allowed:
    """The same, for the arguments of a call."""
    if not any(isinstance(value, np.ndarray) for value in call.positional):
        return None
    try:
        return rounding(functools.partial(right, **call.keywords), *call.positional)
    except (ValueError, TypeError):  # arguments that are refused
        return None


def is_right(outcome: Outcome, right: Outcome, allowed: Allowed = None) -> bool:
    """Whether a suite that judges by the reference would accept the outcome."""
    if right.raised is not None or outcome.raised is not None:
        return _alike_refusals(right.raised, outcome.raised)
    if not _ended_alike(outcome, right):
        return False
    return compare(outcome.value, right.value, allowed=allowed) is None


def agree(theirs: Outcome, modelled: Outcome, right: Outcome) -> bool:
    """Whether a call ended as it does in a faulty version.

    Where a value was due, one error is as good as another: loops end in an IndexError where slices end in a
    ValueError. Where the arguments should have been refused, the very same error is needed.
    """
    if theirs.raised is not None or modelled.raised is not None:
        if right.raised is None:
            return theirs.raised is not None and modelled.raised is not None
        return _alike_refusals(theirs.raised, modelled.raised)
    if not _ended_alike(theirs, modelled):
        return False
    return same(theirs.value, modelled.value, whole=_is_whole(right.value))


def _alike_refusals(one: str | None, other: str | None) -> bool:
    """Whether two calls refused their arguments, or did not, alike: one error's name is as good as another's."""
    refusals = {"TypeError": "ValueError", "IndexError": "ValueError"}
    return refusals.get(one or "", one) == refusals.get(other or "", other)


def _ended_alike(one: Outcome, other: Outcome) -> bool:
    """Whether the arguments of the same call are the same after both, as far as anybody knows."""
    if one.afterwards is None or other.afterwards is None or not (one.afterwards or other.afterwards):
        return True
    return bool(one.afterwards and other.afterwards) and _alike(one.afterwards, other.afterwards)


def _alike(arguments: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    """Whether the arrays among arguments are what they should be."""
    return all(_same_arrays(after, right) for after, right in zip(arguments, expected, strict=False))


def _same_arrays(after: object, right: object) -> bool:
    """Whether an argument's array is the same; of a list of arrays, which may be there to be changed, but for rounding."""
    if isinstance(right, np.ndarray):
        return isinstance(after, np.ndarray) and after.shape == right.shape and np.array_equal(after, right)
    holds_arrays = isinstance(right, list) and any(isinstance(each, np.ndarray) for each in right)
    return not holds_arrays or same(after, right)


def same(one: Any, other: Any, *, whole: bool = False) -> bool:
    """Whether two values are the same: type, shape and numbers, within the tolerance that answers are judged by.

    Args:
        whole: whether 3 and 3.0 differ. They do where an int is due; in arrays and sums they do not.
    """
    if isinstance(one, (list, tuple)) or isinstance(other, (list, tuple)):
        ones, others = _items(one), _items(other)
        if ones is None or others is None or len(ones) != len(others):
            return False
        return all(same(a, b, whole=whole) for a, b in zip(ones, others, strict=True))
    if one is None or other is None:
        return one is None and other is None
    if not (_is_number(one) and _is_number(other)) or (whole and _is_whole(one) != _is_whole(other)):
        return False
    one, other = np.asarray(one, float), np.asarray(other, float)
    if one.shape != other.shape:
        return False
    with np.errstate(all="ignore"):
        gap = float(np.abs(one - other).max(initial=0.0))
    if not math.isfinite(gap):  # then some numbers are not
        finite = np.isfinite(one) & np.isfinite(other)
        if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
            return False
        one, other = one[finite], other[finite]
        gap = float(np.abs(one - other).max(initial=0.0))
    return gap <= tolerance(other)


def is_comparable(value: Any) -> bool:
    """Whether `same` may hold for the value: it is None, a number, an array of numbers, or several of these."""
    items = _items(value) if isinstance(value, (list, tuple)) else None
    if items is not None:
        return all(map(is_comparable, items))
    return value is None or _is_number(value)


def tolerance(array: np.ndarray) -> float:
    """How far numbers may be from those of an array that they are the same as."""
    return float(TOLERANCE * max(1e-6, np.abs(array).max(initial=0.0)))


def _items(value: object) -> list[Any] | None:
    """The items of a pair, however it is made."""
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return list(value)
    return None


def _is_number(value: object) -> bool:
    """Whether a value is a number or an array of numbers. No int is so large that it is not a float."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf"
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 2**63
    return isinstance(value, (float, np.integer, np.floating))


def _is_whole(value: object) -> bool:
    """Whether a value is whole by its type, or a pair is. An array's dtype does not matter."""
    if isinstance(value, tuple):
        return all(map(_is_whole, value))
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
