"""The windows of one block after another, each laid into the same buffer."""

import numpy as np

from solutions.reference.engine.blocks import BUFFER_BYTES


class Windows:
    """Gathers windows of `inputs`, `[batch, height, width, channels]`, as rows of a matrix of type `dtype`.

    One thread's own: the buffer is used again by each call of `of`.
    """

    def __init__(self, inputs, geometry, dtype):
        self.inputs, self.geometry, self.dtype = inputs, geometry, dtype
        self._matrix = self._pixels = np.empty(0, dtype)
        # Then windows can be gathered from the inputs themselves, without first putting zeros around them.
        self._ready = geometry.padding == NO_ZEROS and inputs.flags.c_contiguous and inputs.dtype == dtype

    def of(self, block):
        """Return a block's windows, `[positions, filter_height · filter_width · channels]`."""
        return self._by_columns(block) if self.inputs.shape[3] == 1 else self._by_runs(block)

    def _by_runs(self, block):
        """Lay down window by window, each row of a window at once.

        Its pixels, filter_width · channels numbers, lie next to each other in the image if there is no dilation. They
        are copied as one item of a type of that size, not number by number: NumPy's loop is then as short as possible.
        """
        (height, width), (down, right) = self.geometry.filter_size, self.geometry.strides
        row_gap, column_gap = self.geometry.dilations
        pixels, start = (self.inputs, self._start(block)) if self._ready else (self._padded(block), 0)
        image_step, row_step, column_step = _steps(pixels)
        runs, pixels_in_a_run = (1, width) if column_gap == 1 else (width, 1)
        run = np.dtype((np.void, pixels_in_a_run * column_step))
        shape = (*block.size, self.geometry.output_size[1], height, runs)
        steps = (
            image_step,
            down * row_step,
            right * column_step,
            row_gap * row_step,
            column_gap * column_step,
        )
        matrix = self._room(shape[0] * shape[1] * shape[2], height * width * pixels.shape[3])
        np.ndarray(shape, run, matrix)[...] = np.ndarray(shape, run, pixels, start, steps)
        return matrix

    def _by_columns(self, block):
        """Lay down, for each filter value, all pixels that it meets: the matrix is written transposed.

        A window of a single channel has short rows. But the pixels that one filter value meets along a row of the output
        are many, and lie next to each other once the columns have been dealt out to planes.
        """
        (height, width), (down, right) = self.geometry.filter_size, self.geometry.strides
        row_gap, column_gap = self.geometry.dilations
        planes, (images, rows), columns = self._planes(block), block.size, self.geometry.output_size[1]
        plane_step, image_step, row_step, pixel = planes.strides
        matrix = self._room(height * width, images * rows * columns)
        run = np.dtype((np.void, columns * pixel))
        runs = np.ndarray((height, width, images, rows), run, matrix)
        steps = (row_gap * row_step, image_step, down * row_step)
        for n in range(width):
            column, plane = divmod(n * column_gap, right)
            start = plane * plane_step + column * pixel
            runs[:, n] = np.ndarray((height, images, rows), run, planes, start, steps)
        return matrix.T

    def _room(self, rows, columns):
        if self._matrix.size < rows * columns:
            self._matrix = np.empty(_roomy(rows * columns, self.dtype.itemsize), self.dtype)
        return self._matrix[: rows * columns].reshape(rows, columns)

    def _start(self, block):
        """Where the block's pixels begin in the inputs, in bytes."""
        image_step, row_step, _ = _steps(self.inputs)
        return block.images.start * image_step + block.rows.start * self.geometry.strides[0] * row_step

    def _padded(self, block):
        """Return the block's pixels with zeros around them, `[images, rows, columns, channels]`."""
        (left, right), (_, _, width, channels) = self.geometry.padding[1], self.inputs.shape
        pixels, first, last = self._pixels_of(block)
        shape = (block.size[0], self.geometry.rows_met(block.size[1]), left + width + right, channels)
        if self._pixels.shape != shape:
            self._pixels = np.zeros(shape, self.dtype)
        self._pixels[:, :first] = 0  # the rest of the zeros nobody has overwritten
        self._pixels[:, first:last, left : left + width] = pixels
        self._pixels[:, last:] = 0
        return self._pixels

    def _planes(self, block):
        """Return the same of the only channel, `[planes, images, rows, columns]`: as many planes as the stride says.

        Plane 0 has the columns 0, stride, 2 · stride …, plane 1 those after them, and so on.
        """
        (left, right), (_, _, width, _) = self.geometry.padding[1], self.inputs.shape
        pixels, first, last = self._pixels_of(block)
        stride = self.geometry.strides[1]
        shape = (
            stride,
            block.size[0],
            self.geometry.rows_met(block.size[1]),
            -(-(left + width + right) // stride),
        )
        if self._pixels.shape != shape:
            self._pixels = np.zeros(shape, self.dtype)
        self._pixels[:, :, :first] = 0
        for plane, (columns, target) in enumerate(dealt(width, left, stride)):
            self._pixels[plane, :, first:last, target] = pixels[:, :, columns, 0]
        self._pixels[:, :, last:] = 0
        return self._pixels

    def _pixels_of(self, block):
        """Return the image rows that the block's windows meet, and between which rows of the padded block they lie."""
        above, height = self.geometry.padding[0][0], self.inputs.shape[1]
        top, rows = block.rows.start * self.geometry.strides[0] - above, self.geometry.rows_met(block.size[1])
        first, last = min(max(-top, 0), rows), min(max(height - top, 0), rows)
        return self.inputs[block.images, top + first : max(top + last, 0)], first, last


NO_ZEROS = ((0, 0), (0, 0))


def _roomy(numbers, itemsize):
    """How many numbers to allocate for a buffer of so many.

    The C library returns memory to the system from twice the largest block that it has seen freed, and to get it back,
    page by page, costs several times what a small convolution does. One large block keeps it from that; pages which
    nobody touches cost nothing.
    """
    return numbers if numbers * itemsize < BUFFER_BYTES // 8 else max(numbers, 3 * BUFFER_BYTES // itemsize)


def _steps(pixels):
    """Bytes from an image, a row and a pixel to the next; NumPy's own `strides` may be anything along axes of length 1."""
    _, height, width, channels = pixels.shape
    pixel = channels * pixels.itemsize
    return height * width * pixel, width * pixel, pixel


def dealt(width, left, stride):
    """For each plane, which columns of an image `width` wide go to it, and to which columns of the plane.

    Column y of the image, with `left` zeros before it, goes to plane (left + y) mod stride. Both are slices.
    """
    for plane in range(stride):
        column = (plane - left) % stride
        first = (left + column) // stride
        yield slice(column, None, stride), slice(first, first + len(range(column, width, stride)))
