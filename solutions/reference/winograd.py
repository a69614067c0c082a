"""Winograd's convolution: fewer multiplications for 3 × 3 and 5 × 5 filters with stride 1, at the price of accuracy.

A tile of 4 × 4 outputs comes from 6 × 6 (or 8 × 8) pixels d and a filter g as

    Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A

with 36 (64) multiplications for each channel instead of 144 (400). The sum over the channels is a matrix
product for each of the 36 (64) places. S. Winograd, *Arithmetic Complexity of Computations* (1980); A. Lavin
and S. Gray, *Fast Algorithms for Convolutional Neural Networks*, CVPR 2016.

The matrices hold powers of the points 0, ±1, ±2, ±½, so roundings grow. In float32 the largest error is 5 to
20 times that of `conv2d`, and less than 1e-5 of the largest output: good enough for training, which is why it
is offered, and not for a reference, which is why nothing uses it unasked. It pays from about 16 channels and
16 filters on; with fewer, the transforms cost more than they save.
"""

import functools
import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.polynomial.polynomial import polyfromroots

from solutions.reference.arguments import IMAGES, array, common_dtype, not_empty, thread_count
from solutions.reference.engine.blocks import Block, blocks_of
from solutions.reference.engine.gather import NO_ZEROS, Windows
from solutions.reference.engine.threads import cut, run, share
from solutions.reference.geometry import Geometry, prepared
from solutions.reference.shapes import (
    Array,
    DType,
    Filters,
    FiltersLike,
    Images,
    ImagesLike,
    Matrix,
    Padding,
    Pair,
    Zeros,
    two,
)

Result = TypeVar("Result")

TILE = 4  # rows and columns of outputs
POINTS = {3: (0, 1, -1, 2, -2), 5: (0, 1, -1, 2, -2, 0.5, -0.5)}  # and infinity


def winograd_conv2d(
    inputs: ImagesLike, filters: FiltersLike, padding: Padding = "VALID", *, threads: int | None = None
) -> Images:
    """Return what `conv2d(inputs, filters, 1, padding)` returns, but for roundings.

    `inputs` are one batch of images with pixels, `filters` 3 × 3 or 5 × 5, both float32 or float64; `padding` and
    `threads` are those of `conv2d`. ValueError for other sizes and for groups, TypeError for integers.
    """
    inputs, filters, geometry = _prepared(inputs, filters, padding)
    return _forward(inputs, filters, geometry.padding, geometry.output_size, thread_count("threads", threads))


def winograd_gradients(
    inputs: ImagesLike,
    filters: FiltersLike,
    padding: Padding,
    upstream: ImagesLike,
    *,
    threads: int | None = None,
) -> tuple[Images, Filters]:
    """Return `(d_inputs, d_filters)`, what `conv2d_gradients(inputs, filters, 1, padding, upstream)` returns, but for roundings."""
    inputs, filters, geometry = _prepared(inputs, filters, padding)
    upstream, threads = array("upstream", upstream, IMAGES), thread_count("threads", threads)
    expected = (len(inputs), *geometry.output_size, filters.shape[3])
    if upstream.shape != expected:
        raise ValueError(f"upstream must have conv2d's output shape {expected}, but it has {upstream.shape}")
    d_filters = _gradient_of_filters(inputs, filters, upstream, geometry, threads)
    # With stride 1 each pixel's gradient is a convolution of the upstream gradient with the rotated filters.
    size = len(filters)
    missing = [(size - 1 - before, size - 1 - after) for before, after in geometry.padding]
    # More padding than that means outputs that met no pixel: instead of zeros around the upstream gradient,
    # less of it.
    inside = (slice(max(-before, 0), None if after >= 0 else after) for before, after in missing)
    zeros = two((max(before, 0), max(after, 0)) for before, after in missing)
    rotated = filters[::-1, ::-1].transpose(0, 1, 3, 2)
    return _forward(upstream[:, *inside], rotated, zeros, two(inputs.shape[1:3]), threads), d_filters


def _prepared(inputs: ImagesLike, filters: FiltersLike, padding: Padding) -> tuple[Images, Filters, Geometry]:
    inputs = array("inputs", inputs, IMAGES)
    not_empty("inputs", inputs.shape[1:3], inputs.shape)
    inputs, filters, geometry = prepared(inputs, filters, 1, padding, "NHWC", 1)
    if geometry.filter_size not in ((3, 3), (5, 5)):
        raise ValueError(f"filters must be 3 × 3 or 5 × 5 here, but their shape is {filters.shape}")
    if geometry.groups > 1:
        raise ValueError(
            f"groups are not offered here: inputs have {inputs.shape[3]} channels, filters {filters.shape[2]}"
        )
    dtype = common_dtype(inputs, filters)
    if dtype.kind != "f":
        raise TypeError(f"inputs or filters must be float32 or float64 here, but they are {dtype}")
    return inputs, filters.astype(dtype, copy=False), geometry


@functools.cache
def transforms(size: int) -> tuple[Matrix, Matrix, Matrix]:
    """Return Aᵀ, G and Bᵀ for 4 outputs of a filter of `size`, from polynomials that vanish at all points but one.

    The convolution of polynomials by evaluation at the points, multiplication and interpolation (Toom and
    Cook), transposed.
    """
    points = np.array(POINTS[size])
    others = [np.delete(points, i) for i in range(len(points))]
    last = np.eye(1, TILE, TILE - 1), np.eye(1, size, size - 1)  # the point at infinity
    scale = np.array([np.prod(point - rest) for point, rest in zip(points, others, strict=True)])
    outputs = np.vstack([np.vander(points, TILE, increasing=True), last[0]]).T
    filters = np.vstack([np.vander(points, size, increasing=True) / scale[:, None], last[1]])
    pixels = np.vstack([*([*polyfromroots(rest), 0] for rest in others), polyfromroots(points)])
    return outputs, filters, pixels


