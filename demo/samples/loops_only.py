"""Sample student: everything right, in plain Python loops, and therefore slow."""

import numpy as np


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4:
        raise ValueError("inputs must have 4 dimensions")
    if filters.ndim != 4:
        raise ValueError("filters must have 4 dimensions")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("inputs and filters have different numbers of channels")
    check_strides_and_padding(strides, padding)


def check_strides_and_padding(strides, padding):
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides must look like [1, rows, columns, 1]")
    if strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides must be at least 1")
    if str(padding).upper() != "SAME" and str(padding).upper() != "VALID":
        raise ValueError("padding must be SAME or VALID")


def apply_kernel(image, kernel, x, y):
    total = 0.0
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            total += float(image[x + m, y + n]) * float(kernel[m, n])
    return total


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size <= 0 or filter_size <= 0:
        raise ValueError("sizes must be positive")
    if stride < 1:
        raise ValueError("stride must be at least 1")
    if filter_size > input_size + 2 * padding:
        raise ValueError("the filter does not fit into the image")
    count = 0
    position = 0
    while position + filter_size <= input_size + 2 * padding:
        count += 1
        position += stride
    return count


def convolve(image, kernel, stride=1):
    if isinstance(stride, (tuple, list)):
        row_stride, column_stride = stride
    else:
        row_stride = column_stride = stride
    height = output_size(image.shape[0], kernel.shape[0], row_stride)
    width = output_size(image.shape[1], kernel.shape[1], column_stride)
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            result[i, j] = apply_kernel(image, kernel, i * row_stride, j * column_stride)
    return result


def same_padding(input_size, filter_size, stride=1):
    output = input_size // stride
    if input_size % stride != 0:
        output += 1
    total = (output - 1) * stride + filter_size - input_size
    if total < 0:
        total = 0
    before = total // 2
    after = total - before
    return before, after


def pad(image, rows, columns):
    height, width = image.shape
    result = np.zeros((height + rows[0] + rows[1], width + columns[0] + columns[1]), dtype=image.dtype)
    for i in range(height):
        for j in range(width):
            result[i + rows[0], j + columns[0]] = image[i, j]
    return result


def geometry(inputs, filter_size, strides, padding):
    """Output height and width, and the zeros on top and on the left."""
    if padding.upper() == "VALID":
        height = output_size(inputs.shape[1], filter_size[0], strides[1])
        width = output_size(inputs.shape[2], filter_size[1], strides[2])
        return height, width, 0, 0
    top, bottom = same_padding(inputs.shape[1], filter_size[0], strides[1])
    left, right = same_padding(inputs.shape[2], filter_size[1], strides[2])
    height = output_size(inputs.shape[1] + top + bottom, filter_size[0], strides[1])
    width = output_size(inputs.shape[2] + left + right, filter_size[1], strides[2])
    return height, width, top, left


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    batch, in_height, in_width, in_channels = inputs.shape
    filter_height, filter_width, _, out_channels = filters.shape
    height, width, top, left = geometry(inputs, (filter_height, filter_width), strides, padding)
    result = np.zeros((batch, height, width, out_channels))
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                for o in range(out_channels):
                    total = 0.0
                    for m in range(filter_height):
                        for n in range(filter_width):
                            # where this is in the image; outside there are only zeros
                            row = i * strides[1] + m - top
                            column = j * strides[2] + n - left
                            if row < 0 or row >= in_height or column < 0 or column >= in_width:
                                continue
                            for c in range(in_channels):
                                total += float(inputs[b, row, column, c]) * float(filters[m, n, c, o])
                    result[b, i, j, o] = total
    return result


def flatten_filters(filters):
    height, width, in_channels, out_channels = filters.shape
    result = np.zeros((height * width * in_channels, out_channels), dtype=filters.dtype)
    k = 0
    for m in range(height):
        for n in range(width):
            for c in range(in_channels):
                for o in range(out_channels):
                    result[k, o] = filters[m, n, c, o]
                k += 1
    return result


def extract_patches(inputs, filter_size, strides, padding):
    check_strides_and_padding(strides, padding)
    batch, in_height, in_width, channels = inputs.shape
    height, width, top, left = geometry(inputs, filter_size, strides, padding)
    result = np.zeros((batch, height, width, filter_size[0] * filter_size[1] * channels), dtype=inputs.dtype)
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                k = 0
                for m in range(filter_size[0]):
                    for n in range(filter_size[1]):
                        row = i * strides[1] + m - top
                        column = j * strides[2] + n - left
                        for c in range(channels):
                            if 0 <= row < in_height and 0 <= column < in_width:
                                result[b, i, j, k] = inputs[b, row, column, c]
                            k += 1
    return result


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    matrix = flatten_filters(filters)
    batch, height, width, length = patches.shape
    result = np.zeros((batch, height, width, matrix.shape[1]))
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                for o in range(matrix.shape[1]):
                    total = 0.0
                    for k in range(length):
                        total += float(patches[b, i, j, k]) * float(matrix[k, o])
                    result[b, i, j, o] = total
    return result


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    check(inputs, filters, strides, padding)
    batch, in_height, in_width, in_channels = inputs.shape
    filter_height, filter_width, _, out_channels = filters.shape
    height, width, top, left = geometry(inputs, (filter_height, filter_width), strides, padding)
    d_inputs = np.zeros(inputs.shape)
    d_filters = np.zeros(filters.shape)
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                for m in range(filter_height):
                    for n in range(filter_width):
                        row = i * strides[1] + m - top
                        column = j * strides[2] + n - left
                        if row < 0 or row >= in_height or column < 0 or column >= in_width:
                            continue
                        for c in range(in_channels):
                            for o in range(out_channels):
                                g = float(upstream[b, i, j, o])
                                d_inputs[b, row, column, c] += g * float(filters[m, n, c, o])
                                d_filters[m, n, c, o] += g * float(inputs[b, row, column, c])
    return d_inputs, d_filters
