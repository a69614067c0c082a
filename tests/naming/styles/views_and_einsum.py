"""No loops: sliding windows and einsum; the gradients by a dilated upstream and rotated filters."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def zeros_for(size, f, s, mode):
    if mode == "VALID":
        return 0, 0
    missing = max((int(np.ceil(size / s)) - 1) * s + f - size, 0)
    return missing // 2, missing - missing // 2


def windows_of(x, f, strides, padding):
    mode = padding.upper()
    if mode not in ("SAME", "VALID"):
        raise ValueError(f"padding {padding}")
    zy = zeros_for(x.shape[1], f[0], strides[1], mode)
    zx = zeros_for(x.shape[2], f[1], strides[2], mode)
    xp = np.pad(x, [(0, 0), zy, zx, (0, 0)])
    if f[0] > xp.shape[1] or f[1] > xp.shape[2]:
        raise ValueError("too large a filter")
    view = sliding_window_view(xp, f, axis=(1, 2))
    view = view[:, :: strides[1], :: strides[2]]
    return view, zy, zx


def conv2d(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("shapes")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides")
    if any(s <= 0 or s % 1 for s in strides):
        raise ValueError("strides")
    view, _, _ = windows_of(inputs.astype(float), filters.shape[:2], strides, padding)
    return np.einsum("nyxchw,hwco->nyxo", view, filters)


def extract_patches(inputs, filter_size, strides, padding):
    view, _, _ = windows_of(inputs, tuple(filter_size), strides, padding)
    view = view.transpose(0, 1, 2, 4, 5, 3)
    return view.reshape(*view.shape[:3], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    view, zy, zx = windows_of(inputs, filters.shape[:2], strides, padding)
    dw = np.einsum("nyxchw,nyxo->hwco", view, upstream)
    n, rows, columns, out = upstream.shape
    f_y, f_x = filters.shape[:2]
    height, width = inputs.shape[1] + sum(zy), inputs.shape[2] + sum(zx)
    dilated = np.zeros((n, height - f_y + 1, width - f_x + 1, out))
    dilated[:, : rows * strides[1] : strides[1], : columns * strides[2] : strides[2]] = upstream
    full = np.pad(dilated, [(0, 0), (f_y - 1, f_y - 1), (f_x - 1, f_x - 1), (0, 0)])
    rotated = filters[::-1, ::-1]
    dx = np.einsum("nyxohw,hwco->nyxc", sliding_window_view(full, (f_y, f_x), axis=(1, 2)), rotated)
    return dx[:, zy[0] : zy[0] + inputs.shape[1], zx[0] : zx[0] + inputs.shape[2]], dw
