"""Every unit connected with every input."""

import numpy as np
import numpy.typing as npt

from solutions.reference.arguments import integer
from solutions.reference.layers.kernel_layer import KernelLayer
from solutions.reference.layers.lookup import Option
from solutions.reference.shapes import Array, Matrix, Shape


class Dense(KernelLayer):
    """activation(inputs · kernel + bias) along the last axis, as `keras.layers.Dense`.

    Inputs are `[batch, …, inputs]`, outputs `[batch, …, units]`, the kernel is `[inputs, units]`. Images go
    through `Flatten` first, if each image is to give one row. The other options are those of `Conv2D`.
    """

    def __init__(
        self,
        units: int,
        activation: Option = None,
        use_bias: bool = True,
        kernel_initializer: Option = "glorot_uniform",
        bias_initializer: Option = "zeros",
        kernel_regularizer: Option = None,
        bias_regularizer: Option = None,
        activity_regularizer: Option = None,
        kernel_constraint: Option = None,
        bias_constraint: Option = None,
        *,
        name: str | None = None,
        dtype: npt.DTypeLike = "float32",
        input_shape: Shape | None = None,
    ):
        super().__init__(
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            name=name,
            dtype=dtype,
            input_shape=input_shape,
        )
        self.units = integer("units", units, 1)

    def _build(self, input_shape: Shape, rng: np.random.Generator) -> Shape:
        if not input_shape:
            raise ValueError("the inputs of Dense must have an axis after the batch's, but they have none")
        self._add_weights((input_shape[-1], self.units), rng)
        return (*input_shape[:-1], self.units)

    def _check_inputs(self, inputs: Array) -> None:
        super()._check_inputs(inputs)
        if inputs.shape[-1] != len(self._kernel.value):
            raise ValueError(
                f"Dense was built for {len(self._kernel.value)} inputs, but the last axis of {inputs.shape} "
                f"has {inputs.shape[-1]}"
            )

    def _sums(self, inputs: Array) -> Array:
        return inputs @ self._kernel.value

    def _sums_gradients(self, inputs: Array, upstream: Array) -> tuple[Array, Matrix]:
        rows, columns = self._kernel.value.shape
        d_kernel = inputs.reshape(-1, rows).T @ upstream.reshape(-1, columns)
        return upstream @ self._kernel.value.T, d_kernel
