"""Forward, and the gradients with respect to the filters and to the inputs: each a loop over blocks."""

import numpy as np

from solutions.reference.engine import pairs
from solutions.reference.engine.blocks import blocks_of
from solutions.reference.engine.gather import Windows
from solutions.reference.engine.products import Right, add_product
from solutions.reference.engine.scatter import Pixels
from solutions.reference.engine.small import FEW, all_windows
from solutions.reference.engine.threads import cut, run, share


def forward(inputs, filters, geometry, output, threads):
    """Write the convolution to `output`, `[batch, out_height, out_width, out_channels]`; its dtype is calculated in."""
    if not (filters.size and output.size):  # no filters, no channels to sum over, or no images
        output[...] = 0
    elif output.size * filters[..., 0].size <= FEW:
        windows, matrix = all_windows(inputs, geometry, output.dtype), _flat(filters, output.dtype)
        if output.flags.c_contiguous:
            windows.dot(matrix, output.reshape(len(windows), -1))  # here faster than matmul
        else:
            output[...] = windows.dot(matrix).reshape(output.shape)
    elif pairs.worthwhile(filters, geometry, output) and pairs.all_finite(inputs):
        filters = pairs.paired_filters(filters, geometry.strides[1])
        _forward(inputs, filters, pairs.paired(geometry), pairs.paired_outputs(output), threads)
    else:
        _forward(inputs, filters, geometry, output, threads)


def _forward(inputs, filters, geometry, output, threads):
    """As `forward`, block by block."""
    matrix = _flat(filters, output.dtype)
    right, threads = Right(matrix), share(threads, output.size * len(matrix))
    blocks = blocks_of(range(len(inputs)), geometry, len(matrix) * output.itemsize, threads)

    def work(some):
        windows = Windows(inputs, geometry, output.dtype)
        for block in some:
            _multiply_to(windows.of(block), right, output[block.images, block.rows])

    run(work, cut(blocks, threads))


def gradient_of_filters(inputs, upstream, geometry, d_filters, threads):
    """Write Σ windows · upstream to `d_filters`, `[height, width, channels, out_channels]`; its dtype is calculated in."""
    if not d_filters.size:
        return
    if upstream.size * d_filters[..., 0].size <= FEW:
        windows = all_windows(inputs, geometry, d_filters.dtype)
        d_filters[...] = (windows.T @ _flat(upstream, d_filters.dtype)).reshape(d_filters.shape)
    elif pairs.worthwhile(d_filters, geometry, upstream):
        stride = geometry.strides[1]
        d_pairs = np.empty(pairs.paired_shape(d_filters.shape, stride), d_filters.dtype)
        _gradient_of_filters(inputs, pairs.paired_outputs(upstream), pairs.paired(geometry), d_pairs, threads)
        pairs.add_both(d_pairs, d_filters, stride)
    else:
        _gradient_of_filters(inputs, upstream, geometry, d_filters, threads)


def _gradient_of_filters(inputs, upstream, geometry, d_filters, threads):
    """As `gradient_of_filters`, block by block."""
    length, out_channels, dtype = d_filters[..., 0].size, d_filters.shape[3], d_filters.dtype
    threads = share(threads, upstream.size * length)
    blocks = blocks_of(range(len(inputs)), geometry, length * dtype.itemsize, threads)

    def work(some):
        windows = Windows(inputs, geometry, dtype)
        total = np.zeros((length, out_channels), dtype)
        for block in some:
            add_product(windows.of(block).T, _flat(upstream[block.images, block.rows], dtype), total)
        return total

    d_filters[...] = sum(run(work, cut(blocks, threads))).reshape(d_filters.shape)


def gradient_of_inputs(filters, upstream, geometry, d_inputs, threads):
    """Add to `d_inputs`, which are zeros, what each filter value sends back to the pixels that it met."""
    if not filters.size:
        return
    threads = share(threads, upstream.size * filters[..., 0].size)
    # Blocks twice as large as elsewhere, for the sake of longer loops in NumPy: each value of a filter has one of its own.
    # With several threads four times: see `blocks`.
    window_bytes = filters[..., 0].size * d_inputs.itemsize // (2 if threads == 1 else 4)

    def work(images):
        pixels = Pixels(filters, geometry, d_inputs)
        for block in blocks_of(images, geometry, window_bytes):
            pixels.add(block, _flat(upstream[block.images, block.rows], d_inputs.dtype))

    run(work, cut(range(len(upstream)), threads))


def _flat(array, dtype):
    """As a contiguous matrix, without the copy where that needs none."""
    if array.dtype != dtype or not array.flags.c_contiguous:
        array = np.ascontiguousarray(array, dtype)
    return array.reshape(-1, array.shape[-1])


def _multiply_to(left, right, target):
    """Write left @ right to a block of the output, which is not contiguous in NCHW or with groups."""
    if target.flags.c_contiguous:
        right.multiply(left, target.reshape(len(left), -1))
        return
    product = np.empty((len(left), right.matrix.shape[1]), target.dtype)
    right.multiply(left, product)
    target[...] = product.reshape(target.shape)
