"""Two common mistakes at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.judge.naming import mistake
from autograder.suite.conv2d.mistakes.padding import floor_zeros, half_zeros, zeros_before
from autograder.suite.conv2d.mistakes.sections import BATCH, WHOLE, WINDOWS
from autograder.suite.conv2d.mistakes.strides import with_strides

FORWARD = (*BATCH, "extract_patches")


@dataclass(frozen=True)
class One:
    """One of the two: what it does, as a part of a sentence, to the arguments or by the right function's knobs."""

    words: str
    change: Callable[..., tuple[Any, ...]] = lambda *arguments: arguments
    knobs: dict[str, Any] = field(default_factory=dict)


FLIPPED = One(
    "your filters are rotated by 180°",
    lambda inputs, filters, *rest: (inputs, filters[::-1, ::-1], *rest),
)
FLOOR = One(
    "the zeros of SAME are (f − 1) // 2 on both sides, which fits odd filters with stride 1 only",
    knobs={"zeros": floor_zeros},
)
HALF = One(
    "the zeros of SAME are f // 2 on both sides, which fits odd filters with stride 1 only",
    knobs={"zeros": half_zeros},
)
BEFORE = One(
    "the odd zero of SAME goes before the image instead of after it",
    knobs={"zeros": zeros_before},
)
NOT_STEPPED = One(
    "the stride is in the size of the output, but the windows move on by 1",
    knobs={"step": lambda stride: 1},
)
STRIDE_IGNORED = One(
    "the stride is not used at all",
    lambda *arguments: with_strides(lambda rows, columns: (1, 1), *arguments),
)
ROW_STRIDE_FOR_BOTH = One(
    "the row stride is used for the columns as well",
    lambda *arguments: with_strides(lambda rows, columns: (rows, rows), *arguments),
)


def both(one: One, other: One, *functions: str) -> Callable[..., Any]:
    """The mistake of making both in these functions."""

    @mistake(*functions, sentence=f"Two things: {one.words}; and {other.words}.", lecture=WHOLE)
    def faulty(right: Callable[..., Any], *arguments: Any) -> Any:
        return right(*other.change(*one.change(*arguments)), **one.knobs, **other.knobs)

    return faulty


floor_and_not_stepped = both(FLOOR, NOT_STEPPED, *WINDOWS)
half_and_not_stepped = both(HALF, NOT_STEPPED, *WINDOWS)
before_and_not_stepped = both(BEFORE, NOT_STEPPED, *WINDOWS)
floor_and_stride_ignored = both(FLOOR, STRIDE_IGNORED, *FORWARD)
half_and_stride_ignored = both(HALF, STRIDE_IGNORED, *FORWARD)
floor_and_row_stride_for_both = both(FLOOR, ROW_STRIDE_FOR_BOTH, *FORWARD)
before_and_row_stride_for_both = both(BEFORE, ROW_STRIDE_FOR_BOTH, *FORWARD)
flipped_and_floor = both(FLIPPED, FLOOR, *BATCH)
flipped_and_half = both(FLIPPED, HALF, *BATCH)
flipped_and_before = both(FLIPPED, BEFORE, *BATCH)
flipped_and_not_stepped = both(FLIPPED, NOT_STEPPED, *BATCH)
