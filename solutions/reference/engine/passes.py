"""Forward, and the gradients with respect to the filters and to the inputs: each a loop over blocks."""

import numpy as np

from solutions.reference.engine import pairs
from solutions.reference.engine.blocks import Block, blocks_of
from solutions.reference.engine.gather import Windows
from solutions.reference.engine.products import Right, add_product
from solutions.reference.engine.scatter import Pixels
from solutions.reference.engine.small import all_windows, write_pixels
from solutions.reference.engine.threads import cut, run, share
from solutions.reference.engine.tuning import BUFFERS_FOR_THREADS, SCATTER_BUFFERS, SMALL_MULTIPLICATIONS
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import DType, Filters, Images, Matrix


def forward(
    inputs: Images, filters: Filters, geometry: Geometry, output: Images, threads: int | None
) -> None:
    """Write the convolution to `output`, `[batch, out_height, out_width, out_channels]`; its dtype is calculated in."""
    if not output.size:  # no images, no rows, no columns or no filters
        return
    elif output.size * filters[..., 0].size <= SMALL_MULTIPLICATIONS:
        windows, matrix = all_windows(inputs, geometry, output.dtype), _flat(filters, output.dtype)
        if output.flags.c_contiguous:
            # Here `dot` is faster than `matmul`, and of a tiny convolution's 7 microseconds every one counts.
            windows.dot(matrix, output.reshape(len(windows), -1))
        else:
            output[...] = windows.dot(matrix).reshape(output.shape)
    elif pairs.worthwhile(filters, geometry, output) and pairs.all_finite(inputs):
        filters = pairs.paired_filters(filters, geometry.strides[1])
        _forward(inputs, filters, pairs.paired(geometry), pairs.paired_outputs(output), threads)
    else:
        _forward(inputs, filters, geometry, output, threads)


def _forward(
    inputs: Images, filters: Filters, geometry: Geometry, output: Images, threads: int | None
) -> None:
    """As `forward`, block by block."""
    matrix = _flat(filters, output.dtype)
    right, threads = Right(matrix), share(threads, output.size * len(matrix))
    blocks = blocks_of(range(len(inputs)), geometry, len(matrix) * output.itemsize, threads)

    def work(some: list[Block]) -> None:
        windows = Windows(inputs, geometry, output.dtype)
        for block in some:
            _multiply_to(windows.of(block), right, output[block.images, block.rows])

    run(work, cut(blocks, threads))


def gradient_of_filters(
    inputs: Images, upstream: Images, geometry: Geometry, d_filters: Filters, threads: int | None
) -> None:
    """Write Σ windows · upstream to `d_filters`, `[height, width, channels, out_channels]`; its dtype is calculated in."""
    if not upstream.size:  # nothing met a filter
        d_filters[...] = 0
    elif upstream.size * d_filters[..., 0].size <= SMALL_MULTIPLICATIONS:
        windows = all_windows(inputs, geometry, d_filters.dtype)
        d_filters[...] = (windows.T @ _flat(upstream, d_filters.dtype)).reshape(d_filters.shape)
    elif pairs.worthwhile(d_filters, geometry, upstream):
        stride = geometry.strides[1]
        d_pairs = np.empty(pairs.paired_shape(d_filters.shape, stride), d_filters.dtype)
        _gradient_of_filters(inputs, pairs.paired_outputs(upstream), pairs.paired(geometry), d_pairs, threads)
        pairs.add_both(d_pairs, d_filters, stride)
    else:
        _gradient_of_filters(inputs, upstream, geometry, d_filters, threads)


def _gradient_of_filters(
    inputs: Images, upstream: Images, geometry: Geometry, d_filters: Filters, threads: int | None
) -> None:
    """As `gradient_of_filters`, block by block."""
    length, out_channels, dtype = d_filters[..., 0].size, d_filters.shape[3], d_filters.dtype
    threads = share(threads, upstream.size * length)
    blocks = blocks_of(range(len(inputs)), geometry, length * dtype.itemsize, threads)

    def work(some: list[Block]) -> Matrix:
        windows = Windows(inputs, geometry, dtype)
        total = np.zeros((length, out_channels), dtype)
        for block in some:
            add_product(windows.of(block).T, _flat(upstream[block.images, block.rows], dtype), total)
        return total

    first, *others = run(work, cut(blocks, threads))
    d_filters[...] = sum(others, first).reshape(d_filters.shape)


def gradient_of_inputs(
    filters: Filters, upstream: Images, geometry: Geometry, d_inputs: Images, threads: int | None
) -> None:
    """Add to `d_inputs`, which are zeros, what each filter value sends back to the pixels that it met."""
    if not (upstream.size and d_inputs.size):
        return
    if upstream.size * filters[..., 0].size <= SMALL_MULTIPLICATIONS:
        write_pixels(_flat(filters, d_inputs.dtype), _flat(upstream, d_inputs.dtype), geometry, d_inputs)
        return
    threads = share(threads, upstream.size * filters[..., 0].size)
    buffers = SCATTER_BUFFERS if threads == 1 else BUFFERS_FOR_THREADS
    window_bytes = filters[..., 0].size * d_inputs.itemsize // buffers

    def work(images: range) -> None:
        pixels = Pixels(filters, geometry, d_inputs)
        for block in blocks_of(images, geometry, window_bytes):
            pixels.add(block, _flat(upstream[block.images, block.rows], d_inputs.dtype))

    # Whole images for each thread, since blocks of one image overlap in the pixels that they add to.
    run(work, cut(range(len(upstream)), threads))


def _flat(array: Images, dtype: DType) -> Matrix:
    """As a contiguous matrix, without the copy where that needs none."""
    if array.dtype != dtype or not array.flags.c_contiguous:
        array = np.ascontiguousarray(array, dtype)
    return array.reshape(-1, array.shape[-1])


def _multiply_to(left: Matrix, right: Right, target: Images) -> None:
    """Write left @ right to a block of the output, which is not contiguous in NCHW or with groups."""
    if target.flags.c_contiguous:
        right.multiply(left, target.reshape(len(left), -1))
        return
    product = np.empty((len(left), right.matrix.shape[1]), target.dtype)
    right.multiply(left, product)
    target[...] = product.reshape(target.shape)
