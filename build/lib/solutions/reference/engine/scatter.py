"""The gradient of the inputs, block by block: each window's part is added to the pixels that the window met."""

import numpy as np

from solutions.reference.engine.gather import dealt
from solutions.reference.engine.products import Right

FEW_CHANNELS = 8


class Pixels:
    """Adds up the gradients of padded images, and writes them to `d_inputs` without the padding, row by row.

    The rows of a block overlap those of the next one below: the sums of such rows wait until they are complete.
    As in `gather`, the columns are dealt out to as many planes as the stride says, so that all pixels which a filter
    value met along a row of the output lie next to each other.
    """

    def __init__(self, filters, geometry, d_inputs):
        self.geometry, self.d_inputs = geometry, d_inputs
        self._height, self._width, self._channels, out_channels = filters.shape
        self._few = self._channels < FEW_CHANNELS
        # A matrix [out_channels, channels] for each place in the filter; with few channels, one for all the places.
        wide = self._height * self._width * self._channels if self._few else self._channels
        matrices = np.ascontiguousarray(
            filters.reshape(-1, wide, out_channels).transpose(0, 2, 1), d_inputs.dtype
        )
        self._filters = Right(matrices[0] if self._few else matrices)
        self._sums = None

    def add(self, block, upstream):
        """Add the upstream gradient of a block, `[positions, out_channels]`; each image's blocks come from top to bottom."""
        (down, right), (row_gap, column_gap) = self.geometry.strides, self.geometry.dilations
        rows, columns = block.size[1], self.geometry.output_size[1]
        parts = self._parts(block, upstream)
        sums = self._sums_of(block)
        for m, n in np.ndindex(self._height, self._width):
            column, plane = divmod(n * column_gap, right)
            first = m * row_gap
            met = sums[plane, :, first : first + (rows - 1) * down + 1 : down, column : column + columns]
            met += parts[m, n]
        self._write(block, sums)

    def _parts(self, block, upstream):
        """upstream · K(m, n) for each m and n: `[height, width, images, rows, columns, channels]`."""
        positions = (*block.size, self.geometry.output_size[1])
        if self._few:  # channels first, for the sake of longer rows
            products = np.empty((self._filters.matrix.shape[1], len(upstream)), upstream.dtype)
            self._filters.multiply(upstream, products.T)
            parts = products.reshape(self._height, self._width, self._channels, *positions)
            return np.moveaxis(parts, 2, -1)
        products = np.empty((len(self._filters.matrix), len(upstream), self._channels), upstream.dtype)
        self._filters.multiply(upstream, products)
        return products.reshape(self._height, self._width, *positions, self._channels)

    def _sums_of(self, block):
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
        if block.rows.start:
            waiting = self._sums.shape[2]
            sums[:, :, :waiting] = self._sums
        return sums

    def _write(self, block, sums):
        """Write the rows that no later block meets; keep the others."""
        (above, _), (left, _) = self.geometry.padding
        down, right = self.geometry.strides
        _, height, width, _ = self.d_inputs.shape
        top, rows = block.rows.start * down - above, sums.shape[2]
        complete = (
            rows if block.rows.stop == self.geometry.output_size[0] else min(block.size[1] * down, rows)
        )
        first, last = min(max(-top, 0), complete), min(max(height - top, 0), complete)
        target = self.d_inputs[block.images, top + first : max(top + last, 0)]
        for plane, (columns, source) in enumerate(dealt(width, left, right)):
            target[:, :, columns] = sums[plane, :, first:last, source]
        self._sums = sums[:, :, complete:]
