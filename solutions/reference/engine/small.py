"""All windows of a small convolution at once: there the time goes into Python's calls, not into numbers."""

import numpy as np

from solutions.reference.engine.gather import NO_ZEROS
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import DType, Images, Matrix, Zeros


def all_windows(inputs: Images, geometry: Geometry, dtype: DType) -> Matrix:
    """Return the windows of all images as rows of a matrix, `[positions, filter_height · filter_width · channels]`.

    >>> from solutions.reference.geometry import geometry_of
    >>> image = np.arange(12).reshape(1, 3, 4, 1)
    >>> all_windows(image, geometry_of((3, 4, 1), (2, 2, 1, 1), (1, 1), (1, 1), "VALID"), image.dtype)[:2]
    array([[0, 1, 4, 5],
           [1, 2, 5, 6]])
    """
    (height, width), (down, right), (row_gap, column_gap), padding, (out_height, out_width), _ = geometry
    images = np.ascontiguousarray(inputs, dtype) if padding == NO_ZEROS else _padded(inputs, padding, dtype)
    batch, _, _, channels = images.shape
    image, row, column, channel = images.strides
    # Transposed, since rows of outputs are longer than those of windows, and NumPy copies row by row.
    steps = row_gap * row, column_gap * column, channel, image, down * row, right * column
    shape = height, width, channels, batch, out_height, out_width
    return np.ndarray(shape, dtype, images, 0, steps).reshape(height * width * channels, -1).T


def _padded(inputs: Images, padding: Zeros, dtype: DType) -> Images:
    (above, below), (left, right) = padding
    batch, height, width, channels = inputs.shape
    images = np.zeros((batch, above + height + below, left + width + right, channels), dtype)
    images[:, above : above + height, left : left + width] = inputs
    return images
