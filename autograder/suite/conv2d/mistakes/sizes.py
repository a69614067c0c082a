"""The number of windows: the formula itself, and outputs or loops of the wrong size."""

import math

import numpy as np

from autograder.judge.bank import mistake, variant_of
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import OUTPUT_SIZE, SLIDE, SLIDING
from solutions import reference

FORWARD = (*SLIDING, "extract_patches")


# --- the formula -----------------------------------------------------------------------------------------


def formula(sentence):
    """A mistake in the formula of output_size; what is impossible is refused as it should be."""
    return mistake("output_size", sentence=sentence, lecture=OUTPUT_SIZE)


def refused(function):
    """The faulty formula gets what the right one accepts."""

    def checked(right, input_size, filter_size, stride=1, padding=0):
        right(input_size, filter_size, stride, padding)
        return function(input_size, filter_size, stride, padding)

    checked.__name__ = function.__name__
    return checked


@formula("The + 1 at the end of the formula is missing: the window at position 0 counts, too.")
@refused
def plus_one_forgotten(w, f, s, p):
    return (w - f + 2 * p) // s


@formula("The + 1 is inside the division. It comes after it: ⌊(w − f + 2p)/s⌋ + 1.")
@refused
def plus_one_inside(w, f, s, p):
    return (w - f + 2 * p + 1) // s


@formula("You round up. A last window that would stick out is left out: round down, with `//`.")
@refused
def rounded_up(w, f, s, p):
    return math.ceil((w - f + 2 * p) / s) + 1


@formula("You round to the nearest number. A window that would stick out is left out: round down, with `//`.")
@refused
def rounded_to_nearest(w, f, s, p):
    return round((w - f + 2 * p) / s) + 1


@formula(
    "The division is not rounded. A last window that would stick out is left out: round down, with `//`."
)
@refused
def not_rounded(w, f, s, p):
    return (w - f + 2 * p) / s + 1


