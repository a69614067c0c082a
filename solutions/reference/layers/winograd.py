"""A layer's convolution and its gradients by Winograd's method, for training.

`solutions.reference.winograd` explains the method: from a tile d of an image and a filter g comes a tile of outputs

    Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A.

Every step is linear. So the gradients go back through the same matrices transposed, and the transformed tiles and
filters of the way forward serve on the way back, which takes a fraction of the time of starting anew.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from solutions.reference import same_padding
from solutions.reference.engine.tuning import WINOGRAD_CHANNELS
from solutions.reference.layers.conv2d import Conv2D
from solutions.reference.shapes import Array, Images, Shape
from solutions.reference.winograd import POINTS, TILE, both_axes, transforms


def fits(layer: Conv2D) -> bool:
    """Whether a Conv2D layer (NHWC, one group) can be done in this way, and gains by it."""
    kernel, *_ = layer.parameters
    size, columns, *channels = kernel.value.shape
    return (
        size == columns
        and size in POINTS
        and layer.strides == layer.dilation_rate == (1, 1)
        and min(channels) >= WINOGRAD_CHANNELS
    )


class Winograd:
    """The convolution of one layer on one batch after another, in one thread.

    Tiles are `[tile's rows, tile's columns, batch, tiles below each other, tiles side by side, channels]`. They are
    cut from a canvas: the images with their padding, and with what is missing to whole tiles.
    """

    def __init__(self, layer: Conv2D, to_inputs: bool):
        self._layer, self._to_inputs = layer, to_inputs
        self._kernel, *_ = layer.parameters
        self._to_outputs, self._to_factors, self._to_places = (
            matrix.astype(layer.dtype) for matrix in transforms(layer.kernel_size[0])
        )

    def forward(self, inputs: Images) -> Images:
        """Return the convolution, `[batch, out_height, out_width, filters]`."""
        self._measure(inputs.shape)
        canvas = np.zeros(self._canvas_shape, inputs.dtype)
        canvas[self._inside] = inputs
        edge = len(self._to_places)
        self._places = both_axes(self._to_places, _cut(canvas, edge, self._counts))
        self._factors = both_axes(self._to_factors, self._kernel.value)
        products = _by_place(self._places) @ _by_place(self._factors)
        sums = both_axes(self._to_outputs, products.reshape(*self._places.shape[:-1], -1))
        return _joined(sums)[:, : self._output_size[0], : self._output_size[1]]

    def backward(self, upstream: Images) -> Images | None:
        """Set the kernel's gradient; return that of the inputs, or None where nobody needs it."""
        missing = [(0, TILE * count - n) for count, n in zip(self._counts, self._output_size, strict=True)]
        upstream = np.pad(upstream, ((0, 0), *missing, (0, 0))) if np.any(missing) else upstream
        spread = both_axes(self._to_outputs.T, _cut(upstream, TILE, self._counts))
        d_factors = _by_place(self._places).transpose(0, 2, 1) @ _by_place(spread)
        self._kernel.gradient[...] = both_axes(self._to_factors.T, d_factors.reshape(self._factors.shape))
        if not self._to_inputs:
            return None
        d_places = _by_place(spread) @ _by_place(self._factors).transpose(0, 2, 1)
        d_tiles = both_axes(self._to_places.T, d_places.reshape(self._places.shape))
        d_canvas = np.zeros(self._canvas_shape, d_tiles.dtype)
        for tile, pixels in _pairs(d_tiles, d_canvas):
            pixels += tile
        return d_canvas[self._inside]

    def _measure(self, shape: Shape) -> None:
        """Find out how many tiles the images need, and where they lie on the canvas."""
        batch, *sizes, channels = shape
        size = self._layer.kernel_size[0]
        same = self._layer.padding == "same"
        before = [same_padding(n, size)[0] if same else 0 for n in sizes]
        self._output_size = [n if same else n - size + 1 for n in sizes]
        self._counts = [-(-n // TILE) for n in self._output_size]
        # One tile more than there are: the pixels of a tile reach into those of the next one.
        height, width = (TILE * (count + 1) for count in self._counts)
        self._canvas_shape = batch, height, width, channels
        rows, columns = (slice(first, first + n) for first, n in zip(before, sizes, strict=True))
        self._inside = slice(None), rows, columns


def _cut(canvas: Images, edge: int, counts: Sequence[int]) -> Array:
    """Return the tiles of edge × edge pixels that begin at every fourth pixel, so many below and beside each other."""
    tiles = np.empty((edge, edge, len(canvas), *counts, canvas.shape[-1]), canvas.dtype)
    for tile, pixels in _pairs(tiles, canvas):
        tile[...] = pixels
    return tiles


def _joined(tiles: Array) -> Images:
    """Return the images that tiles of 4 × 4 make."""
    _, _, batch, rows, columns, channels = tiles.shape
    images = np.empty((batch, TILE * rows, TILE * columns, channels), tiles.dtype)
    for tile, pixels in _pairs(tiles, images):
        pixels[...] = tile
    return images


def _pairs(tiles: Array, canvas: Images) -> Iterator[tuple[Array, Images]]:
    """Yield views of the same shape: a part of all tiles, at most 4 × 4, and the pixels of the canvas where they lie."""
    edge, _, batch, rows, columns, channels = tiles.shape
    blocks = canvas.reshape(batch, canvas.shape[1] // TILE, TILE, canvas.shape[2] // TILE, TILE, channels)
    for down, right in np.ndindex((-(-edge // TILE),) * 2):
        part = tiles[down * TILE : (down + 1) * TILE, right * TILE : (right + 1) * TILE]
        height, width = part.shape[:2]
        pixels = blocks[:, down : down + rows, :height, right : right + columns, :width]
        yield part, pixels.transpose(2, 4, 0, 1, 3, 5)


def _by_place(tiles: Array) -> Array:
    """Return a matrix for each place in a tile: a view `[places, everything between, channels]`."""
    rows, columns, *_, channels = tiles.shape
    return tiles.reshape(rows * columns, -1, channels)
