"""The windows of one block after another, each laid into the same buffer.

The multiplication wants a matrix with a row for each window. A 2 × 2 filter on this image of one channel
meets six windows:

    a b c d         a b e f
    e f g h         b c f g
    i j k l         c d g h
                    e f i j
                    f g j k
                    g h k l

Where there are few filters, to copy number by number would take longer than to multiply. There are two ways
to copy long pieces, *runs*:

`_by_runs`, for several channels. With channels c the row `a b` of a window is 2 · c numbers next to each
other in the image and in the matrix: one run.

`_by_columns`, for one channel, where a window's row is a few numbers only. It lays down the transposed
matrix, a row for each value of the filter: all the pixels that this value meets.

    K(0, 0):  a b c | e f g
    K(0, 1):  b c d | f g h
    K(1, 0):  e f g | i j k
    K(1, 1):  f g h | j k l

`a b c` is a run, as long as a row of the output, and BLAS multiplies a transposed matrix as fast as another.
With a stride of 2 the pixels that one value meets are every second one, and no run. So the columns are first
dealt out to two planes:

    a b c d e       plane 0:  a c e      plane 1:  b d
    f g h i j                 f h j                g i

A filter three wide meets a, c with K(0, 0), b, d with K(0, 1) and c, e with K(0, 2): again one run each, in
plane 0, in plane 1, and in plane 0 one column further.
"""

import functools
import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from solutions.reference.engine.blocks import Block
from solutions.reference.engine.memory import roomy
from solutions.reference.engine.tuning import CACHE_LINE, CACHE_PERIOD
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import DType, Images, Matrix, Shape

NO_ZEROS = ((0, 0), (0, 0))


