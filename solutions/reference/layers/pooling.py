"""The largest number of each window."""

from collections.abc import Iterator
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from solutions.reference import same_padding
from solutions.reference.arguments import plane_stride
from solutions.reference.layers import arguments
from solutions.reference.layers.layer import Layer
from solutions.reference.layers.planes import positions
from solutions.reference.shapes import Array, Images, Shape, Strides, two

# Windows along one axis: (axis, window size, stride, positions)
Along: TypeAlias = tuple[int, int, int, int]


class MaxPooling2D(Layer):
    """The maximum over windows of `pool_size`, in each channel by itself, as `keras.layers.MaxPooling2D`.

    `pool_size` and `strides` are ints or pairs (rows, columns); strides of None are the pool size. `padding`
    is "valid" or "same" in any case; what is added around the image under "same" never is the maximum. Where
    several numbers of a window are the largest, the first one, row by row, gets the whole gradient, as in
    TensorFlow.

    The maximum is separable: first along each row of a window, then over the rows. So is its gradient.
    """

    def __init__(
        self,
        pool_size: Strides = (2, 2),
        strides: Strides | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        *,
        name: str | None = None,
        dtype: npt.DTypeLike = "float32",
        input_shape: Shape | None = None,
    ):
        super().__init__(name=name, dtype=dtype, input_shape=input_shape)
        self.pool_size = plane_stride("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else plane_stride("strides", strides)
        self.padding = arguments.one_of("padding", padding, arguments.PADDINGS)
        self.data_format = arguments.data_format(data_format)
        self._rows_axis = 1 if self.data_format == "channels_last" else 2

    def _build(self, input_shape: Shape, rng: np.random.Generator) -> Shape:
        height, width, channels = arguments.channels_last(input_shape, self.data_format)
        size = height, width
        rows, columns = positions("pool_size", size, self.pool_size, self.strides, self.padding)
        return (rows, columns, channels) if self._rows_axis == 1 else (channels, rows, columns)

    def _forward(self, inputs: Images) -> tuple[Images, tuple[Images, tuple[slice, ...], Images, Images]]:
        rows, columns = self._windows(inputs.shape)
        padded, inside = self._pad(inputs)
        along_rows = reduce(np.maximum, _places(padded, columns))
        outputs = reduce(np.maximum, _places(along_rows, rows))
        return outputs, (padded, inside, along_rows, outputs)

    def _backward(
        self, upstream: Images, padded: Images, inside: tuple[slice, ...], along_rows: Images, outputs: Images
    ) -> Images:
        rows, columns = self._windows(padded[inside].shape)
        d_along_rows = _to_first_maximum(upstream, along_rows, outputs, rows)
        return _to_first_maximum(d_along_rows, padded, along_rows, columns)[inside]

    def _windows(self, shape: Shape) -> tuple[Along, Along]:
        """For the rows and for the columns."""
        axes = self._rows_axis, self._rows_axis + 1
        size = two(shape[axis] for axis in axes)
        taken = positions("pool_size", size, self.pool_size, self.strides, self.padding)
        return two(zip(axes, self.pool_size, self.strides, taken, strict=True))

    def _pad(self, inputs: Images) -> tuple[Images, tuple[slice, ...]]:
        """Return the images with what "same" adds, and the slices where they are in it."""
        amounts = [(0, 0)] * 4
        if self.padding == "same":
            for axis, window, stride in zip((0, 1), self.pool_size, self.strides, strict=True):
                axis += self._rows_axis
                amounts[axis] = same_padding(inputs.shape[axis], window, stride)
        inside = tuple(
            slice(before, before + n) for (before, _), n in zip(amounts, inputs.shape, strict=True)
        )
        if not np.any(amounts):
            return inputs, inside
        return np.pad(inputs, amounts, constant_values=-np.inf), inside


def _places(array: Array, windows: Along) -> Iterator[Array]:
    """For each place in a window, the numbers that are there, window by window: views along one axis."""
    axis, size, stride, positions = windows
    for place in range(size):
        along = slice(place, place + (positions - 1) * stride + 1, stride)
        yield array[(slice(None),) * axis + (along,)]


def _to_first_maximum(upstream: Array, candidates: Array, maxima: Array, windows: Along) -> Array:
    """Add each upstream number to the first candidate of its window, along one axis, that is the maximum.

    `left` is what no candidate has got yet: all of a number, or 0. The last candidate gets it unasked.
    """
    axis, size, stride, positions = windows
    tiled = size == stride and positions * size == candidates.shape[axis]  # each candidate is in one window
    gradient = np.empty_like(candidates) if tiled else np.zeros_like(candidates)
    left = upstream
    pairs = zip(_places(candidates, windows), _places(gradient, windows), strict=True)
    for place, (candidate, gradient_there) in enumerate(pairs, 1):
        given = left if place == size else left * (candidate == maxima)
        if tiled:
            gradient_there[...] = given
        else:
            gradient_there += given
        left = left - given
    return gradient
