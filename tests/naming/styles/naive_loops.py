"""Four loops and a slice, forward and backward, as in a course on recognition."""

import numpy as np


def check_arguments(x, w, strides, padding):
    if x.ndim != 4 or w.ndim != 4:
        raise ValueError("inputs and filters must have 4 axes")
    if x.shape[3] != w.shape[2]:
        raise ValueError("the channels do not match")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    if any(s < 1 or s != int(s) for s in strides):
        raise ValueError("strides must be whole numbers of at least 1")
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding must be SAME or VALID")
    if padding.upper() == "VALID" and (w.shape[0] > x.shape[1] or w.shape[1] > x.shape[2]):
        raise ValueError("the filter is larger than the image")


def conv2d(inputs, filters, strides, padding):
    x, w = inputs, filters
    check_arguments(x, w, strides, padding)
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    sh, sw = strides[1], strides[2]
    if padding.upper() == "SAME":
        H_out, W_out = -(-H // sh), -(-W // sw)
        ph = max((H_out - 1) * sh + HH - H, 0)
        pw = max((W_out - 1) * sw + WW - W, 0)
        x_pad = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)), mode="constant")
    else:
        H_out, W_out = (H - HH) // sh + 1, (W - WW) // sw + 1
        x_pad = x
    x_pad = x_pad.astype(float)
    out = np.zeros((N, H_out, W_out, F))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :]
                    out[n, i, j, f] = np.sum(window * w[:, :, :, f])
    return out


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    x, w, dout = inputs, filters, upstream
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    sh, sw = strides[1], strides[2]
    _, H_out, W_out, _ = dout.shape
    ph = pw = 0
    if padding.upper() == "SAME":
        ph = max((H_out - 1) * sh + HH - H, 0)
        pw = max((W_out - 1) * sw + WW - W, 0)
    top, left = ph // 2, pw // 2
    x_pad = np.pad(x, ((0, 0), (top, ph - top), (left, pw - left), (0, 0)), mode="constant")
    dx_pad = np.zeros(x_pad.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :]
                    dw[:, :, :, f] += window * dout[n, i, j, f]
                    dx_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :] += (
                        w[:, :, :, f] * dout[n, i, j, f]
                    )
    dx = dx_pad[:, top : top + H, left : left + W, :]
    return dx, dw
