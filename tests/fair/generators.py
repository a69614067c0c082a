"""Generators and itertools; arrays are made with np.fromiter."""

import itertools
import math
from functools import reduce
from operator import add

import numpy as np


def products(image, kernel, x, y):
    for m, n in itertools.product(range(kernel.shape[0]), range(kernel.shape[1])):
        yield image[x + m, y + n].item() * kernel[m, n].item()


def apply_kernel(image, kernel, x, y):
    return math.fsum(products(image, kernel, x, y))


def starts(size, filter_size, stride, before=0, after=0):
    """The positions of the windows, counted from the image's own first pixel."""
    return itertools.takewhile(lambda p: p + filter_size <= size + after, itertools.count(-before, stride))


def output_size(input_size, filter_size, stride=1, padding=0):
    if any(value < 1 for value in (input_size, filter_size, stride)):
        raise ValueError("less than one")
    count = sum(1 for _ in starts(input_size, filter_size, stride, padding, padding))
    if not count:
        raise ValueError("not a single place for the filter")
    return count


def convolve(image, kernel, stride=1):
    steps = tuple(stride) if hasattr(stride, "__iter__") else (stride, stride)
    places = [list(starts(image.shape[i], kernel.shape[i], steps[i])) for i in (0, 1)]
    numbers = (apply_kernel(image, kernel, x, y) for x, y in itertools.product(*places))
    return np.fromiter(numbers, float).reshape([len(each) for each in places])


def same_padding(input_size, filter_size, stride=1):
    total = max(0, (math.ceil(input_size / stride) - 1) * stride + filter_size - input_size)
    return tuple(map(math.floor, (total / 2, total / 2 + 0.5)))


def pad(image, rows, columns):
    whole = np.zeros([image.shape[0] + sum(rows), image.shape[1] + sum(columns)], dtype=image.dtype)
    for x, y in itertools.product(*map(range, image.shape)):
        whole[x + rows[0], y + columns[0]] = image[x, y]
    return whole


def places(inputs, size, strides, padding):
    """The corners of all windows: two lists."""
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError(f"unknown padding {padding!r}")
    found = []
    for length, window, step in zip(inputs.shape[1:3], size[:2], strides[1:3], strict=True):
        if step < 1 or step % 1:
            raise ValueError(f"stride {step}")
        zeros = same_padding(length, window, step) if padding.upper() == "SAME" else (0, 0)
        found.append(list(starts(length, window, step, *zeros)))
        if not found[-1]:
            raise ValueError("the filter is larger than the image")
    return found


def pixels(image, corner, size):
    """All numbers of one window, zeros outside."""
    for m, n, c in itertools.product(*map(range, size), range(image.shape[2])):
        x, y = corner[0] + m, corner[1] + n
        inside = 0 <= x < image.shape[0] and 0 <= y < image.shape[1]
        yield image[x, y, c].item() if inside else 0


def check(inputs, filters, strides):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("inputs and filters do not go together")
    if len(strides) != 4 or {strides[0], strides[3]} != {1}:
        raise ValueError("strides")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    rows, columns = places(inputs, filters.shape, strides, padding)
    taps = [list(map(float, filters[..., o].ravel())) for o in range(filters.shape[3])]
    windows = (
        list(pixels(image, corner, filters.shape[:2]))
        for image in inputs
        for corner in itertools.product(rows, columns)
    )
    numbers = (
        reduce(add, (a * b for a, b in zip(window, tap, strict=True))) for window in windows for tap in taps
    )
    return np.fromiter(numbers, float).reshape(len(inputs), len(rows), len(columns), len(taps))


def flatten_filters(filters):
    return np.fromiter(filters.flat, filters.dtype).reshape(-1, filters.shape[-1])


def extract_patches(inputs, filter_size, strides, padding):
    rows, columns = places(inputs, filter_size, strides, padding)
    chains = (
        pixels(image, corner, filter_size) for image in inputs for corner in itertools.product(rows, columns)
    )
    return np.fromiter(itertools.chain.from_iterable(chains), float).reshape(
        len(inputs), len(rows), len(columns), -1
    )


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    return np.inner(extract_patches(inputs, filters.shape[:2], strides, padding), flatten_filters(filters).T)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    rows, columns = places(inputs, filters.shape, strides, padding)
    d_inputs, d_filters = np.zeros(inputs.shape), np.zeros(filters.shape)
    spots = itertools.product(range(len(inputs)), enumerate(rows), enumerate(columns))
    for b, (i, x), (j, y) in spots:
        for m, n in itertools.product(range(filters.shape[0]), range(filters.shape[1])):
            if 0 <= x + m < inputs.shape[1] and 0 <= y + n < inputs.shape[2]:
                d_inputs[b, x + m, y + n] += filters[m, n] @ upstream[b, i, j]
                d_filters[m, n] += np.outer(inputs[b, x + m, y + n], upstream[b, i, j])
    return d_inputs, d_filters
