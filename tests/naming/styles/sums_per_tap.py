"""One sum for every weight of the filter: the shifted image times one matrix of channels."""

import numpy as np


def geometry(shape, filters, strides, padding):
    if len(shape) != 4 or filters.ndim != 4:
        raise ValueError("images and filters have four axes")
    if len(strides) != 4 or (strides[0], strides[3]) != (1, 1):
        raise ValueError("strides are [1, rows, columns, 1]")
    axes = []
    for size, f, s in zip(shape[1:3], filters.shape[:2], strides[1:3]):
        if s < 1 or int(s) != s:
            raise ValueError("strides are whole numbers from 1 on")
        if padding.upper() == "SAME":
            out = (size + s - 1) // s
            total = max((out - 1) * s + f - size, 0)
            axes.append((total // 2, total - total // 2, out))
        elif padding.upper() == "VALID":
            if f > size:
                raise ValueError("the filter is too large")
            axes.append((0, 0, (size - f) // s + 1))
        else:
            raise ValueError("padding is SAME or VALID")
    return axes


def conv2d(inputs, filters, strides, padding):
    (top, bottom, rows), (left, right, columns) = geometry(inputs.shape, filters, strides, padding)
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels do not match")
    padded = np.pad(inputs, ((0, 0), (top, bottom), (left, right), (0, 0))).astype(float)
    sy, sx = strides[1], strides[2]
    out = np.zeros((inputs.shape[0], rows, columns, filters.shape[3]))
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            shifted = padded[:, m : m + (rows - 1) * sy + 1 : sy, n : n + (columns - 1) * sx + 1 : sx, :]
            out += shifted @ filters[m, n]
    return out


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    (top, bottom, rows), (left, right, columns) = geometry(inputs.shape, filters, strides, padding)
    padded = np.pad(inputs, ((0, 0), (top, bottom), (left, right), (0, 0)))
    sy, sx = strides[1], strides[2]
    d_padded, d_filters = np.zeros(padded.shape), np.zeros(filters.shape)
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            rows_met = slice(m, m + (rows - 1) * sy + 1, sy)
            columns_met = slice(n, n + (columns - 1) * sx + 1, sx)
            d_filters[m, n] = np.tensordot(
                padded[:, rows_met, columns_met], upstream, axes=([0, 1, 2], [0, 1, 2])
            )
            d_padded[:, rows_met, columns_met] += upstream @ filters[m, n].T
    height, width = inputs.shape[1:3]
    return d_padded[:, top : top + height, left : left + width], d_filters
