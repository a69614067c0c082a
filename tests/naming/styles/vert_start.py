"""Corners named vert_start to horiz_end, one step in a function of its own, as in a course on deep learning."""

import numpy as np


def zero_pad(X, rows, columns):
    return np.pad(X, ((0, 0), rows, columns, (0, 0)), mode="constant", constant_values=(0, 0))


def same_zeros(n, f, stride):
    total = max((int(np.ceil(n / stride)) - 1) * stride + f - n, 0)
    return total // 2, total - total // 2


def conv_single_step(a_slice_prev, W):
    s = np.multiply(a_slice_prev, W)
    return np.sum(s)


def conv2d(inputs, filters, strides, padding):
    A_prev, W = inputs, filters
    if A_prev.ndim != 4 or W.ndim != 4:
        raise ValueError("4 axes are needed")
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f_H, f_W, n_C_filter, n_C) = W.shape
    if n_C_filter != n_C_prev:
        raise ValueError("channels differ")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
        raise ValueError("strides")
    stride_H, stride_W = strides[1], strides[2]
    if min(stride_H, stride_W) < 1 or stride_H % 1 or stride_W % 1:
        raise ValueError("strides")
    pad_H = pad_W = (0, 0)
    if padding.upper() == "SAME":
        pad_H = same_zeros(n_H_prev, f_H, stride_H)
        pad_W = same_zeros(n_W_prev, f_W, stride_W)
    elif padding.upper() != "VALID":
        raise ValueError("padding")
    n_H = int((n_H_prev - f_H + sum(pad_H)) / stride_H) + 1
    n_W = int((n_W_prev - f_W + sum(pad_W)) / stride_W) + 1
    if n_H_prev + sum(pad_H) < f_H or n_W_prev + sum(pad_W) < f_W:
        raise ValueError("the filter is larger than the image")
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev.astype(float), pad_H, pad_W)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            vert_start = h * stride_H
            vert_end = vert_start + f_H
            for w in range(n_W):
                horiz_start = w * stride_W
                horiz_end = horiz_start + f_W
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:, :, :, c])
    return Z


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    A_prev, W, dZ = inputs, filters, upstream
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f_H, f_W, n_C_filter, n_C) = W.shape
    stride_H, stride_W = strides[1], strides[2]
    (m, n_H, n_W, n_C) = dZ.shape
    pad_H = pad_W = (0, 0)
    if padding.upper() == "SAME":
        pad_H = same_zeros(n_H_prev, f_H, stride_H)
        pad_W = same_zeros(n_W_prev, f_W, stride_W)
    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    A_prev_pad = zero_pad(A_prev, pad_H, pad_W)
    dA_prev_pad = zero_pad(dA_prev, pad_H, pad_W)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride_H
                    vert_end = vert_start + f_H
                    horiz_start = w * stride_W
                    horiz_end = horiz_start + f_W
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += (
                        W[:, :, :, c] * dZ[i, h, w, c]
                    )
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
        top, left = pad_H[0], pad_W[0]
        dA_prev[i, :, :, :] = da_prev_pad[top : top + n_H_prev, left : left + n_W_prev, :]
    return dA_prev, dW
