"""Windows as views, and indices of the largest numbers."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pool_windows(inputs, size, strides):
    size = np.broadcast_to(size, 2)
    down, across = size if strides is None else np.broadcast_to(strides, 2)
    return sliding_window_view(inputs, tuple(size), axis=(1, 2))[:, ::down, ::across], down, across


def max_pool(inputs, size, strides=None):
    return pool_windows(inputs, size, strides)[0].max(axis=(4, 5))


def max_pool_gradient(inputs, size, strides, upstream):
    windows, down, across = pool_windows(inputs, size, strides)
    flat = windows.reshape(*windows.shape[:4], -1)
    m, n = np.unravel_index(flat.argmax(axis=4), windows.shape[4:])
    image, i, j, channel = np.meshgrid(*map(np.arange, upstream.shape), indexing="ij")
    gradient = np.zeros(inputs.shape)
    np.add.at(gradient, (image, i * down + m, j * across + n, channel), upstream)
    return gradient
