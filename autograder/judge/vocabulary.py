"""The words that hidden tests are written in: a marker and a few assertions whose messages students read."""

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.judge.arguments import Arguments
from autograder.judge.expected import expected
from autograder.judge.facts import Fact, choice, number, shape
from autograder.judge.function import Function
from autograder.judge.ladder import UNKNOWN, Allowed, Origin, Problem, Uniform, changed, compare
from autograder.judge.picture import Picture
from autograder.sandbox import Raised
from autograder.sandbox.inside.wire import Foreign

# Names of types come from the student's program, which could hide data in them: only these are repeated.
REPEATED = frozenset(
    [
        "dict",
        "set",
        "generator",
        "function",
        "range",
        "map",
        "zip",
        "matrix",
        "MaskedArray",
        "ndarray",
        "list",
    ]
)


# Of how many a program can choose one (see `facts`): the types and dtypes of values that travel, the built-in errors with none
# at all, the refusals that one test asks for.
TYPES, DTYPES, ERRORS, REFUSALS = 64, 16, 128, 32
SHOWN = 32  # bits of a number with six digits, its sign and its power of ten


class Mismatch(AssertionError):
    """The function answered, but not with what it should. The text is for the student.

    Attributes:
        step: the step of the ladder that failed.
        picture: of where the first differing number comes from, if the test said how the output is made.
        facts: what the text and the picture repeat of the answer, () for nothing. Where it is None nobody knows, and a
            report says no more than that the result is not the expected one.
    """

    def __init__(
        self,
        step: str,
        message: str,
        picture: Picture | None = None,
        *,
        facts: tuple[Fact, ...] | None = None,
    ):
        super().__init__(message)
        self.step = step
        self.picture = picture
        self.facts = facts


class Inconclusive(Exception):
    """The test could not decide; it never costs points."""


def graded(*, points: float, cell: str, title: str) -> pytest.MarkDecorator:
    """Marks a hidden test: its points, the grade_id of the notebook's test cell that it counts for (such as
    "test_conv2d"), and what it checks in words that the student reads."""
    return pytest.mark.graded(points=points, cell=cell, title=title)


def assert_same(
    actual: object, expected: Any, *, origin: Origin = UNKNOWN, allowed: Allowed = None, show: bool = False
) -> None:
    """The student's value equals the reference's: type, dtype, shape, then values, in that order.

    Args:
        actual: what the student's function gave: a number, a pair, an array or a tuple of arrays.
        expected: what the reference gives for the same inputs.
        origin: how the output is made, with which a wrong one is explained and drawn.
        allowed: by how much numbers may differ, as `ladder.compare` takes it. Without it, by a share of the
            largest expected number; sums that may cancel out need a bound of their own (see `rounding`).
        show: whether the message may show numbers of the inputs and the answers. Hidden inputs stay hidden
            unless the test says so.

    Raises `Mismatch` with the first step that fails.
    """
    foreign = actual if isinstance(actual, Foreign) else None
    if isinstance(actual, (list, tuple)) and not foreign:
        foreign = next((item for item in actual if isinstance(item, Foreign)), None)
    if foreign:
        named = (choice("type", foreign.type_name, TYPES),) if foreign.type_name in REPEATED else ()
        raise Mismatch("type", _foreign_message(foreign, expected), facts=named)
    problem = compare(actual, expected, origin=origin, reveal=show, allowed=allowed)
    if problem is not None:
        drawn = problem.step == "values" and isinstance(expected, np.ndarray)
        picture = origin.picture(problem.index, expected.shape) if drawn and problem.index else None
        facts = _facts(problem, actual, expected, show)
        raise Mismatch(problem.step, problem.message, picture, facts=facts)


def _facts(problem: Problem, actual: Any, expected: Any, show: bool) -> tuple[Fact, ...]:
    """What the message of a problem repeats of the answer."""
    where: tuple[Fact, ...] = ()
    if problem.part is not None:
        where = (number(problem.part, "part"),)
        actual = actual[problem.part]
        expected = expected[problem.part]
    elif isinstance(expected, tuple) and problem.index:
        where = (number(problem.index[0], "part"),)
        actual = actual[problem.index[0]]
    match problem.step:
        case "type":
            return (*where, choice("type", type(actual).__name__, TYPES), *_size(actual))
        case "dtype":
            dtype = np.asarray(actual).dtype
            return (*where, choice("dtype", dtype.kind + str(dtype.itemsize), DTYPES), *_size(actual))
        case "shape" if isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray):
            return (*where, shape(actual.shape, expected.shape))
        case "shape":
            return (*where, *_size(actual))
    if show:
        is_whole = isinstance(expected, (int, tuple))
        where += (number(int(actual)) if is_whole else Fact("shown", problem.message, SHOWN),)
    return (*where, *_differing(problem, np.asarray(expected)))


