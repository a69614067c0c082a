"""Masks in place of comparisons in loops; the loop goes over the output's places, for all pictures and channels at once."""

import numpy as np


def pair(value):
    return value if hasattr(value, "__len__") else (value, value)


def relu(values):
    return np.where(values < 0, 0.0, values)


def max_pool(inputs, size, strides=None):
    (f, g), (s, t) = pair(size), pair(strides if strides is not None else size)
    rows, columns = (inputs.shape[1] - f) // s + 1, (inputs.shape[2] - g) // t + 1
    output = np.empty((len(inputs), rows, columns, inputs.shape[3]), float)
    for i in range(rows):
        for j in range(columns):
            output[:, i, j] = np.amax(inputs[:, i * s : i * s + f, j * t : j * t + g], axis=(1, 2))
    return output


def max_pool_gradient(inputs, size, strides, upstream):
    (f, g), (s, t) = pair(size), pair(strides if strides is not None else size)
    gradient = np.zeros(inputs.shape, float)
    for i in range(upstream.shape[1]):
        for j in range(upstream.shape[2]):
            window = inputs[:, i * s : i * s + f, j * t : j * t + g]
            flat = window.reshape(len(window), f * g, -1)
            is_largest = flat == flat.max(axis=1, keepdims=True)
            is_first = is_largest & (np.cumsum(is_largest, axis=1) == 1)
            gradient[:, i * s : i * s + f, j * t : j * t + g] += (
                is_first.reshape(window.shape) * upstream[:, i : i + 1, j : j + 1]
            )
    return gradient
