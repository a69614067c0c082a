"""Whole numbers stay whole numbers, widened to int64 first; everything else keeps its own type. Loops over taps."""

import numpy as np


def wide(array):
    return array.astype(np.int64) if np.issubdtype(array.dtype, np.integer) else array


def apply_kernel(image, kernel, x, y):
    window = wide(image)[x : x + kernel.shape[0], y : y + kernel.shape[1]]
    return (window * wide(kernel)).sum()


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1:
        raise ValueError("input_size")
    if filter_size < 1:
        raise ValueError("filter_size")
    if stride < 1:
        raise ValueError("stride")
    last = input_size + 2 * padding - filter_size
    if last < 0:
        raise ValueError("filter_size is larger than the padded input")
    return last // stride + 1


def convolve(image, kernel, stride=1):
    rows, columns = (stride, stride) if isinstance(stride, (int, np.integer)) else map(int, stride)
    image, kernel = wide(image), wide(kernel)
    height = output_size(image.shape[0], kernel.shape[0], rows)
    width = output_size(image.shape[1], kernel.shape[1], columns)
    result = np.zeros((height, width), np.result_type(image, kernel))
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            result += kernel[m, n] * image[m:, n:][::rows, ::columns][:height, :width]
    return result


def same_padding(input_size, filter_size, stride=1):
    output = input_size // stride + bool(input_size % stride)
    total = (output - 1) * stride + filter_size - input_size
    if total <= 0:
        return 0, 0
    return total // 2, total - total // 2


def pad(image, rows, columns):
    (above, below), (left, right) = rows, columns
    result = np.zeros((above + image.shape[0] + below, left + image.shape[1] + right), dtype=image.dtype)
    result[above : above + image.shape[0], left : left + image.shape[1]] = image
    return result


def geometry(inputs, size, strides, padding):
    if inputs.ndim != 4:
        raise ValueError("rank of inputs")
    if len(strides) != 4 or tuple(strides)[::3] != (1, 1) or min(strides) < 1:
        raise ValueError("strides")
    if strides[1] % 1 or strides[2] % 1:
        raise ValueError("strides of fractions")
    padding = padding.upper()
    if padding == "SAME":
        rows = same_padding(inputs.shape[1], size[0], strides[1])
        columns = same_padding(inputs.shape[2], size[1], strides[2])
    elif padding == "VALID":
        rows = columns = (0, 0)
    else:
        raise ValueError("padding")
    images = np.pad(wide(inputs), ((0, 0), rows, columns, (0, 0)))
    height = output_size(images.shape[1], size[0], strides[1])
    width = output_size(images.shape[2], size[1], strides[2])
    return images, height, width, rows, columns


def check(inputs, filters):
    if filters.ndim != 4 or inputs.shape[-1] != filters.shape[2]:
        raise ValueError("filters")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters)
    images, height, width, _, _ = geometry(inputs, filters.shape, strides, padding)
    filters = wide(filters)
    result = np.zeros((len(inputs), height, width, filters.shape[3]), np.result_type(images, filters))
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            met = images[:, m:, n:][:, :: strides[1], :: strides[2]][:, :height, :width]
            for c in range(filters.shape[2]):
                result += met[..., c, np.newaxis] * filters[m, n, c]
    return result


def flatten_filters(filters):
    result = np.zeros(
        (filters.shape[0] * filters.shape[1] * filters.shape[2], filters.shape[3]), filters.dtype
    )
    row = 0
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            for c in range(filters.shape[2]):
                result[row] = filters[m, n, c]
                row += 1
    return result


def extract_patches(inputs, filter_size, strides, padding):
    images, height, width, _, _ = geometry(inputs, filter_size, strides, padding)
    fh, fw = filter_size
    channels = inputs.shape[3]
    result = np.zeros((len(inputs), height, width, fh * fw * channels), inputs.dtype)
    for m in range(fh):
        for n in range(fw):
            met = images[:, m:, n:][:, :: strides[1], :: strides[2]][:, :height, :width]
            place = (m * fw + n) * channels
            result[..., place : place + channels] = met
    return result


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters)
    patches = wide(extract_patches(inputs, filters.shape[:2], strides, padding))
    columns = wide(flatten_filters(filters))
    return (patches.reshape(-1, patches.shape[-1]) @ columns).reshape(*patches.shape[:-1], columns.shape[-1])


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    images, height, width, rows, columns = geometry(inputs, filters.shape, strides, padding)
    filters, upstream = wide(filters), wide(upstream)
    d_images = np.zeros(images.shape, np.result_type(filters, upstream))
    d_filters = np.zeros(filters.shape, np.result_type(images, upstream))
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            box = (
                slice(None),
                slice(m, m + (height - 1) * strides[1] + 1, strides[1]),
                slice(n, n + (width - 1) * strides[2] + 1, strides[2]),
            )
            d_images[box] += upstream @ filters[m, n].T
            d_filters[m, n] = images[box].reshape(-1, inputs.shape[3]).T @ upstream.reshape(
                -1, filters.shape[3]
            )
    height, width = inputs.shape[1:3]
    return d_images[:, rows[0] : rows[0] + height, columns[0] : columns[0] + width], d_filters
