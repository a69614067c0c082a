"""The gradient of the inputs, block by block: each window's part is added to the pixels that the window met.

`gather` backwards, but not window by window: neighbours overlap, and two additions to one pixel cannot be
done in one call of NumPy. What one value of the filter, K(m, n), sends back does not overlap: to each pixel
at most one window has brought it. So there is one addition for each value of the filter, of the whole
upstream gradient times that value. A 2 × 2 filter on a 3 × 4 image, upstream gradient u of 2 × 3:

    u u u .     . u u u     . . . .     . . . .
    u u u .     . u u u     u u u .     . u u u
    . . . .     . . . .     u u u .     . u u u
    K(0, 0)     K(0, 1)     K(1, 0)     K(1, 1)

With a stride of 2 the pixels that K(m, n) met are every second one along a row. As in `gather`, the columns
are dealt out to planes, in which these pixels lie side by side.
"""

import numpy as np

from solutions.reference.engine.blocks import Block
from solutions.reference.engine.gather import dealt
from solutions.reference.engine.products import Right
from solutions.reference.engine.tuning import CHANNELS_FIRST_BELOW
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import Array, Filters, Images, Matrix


class Pixels:
    """Adds up the gradients of padded images, and writes them to `d_inputs` without the padding, row by row.

    The rows of a block overlap those of the next one below: the sums of such rows wait until they are
    complete. As in `gather`, the columns are dealt out to as many planes as the stride says, so that all
    pixels which a filter value met along a row of the output lie next to each other.

    With ones everywhere each pixel gets the number of windows that it was in:

    >>> from solutions.reference.geometry import geometry_of
    >>> d_inputs = np.zeros((1, 3, 4, 1))
    >>> geometry = geometry_of((3, 4, 1), (2, 2, 1, 1), (1, 1), (1, 1), "VALID")
    >>> Pixels(np.ones((2, 2, 1, 1)), geometry, d_inputs).add(Block(slice(0, 1), slice(0, 2)), np.ones((6, 1)))
    >>> d_inputs[0, :, :, 0]
    array([[1., 2., 2., 1.],
           [2., 4., 4., 2.],
           [1., 2., 2., 1.]])
    """

    def __init__(self, filters: Filters, geometry: Geometry, d_inputs: Images):
        self.geometry, self.d_inputs = geometry, d_inputs
        self._height, self._width, self._channels, out_channels = filters.shape
        self._few = self._channels < CHANNELS_FIRST_BELOW
        # A matrix [out_channels, channels] for each place in the filter; with few channels, one for all.
        wide = self._height * self._width * self._channels if self._few else self._channels
        matrices = np.ascontiguousarray(
            filters.reshape(-1, wide, out_channels).transpose(0, 2, 1), d_inputs.dtype
        )
        self._filters = Right(matrices[0] if self._few else matrices)
        self._sums: Array | None = None

    def add(self, block: Block, upstream: Matrix) -> None:
        """Add the upstream gradient of a block, `[positions, out_channels]`; each image's blocks come from top to bottom."""
        (down, right), (row_gap, column_gap) = self.geometry.strides, self.geometry.dilations
        rows, columns = block.size[1], self.geometry.output_size[1]
        parts = self._parts(block, upstream)
        sums = self._sums_of(block)
        for m, n in np.ndindex(self._height, self._width):
            # K(m, n) met the rows m · gap, m · gap + stride … and, in its plane, the columns from `column` on.
            column, plane = divmod(n * column_gap, right)
            first = m * row_gap
            met = sums[plane, :, first : first + (rows - 1) * down + 1 : down, column : column + columns]
            met += parts[m, n]
        self._write(block, sums)

    def _parts(self, block: Block, upstream: Matrix) -> Array:
        """upstream · K(m, n) for each m and n: `[height, width, images, rows, columns, channels]`."""
        positions = (*block.size, self.geometry.output_size[1])
        if self._few:
            # Channels first: a row of the sums is then as long as the image is wide, where channels last
            # would let NumPy's loop add the few channels of a pixel, and begin anew at the next one.
            products = np.empty((self._filters.matrix.shape[1], len(upstream)), upstream.dtype)
            self._filters.multiply(upstream, products.T)
            parts = products.reshape(self._height, self._width, self._channels, *positions)
            return np.moveaxis(parts, 2, -1)
        products = np.empty((len(self._filters.matrix), len(upstream), self._channels), upstream.dtype)
        self._filters.multiply(upstream, products)
        return products.reshape(self._height, self._width, *positions, self._channels)

    def _sums_of(self, block: Block) -> Array:
        """The sums so far of the rows that a block meets, `[planes, images, rows, columns, channels]`."""
        (left, after), stride = self.geometry.padding[1], self.geometry.strides[1]
        images, rows = block.size[0], self.geometry.rows_met(block.size[1])
        columns = -(-(left + self.d_inputs.shape[2] + after) // stride)
        if self._few:
            sums = np.moveaxis(
                np.zeros((stride, self._channels, images, rows, columns), self.d_inputs.dtype), 1, -1
            )
        else:
            sums = np.zeros((stride, images, rows, columns, self._channels), self.d_inputs.dtype)
        if block.rows.start and self._sums is not None:
            sums[:, :, : self._sums.shape[2]] = self._sums
        return sums

    def _write(self, block: Block, sums: Array) -> None:
        """Write the rows that no later block meets; keep the others."""
        (above, _), (left, _) = self.geometry.padding
        down, right = self.geometry.strides
        _, height, width, _ = self.d_inputs.shape
        top, rows = block.rows.start * down - above, sums.shape[2]
        # The next block's first row is `down` times the number of this one's rows further down.
        is_last = block.rows.stop == self.geometry.output_size[0]
        complete = rows if is_last else min(block.size[1] * down, rows)
        first, last = min(max(-top, 0), complete), min(max(height - top, 0), complete)
        target = self.d_inputs[block.images, top + first : max(top + last, 0)]
        for plane, (columns, source) in enumerate(dealt(width, left, right)):
            target[:, :, columns] = sums[plane, :, first:last, source]
        self._sums = sums[:, :, complete:]
