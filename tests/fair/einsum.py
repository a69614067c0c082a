"""One einsum for each function, on the windows that sliding_window_view gives."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def apply_kernel(image, kernel, x, y):
    window = sliding_window_view(image, kernel.shape)[x, y]
    return np.einsum("mn,mn->", window, kernel, dtype=float)


def output_size(input_size, filter_size, stride=1, padding=0):
    if np.any(np.less([input_size, filter_size, stride], 1)) or filter_size > input_size + 2 * padding:
        raise ValueError("output_size")
    return np.asarray((input_size - filter_size + 2 * padding) // stride + 1)


def convolve(image, kernel, stride=1):
    s = np.atleast_1d(stride)
    windows = sliding_window_view(image, kernel.shape)[:: s[0], :: s[-1]]
    return np.einsum("xymn,mn->xy", windows, kernel, dtype=np.float64)


def same_padding(input_size, filter_size, stride=1):
    total = max((-(-input_size // stride) - 1) * stride + filter_size - input_size, 0)
    return [total // 2, -(-total // 2)]


def pad(image, rows, columns):
    return np.einsum("ij->ij", np.pad(image.astype(float), (rows, columns)))


def windows_of(inputs, size, strides, padding):
    zeros = {
        "SAME": lambda: [
            same_padding(w, f, s) for w, f, s in zip(inputs.shape[1:3], size, strides[1:3], strict=True)
        ],
        "VALID": lambda: [[0, 0], [0, 0]],
    }.get(padding.upper())
    if zeros is None:
        raise ValueError(f"{padding} is neither SAME nor VALID")
    zeros = zeros()
    padded = np.pad(inputs, [[0, 0], *zeros, [0, 0]])
    return sliding_window_view(padded, size, (1, 2))[:, :: strides[1], :: strides[2]], zeros


def check(inputs, filters, strides):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("inputs or filters")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides")
    if not all(s > 0 and s % 1 == 0 for s in strides):
        raise ValueError("strides")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    windows, _ = windows_of(inputs, filters.shape[:2], strides, padding)
    return np.einsum("bxycmn,mnco->bxyo", windows, filters, dtype=float, casting="safe")


def flatten_filters(filters):
    return np.einsum("mnco->mnco", filters).reshape(-1, filters.shape[-1])


def extract_patches(inputs, filter_size, strides, padding):
    windows, _ = windows_of(inputs, tuple(filter_size), strides, padding)
    windows = np.einsum("bxycmn->bxymnc", windows)
    return windows.reshape(windows.shape[:3] + (-1,))


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    return np.einsum("bxyp,po->bxyo", patches.astype(float), flatten_filters(filters), optimize=True)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    windows, zeros = windows_of(inputs, filters.shape[:2], strides, padding)
    d_filters = np.einsum("bxycmn,bxyo->mnco", windows, upstream)
    # upstream with zeros between and around its numbers, met by the rotated filters
    (top, bottom), (left, right) = zeros
    height, width = (inputs.shape[i] + sum(zeros[i - 1]) for i in (1, 2))
    fh, fw = filters.shape[:2]
    spread = np.zeros((len(inputs), height + fh - 1, width + fw - 1, filters.shape[3]))
    spread[:, fh - 1 : height : strides[1], fw - 1 : width : strides[2]] = upstream
    met = sliding_window_view(spread, (fh, fw), (1, 2))
    d_padded = np.einsum("bxyomn,mnco->bxyc", met, filters[::-1, ::-1])
    return d_padded[:, top : height - bottom, left : width - right], d_filters
