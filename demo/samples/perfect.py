"""Sample student: everything right, vectorized with NumPy."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def to_float(array):
    """Floats stay what they are; integers become float64, so uint8 cannot overflow."""
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def check(inputs, filters_shape, strides, padding):
    """Raise ValueError for anything conv2d cannot work with."""
    if inputs.ndim != 4 or len(filters_shape) != 4:
        raise ValueError("inputs and filters must be 4-D")
    if inputs.shape[3] != filters_shape[2]:
        raise ValueError(f"{inputs.shape[3]} input channels, but the filters have {filters_shape[2]}")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or min(strides) < 1:
        raise ValueError(f"strides must be [1, rows, columns, 1], not {strides}")
    if not isinstance(padding, str) or padding.upper() not in ("SAME", "VALID"):
        raise ValueError(f"padding must be SAME or VALID, not {padding}")


def pad_batch(inputs, filter_size, strides, padding):
    """Pad the two middle axes of a batch and say how much was added."""
    rows = columns = (0, 0)
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], filter_size[0], strides[1])
        columns = same_padding(inputs.shape[2], filter_size[1], strides[2])
    elif inputs.shape[1] < filter_size[0] or inputs.shape[2] < filter_size[1]:
        raise ValueError("the filter is larger than the image")
    return np.pad(inputs, ((0, 0), rows, columns, (0, 0))), rows, columns


def apply_kernel(image, kernel, x, y):
    height, width = kernel.shape
    window = to_float(image)[x : x + height, y : y + width]
    return np.sum(window * kernel)


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("sizes and stride must be positive")
    if filter_size > input_size + 2 * padding:
        raise ValueError("the filter does not fit")
    return (input_size - filter_size + 2 * padding) // stride + 1


def convolve(image, kernel, stride=1):
    rows, columns = (stride, stride) if np.ndim(stride) == 0 else stride
    windows = sliding_window_view(to_float(image), kernel.shape)[::rows, ::columns]
    return np.einsum("xymn,mn->xy", windows, to_float(kernel))


def same_padding(input_size, filter_size, stride=1):
    output = -(-input_size // stride)
    total = max((output - 1) * stride + filter_size - input_size, 0)
    return total // 2, total - total // 2


def pad(image, rows, columns):
    return np.pad(image, (rows, columns))


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters.shape, strides, padding)
    padded, _, _ = pad_batch(to_float(inputs), filters.shape[:2], strides, padding)
    windows = sliding_window_view(padded, filters.shape[:2], axis=(1, 2))
    windows = windows[:, :: strides[1], :: strides[2]]
    return np.einsum("bxycmn,mnco->bxyo", windows, to_float(filters), optimize=True)


def flatten_filters(filters):
    return filters.reshape(-1, filters.shape[-1]).copy()


def extract_patches(inputs, filter_size, strides, padding):
    check(inputs, (*filter_size, inputs.shape[-1], 1), strides, padding)
    padded, _, _ = pad_batch(inputs, filter_size, strides, padding)
    windows = sliding_window_view(padded, tuple(filter_size), axis=(1, 2))
    windows = windows[:, :: strides[1], :: strides[2]].transpose(0, 1, 2, 4, 5, 3)
    patches = np.array(windows, order="C")
    return patches.reshape(*windows.shape[:3], filter_size[0] * filter_size[1] * inputs.shape[3])


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters.shape, strides, padding)
    patches = extract_patches(to_float(inputs), filters.shape[:2], strides, padding)
    matrix = flatten_filters(to_float(filters))
    # one big 2-D product is much faster than a 4-D one
    product = patches.reshape(-1, matrix.shape[0]) @ matrix
    return product.reshape(*patches.shape[:3], matrix.shape[1])


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    check(inputs, filters.shape, strides, padding)
    height, width = filters.shape[:2]
    padded, rows, columns = pad_batch(to_float(inputs), (height, width), strides, padding)
    upstream = to_float(upstream)
    windows = sliding_window_view(padded, (height, width), axis=(1, 2))
    windows = windows[:, :: strides[1], :: strides[2]]
    d_filters = np.einsum("bxycmn,bxyo->mnco", windows, upstream, optimize=True)

    d_padded = np.zeros(padded.shape)
    row_end = (upstream.shape[1] - 1) * strides[1] + 1
    column_end = (upstream.shape[2] - 1) * strides[2] + 1
    for m in range(height):
        for n in range(width):
            # the pixels that K(m, n) was multiplied with
            rows_met = slice(m, m + row_end, strides[1])
            columns_met = slice(n, n + column_end, strides[2])
            d_padded[:, rows_met, columns_met] += upstream @ to_float(filters)[m, n].T
    bottom = d_padded.shape[1] - rows[1]
    right = d_padded.shape[2] - columns[1]
    return d_padded[:, rows[0] : bottom, columns[0] : right], d_filters
