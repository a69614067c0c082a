"""Arguments that make no sense and are not refused."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes.sections import OUTPUT_SIZE, WHOLE


def of_size(sentence, refuses=False):
    return mistake("output_size", sentence=sentence, lecture=OUTPUT_SIZE, refuses=refuses)


def plain(w, f, s, p):
    return (w - f + 2 * p) // s + 1


def refuse(*reasons):
    if any(reasons):
        raise ValueError("this cannot be")


@of_size("A filter that does not fit is not refused. Raise a ValueError where f > w + 2p.")
def fit_unchecked(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, stride < 1)
    return plain(w, f, stride, padding)


@of_size("A filter that does not fit gives the size 0. Raise a ValueError instead.")
def zero_where_it_does_not_fit(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, stride < 1)
    return max(plain(w, f, stride, padding), 0) if f <= w + 2 * padding else 0


@of_size(
    "Your check of the filter's size does not count the zeros: it fits as long as f ≤ w + 2p.",
    refuses=True,
)
def fit_without_padding(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, stride < 1, f > w)
    return plain(w, f, stride, padding)


@of_size(
    "A filter exactly as large as the input is refused. It fits at one place: refuse only f > w + 2p.",
    refuses=True,
)
def exact_fit_refused(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, stride < 1, f >= w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("A stride below 1 is not refused. Raise a ValueError.")
def stride_unchecked(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("Only a stride of 0 is refused. Negative ones make no sense either: refuse all below 1.")
def negative_stride_accepted(right, w, f, stride=1, padding=0):
    refuse(w < 1, f < 1, stride == 0, f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("Sizes that are not positive are not refused. Raise a ValueError where one is below 1.")
def sizes_unchecked(right, w, f, stride=1, padding=0):
    refuse(stride < 1, f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("An input size that is not positive is not refused. Raise a ValueError where it is below 1.")
def input_size_unchecked(right, w, f, stride=1, padding=0):
    refuse(f < 1, stride < 1, f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("A filter size that is not positive is not refused. Raise a ValueError where it is below 1.")
def filter_size_unchecked(right, w, f, stride=1, padding=0):
    refuse(w < 1, stride < 1, f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size("Sizes and strides that are not positive are not refused. Raise a ValueError where one is below 1.")
def only_fit_checked(right, w, f, stride=1, padding=0):
    refuse(f > w + 2 * padding)
    return plain(w, f, stride, padding)


@of_size(
    "Nothing is refused. Raise a ValueError where a size or the stride is below 1, or where the filter "
    "does not fit."
)
def nothing_checked(right, w, f, stride=1, padding=0):
    return plain(w, f, stride, padding)


def of_conv2d(sentence):
    return mistake("conv2d", sentence=sentence, lecture=WHOLE)


@of_conv2d(
    "Filters with fewer channels than the images are not refused: the channels beyond are left out. "
    "Raise a ValueError."
)
def channels_unchecked(right, inputs, filters, strides, padding):
    if inputs.ndim == filters.ndim == 4 and filters.shape[2] < inputs.shape[3]:
        inputs = inputs[..., : filters.shape[2]]
    return right(inputs, filters, strides, padding)


@of_conv2d("A padding that is neither SAME nor VALID is treated like VALID. Raise a ValueError.")
def unknown_padding_is_valid(right, inputs, filters, strides, padding):
    return right(inputs, filters, strides, padding if padding.upper() == "SAME" else "VALID")


@of_conv2d("A padding that is neither SAME nor VALID is treated like SAME. Raise a ValueError.")
def unknown_padding_is_same(right, inputs, filters, strides, padding):
    return right(inputs, filters, strides, padding if padding.upper() == "VALID" else "SAME")


@of_conv2d(
    "Strides that skip images or channels are not refused. Raise a ValueError unless strides[0] and "
    "strides[3] are 1."
)
def outer_strides_unchecked(right, inputs, filters, strides, padding):
    return right(inputs, filters, [1, *strides[1:3], 1], padding)


@of_conv2d(
    "A single image is taken as a batch of one. Raise a ValueError unless inputs and filters have four axes."
)
def single_image_accepted(right, inputs, filters, strides, padding):
    return right(inputs[None] if np.ndim(inputs) == 3 else inputs, filters, strides, padding)


@of_conv2d("A filter larger than the image gives an empty output under VALID. Raise a ValueError.")
def large_filter_accepted(right, inputs, filters, strides, padding):
    sizes = zip(np.shape(inputs)[1:3], filters.shape[:2], strides[1:3], strict=False)
    if inputs.ndim == 4 and padding.upper() == "VALID":
        rows, columns = (max((w - f) // s + 1, 0) for w, f, s in sizes)
        if min(rows, columns) == 0:
            return np.zeros((len(inputs), rows, columns, filters.shape[3]))
    return right(inputs, filters, strides, padding)
