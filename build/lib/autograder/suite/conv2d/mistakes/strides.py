"""The stride is left out, used in one of its two places only, or read from the wrong place."""

import numpy as np

from autograder.judge.naming import mistake
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import BATCH, SLIDE, SLIDING, WHOLE, WINDOWS

ALL = ("convolve", *WINDOWS)
FORWARD = (*SLIDING, "extract_patches")


def with_strides(change, image, kernel, stride=1, *rest):
    """The arguments with (rows, columns) changed; `stride` as convolve or as conv2d takes it."""
    if np.ndim(image) == 2:
        return image, kernel, change(*((stride, stride) if np.ndim(stride) == 0 else stride))
    knobs.arguments.batch_strides("strides", stride)  # refused before anything is changed
    rows, columns = change(*stride[1:3])
    return image, kernel, [1, rows, columns, 1], *rest


@mistake(
    *FORWARD,
    sentence="The stride is not used at all: your windows move on by 1 and your output has a number for "
    "each of them.",
    lecture=SLIDE,
)
def stride_ignored(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, 1), *arguments))


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The padding knows the stride, but the windows move on by 1. Let them move on by the stride.",
    lecture=WHOLE,
)
def stride_in_the_padding_only(right, *arguments):
    return right(
        *arguments, count=lambda w, f, s, before, after: before + w + after - f + 1, step=lambda s: 1
    )


@mistake(
    *ALL,
    sentence="The stride is in the size of your output but not in the places of the windows: output (i, "
    "j) belongs to the window at row i · (row stride), column j · (column stride).",
    lecture=SLIDE,
)
def not_stepped(right, *arguments):
    return right(*arguments, step=lambda stride: 1)


@mistake(
    *FORWARD,
    sentence="The stride is in your loops but not in the size of your output, so zeros are left between "
    "its numbers. Size the output by the formula and fill out[i, j] one next to the other.",
    lecture=SLIDE,
)
def left_with_holes(right, *arguments):
    full, (rows, columns) = _every_place(right, arguments)
    holes = np.zeros_like(full)
    place = (slice(None, None, rows), slice(None, None, columns))
    place = place if full.ndim == 2 else (slice(None), *place)
    holes[place] = full[place]
    return holes


@mistake(
    *FORWARD,
    sentence="The stride is not in the size of your output: it is as large as for stride 1, and its last "
    "rows and columns stay zero.",
    lecture=SLIDE,
)
def too_large_for_its_stride(right, *arguments):
    full, (rows, columns) = _every_place(right, arguments)
    place = (slice(None, None, rows), slice(None, None, columns))
    kept = full[place if full.ndim == 2 else (slice(None), *place)]
    out = np.zeros_like(full)
    out[tuple(slice(0, n) for n in kept.shape)] = kept
    return out


def _every_place(right, arguments):
    """The output at stride 1, with the padding of the real stride, and that stride."""
    strides = []
    with_strides(lambda rows, columns: strides.extend((rows, columns)) or (rows, columns), *arguments)
    full = right(
        *arguments, count=lambda w, f, s, before, after: before + w + after - f + 1, step=lambda s: 1
    )
    return full, strides


@mistake(
    *FORWARD,
    sentence="The row stride is used for the columns as well. The two can differ: strides come as (rows, "
    "columns).",
    lecture=SLIDE,
)
def row_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (rows, rows), *arguments))


@mistake(
    *FORWARD,
    sentence="The column stride is used for the rows as well. The two can differ: strides come as (rows, "
    "columns).",
    lecture=SLIDE,
)
def column_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (columns, columns), *arguments))


@mistake(
    *FORWARD,
    sentence="Row and column stride are swapped. The rows' stride comes first.",
    lecture=SLIDE,
)
def strides_swapped(right, *arguments):
    return right(*with_strides(lambda rows, columns: (columns, rows), *arguments))


@mistake(
    *FORWARD,
    sentence="The stride is used for the rows only; the columns move on by 1.",
    lecture=SLIDE,
)
def rows_stepped_only(right, *arguments):
    return right(*with_strides(lambda rows, columns: (rows, 1), *arguments))


@mistake(
    *FORWARD,
    sentence="The stride is used for the columns only; the rows move on by 1.",
    lecture=SLIDE,
)
def columns_stepped_only(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, columns), *arguments))


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The strides are read from strides[0] and strides[1]. The list is [1, rows, columns, 1]: "
    "take strides[1] and strides[2].",
    lecture=WHOLE,
)
def strides_read_too_early(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, rows), *arguments))


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The strides are read from strides[2] and strides[3]. The list is [1, rows, columns, 1]: "
    "take strides[1] and strides[2].",
    lecture=WHOLE,
)
def strides_read_too_late(right, *arguments):
    return right(*with_strides(lambda rows, columns: (columns, 1), *arguments))
