"""A conv2d and its gradients by loops over every place of the output: slow, and right."""

import numpy as np


def conv2d(inputs, filters, strides, padding):
    batch, height, width, _ = inputs.shape
    rows, columns, _, count = filters.shape
    output = np.zeros((batch, height - rows + 1, width - columns + 1, count))
    for n in range(batch):
        for i in range(output.shape[1]):
            for j in range(output.shape[2]):
                for f in range(count):
                    output[n, i, j, f] = np.sum(
                        inputs[n, i : i + rows, j : j + columns] * filters[:, :, :, f]
                    )
    return output


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    d_inputs, d_filters = np.zeros(inputs.shape), np.zeros(filters.shape)
    rows, columns = filters.shape[:2]
    for n, i, j, f in np.ndindex(*upstream.shape):
        d_filters[:, :, :, f] += upstream[n, i, j, f] * inputs[n, i : i + rows, j : j + columns]
        d_inputs[n, i : i + rows, j : j + columns] += upstream[n, i, j, f] * filters[:, :, :, f]
    return d_inputs, d_filters
