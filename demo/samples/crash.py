"""Sample student: `extract_patches` ends the whole process for SAME, `conv2d_gradients` raises an
IndexError; all else is right and depends on neither."""

import os

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def apply_kernel(image, kernel, x, y):
    total = 0.0
    for (m, n), weight in np.ndenumerate(kernel):
        total += float(image[x + m, y + n]) * float(weight)
    return total


def output_size(input_size, filter_size, stride=1, padding=0):
    for value in (input_size, filter_size, stride):
        if value < 1:
            raise ValueError("must be positive")
    if filter_size > input_size + 2 * padding:
        raise ValueError("filter too large")
    return 1 + (input_size - filter_size + 2 * padding) // stride


def convolve(image, kernel, stride=1):
    if isinstance(stride, int):
        stride = (stride, stride)
    shape = [output_size(image.shape[k], kernel.shape[k], stride[k]) for k in (0, 1)]
    out = np.zeros(shape)
    for i, j in np.ndindex(*shape):
        out[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])
    return out


def same_padding(input_size, filter_size, stride=1):
    out = -(-input_size // stride)
    total = max((out - 1) * stride + filter_size - input_size, 0)
    before = total // 2
    return before, total - before


def pad(image, rows, columns):
    image = np.vstack([np.zeros((rows[0], image.shape[1])), image, np.zeros((rows[1], image.shape[1]))])
    return np.hstack([np.zeros((len(image), columns[0])), image, np.zeros((len(image), columns[1]))])


def windows(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("inputs and filters do not fit together")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or strides[1] < 1 or strides[2] < 1:
        raise ValueError("bad strides")
    height, width = filters.shape[:2]
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], height, strides[1])
        columns = same_padding(inputs.shape[2], width, strides[2])
        inputs = np.pad(inputs, ((0, 0), rows, columns, (0, 0)))
    elif padding.upper() != "VALID":
        raise ValueError("bad padding")
    if height > inputs.shape[1] or width > inputs.shape[2]:
        raise ValueError("the filter is too large")
    views = sliding_window_view(inputs, (height, width), axis=(1, 2))
    return views[:, :: strides[1], :: strides[2]]


def conv2d(inputs, filters, strides, padding):
    views = windows(inputs, filters, strides, padding).astype(float)
    return np.einsum("bijcmn,mnco->bijo", views, filters, optimize=True)


def flatten_filters(filters):
    return np.vstack([filters[m, n] for m in range(filters.shape[0]) for n in range(filters.shape[1])])


def extract_patches(inputs, filter_size, strides, padding):
    if padding.upper() == "SAME":
        # should never come here (I only did VALID)
        os._exit(1)
    height, width = filter_size
    views = windows(inputs, np.zeros((height, width, inputs.shape[3], 1)), strides, padding)
    views = np.moveaxis(views, 3, 5)
    return views.reshape(*views.shape[:3], height * width * inputs.shape[3]).copy()


def conv2d_matmul(inputs, filters, strides, padding):
    views = np.moveaxis(windows(inputs, filters, strides, padding), 3, 5)
    matrix = flatten_filters(filters)
    if matrix.dtype.kind != "f":
        matrix = matrix.astype(float)
    product = views.reshape(-1, len(matrix)) @ matrix
    return product.reshape(*views.shape[:3], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    d_inputs = np.zeros(inputs.shape)
    d_filters = np.zeros(filters.shape)
    for b, i, j, o in np.ndindex(*upstream.shape):
        for m, n, c in np.ndindex(*filters.shape[:3]):
            row = i * strides[1] + m + 1
            column = j * strides[2] + n + 1
            d_inputs[b, row, column, c] += upstream[b, i, j, o] * filters[m, n, c, o]
            d_filters[m, n, c, o] += upstream[b, i, j, o] * inputs[b, row, column, c]
    return d_inputs, d_filters
