"""im2col: a helper that pads a batch, shared by the patches, the matrix product and its gradients."""

import numpy as np


def pad_batch(inputs, filter_size, strides, padding):
    pads = [(0, 0), (0, 0)]
    if padding.upper() == "SAME":
        for axis in (0, 1):
            size, f, s = inputs.shape[1 + axis], filter_size[axis], strides[1 + axis]
            out = -(-size // s)
            total = max((out - 1) * s + f - size, 0)
            pads[axis] = (total // 2, total - total // 2)
    elif padding.upper() != "VALID":
        raise ValueError("unknown padding")
    return np.pad(inputs, ((0, 0), pads[0], pads[1], (0, 0))), pads


def check(inputs, filters, strides):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("shapes do not match")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    if min(strides) < 1 or any(int(s) != s for s in strides):
        raise ValueError("strides must be whole and at least 1")


def flatten_filters(filters):
    return filters.reshape(-1, filters.shape[-1])


def extract_patches(inputs, filter_size, strides, padding):
    f_h, f_w = filter_size
    s_h, s_w = strides[1], strides[2]
    padded, _ = pad_batch(inputs, filter_size, strides, padding)
    n, height, width, channels = padded.shape
    if f_h > height or f_w > width:
        raise ValueError("the filter is larger than the image")
    o_h = (height - f_h) // s_h + 1
    o_w = (width - f_w) // s_w + 1
    patches = np.empty((n, o_h, o_w, f_h * f_w * channels))
    for i in range(o_h):
        for j in range(o_w):
            window = padded[:, i * s_h : i * s_h + f_h, j * s_w : j * s_w + f_w, :]
            patches[:, i, j, :] = window.reshape(n, -1)
    return patches


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    f_h, f_w, channels, out_channels = filters.shape
    patches = extract_patches(inputs, (f_h, f_w), strides, padding)
    n, o_h, o_w, _ = patches.shape
    product = patches.reshape(n * o_h * o_w, -1) @ flatten_filters(filters)
    return product.reshape(n, o_h, o_w, out_channels)


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    padded, _ = pad_batch(inputs, filters.shape[:2], strides, padding)
    f_h, f_w, channels, out_channels = filters.shape
    if f_h > padded.shape[1] or f_w > padded.shape[2]:
        raise ValueError("the filter is larger than the image")
    o_h = (padded.shape[1] - f_h) // strides[1] + 1
    o_w = (padded.shape[2] - f_w) // strides[2] + 1
    out = np.zeros((len(inputs), o_h, o_w, out_channels))
    for i in range(o_h):
        for j in range(o_w):
            y, x = i * strides[1], j * strides[2]
            out[:, i, j] = np.tensordot(padded[:, y : y + f_h, x : x + f_w].astype(float), filters, axes=3)
    return out


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    f_h, f_w, channels, out_channels = filters.shape
    padded, pads = pad_batch(inputs, (f_h, f_w), strides, padding)
    n, o_h, o_w, _ = upstream.shape
    d_out = upstream.reshape(-1, out_channels)
    patches = extract_patches(inputs, (f_h, f_w), strides, padding)
    d_filters = (patches.reshape(n * o_h * o_w, -1).T @ d_out).reshape(filters.shape)
    d_patches = (d_out @ flatten_filters(filters).T).reshape(n, o_h, o_w, f_h, f_w, channels)
    d_padded = np.zeros(padded.shape)
    for i in range(o_h):
        for j in range(o_w):
            y, x = i * strides[1], j * strides[2]
            d_padded[:, y : y + f_h, x : x + f_w, :] += d_patches[:, i, j]
    (top, bottom), (left, right) = pads
    d_inputs = d_padded[:, top : d_padded.shape[1] - bottom, left : d_padded.shape[2] - right, :]
    return d_inputs, d_filters