class Windows:
    """Gathers windows of `inputs`, `[batch, height, width, channels]`, as rows of a matrix of type `dtype`.

    One thread's own: the buffers, and the views on them, are used again by each call of `of`.

    >>> from solutions.reference.geometry import geometry_of
    >>> image = np.arange(12).reshape(1, 3, 4, 1)
    >>> geometry = geometry_of((3, 4, 1), (2, 2, 1, 1), (1, 1), (1, 1), "VALID")
    >>> Windows(image, geometry, image.dtype).of(Block(slice(0, 1), slice(0, 2)))
    array([[ 0,  1,  4,  5],
           [ 1,  2,  5,  6],
           [ 2,  3,  6,  7],
           [ 4,  5,  8,  9],
           [ 5,  6,  9, 10],
           [ 6,  7, 10, 11]])
    """

    def __init__(self, inputs: Images, geometry: Geometry, dtype: DType):
        self.inputs, self.geometry, self.dtype = inputs, geometry, dtype
        single = inputs.shape[3] == 1
        self._lay = _by_columns if single else _by_runs
        # A single channel has its columns dealt out to planes, as many as the stride says.
        self._planes = geometry.strides[1] if single else 1
        # Otherwise windows can be gathered from the inputs themselves, without a copy with zeros around it.
        self._padded = (
            self._planes > 1
            or geometry.padding != NO_ZEROS
            or inputs.dtype != dtype
            or not inputs.flags.c_contiguous
        )
        self._columns = dealt(inputs.shape[2], geometry.padding[1][0], self._planes)
        self._room = np.empty(0, dtype)
        self._size: tuple[int, int] | None = None

    def of(self, block: Block) -> Matrix:
        """Return a block's windows, `[positions, filter_height · filter_width · channels]`: valid until the next call."""
        size = block.size
        if size != self._size:  # nearly always as the last one: only the last block of the work is smaller
            self._make_room(size)
        if self._padded:
            self._fill(block)
        else:
            self._sources = [copy.source(self.inputs, self._start(block)) for copy in self._copies]
        for target, source in zip(self._targets, self._sources, strict=True):
            target[...] = source
        return self._matrix

    def _make_room(self, size: tuple[int, int]) -> None:
        """Make the buffers for blocks of a size, and views that say which of their pixels go where."""
        (left, right), (_, height, width, channels) = self.geometry.padding[1], self.inputs.shape
        shape: Shape
        if self._padded:
            columns = -(-(left + width + right) // self._planes)
            shape = self._planes, size[0], self.geometry.rows_met(size[1]), columns, channels
            self._pixels = np.zeros(shape, self.dtype)
        else:
            shape = 1, len(self.inputs), height, width, channels
        (positions, length), steps, self._copies = self._lay(self.geometry, size, shape, self.dtype.itemsize)
        # There may be gaps between the matrix's rows (`_apart`): the room holds its extent, not its size.
        numbers = max(positions * steps[0], length * steps[1]) // self.dtype.itemsize
        if self._room.size < numbers:
            self._room = np.empty(roomy(numbers, self.dtype.itemsize), self.dtype)
        self._matrix = np.ndarray((positions, length), self.dtype, self._room, 0, steps)
        self._targets = [copy.target(self._room) for copy in self._copies]
        if self._padded:
            self._sources = [copy.source(self._pixels, 0) for copy in self._copies]
        self._size = size

    def _start(self, block: Block) -> int:
        """Where the block's pixels begin in the inputs, in bytes."""
        _, height, width, channels = self.inputs.shape
        row = block.images.start * height + block.rows.start * self.geometry.strides[0]
        return row * width * channels * self.inputs.itemsize

    def _fill(self, block: Block) -> None:
        """Copy the block's pixels to the buffer, which has zeros around them, plane by plane.

        Plane 0 has the columns 0, planes, 2 · planes …, plane 1 those after them, and so on.
        """
        above, height, rows = self.geometry.padding[0][0], self.inputs.shape[1], self._pixels.shape[2]
        # `top` is the image's row at the buffer's first one: negative where that is padding.
        top = block.rows.start * self.geometry.strides[0] - above
        first, last = min(max(-top, 0), rows), min(max(height - top, 0), rows)
        met = slice(top + first, max(top + last, 0))
        # Rows of zeros come and go from block to block, and are written anew. The columns of zeros at the
        # left and right are the same in every block, and nobody writes to them after `np.zeros`.
        if first:
            self._pixels[:, :, :first] = 0
        if last < rows:
            self._pixels[:, :, last:] = 0
        for plane, (columns, target) in enumerate(self._columns):
            self._pixels[plane, :, first:last, target] = self.inputs[block.images, met, columns]


class Copies(NamedTuple):
    """Runs of pixels that a single call of NumPy copies. Offsets and steps are bytes.

    A run is one item, of a type as large as it (`V12` for three float32): NumPy's loop has then one turn for
    each run, which is a `memcpy`, not one for each number.
    """

    run: DType
    shape: Shape
    to_offset: int
    to_steps: tuple[int, ...]
    from_offset: int
    from_steps: tuple[int, ...]

    def target(self, matrix: Matrix) -> np.ndarray[Any, Any]:
        """The runs' places in the matrix of windows."""
        return np.ndarray(self.shape, self.run, matrix, self.to_offset, self.to_steps)

    def source(self, pixels: Images, start: int) -> np.ndarray[Any, Any]:
        """The runs among the pixels, of which the block's begin at `start`."""
        return np.ndarray(self.shape, self.run, pixels, start + self.from_offset, self.from_steps)


# A matrix's shape, its steps in bytes, its copies.
Layout: TypeAlias = tuple[tuple[int, int], tuple[int, ...], list[Copies]]


@functools.lru_cache(maxsize=256)
def _by_runs(geometry: Geometry, size: tuple[int, int], pixels_shape: Shape, itemsize: int) -> Layout:
    """Lay down window by window, each row of a window at once: return the matrix's shape, its steps and its Copies.

    A window's row, filter_width · channels numbers, lies in one piece in the image if there is no dilation;
    otherwise each of its pixels does. `size` is the block's; `pixels_shape` `[planes, images, rows, columns,
    channels]`.

    The image of the module's drawing, of ten channels of 4 bytes: one call copies, for each of 1 image, 2
    rows and 3 columns of the output, the 2 rows of the window, each a run of 80 bytes.

    >>> geometry = Geometry((2, 2), (1, 1), (1, 1), NO_ZEROS, (2, 3), 1)
    >>> matrix, _, [copies] = _by_runs(geometry, (1, 2), (1, 1, 3, 4, 10), 4)
    >>> matrix, copies.shape, copies.run.itemsize
    ((6, 40), (1, 2, 3, 2, 1), 80)

    In the image the next image is 480 bytes further, the next row 160, the next column 40; in a window its
    next row is 160.

    >>> copies.from_steps
    (480, 160, 40, 160, 40)
    """
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    row_gap, column_gap = geometry.dilations
    _, image_step, row_step, pixel = _steps(pixels_shape, itemsize)
    runs, in_a_run = (1, width) if column_gap == 1 else (width, 1)
    # The axes: image, row and column of the output, row of the window, run of that row. The last ones move
    # fastest, so that the matrix is written from its first byte to its last.
    shape = (*size, geometry.output_size[1], height, runs)
    from_steps = image_step, down * row_step, right * pixel, row_gap * row_step, column_gap * pixel
    to_steps = _contiguous(shape, in_a_run * pixel)
    run = np.dtype((np.void, in_a_run * pixel))
    matrix = math.prod(shape[:3]), height * width * pixels_shape[4]
    return matrix, _contiguous(matrix, itemsize), [Copies(run, shape, 0, to_steps, 0, from_steps)]


@functools.lru_cache(maxsize=256)
def _by_columns(geometry: Geometry, size: tuple[int, int], pixels_shape: Shape, itemsize: int) -> Layout:
    """Lay down, for each filter value, all pixels that it meets: the same, but the matrix is transposed.

    A window of a single channel has short rows. But the pixels that one filter value meets along a row of the
    output are many, and lie next to each other once the columns have been dealt out to planes.

    The 3 × 4 image of the module's drawing, in bytes: the matrix is [6 windows, 4 values], but a step to the
    next window is one byte and a step to the next value six. One call copies, for the filter's 2 rows, its 2
    columns, 1 image and 2 rows of the output, a run of 3 bytes.

    >>> geometry = Geometry((2, 2), (1, 1), (1, 1), NO_ZEROS, (2, 3), 1)
    >>> matrix, steps, [copies] = _by_columns(geometry, (1, 2), (1, 1, 3, 4, 1), 1)
    >>> matrix, steps, copies.shape, copies.run.itemsize
    ((6, 4), (1, 6), (2, 2, 1, 2), 3)
    >>> copies.target(windows := np.zeros(24, "S1"))[...] = copies.source(np.frombuffer(b"abcdefghijkl", "S1"), 0)
    >>> windows.tobytes()
    b'abcefgbcdfghefgijkfghjkl'

    A filter three wide with a stride of 2, on the image of 2 × 5: two calls, since K(0, 0) and K(0, 2) share
    plane 0, where one begins a column after the other, and K(0, 1) has plane 1 (`d` is followed by what fills
    its last column).

    >>> geometry = Geometry((1, 3), (1, 2), (1, 1), NO_ZEROS, (2, 2), 1)
    >>> planes = np.frombuffer(b"acefhj" b"bd.gi.", "S1")
    >>> matrix, steps, calls = _by_columns(geometry, (1, 2), (2, 1, 2, 3, 1), 1)
    >>> for copies in calls:
    ...     copies.target(windows[:12])[...] = copies.source(planes, 0)
    >>> [windows[n : n + 4].tobytes() for n in (0, 4, 8)]
    [b'acfh', b'bdgi', b'cehj']
    """
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    row_gap, column_gap = geometry.dilations
    plane_step, image_step, row_step, pixel = _steps(pixels_shape, itemsize)
    run = geometry.output_size[1] * pixel
    image_run, row_run = _contiguous(size, run)
    row = _apart(size[0] * image_run)
    # From filter column n to n + period one meets the same plane again, so many columns further.
    period = right // math.gcd(right, column_gap)
    # The axes: row of the filter, its columns n, n + period, n + 2 · period …, image, row of the output.
    from_steps = row_gap * row_step, period * column_gap // right * pixel, image_step, down * row_step
    to_steps = width * row, period * row, image_run, row_run
    copies = []
    for n in range(min(period, width)):
        # Filter column n meets the padded image's columns n · gap, n · gap + stride …: those of one plane.
        column, plane = divmod(n * column_gap, right)
        shape = height, -(-(width - n) // period), *size
        offset = plane * plane_step + column * pixel
        copies.append(Copies(np.dtype((np.void, run)), shape, n * row, to_steps, offset, from_steps))
    return (math.prod(size) * geometry.output_size[1], height * width), (pixel, row), copies


def _contiguous(shape: Shape, item: int) -> tuple[int, ...]:
    """The steps of a contiguous array of items of so many bytes."""
    return tuple(math.prod(shape[axis + 1 :]) * item for axis in range(len(shape)))


def _apart(size: int) -> int:
    """The bytes from one row of a matrix to the next, so that not too many numbers of a column share a place in the cache.

    >>> _apart(1000), _apart(1024)
    (1000, 1088)
    """
    return size if size % CACHE_PERIOD else size + CACHE_LINE


def _steps(pixels_shape: Shape, itemsize: int) -> tuple[int, int, int, int]:
    """Bytes from a plane, an image, a row and a pixel to the next.

    An array's own `strides` may be anything along axes of length 1.
    """
    plane, image, row, pixel, _ = _contiguous(pixels_shape, itemsize)
    return plane, image, row, pixel


@functools.lru_cache(maxsize=256)
def dealt(width: int, left: int, planes: int) -> list[tuple[slice, slice]]:
    """For each plane, which columns of an image `width` wide go to it, and to which columns of the plane.

    Column y of the image, with `left` zeros before it, goes to plane (left + y) mod planes. Both are slices.

    Five columns, one zero before them: the zero, b and d go to plane 0; a, c and e to plane 1.

    >>> [("abcde"[columns], target.start) for columns, target in dealt(5, 1, 2)]
    [('bd', 1), ('ace', 0)]
    """
    pairs = []
    for plane in range(planes):
        column = (plane - left) % planes
        first = (left + column) // planes
        pairs.append((slice(column, None, planes), slice(first, first + len(range(column, width, planes)))))
    return pairs
