"""Sample student: one mistake, the odd zero of SAME goes before instead of after; all else is right."""

import numpy as np


def check_arguments(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("expected 4-D inputs and 4-D filters")
    if inputs.shape[-1] != filters.shape[2]:
        raise ValueError("channels do not match")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides should be [1, rows, columns, 1]")
    if padding.lower() not in ("same", "valid"):
        raise ValueError("unknown padding " + padding)


def apply_kernel(image, kernel, x, y):
    window = image[x : x + kernel.shape[0], y : y + kernel.shape[1]]
    return np.sum(window.astype(float) * kernel)


def output_size(input_size, filter_size, stride=1, padding=0):
    if stride < 1 or input_size < 1 or filter_size < 1:
        raise ValueError("sizes and stride have to be positive")
    if input_size + 2 * padding < filter_size:
        raise ValueError("filter does not fit")
    return int(np.floor((input_size - filter_size + 2 * padding) / stride)) + 1


def convolve(image, kernel, stride=1):
    if np.isscalar(stride):
        stride = (stride, stride)
    rows = output_size(image.shape[0], kernel.shape[0], stride[0])
    columns = output_size(image.shape[1], kernel.shape[1], stride[1])
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])
    return out


def same_padding(input_size, filter_size, stride=1):
    out = int(np.ceil(input_size / stride))
    total = max((out - 1) * stride + filter_size - input_size, 0)
    after = total // 2
    before = total - after
    return before, after


def pad(image, rows, columns):
    out = np.zeros((image.shape[0] + sum(rows), image.shape[1] + sum(columns)), image.dtype)
    out[rows[0] : rows[0] + image.shape[0], columns[0] : columns[0] + image.shape[1]] = image
    return out


def prepare(inputs, filter_size, strides, padding):
    """The padded inputs, the output size and the zeros on top and on the left."""
    top = bottom = left = right = 0
    if padding.lower() == "same":
        top, bottom = same_padding(inputs.shape[1], filter_size[0], strides[1])
        left, right = same_padding(inputs.shape[2], filter_size[1], strides[2])
    padded = np.pad(inputs, [(0, 0), (top, bottom), (left, right), (0, 0)])
    rows = output_size(padded.shape[1], filter_size[0], strides[1])
    columns = output_size(padded.shape[2], filter_size[1], strides[2])
    return padded, rows, columns, top, left


def conv2d(inputs, filters, strides, padding):
    check_arguments(inputs, filters, strides, padding)
    height, width = filters.shape[:2]
    padded, rows, columns, _, _ = prepare(inputs, (height, width), strides, padding)
    out = np.zeros((inputs.shape[0], rows, columns, filters.shape[3]))
    for i in range(rows):
        for j in range(columns):
            x, y = i * strides[1], j * strides[2]
            window = padded[:, x : x + height, y : y + width, :].astype(float)
            for o in range(filters.shape[3]):
                out[:, i, j, o] = np.sum(window * filters[:, :, :, o], axis=(1, 2, 3))
    return out


def flatten_filters(filters):
    return np.array([filters[:, :, :, o].flatten() for o in range(filters.shape[3])]).T


def extract_patches(inputs, filter_size, strides, padding):
    height, width = filter_size
    check_arguments(inputs, np.zeros((height, width, inputs.shape[-1], 1)), strides, padding)
    padded, rows, columns, _, _ = prepare(inputs, filter_size, strides, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    windows = windows[:, :: strides[1], :: strides[2]]
    patches = np.zeros((inputs.shape[0], rows, columns, height, width, inputs.shape[3]), inputs.dtype)
    patches[...] = np.moveaxis(windows, 3, 5)
    return patches.reshape(inputs.shape[0], rows, columns, height * width * inputs.shape[3])


def conv2d_matmul(inputs, filters, strides, padding):
    check_arguments(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    if patches.dtype.kind != "f":
        patches = patches.astype(float)
    batch, rows, columns, length = patches.shape
    product = patches.reshape(batch * rows * columns, length) @ flatten_filters(filters)
    return product.reshape(batch, rows, columns, filters.shape[3])


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    check_arguments(inputs, filters, strides, padding)
    height, width = filters.shape[:2]
    padded, rows, columns, top, left = prepare(inputs, (height, width), strides, padding)
    d_padded = np.zeros(padded.shape)
    d_filters = np.zeros(filters.shape)
    for i in range(rows):
        for j in range(columns):
            x, y = i * strides[1], j * strides[2]
            window = padded[:, x : x + height, y : y + width, :].astype(float)
            g = upstream[:, i, j, :].astype(float)
            d_filters += np.einsum("bmnc,bo->mnco", window, g)
            d_padded[:, x : x + height, y : y + width, :] += np.einsum("mnco,bo->bmnc", filters, g)
    d_inputs = d_padded[:, top : top + inputs.shape[1], left : left + inputs.shape[2], :]
    return d_inputs, d_filters
