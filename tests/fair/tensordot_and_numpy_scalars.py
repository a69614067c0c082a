"""tensordot over the windows; NumPy scalars where a number or a size is asked for."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    h, w = kernel.shape
    return np.tensordot(np.asarray(image, dtype=float)[x : x + h, y : y + w], kernel, axes=2).item()


def output_size(input_size, filter_size, stride=1, padding=0):
    if min(input_size, filter_size, stride) <= 0 or input_size + 2 * padding < filter_size:
        raise ValueError("impossible sizes")
    return np.int64(np.floor_divide(input_size - filter_size + 2 * padding, stride) + 1)


def convolve(image, kernel, stride=1):
    sr, sc = np.broadcast_to(stride, 2)
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float64), kernel.shape)
    return np.tensordot(windows[::sr, ::sc], kernel, axes=((2, 3), (0, 1)))


def same_padding(input_size, filter_size, stride=1):
    out = np.ceil(input_size / stride)
    total = np.maximum((out - 1) * stride + filter_size - input_size, 0).astype(np.int32)
    return np.array([total // 2, total - total // 2])


def pad(image, rows, columns):
    return np.pad(image, [tuple(rows), tuple(columns)], mode="constant", constant_values=0)


def _checked(inputs, filters, strides, padding):
    if np.ndim(inputs) != 4 or np.ndim(filters) != 4 or np.shape(inputs)[-1] != np.shape(filters)[-2]:
        raise ValueError("shapes")
    padding = padding.upper()
    if padding not in {"SAME", "VALID"}:
        raise ValueError(padding)
    if np.shape(strides) != (4,) or strides[0] != 1 or strides[-1] != 1 or np.min(strides) < 1:
        raise ValueError("strides")
    if np.any(np.trunc(strides) != strides):
        raise ValueError("strides of fractions")
    return padding


def _windows(inputs, size, strides, padding):
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], size[0], strides[1])
        columns = same_padding(inputs.shape[2], size[1], strides[2])
        inputs = np.pad(inputs, [(0, 0), rows, columns, (0, 0)])
    view = np.lib.stride_tricks.sliding_window_view(inputs, tuple(size), axis=(1, 2))
    return view[:, :: strides[1], :: strides[2]]


def conv2d(inputs, filters, strides, padding):
    _checked(inputs, filters, strides, padding)
    windows = _windows(inputs.astype(float), filters.shape[:2], strides, padding)
    return np.tensordot(windows, filters, axes=((3, 4, 5), (2, 0, 1)))


def flatten_filters(filters):
    return filters.reshape((-1, filters.shape[3]))


def extract_patches(inputs, filter_size, strides, padding):
    windows = _windows(inputs, filter_size, strides, padding)
    return np.moveaxis(windows, 3, 5).reshape((*windows.shape[:3], -1))


def conv2d_matmul(inputs, filters, strides, padding):
    _checked(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    return np.tensordot(patches.astype(float), flatten_filters(filters), axes=1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    size = filters.shape[:2]
    windows = _windows(inputs, size, strides, padding)
    d_filters = np.tensordot(windows, upstream, axes=((0, 1, 2), (0, 1, 2))).transpose(1, 2, 0, 3)
    # the gradient of every patch, then back to where its numbers came from: index arithmetic on numbered pixels
    numbered = np.arange(1, inputs[0].size + 1).reshape(1, *inputs.shape[1:])
    origins = _windows(numbered, size, strides, padding)[0]
    d_windows = np.tensordot(upstream, filters, axes=((3,), (3,))).transpose(0, 1, 2, 5, 3, 4)
    d_inputs = np.zeros((len(inputs), inputs[0].size + 1))
    for b in range(len(inputs)):
        np.add.at(d_inputs[b], origins, d_windows[b])
    return d_inputs[:, 1:].reshape(inputs.shape), d_filters
