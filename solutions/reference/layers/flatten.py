"""From images to rows of numbers."""

import math

import numpy as np
import numpy.typing as npt

from solutions.reference.layers import arguments
from solutions.reference.layers.layer import Layer
from solutions.reference.shapes import Array, Matrix, Shape


class Flatten(Layer):
    """Each input as one row, `[batch, size]`, as `keras.layers.Flatten`.

    With `data_format="channels_first"` the channels go to the end before, so that both formats give the same.
    """

    def __init__(
        self,
        data_format: str | None = None,
        *,
        name: str | None = None,
        dtype: npt.DTypeLike = "float32",
        input_shape: Shape | None = None,
    ):
        super().__init__(name=name, dtype=dtype, input_shape=input_shape)
        self.data_format = arguments.data_format(data_format)

    def _build(self, input_shape: Shape, rng: np.random.Generator) -> Shape:
        return (math.prod(input_shape),)

    def _forward(self, inputs: Array) -> tuple[Matrix, tuple[Shape]]:
        moved = np.moveaxis(inputs, 1, -1) if self._moves(inputs) else inputs
        return moved.reshape(len(moved), math.prod(moved.shape[1:])), (moved.shape,)

    def _backward(self, upstream: Matrix, shape: Shape) -> Array:
        moved = upstream.reshape(shape)
        return np.moveaxis(moved, -1, 1) if self._moves(moved) else moved

    def _moves(self, inputs: Array) -> bool:
        return self.data_format == "channels_first" and inputs.ndim > 2
