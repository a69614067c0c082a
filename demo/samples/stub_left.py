"""Sample student: `extract_patches` and `conv2d_gradients` were never started; all else is right."""

import numpy as np


def as_float(array):
    return np.asarray(array, dtype=np.result_type(array, np.float32))


def apply_kernel(image, kernel, x, y):
    rows, columns = kernel.shape
    return (as_float(image)[x : x + rows, y : y + columns] * as_float(kernel)).sum()


def output_size(input_size, filter_size, stride=1, padding=0):
    if min(input_size, filter_size, stride) < 1:
        raise ValueError("input size, filter size and stride must be positive")
    length = input_size + 2 * padding
    if filter_size > length:
        raise ValueError(f"a filter of {filter_size} does not fit into {length}")
    return len(range(0, length - filter_size + 1, stride))


def convolve(image, kernel, stride=1):
    strides = [1, *stride, 1] if isinstance(stride, (tuple, list)) else [1, stride, stride, 1]
    inputs = image[np.newaxis, :, :, np.newaxis]
    filters = kernel[:, :, np.newaxis, np.newaxis]
    return conv2d(inputs, filters, strides, "VALID")[0, :, :, 0]


def same_padding(input_size, filter_size, stride=1):
    outputs = len(range(0, input_size, stride))
    total = max((outputs - 1) * stride + filter_size - input_size, 0)
    return total // 2, total - total // 2


def pad(image, rows, columns):
    above, below = rows
    left, right = columns
    height, width = image.shape
    padded = np.zeros((above + height + below, left + width + right), dtype=image.dtype)
    padded[above : above + height, left : left + width] = image
    return padded


def conv2d(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("inputs and filters need 4 axes")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("the filters are for another number of channels")
    if len(strides) != 4 or (strides[0], strides[3]) != (1, 1) or strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    height, width = filters.shape[:2]
    _, row_stride, column_stride, _ = strides
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], height, row_stride)
        columns = same_padding(inputs.shape[2], width, column_stride)
    elif padding.upper() == "VALID":
        rows = columns = (0, 0)
    else:
        raise ValueError("padding must be 'SAME' or 'VALID'")
    padded = np.pad(as_float(inputs), [(0, 0), rows, columns, (0, 0)])
    out_rows = output_size(padded.shape[1], height, row_stride)
    out_columns = output_size(padded.shape[2], width, column_stride)
    # shift the whole image once for each filter value
    result = 0
    for m in range(height):
        for n in range(width):
            row_end = m + (out_rows - 1) * row_stride + 1
            column_end = n + (out_columns - 1) * column_stride + 1
            shifted = padded[:, m:row_end:row_stride, n:column_end:column_stride]
            result = result + shifted @ as_float(filters[m, n])
    return result


def flatten_filters(filters):
    rows = [filters[m, n, c] for m, n, c in np.ndindex(filters.shape[:3])]
    return np.stack(rows)


def extract_patches(inputs, filter_size, strides, padding):
    # YOUR CODE HERE
    raise NotImplementedError()


def conv2d_matmul(inputs, filters, strides, padding):
    # I do not have the patches yet, this is one product for each filter value instead
    return conv2d(inputs, filters, strides, padding)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    # YOUR CODE HERE
    raise NotImplementedError()
