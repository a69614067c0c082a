"""The definition, loop in loop, in float64, on arrays padded by hand. Everything is a NumPy array or scalar."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    value = np.zeros(())
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            value += np.float64(image[x + m, y + n]) * kernel[m, n]
    return value


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size <= 0 or filter_size <= 0 or stride <= 0:
        raise ValueError("must be positive")
    if input_size + 2 * padding < filter_size:
        raise ValueError("too small")
    size = np.floor((input_size - filter_size + 2 * padding) / stride) + 1
    return size.astype(int)


def convolve(image, kernel, stride=1):
    if isinstance(stride, int):
        stride = [stride, stride]
    result = np.zeros(
        [
            output_size(image.shape[0], kernel.shape[0], stride[0]),
            output_size(image.shape[1], kernel.shape[1], stride[1]),
        ]
    )
    for x in range(result.shape[0]):
        for y in range(result.shape[1]):
            result[x, y] = apply_kernel(image, kernel, x * stride[0], y * stride[1])
    return result


def same_padding(input_size, filter_size, stride=1):
    size = np.ceil(input_size / stride)
    total = int(max((size - 1) * stride + filter_size - input_size, 0))
    return total // 2, total - total // 2


def pad(image, rows, columns):
    result = np.zeros((image.shape[0] + rows[0] + rows[1], image.shape[1] + columns[0] + columns[1]))
    result[rows[0] : result.shape[0] - rows[1], columns[0] : result.shape[1] - columns[1]] = image
    return result


def pad_all(inputs, filter_size, strides, padding):
    if padding.upper() == "VALID":
        return inputs, (0, 0)
    rows = same_padding(inputs.shape[1], filter_size[0], strides[1])
    columns = same_padding(inputs.shape[2], filter_size[1], strides[2])
    result = np.zeros(
        (inputs.shape[0], inputs.shape[1] + sum(rows), inputs.shape[2] + sum(columns), inputs.shape[3])
    )
    for b in range(inputs.shape[0]):
        for c in range(inputs.shape[3]):
            result[b, :, :, c] = pad(inputs[b, :, :, c], rows, columns)
    return result, (rows[0], columns[0])


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("four axes")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides")
    if strides[1] <= 0 or strides[2] <= 0:
        raise ValueError("strides")
    if strides[1] != int(strides[1]) or strides[2] != int(strides[2]):
        raise ValueError("strides")
    if padding.upper() != "SAME" and padding.upper() != "VALID":
        raise ValueError("padding")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    padded, _ = pad_all(inputs, filters.shape, strides, padding)
    height = output_size(padded.shape[1], filters.shape[0], strides[1])
    width = output_size(padded.shape[2], filters.shape[1], strides[2])
    result = np.zeros((inputs.shape[0], height, width, filters.shape[3]))
    for b in range(inputs.shape[0]):
        for o in range(filters.shape[3]):
            for c in range(inputs.shape[3]):
                result[b, :, :, o] += convolve(
                    padded[b, :, :, c], filters[:, :, c, o], (strides[1], strides[2])
                )
    return result


def flatten_filters(filters):
    columns = []
    for o in range(filters.shape[3]):
        columns.append(filters[:, :, :, o].flatten())
    return np.array(columns).T


def extract_patches(inputs, filter_size, strides, padding):
    padded, _ = pad_all(inputs, filter_size, strides, padding)
    height = output_size(padded.shape[1], filter_size[0], strides[1])
    width = output_size(padded.shape[2], filter_size[1], strides[2])
    result = np.zeros((inputs.shape[0], height, width, filter_size[0] * filter_size[1] * inputs.shape[3]))
    for b in range(inputs.shape[0]):
        for x in range(height):
            for y in range(width):
                i, j = x * strides[1], y * strides[2]
                result[b, x, y] = padded[b, i : i + filter_size[0], j : j + filter_size[1], :].flatten()
    return result


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    result = np.zeros((*patches.shape[:3], filters.shape[3]))
    matrix = flatten_filters(filters)
    for b in range(patches.shape[0]):
        for x in range(patches.shape[1]):
            result[b, x] = patches[b, x] @ matrix
    return result


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    padded, (top, left) = pad_all(inputs, filters.shape, strides, padding)
    d_padded, d_filters = np.zeros(padded.shape), np.zeros(filters.shape)
    for b in range(upstream.shape[0]):
        for x in range(upstream.shape[1]):
            for y in range(upstream.shape[2]):
                for o in range(upstream.shape[3]):
                    for m in range(filters.shape[0]):
                        for n in range(filters.shape[1]):
                            for c in range(filters.shape[2]):
                                i, j = x * strides[1] + m, y * strides[2] + n
                                d_padded[b, i, j, c] += upstream[b, x, y, o] * filters[m, n, c, o]
                                d_filters[m, n, c, o] += upstream[b, x, y, o] * padded[b, i, j, c]
    return d_padded[:, top : top + inputs.shape[1], left : left + inputs.shape[2], :], d_filters
