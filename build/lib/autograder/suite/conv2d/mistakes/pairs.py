"""Two common mistakes at once."""

from autograder.judge.naming import mistake
from autograder.suite.conv2d.mistakes.padding import floor_zeros, half_zeros, zeros_before
from autograder.suite.conv2d.mistakes.sections import BATCH, WHOLE, WINDOWS
from autograder.suite.conv2d.mistakes.strides import with_strides

FORWARD = (*BATCH, "extract_patches")


def by_one(stride):
    return 1


@mistake(
    *WINDOWS,
    sentence="Two things: the zeros of SAME are (f − 1) // 2 on both sides, which fits odd filters with "
    "stride 1 only; and the stride is in the size of the output, but the windows move on by 1.",
    lecture=WHOLE,
)
def floor_and_not_stepped(right, *arguments):
    return right(*arguments, zeros=floor_zeros, step=by_one)


@mistake(
    *WINDOWS,
    sentence="Two things: the zeros of SAME are f // 2 on both sides, which fits odd filters with stride "
    "1 only; and the stride is in the size of the output, but the windows move on by 1.",
    lecture=WHOLE,
)
def half_and_not_stepped(right, *arguments):
    return right(*arguments, zeros=half_zeros, step=by_one)


@mistake(
    *WINDOWS,
    sentence="Two things: the odd zero of SAME goes before the image instead of after it; and the stride "
    "is in the size of the output, but the windows move on by 1.",
    lecture=WHOLE,
)
def before_and_not_stepped(right, *arguments):
    return right(*arguments, zeros=zeros_before, step=by_one)


@mistake(
    *FORWARD,
    sentence="Two things: the zeros of SAME are (f − 1) // 2 on both sides, which fits odd filters with "
    "stride 1 only; and the stride is not used at all.",
    lecture=WHOLE,
)
def floor_and_stride_ignored(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, 1), *arguments), zeros=floor_zeros)


@mistake(
    *FORWARD,
    sentence="Two things: the zeros of SAME are f // 2 on both sides, which fits odd filters with stride "
    "1 only; and the stride is not used at all.",
    lecture=WHOLE,
)
def half_and_stride_ignored(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, 1), *arguments), zeros=half_zeros)


@mistake(
    *FORWARD,
    sentence="Two things: the zeros of SAME are (f − 1) // 2 on both sides, which fits odd filters with "
    "stride 1 only; and the row stride is used for the columns as well.",
    lecture=WHOLE,
)
def floor_and_row_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (rows, rows), *arguments), zeros=floor_zeros)


@mistake(
    *FORWARD,
    sentence="Two things: the odd zero of SAME goes before the image instead of after it; and the row "
    "stride is used for the columns as well.",
    lecture=WHOLE,
)
def before_and_row_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (rows, rows), *arguments), zeros=zeros_before)


@mistake(
    *BATCH,
    sentence="Two things: your filters are rotated by 180°; and the zeros of SAME are (f − 1) // 2 on "
    "both sides, which fits odd filters with stride 1 only.",
    lecture=WHOLE,
)
def flipped_and_floor(right, inputs, filters, *rest):
    return right(inputs, filters[::-1, ::-1], *rest, zeros=floor_zeros)


@mistake(
    *BATCH,
    sentence="Two things: your filters are rotated by 180°; and the zeros of SAME are f // 2 on both "
    "sides, which fits odd filters with stride 1 only.",
    lecture=WHOLE,
)
def flipped_and_half(right, inputs, filters, *rest):
    return right(inputs, filters[::-1, ::-1], *rest, zeros=half_zeros)


@mistake(
    *BATCH,
    sentence="Two things: your filters are rotated by 180°; and the odd zero of SAME goes before the "
    "image instead of after it.",
    lecture=WHOLE,
)
def flipped_and_before(right, inputs, filters, *rest):
    return right(inputs, filters[::-1, ::-1], *rest, zeros=zeros_before)


@mistake(
    *BATCH,
    sentence="Two things: your filters are rotated by 180°; and the stride is in the size of the output, "
    "but the windows move on by 1.",
    lecture=WHOLE,
)
def flipped_and_not_stepped(right, inputs, filters, *rest):
    return right(inputs, filters[::-1, ::-1], *rest, step=by_one)
