"""All windows of a small convolution at once: there the time goes into Python's calls, not into numbers."""

import functools

import numpy as np

from solutions.reference.engine.gather import NO_ZEROS
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import DType, Images, Matrix, Shape, Vector, Zeros


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


def write_pixels(filters: Matrix, upstream: Matrix, geometry: Geometry, d_inputs: Images) -> None:
    """Write the gradient of all pixels, from matrices `[filter_height · filter_width · channels, out_channels]` and
    `[positions, out_channels]` of its dtype: as `scatter` does, but one addition after the other, in a single call.
    """
    places = _places(geometry, d_inputs.shape)
    sums = np.zeros(d_inputs.size + 1, d_inputs.dtype)
    np.add.at(sums, places, filters.dot(upstream.T).ravel())
    d_inputs[...] = sums[:-1].reshape(d_inputs.shape)


# 16, for a network's layers: each has up to 8 · SMALL_MULTIPLICATIONS bytes.
@functools.lru_cache(maxsize=16)
def _places(geometry: Geometry, shape: Shape) -> Vector:
    """Which pixel, counted through `shape`, each filter value meets at each position; those of the padding are one more.

    A 1 × 2 filter on two pixels and a zero after them: its first value meets pixels 0 and 1, its second pixel 1 and the zero.

    >>> _places(Geometry((1, 2), (1, 1), (1, 1), ((0, 0), (0, 1)), (1, 2), 1), (1, 1, 2, 1))
    array([0, 1, 1, 2])
    """
    (filter_height, filter_width), (down, right), gaps, padding, (out_height, out_width), _ = geometry
    (above, _), (left, _) = padding
    batch, height, width, channels = shape
    # The axes: row and column of the filter, channel, image, row and column of the output.
    m, n, c, b, x, y = np.ogrid[:filter_height, :filter_width, :channels, :batch, :out_height, :out_width]
    row, column = m * gaps[0] + x * down - above, n * gaps[1] + y * right - left
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    pixels = ((b * height + row) * width + column) * channels + c
    return np.where(inside, pixels, batch * height * width * channels).ravel()


def _padded(inputs: Images, padding: Zeros, dtype: DType) -> Images:
    (above, below), (left, right) = padding
    batch, height, width, channels = inputs.shape
    images = np.zeros((batch, above + height + below, left + width + right, channels), dtype)
    images[:, above : above + height, left : left + width] = inputs
    return images
