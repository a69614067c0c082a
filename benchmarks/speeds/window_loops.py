"""Each function is a right conv2d_matmul for strides of 1 and VALID, with a loop in Python over all windows."""

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def shape_of(inputs, filters):
    """The output's shape."""
    rows, columns = np.subtract(inputs.shape[1:3], filters.shape[:2]) + 1
    return len(inputs), rows, columns, filters.shape[3]


def places(inputs, filters):
    """All windows' first pixels: image, row, column."""
    return itertools.product(*map(range, shape_of(inputs, filters)[:3]))


def window_by_window(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    matrix = filters.reshape(-1, filters.shape[3])
    output = np.zeros(shape_of(inputs, filters))
    for b in range(len(inputs)):
        for x in range(output.shape[1]):
            for y in range(output.shape[2]):
                output[b, x, y] = inputs[b, x : x + height, y : y + width].ravel() @ matrix
    return output


def patches_first(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    patches = np.zeros((*shape_of(inputs, filters)[:3], filters[..., 0].size))
    for b, x, y in places(inputs, filters):
        patches[b, x, y] = inputs[b, x : x + height, y : y + width].flatten()
    return patches @ filters.reshape(-1, filters.shape[3])


def list_of_patches(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    patches = [inputs[b, x : x + height, y : y + width].ravel() for b, x, y in places(inputs, filters)]
    product = np.array(patches) @ filters.reshape(-1, filters.shape[3])
    return product.reshape(*shape_of(inputs, filters)[:3], -1)


def rows_of_patches(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    matrix = filters.reshape(-1, filters.shape[3])
    output = np.zeros(shape_of(inputs, filters), inputs.dtype)
    for b in range(len(inputs)):
        for x in range(output.shape[1]):
            row = [inputs[b, x : x + height, y : y + width].ravel() for y in range(output.shape[2])]
            output[b, x] = np.stack(row) @ matrix
    return output


def all_images_at_each_place(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    patches = np.empty((*shape_of(inputs, filters)[:3], filters[..., 0].size), inputs.dtype)
    for x in range(patches.shape[1]):
        for y in range(patches.shape[2]):
            patches[:, x, y] = inputs[:, x : x + height, y : y + width].reshape(len(inputs), -1)
    return patches @ filters.reshape(-1, filters.shape[3])


def tensordot_of_each(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    output = np.zeros(shape_of(inputs, filters))
    for b, x, y in places(inputs, filters):
        output[b, x, y] = np.tensordot(inputs[b, x : x + height, y : y + width], filters, 3)
    return output


def sum_of_each_product(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    output = np.zeros(shape_of(inputs, filters))
    for b, x, y in places(inputs, filters):
        output[b, x, y] = np.sum(inputs[b, x : x + height, y : y + width, :, None] * filters, axis=(0, 1, 2))
    return output


def vectorize(inputs, filters, strides, padding):
    height, width, _, _ = filters.shape
    matrix = filters.reshape(-1, filters.shape[3])

    def at(b, x, y):
        return inputs[b, x : x + height, y : y + width].ravel() @ matrix

    return np.vectorize(at, signature="(),(),()->(o)")(*np.indices(shape_of(inputs, filters)[:3]))


def view_by_view(inputs, filters, strides, padding):
    """As few steps for each window as there can be: one to find it in a view, one to copy it."""
    view = sliding_window_view(inputs, filters.shape[:2], axis=(1, 2))
    view = view.transpose(0, 1, 2, 4, 5, 3)
    patches = np.empty(view.shape, inputs.dtype)
    for place in places(inputs, filters):
        patches[place] = view[place]
    return patches.reshape(*shape_of(inputs, filters)[:3], -1) @ filters.reshape(-1, filters.shape[3])


def numbers_from_a_generator(inputs, filters, strides, padding):
    images, (height, width, channels, _) = inputs.tolist(), filters.shape
    numbers = (
        images[b][x + m][y + n][c]
        for b, x, y in places(inputs, filters)
        for m, n, c in itertools.product(range(height), range(width), range(channels))
    )
    patches = np.fromiter(numbers, float).reshape(*shape_of(inputs, filters)[:3], -1)
    return patches @ filters.reshape(-1, filters.shape[3])


STYLES = (
    *(window_by_window, patches_first, list_of_patches, rows_of_patches, all_images_at_each_place),
    *(tensordot_of_each, sum_of_each_product, vectorize, view_by_view, numbers_from_a_generator),
)