@formula(
    "The numbers are right, but they are floats. A size is a whole number: divide with `//`, or use int()."
)
@refused
def float_returned(w, f, s, p):
    return float((w - f + 2 * p) // s + 1)


@formula("The padding is counted once. There are p zeros on each side: 2p.")
@refused
def padding_once(w, f, s, p):
    return (w - f + p) // s + 1


@formula("The padding is not used. There are p zeros on each side: w − f + 2p.")
@refused
def padding_ignored(w, f, s, p):
    return (w - f) // s + 1


@formula("The padding is subtracted. Zeros make the input larger: w − f + 2p.")
@refused
def padding_subtracted(w, f, s, p):
    return (w - f - 2 * p) // s + 1


@formula("The stride is not used. Only every s-th place is: divide by s.")
@refused
def stride_unused(w, f, s, p):
    return w - f + 2 * p + 1


@formula("Only 2p is divided by the stride: brackets are missing. Divide the whole of w − f + 2p.")
@refused
def brackets_missing(w, f, s, p):
    return w - f + 2 * p // s + 1


@formula(
    "Only the padded size is divided by the stride, not the filter: brackets are missing. Divide the "
    "whole of w − f + 2p."
)
@refused
def filter_not_divided(w, f, s, p):
    return (w + 2 * p) // s - f + 1


@formula("The filter is not in your formula. A window of f starts at w − f at the latest.")
@refused
def filter_ignored(w, f, s, p):
    return (w + 2 * p) // s


@formula("This is the size for SAME, ⌈w/s⌉. Here the number of zeros is given: ⌊(w − f + 2p)/s⌋ + 1.")
@refused
def size_of_same(w, f, s, p):
    return -(-w // s)


@formula(
    "Half of the filter is taken off on both sides. That is right for odd filters only: take off f − 1 "
    "in all."
)
@refused
def half_filter_off(w, f, s, p):
    return (w - 2 * (f // 2) + 2 * p - 1) // s + 1


@formula("1 is added twice, before the division and after it. Leave out the first one: ⌊(w − f + 2p)/s⌋ + 1.")
@refused
def one_added_twice(w, f, s, p):
    return (w - f + 2 * p + 1) // s + 1


@formula("Stride and padding are swapped. The order of the parameters is stride, then padding.")
def stride_and_padding_swapped(right, input_size, filter_size, stride=0, padding=1):
    return right(input_size, filter_size, padding, stride)


@formula("Where nothing is said, your padding is 1. It should be 0.")
def padding_1_by_default(right, input_size, filter_size, stride=1, padding=1):
    return right(input_size, filter_size, stride, padding)


# --- the output ------------------------------------------------------------------------------------------


def plane_of(out, rows, columns):
    """The index of the first rows and columns of an output of 2 or 4 axes."""
    cut = (slice(0, rows), slice(0, columns))
    return cut if out.ndim == 2 else (slice(None), *cut)


def plane_size(out):
    return out.shape if out.ndim == 2 else out.shape[1:3]


def in_zeros(out, rows, columns):
    """The output in the corner of a larger one of zeros."""
    shape = list(out.shape)
    axes = (0, 1) if out.ndim == 2 else (1, 2)
    shape[axes[0]], shape[axes[1]] = rows, columns
    larger = np.zeros(shape, out.dtype)
    larger[plane_of(out, *plane_size(out))] = out
    return larger


def only_first(out, rows, columns):
    """The output with zeros after its first rows and columns."""
    filled = np.zeros_like(out)
    place = plane_of(out, rows, columns)
    filled[place] = out[place]
    return filled


@mistake(
    *FORWARD,
    sentence="The last row and the last column of your output stay zero: the loops end one step too early.",
    lecture=SLIDE,
)
def last_ones_missed(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    return only_first(out, rows - 1, columns - 1)


@mistake(
    *FORWARD,
    sentence="Your output is one row and one column too small: the + 1 of the size formula is missing.",
    lecture=OUTPUT_SIZE,
    on_answer=True,
)
def one_too_small(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    return out[plane_of(out, rows - 1, columns - 1)]


def _geometry(arguments):
    """Image sizes, filter sizes and strides of a call, and whether it pads."""
    image, kernel, stride = arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else 1
    lengths = kernel.shape[:2] if isinstance(kernel, np.ndarray) else kernel
    if np.ndim(image) == 2:
        return image.shape, lengths, (stride, stride) if np.ndim(stride) == 0 else stride, False
    return image.shape[1:3], lengths, stride[1:3], arguments[3].upper() == "SAME"


@mistake(
    *FORWARD,
    sentence="The size of your output is rounded up, and a row or column of zeros is left at its end. A "
    "window that would stick out is left out: round down.",
    lecture=OUTPUT_SIZE,
)
def size_rounded_up(right, *arguments):
    out = right(*arguments)
    sizes, lengths, strides, same = _geometry(arguments)
    if same:
        return out
    rows, columns = (-(-(w - f) // s) + 1 for w, f, s in zip(sizes, lengths, strides, strict=True))
    return in_zeros(out, rows, columns)


@mistake(
    *SLIDING,
    sentence="The size of your output is rounded up, and the last window sticks out of the image. Such a "
    "window is left out: round down.",
    lecture=OUTPUT_SIZE,
)
def last_window_sticks_out(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    sizes, lengths, strides, same = _geometry((image, kernel, *rest))
    if same:
        return right(image, kernel, *rest)
    after = [-(w - f) % s for w, f, s in zip(sizes, lengths, strides, strict=True)]
    around = [(0, amount) for amount in after]
    padded = np.pad(image, around if image.ndim == 2 else [(0, 0), *around, (0, 0)])
    return right(padded, kernel, *rest)


@mistake(
    *FORWARD,
    sentence="Without padding, your output is as large as the image divided by the stride; its last rows "
    "and columns stay zero. The filter makes it smaller: ⌊(w − f)/s⌋ + 1.",
    lecture=OUTPUT_SIZE,
)
def filter_not_in_the_size(right, *arguments):
    out = right(*arguments)
    sizes, _, strides, same = _geometry(arguments)
    if same:
        return out
    rows, columns = (max(w // s, n) for w, s, n in zip(sizes, strides, plane_size(out), strict=True))
    return in_zeros(out, rows, columns)


@mistake(
    *FORWARD,
    sentence="Without padding, your output is as large as the image; its last rows and columns stay "
    "zero. Size it by the formula.",
    lecture=OUTPUT_SIZE,
)
def as_large_as_the_image(right, *arguments):
    out = right(*arguments)
    sizes, _, _, same = _geometry(arguments)
    return out if same else in_zeros(out, *sizes)


@mistake(
    "convolve",
    sentence="Zeros are put around the image, as SAME does. convolve uses only the places where the "
    "kernel fits.",
    lecture=SLIDE,
)
def padded_anyway(right, image, kernel, stride=1):
    (rows, columns), _, strides, _ = _geometry((image, kernel, stride))
    sizes = zip((rows, columns), kernel.shape, strides, strict=True)
    knobs.refuse(image, kernel, stride)
    return right(np.pad(image, [reference.same_padding(*each) for each in sizes]), kernel, stride)


@mistake(
    *FORWARD,
    sentence="Your output is square: the number of rows is used for its columns as well. Count both.",
    lecture=SLIDE,
)
def square_output_by_rows(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    if rows > columns:
        raise ValueError("a window hangs over the edge")
    return out[plane_of(out, rows, rows)]


@mistake(
    *FORWARD,
    sentence="Your output is square: the number of columns is used for its rows as well. Count both.",
    lecture=SLIDE,
)
def square_output_by_columns(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    if columns > rows:
        raise ValueError("a window hangs over the edge")
    return out[plane_of(out, columns, columns)]


@mistake(
    *FORWARD,
    sentence="Both loops run over the number of rows, so the last columns of your output stay zero.",
    lecture=SLIDE,
)
def loops_over_rows_twice(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    if rows > columns:
        raise IndexError("the output has no such column")
    return only_first(out, rows, rows)


@mistake(
    *FORWARD,
    sentence="Both loops run over the number of columns, so the last rows of your output stay zero.",
    lecture=SLIDE,
)
def loops_over_columns_twice(right, *arguments):
    out = right(*arguments)
    rows, columns = plane_size(out)
    if columns > rows:
        raise IndexError("the output has no such row")
    return only_first(out, columns, columns)


@mistake(
    *SLIDING,
    sentence="The kernel's number of rows is used for its columns as well. A kernel need not be square.",
    lecture=SLIDE,
)
def square_kernel_by_rows(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    if kernel.shape[0] > kernel.shape[1]:
        raise IndexError("the kernel has no such place")
    return right(image, kernel[:, : kernel.shape[0]], *rest)


@mistake(
    *SLIDING,
    sentence="The kernel's number of columns is used for its rows as well. A kernel need not be square.",
    lecture=SLIDE,
)
def square_kernel_by_columns(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    if kernel.shape[1] > kernel.shape[0]:
        raise IndexError("the kernel has no such place")
    return right(image, kernel[: kernel.shape[1]], *rest)


@mistake(
    *SLIDING,
    sentence="Your windows are always 3×3. Take their size from the kernel's shape.",
    lecture=SLIDE,
)
def always_three_by_three(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    if min(kernel.shape[:2]) < 3:
        raise IndexError("the kernel has no such place")
    return right(image, kernel[:3, :3], *rest)


@mistake(
    *SLIDING,
    sentence="The last row and the last column of the kernel are left out of every sum. range(rows) "
    "already ends before rows.",
    lecture=SLIDE,
)
def last_weights_left_out(right, image, kernel, *rest):
    weights = kernel.copy()
    weights[-1], weights[:, -1] = 0, 0
    return right(image, weights, *rest)


@mistake(
    *SLIDING,
    "extract_patches",
    sentence="Filter height and width are swapped. The rows come first.",
    lecture=SLIDE,
)
def filter_size_swapped(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    if isinstance(filters, tuple):
        return right(inputs, filters[::-1], *rest)
    height, width, *channels = filters.shape
    return right(inputs, filters.reshape(width, height, *channels), *rest)


# --- windows of another size than the filter ---------------------------------------------------------------


@mistake(
    *SLIDING,
    "conv2d_gradients",
    by_error=True,
    sentence="One size is used for the rows and the columns of the kernel, so that your windows do not fit a kernel that is not square. "
    "Use both numbers of its shape. (`(f, f) = kernel.shape` keeps the second.)",
    lecture=SLIDE,
)
def square_kernels_only(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    if kernel.shape[0] != kernel.shape[1]:
        raise ValueError("windows and kernel have different shapes")
    return right(image, kernel, *rest)


@variant_of(square_kernels_only, "convolve", "conv2d")
def square_windows_by_rows(right, image, kernel, *rest):
    square = {"measure": lambda rows, columns: (rows, rows), "see": knobs.every_short_window}
    return right(image, kernel, *rest, **square)


@variant_of(square_kernels_only, "convolve", "conv2d")
def square_windows_by_columns(right, image, kernel, *rest):
    square = {"measure": lambda rows, columns: (columns, columns), "see": knobs.every_short_window}
    return right(image, kernel, *rest, **square)


@mistake(
    "convolve",
    "conv2d",
    sentence="Your windows are as long as the stride: a window that starts at i · stride ends at i · stride + the kernel's size, not one "
    "stride later.",
    lecture=SLIDE,
)
def window_as_wide_as_the_stride(right, image, kernel, *rest):
    return right(image, kernel, *rest, extent=lambda length, stride: stride, see=knobs.every_short_window)
