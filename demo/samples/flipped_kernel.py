"""Sample student: rotates the kernel by 180° first, the convolution of mathematics; all else is right."""

import numpy as np


def rotate(kernel):
    """Turn the first two axes around."""
    return kernel[::-1, ::-1]


def apply_kernel(image, kernel, x, y):
    window = image[x : x + kernel.shape[0], y : y + kernel.shape[1]].astype(float)
    return float((window * rotate(kernel)).sum())


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("everything must be at least 1")
    room = input_size + 2 * padding - filter_size
    if room < 0:
        raise ValueError("filter larger than the input")
    return room // stride + 1


def convolve(image, kernel, stride=1):
    try:
        s_rows, s_columns = stride
    except TypeError:
        s_rows = s_columns = stride
    rows = output_size(image.shape[0], kernel.shape[0], s_rows)
    columns = output_size(image.shape[1], kernel.shape[1], s_columns)
    values = [
        [apply_kernel(image, kernel, i * s_rows, j * s_columns) for j in range(columns)] for i in range(rows)
    ]
    return np.array(values)


def same_padding(input_size, filter_size, stride=1):
    wanted = (input_size + stride - 1) // stride
    total = max((wanted - 1) * stride + filter_size - input_size, 0)
    return total // 2, (total + 1) // 2


def pad(image, rows, columns):
    return np.pad(image, [tuple(rows), tuple(columns)])


def check(inputs, filters, strides, padding):
    if np.ndim(inputs) != 4 or np.ndim(filters) != 4:
        raise ValueError("wrong number of dimensions")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("wrong number of channels")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or min(strides[1:3]) < 1:
        raise ValueError("wrong strides")
    if padding.upper() not in ["SAME", "VALID"]:
        raise ValueError("wrong padding")


def pad_all(inputs, size, strides, padding):
    if padding.upper() == "VALID":
        return inputs, (0, 0), (0, 0)
    rows = same_padding(inputs.shape[1], size[0], strides[1])
    columns = same_padding(inputs.shape[2], size[1], strides[2])
    return np.pad(inputs, [(0, 0), rows, columns, (0, 0)]), rows, columns


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    height, width, _, out_channels = filters.shape
    padded, _, _ = pad_all(inputs, (height, width), strides, padding)
    rows = output_size(padded.shape[1], height, strides[1])
    columns = output_size(padded.shape[2], width, strides[2])
    flipped = rotate(filters).astype(float)
    result = np.zeros((len(inputs), rows, columns, out_channels))
    for i in range(rows):
        for j in range(columns):
            top, left = i * strides[1], j * strides[2]
            window = padded[:, top : top + height, left : left + width]
            result[:, i, j] = np.tensordot(window, flipped, axes=3)
    return result


def flatten_filters(filters):
    height, width, in_channels, out_channels = filters.shape
    return np.copy(filters).reshape(height * width * in_channels, out_channels)


def extract_patches(inputs, filter_size, strides, padding):
    height, width = filter_size
    check(inputs, np.ones((height, width, inputs.shape[-1], 1)), strides, padding)
    padded, _, _ = pad_all(inputs, filter_size, strides, padding)
    rows = output_size(padded.shape[1], height, strides[1])
    columns = output_size(padded.shape[2], width, strides[2])
    patches = np.empty((len(inputs), rows, columns, height, width, inputs.shape[3]), inputs.dtype)
    for m in range(height):
        for n in range(width):
            # all pixels that meet the filter's place (m, n)
            met = padded[:, m:, n:][:, :: strides[1], :: strides[2]][:, :rows, :columns]
            patches[:, :, :, m, n] = met
    return patches.reshape(len(inputs), rows, columns, height * width * inputs.shape[3])


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    matrix = flatten_filters(rotate(filters))
    if matrix.dtype.kind != "f":
        matrix = matrix.astype(float)
    flat = patches.reshape(-1, matrix.shape[0])
    return (flat @ matrix).reshape(*patches.shape[:3], filters.shape[3])


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    check(inputs, filters, strides, padding)
    height, width = filters.shape[:2]
    padded, rows, columns = pad_all(inputs, (height, width), strides, padding)
    flipped = rotate(filters).astype(float)
    d_padded = np.zeros(padded.shape)
    d_flipped = np.zeros(filters.shape)
    for i in range(upstream.shape[1]):
        for j in range(upstream.shape[2]):
            top, left = i * strides[1], j * strides[2]
            here = upstream[:, i, j].astype(float)
            window = padded[:, top : top + height, left : left + width].astype(float)
            d_flipped += np.tensordot(window, here, axes=(0, 0))
            d_padded[:, top : top + height, left : left + width] += np.tensordot(here, flipped, axes=(1, 3))
    last_row = d_padded.shape[1] - rows[1]
    last_column = d_padded.shape[2] - columns[1]
    return d_padded[:, rows[0] : last_row, columns[0] : last_column], rotate(d_flipped)
