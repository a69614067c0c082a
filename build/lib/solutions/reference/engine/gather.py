"""The windows of one block after another, each laid into the same buffer."""

import functools
import math
from typing import NamedTuple

import numpy as np

from solutions.reference.engine.blocks import BUFFER_BYTES

NO_ZEROS = ((0, 0), (0, 0))


class Windows:
    """Gathers windows of `inputs`, `[batch, height, width, channels]`, as rows of a matrix of type `dtype`.

    One thread's own: the buffers, and the views on them, are used again by each call of `of`.
    """

    def __init__(self, inputs, geometry, dtype):
        self.inputs, self.geometry, self.dtype = inputs, geometry, dtype
        single = inputs.shape[3] == 1
        self._lay = _by_columns if single else _by_runs
        # A single channel has its columns dealt out to planes, as many as the stride says: see `_by_columns`.
        self._planes = geometry.strides[1] if single else 1
        # Otherwise windows can be gathered from the inputs themselves, without first putting zeros around them.
        self._padded = (
            self._planes > 1
            or geometry.padding != NO_ZEROS
            or inputs.dtype != dtype
            or not inputs.flags.c_contiguous
        )
        self._columns = dealt(inputs.shape[2], geometry.padding[1][0], self._planes)
        self._room = np.empty(0, dtype)
        self._size = None

    def of(self, block):
        """Return a block's windows, `[positions, filter_height · filter_width · channels]`."""
        size = block.size
        if size != self._size:
            self._make_room(size)
        if self._padded:
            self._fill(block)
        else:
            self._sources = [copy.source(self.inputs, self._start(block)) for copy in self._copies]
        for target, source in zip(self._targets, self._sources, strict=True):
            target[...] = source
        return self._matrix

    def _make_room(self, size):
        """Make the buffers for blocks of a size, and views that say which of their pixels go where."""
        (left, right), (_, height, width, channels) = self.geometry.padding[1], self.inputs.shape
        if self._padded:
            columns = -(-(left + width + right) // self._planes)
            shape = self._planes, size[0], self.geometry.rows_met(size[1]), columns, channels
            self._pixels = np.zeros(shape, self.dtype)
        else:
            shape = 1, len(self.inputs), height, width, channels
        (positions, length), steps, self._copies = self._lay(self.geometry, size, shape, self.dtype.itemsize)
        numbers = max(positions * steps[0], length * steps[1]) // self.dtype.itemsize
        if self._room.size < numbers:
            self._room = np.empty(_roomy(numbers, self.dtype.itemsize), self.dtype)
        self._matrix = np.ndarray((positions, length), self.dtype, self._room, 0, steps)
        self._targets = [copy.target(self._room) for copy in self._copies]
        if self._padded:
            self._sources = [copy.source(self._pixels, 0) for copy in self._copies]
        self._size = size

    def _start(self, block):
        """Where the block's pixels begin in the inputs, in bytes."""
        _, height, width, channels = self.inputs.shape
        row = block.images.start * height + block.rows.start * self.geometry.strides[0]
        return row * width * channels * self.inputs.itemsize

    def _fill(self, block):
        """Copy the block's pixels to the buffer, which has zeros around them, plane by plane.

        Plane 0 has the columns 0, planes, 2 · planes …, plane 1 those after them, and so on.
        """
        above, height, rows = self.geometry.padding[0][0], self.inputs.shape[1], self._pixels.shape[2]
        top = block.rows.start * self.geometry.strides[0] - above
        first, last = min(max(-top, 0), rows), min(max(height - top, 0), rows)
        met = slice(top + first, max(top + last, 0))
        if first:
            self._pixels[:, :, :first] = 0
        if last < rows:
            self._pixels[:, :, last:] = 0
        for plane, (columns, target) in enumerate(self._columns):
            self._pixels[plane, :, first:last, target] = self.inputs[block.images, met, columns]


class Copies(NamedTuple):
    """Runs of pixels that a single call of NumPy copies. Offsets and steps are bytes.

    A run is one item, of a type as large as it: NumPy's loop has then one turn for each, not one for each number.
    """

    run: np.dtype
    shape: tuple[int, ...]
    to_offset: int
    to_steps: tuple[int, ...]
    from_offset: int
    from_steps: tuple[int, ...]

    def target(self, matrix):
        """The runs' places in the matrix of windows."""
        return np.ndarray(self.shape, self.run, matrix, self.to_offset, self.to_steps)

    def source(self, pixels, start):
        """The runs among the pixels, of which the block's begin at `start`."""
        return np.ndarray(self.shape, self.run, pixels, start + self.from_offset, self.from_steps)


@functools.lru_cache(maxsize=256)
def _by_runs(geometry, size, pixels_shape, itemsize):
    """Lay down window by window, each row of a window at once: return the matrix's shape, its steps and its Copies.

    A window's row, filter_width · channels numbers, lies in one piece in the image if there is no dilation; otherwise
    each of its pixels does. `size` is the block's; `pixels_shape` `[planes, images, rows, columns, channels]`.
    """
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    row_gap, column_gap = geometry.dilations
    _, image_step, row_step, pixel = _steps(pixels_shape, itemsize)
    runs, in_a_run = (1, width) if column_gap == 1 else (width, 1)
    shape = (*size, geometry.output_size[1], height, runs)
    from_steps = image_step, down * row_step, right * pixel, row_gap * row_step, column_gap * pixel
    to_steps = _contiguous(shape, in_a_run * pixel)
    run = np.dtype((np.void, in_a_run * pixel))
    matrix = math.prod(shape[:3]), height * width * pixels_shape[4]
    return matrix, _contiguous(matrix, itemsize), [Copies(run, shape, 0, to_steps, 0, from_steps)]


@functools.lru_cache(maxsize=256)
def _by_columns(geometry, size, pixels_shape, itemsize):
    """Lay down, for each filter value, all pixels that it meets: the same, but the matrix is transposed.

    A window of a single channel has short rows. But the pixels that one filter value meets along a row of the output
    are many, and lie next to each other once the columns have been dealt out to planes.
    """
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    row_gap, column_gap = geometry.dilations
    plane_step, image_step, row_step, pixel = _steps(pixels_shape, itemsize)
    run = geometry.output_size[1] * pixel
    image_run, row_run = _contiguous(size, run)
    row = _apart(size[0] * image_run)
    # From filter column n to n + period one meets the same plane again, so many columns further.
    period = right // math.gcd(right, column_gap)
    from_steps = row_gap * row_step, period * column_gap // right * pixel, image_step, down * row_step
    to_steps = width * row, period * row, image_run, row_run
    copies = []
    for n in range(min(period, width)):
        column, plane = divmod(n * column_gap, right)
        shape = height, -(-(width - n) // period), *size
        offset = plane * plane_step + column * pixel
        copies.append(Copies(np.dtype((np.void, run)), shape, n * row, to_steps, offset, from_steps))
    return (math.prod(size) * geometry.output_size[1], height * width), (pixel, row), copies


def _contiguous(shape, item):
    """The steps of a contiguous array of items of so many bytes."""
    return tuple(math.prod(shape[axis + 1 :]) * item for axis in range(len(shape)))


def _apart(size):
    """The bytes from one row of a matrix to the next, so that not too many numbers of a column share a place in the cache.

    A first-level cache of today has room for a dozen lines at addresses that are multiples of 4096 bytes apart.
    """
    return size if size % 512 else size + 64


def _steps(pixels_shape, itemsize):
    """Bytes from a plane, an image, a row and a pixel to the next.

    An array's own `strides` may be anything along axes of length 1.
    """
    return _contiguous(pixels_shape, itemsize)[:4]


def _roomy(numbers, itemsize):
    """How many numbers to allocate for a buffer of so many.

    The C library returns memory to the system from twice the largest block that it has seen freed, and to get it back,
    page by page, costs several times what a small convolution does. One large block keeps it from that; pages which
    nobody touches cost nothing.
    """
    return numbers if numbers * itemsize < BUFFER_BYTES // 8 else max(numbers, 2 * BUFFER_BYTES // itemsize)


@functools.lru_cache(maxsize=256)
def dealt(width, left, planes):
    """For each plane, which columns of an image `width` wide go to it, and to which columns of the plane.

    Column y of the image, with `left` zeros before it, goes to plane (left + y) mod planes. Both are slices.
    """
    pairs = []
    for plane in range(planes):
        column = (plane - left) % planes
        first = (left + column) // planes
        pairs.append((slice(column, None, planes), slice(first, first + len(range(column, width, planes)))))
    return pairs
