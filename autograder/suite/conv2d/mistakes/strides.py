"""The stride is left out, used in one of its two places only, or read from the wrong place."""

import numpy as np

from autograder.judge.bank import mistake, variant_of
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import BATCH, OUTPUT_SIZE, SLIDE, SLIDING, WHOLE, WINDOWS

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
    "conv2d_gradients",
    sentence="The row stride is used for the columns as well. The two can differ: strides come as (rows, "
    "columns).",
    lecture=SLIDE,
)
def row_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (rows, rows), *arguments))


@mistake(
    *FORWARD,
    "conv2d_gradients",
    sentence="The column stride is used for the rows as well. The two can differ: strides come as (rows, "
    "columns).",
    lecture=SLIDE,
)
def column_stride_for_both(right, *arguments):
    return right(*with_strides(lambda rows, columns: (columns, columns), *arguments))


@mistake(
    *FORWARD,
    "conv2d_gradients",
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
    *WINDOWS,
    sentence="The strides are read from strides[0] and strides[1]. The list is [1, rows, columns, 1]: "
    "take strides[1] and strides[2].",
    lecture=WHOLE,
)
def strides_read_too_early(right, *arguments):
    return right(*with_strides(lambda rows, columns: (1, rows), *arguments))


@mistake(
    *WINDOWS,
    sentence="The strides are read from strides[2] and strides[3]. The list is [1, rows, columns, 1]: "
    "take strides[1] and strides[2].",
    lecture=WHOLE,
)
def strides_read_too_late(right, *arguments):
    return right(*with_strides(lambda rows, columns: (columns, 1), *arguments))


# --- the stride is right in one of its two places ---------------------------------------------------------


def paced(change, *, zeros, steps):
    """Other strides than the right ones, as `change` makes them of (rows, columns), where zeros are counted, where windows are cut,
    or in both places."""

    def lie(sizes, lengths, strides, same, **along):
        changed = change(*strides)
        padded = knobs.along_both(sizes, lengths, changed if zeros else strides, same, **along)
        stepping = changed if steps else strides
        return [
            knobs.Axis(a.before, a.after, knobs.fitting(w, f, s, a.before, a.after), s)
            for a, w, f, s in zip(padded, sizes, lengths, stepping, strict=True)
        ]

    return lie


@variant_of(strides_swapped, *BATCH, "extract_patches")
def strides_swapped_in_windows(right, *arguments):
    return right(*arguments, lie=paced(lambda rows, columns: (columns, rows), zeros=False, steps=True))


@variant_of(row_stride_for_both, *BATCH, "extract_patches")
def row_stride_for_both_windows(right, *arguments):
    return right(*arguments, lie=paced(lambda rows, columns: (rows, rows), zeros=False, steps=True))


@variant_of(rows_stepped_only, *BATCH, "extract_patches")
def rows_stepped_only_in_windows(right, *arguments):
    return right(*arguments, lie=paced(lambda rows, columns: (rows, 1), zeros=False, steps=True))


@mistake(
    *WINDOWS,
    sentence="The zeros of SAME are counted for the strides strides[0] and strides[1]; your windows use the right ones. The list is "
    "[1, rows, columns, 1]: the rows' zeros follow from strides[1], the columns' from strides[2].",
    lecture=WHOLE,
)
def zeros_by_early_strides(right, *arguments):
    return right(*arguments, lie=paced(lambda rows, columns: (1, rows), zeros=True, steps=False))


# --- arguments that end in an error ------------------------------------------------------------------------


@mistake(
    *FORWARD,
    by_error=True,
    sentence="Your function ends in an error wherever the strides of rows and columns differ. They come as two numbers: use the first "
    "for the rows and the second for the columns.",
    lecture=SLIDE,
)
def equal_strides_only(right, image, kernel, stride=1, *rest):
    rows, columns = np.broadcast_to(stride, 2) if np.ndim(image) == 2 else stride[1:3]
    knobs.refuse(image, kernel, stride, *rest)
    if rows != columns:
        raise ValueError("the strides differ")
    return right(image, kernel, stride, *rest)


@mistake(
    *ALL,
    refuses=True,
    sentence="Strides that leave a remainder are refused. They are allowed: the rows and columns that are left over at the end are not "
    "looked at. ⌊(w − f + 2p)/s⌋ rounds down for this.",
    lecture=OUTPUT_SIZE,
)
def remainder_refused(right, image, kernel, *rest):
    def count(size, length, stride, before, after):
        if (before + size + after - length) % stride:
            raise ValueError("the stride does not fit")
        return knobs.fitting(size, length, stride, before, after)

    return right(image, kernel, *rest, count=count)