def _forward(
    inputs: Images, filters: Filters, padding: Zeros, output_size: Pair, threads: int | None
) -> Images:
    size, out_channels, dtype = len(filters), filters.shape[3], filters.dtype
    outputs, factors, pixels = (each.astype(dtype) for each in transforms(size))
    kernels = both_axes(factors, filters).reshape(-1, *filters.shape[2:])  # [place, channel, filter]
    geometry = _tiles(len(pixels), padding, inputs.shape[1:3], output_size)
    result = np.empty((len(inputs), *output_size, out_channels), dtype)

    def work(blocks: list[Block]) -> None:
        tiles = Windows(inputs, geometry, dtype)
        for block in blocks:
            values = both_axes(pixels, _by_place(tiles.of(block), len(pixels)))
            products = values.reshape(len(kernels), -1, inputs.shape[3]) @ kernels
            sums = both_axes(outputs, products.reshape(*values.shape[:3], out_channels))
            _put(sums, result, block, geometry)

    _over_blocks(work, geometry, inputs, out_channels, dtype, threads)
    return result


def _gradient_of_filters(
    inputs: Images, filters: Filters, upstream: Images, geometry: Geometry, threads: int | None
) -> Filters:
    size, out_channels = len(filters), filters.shape[3]
    dtype = common_dtype(inputs, filters, upstream)
    outputs, factors, pixels = (each.astype(dtype) for each in transforms(size))
    edge = len(pixels)
    of_pixels = _tiles(edge, geometry.padding, inputs.shape[1:3], geometry.output_size)
    of_outputs = _tiles(TILE, NO_ZEROS, geometry.output_size, geometry.output_size)

    def work(blocks: list[Block]) -> Array:
        windows, weights = Windows(inputs, of_pixels, dtype), Windows(upstream, of_outputs, dtype)
        total = np.zeros((edge * edge, inputs.shape[3], out_channels), dtype)
        for block in blocks:
            values = both_axes(pixels, _by_place(windows.of(block), edge))
            spread = both_axes(outputs.T, _by_place(weights.of(block), TILE))
            values, spread = (each.reshape(edge * edge, *each.shape[2:]) for each in (values, spread))
            total += values.transpose(0, 2, 1) @ spread
        return total

    first, *others = _over_blocks(work, of_pixels, inputs, out_channels, dtype, threads)
    total = sum(others, first)
    return both_axes(factors.T, total.reshape(edge, edge, *filters.shape[2:]))


def _tiles(edge: int, padding: Zeros, image_size: Pair, output_size: Pair) -> Geometry:
    """The geometry of tiles of `edge` × `edge` that cover the outputs: as a filter with a stride of 4 would meet them."""
    counts = two(-(-size // TILE) for size in output_size)
    sizes = [(count - 1) * TILE + edge for count in counts]
    zeros = two(
        (before, max(size - before - pixels, after))
        for size, (before, after), pixels in zip(sizes, padding, image_size, strict=True)
    )
    return Geometry((edge, edge), (TILE, TILE), (1, 1), zeros, counts, 1)


def _over_blocks(
    work: Callable[[list[Block]], Result],
    geometry: Geometry,
    inputs: Images,
    out_channels: int,
    dtype: DType,
    threads: int | None,
) -> list[Result]:
    """Return [work(blocks) for each thread's blocks]; a block's tiles and products together fill the buffer."""
    tile = geometry.filter_size[0] ** 2 * (inputs.shape[3] + out_channels)
    tiles = len(inputs) * math.prod(geometry.output_size)
    threads = share(threads, tiles * tile * out_channels)
    return run(work, cut(blocks_of(range(len(inputs)), geometry, tile * dtype.itemsize, threads), threads))


def _by_place(matrix: Matrix, edge: int) -> Array:
    """From a row for each tile to `[rows, columns, tiles, channels]`: what is done to a place is one long product."""
    return np.ascontiguousarray(matrix.reshape(len(matrix), edge, edge, -1).transpose(1, 2, 0, 3))


def both_axes(matrix: Matrix, places: Array) -> Array:
    """Return matrix · tile · matrixᵀ for every tile, which lies along the first two axes of `[rows, columns, …]`."""
    rows, columns, *others = places.shape
    half = matrix @ places.reshape(rows, columns, -1).transpose(1, 0, 2)
    both = matrix @ half.transpose(1, 0, 2)
    return both.reshape(len(matrix), len(matrix), *others)


def _put(tiles: Array, result: Images, block: Block, geometry: Geometry) -> None:
    """Write tiles of outputs to their places; those at the lower and right edge may reach beyond it."""
    (images, rows), columns = block.size, geometry.output_size[1]
    tiles = tiles.reshape(TILE, TILE, images, rows, columns, -1).transpose(2, 3, 0, 4, 1, 5)
    tiles = tiles.reshape(images, rows * TILE, columns * TILE, -1)
    target = result[block.images, block.rows.start * TILE : block.rows.stop * TILE]
    target[...] = tiles[:, : target.shape[1], : target.shape[2]]