def _size(actual: Any) -> tuple[Fact, ...]:
    if isinstance(actual, np.ndarray):
        return (shape(actual.shape),)
    return (number(len(actual)),) if isinstance(actual, (list, tuple, str)) else ()


def _differing(problem: Problem, expected: np.ndarray) -> tuple[Fact, ...]:
    """Which number is the first that differs, and how many do. Often it is all of them."""
    if not problem.index or expected.ndim == 0:
        return (choice("differing", problem.differing, 2),)
    first = int(np.ravel_multi_index(problem.index, expected.shape))
    places = Fact("first", first, 1 if first == 0 else 1 + math.log2(expected.size))
    whole = problem.differing in (0, expected.size)  # none where the number is no number
    return (places, Fact("differing", problem.differing, 2 if whole else 1 + math.log2(expected.size)))


def assert_agrees(
    function: Function,
    right: Callable[..., Any],
    *arguments: Any,
    origin: Origin = UNKNOWN,
    allowed: Allowed = None,
    show: bool = False,
) -> None:
    """The student's function and the right one give the same for these arguments, but for rounding.

    `allowed` says by how much numbers may differ where they are no sums of products; without it `rounding` does.
    """
    wanted = expected(right, Arguments(arguments))
    allowed = wanted.allowed if allowed is None else allowed
    assert_same(function(*arguments), wanted.value, origin=origin, allowed=allowed, show=show)


def _foreign_message(foreign: Foreign, expected: object) -> str:
    wanted = "a NumPy array" if isinstance(expected, np.ndarray) else _kind(expected)
    if foreign.type_name == "ndarray":
        return (
            "The function returned an array that does not hold plain numbers (int, float32 or float64). "
            "Make the output with np.zeros(shape)."
        )
    if foreign.type_name in REPEATED:
        return f"The function returned a {foreign.type_name}, but it should return {wanted}."
    return f"The function returned an object of another type; it should return {wanted}."


def _kind(expected: object) -> str:
    if isinstance(expected, Uniform):
        return "a NumPy array"
    if isinstance(expected, list):
        return "a list of arrays" if isinstance(expected[0], np.ndarray) else "a list of numbers"
    if isinstance(expected, tuple):
        return "a pair of arrays" if isinstance(expected[0], np.ndarray) else "a pair of ints"
    return "an int" if isinstance(expected, int) else "a number"


def assert_raises(
    exception: type[Exception],
    function: Function,
    *arguments: object,
    because: str,
    or_else: tuple[type[Exception], ...] = (),
) -> None:
    """The student's function refuses these arguments with that exception.

    Args:
        because: what is wrong with the arguments, for the message: "the stride is 0".
        or_else: other exceptions that will do.
    """
    why = choice("because", because, REFUSALS)
    try:
        function(*arguments)
    except (exception, *or_else):
        return
    except Raised as error:
        if error.builtin_name == "NotImplementedError":
            raise
        raise Mismatch(
            "raised",
            f"When {because}, the function should raise {exception.__name__}; it raised another error "
            f"({error.builtin_name}). Check the arguments first and raise {exception.__name__} yourself.",
            facts=(why, choice("error", error.builtin_name, ERRORS)),
        ) from None
    raise Mismatch(
        "raised",
        f"When {because}, the function should raise {exception.__name__}, but it returned a value. "
        f"Check the arguments first: if …: raise {exception.__name__}('say what is wrong').",
        facts=(why, choice("error", "", ERRORS)),
    )


def assert_inputs_unchanged(function: Function, *arguments: object) -> None:
    """The student's function leaves the arrays, and lists of arrays, that it is given as they were."""
    copies = copy.deepcopy(arguments)
    afterwards = function.answer(*copies).arguments or []
    for before, after in zip(arguments, afterwards, strict=False):
        if changed(before, after):
            raise Mismatch(
                "inputs",
                "The function changed an array that it was given, so the caller's data are lost. "
                "Work on a copy (array.copy()) or on a new array.",
                facts=(),
            )
