"""The convolution as one matrix product: each window becomes a row, each filter a column."""

import math

import numpy as np

from solutions.reference.arguments import FILTERS, IMAGES, array, images_and_filters, pair
from solutions.reference.shapes import FiltersLike, Images, ImagesLike, Matrix, Padding, PairLike, Strides
from solutions.reference.windows import windows_of


def flatten_filters(filters: FiltersLike) -> Matrix:
    """Return the filters as a matrix `[filter_height · filter_width · in_channels, out_channels]`."""
    filters = array("filters", filters, FILTERS)
    height, width, in_channels, out_channels = filters.shape
    return filters.reshape(height * width * in_channels, out_channels).copy()


def extract_patches(inputs: ImagesLike, filter_size: PairLike, strides: Strides, padding: Padding) -> Images:
    """Return every window, flattened in the order of `flatten_filters`, in the inputs' dtype.

    The result is `[batch, out_height, out_width, filter_height · filter_width · in_channels]`, as
    `tf.image.extract_patches` gives it. `filter_size` is the pair (rows, columns); `strides`, `padding` and
    the errors are those of `conv2d`.

    >>> extract_patches(np.arange(12).reshape(1, 3, 4, 1), (2, 2), 1, "VALID")[0, 0]
    array([[0, 1, 4, 5],
           [1, 2, 5, 6],
           [2, 3, 6, 7]])
    """
    inputs = array("inputs", inputs, IMAGES)
    filter_size = pair("filter_size", filter_size, 1)
    windows, _ = windows_of(inputs, filter_size, strides, padding)
    batch, height, width, channels = windows.shape[:4]
    # A copy in any case: 1 × 1 windows could be reshaped in place, and would then alias the inputs.
    patches = np.array(windows.transpose(0, 1, 2, 4, 5, 3), order="C")
    return patches.reshape(batch, height, width, filter_size[0] * filter_size[1] * channels)


def conv2d_matmul(
    inputs: ImagesLike, filters: FiltersLike, strides: Strides = 1, padding: Padding = "VALID"
) -> Images:
    """Return what `conv2d` returns, as one matrix product: patches times flattened filters."""
    inputs, filters = images_and_filters(inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    *positions, length = patches.shape
    # As one tall matrix: NumPy would multiply a 4-D array row of windows by row of windows.
    product = patches.reshape(math.prod(positions), length) @ flatten_filters(filters)
    return product.reshape(*positions, filters.shape[3])
