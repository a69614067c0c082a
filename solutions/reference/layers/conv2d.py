"""The convolution as a layer, with all the arguments of Keras's."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from solutions.reference import conv2d, conv2d_gradients
from solutions.reference.arguments import integer, plane_stride
from solutions.reference.layers import arguments
from solutions.reference.layers.kernel_layer import KernelLayer
from solutions.reference.layers.lookup import Option
from solutions.reference.layers.planes import positions
from solutions.reference.shapes import Filters, Images, Shape, Strides


class Conv2D(KernelLayer):
    """activation(conv2d(inputs, kernel) + bias), as `keras.layers.Conv2D`.

    - `filters`: how many output channels.
    - `kernel_size`, `strides`, `dilation_rate`: an int for both, or a pair (rows, columns). Strides and
      dilation cannot both be larger than 1.
    - `padding`: "valid" or "same", in any case.
    - `data_format`: "channels_last" for images `[batch, height, width, channels]`, the default, or
      "channels_first" for `[batch, channels, height, width]`. An activation of softmax runs along the last
      axis in both, as in Keras.
    - `groups`: the input channels are split into so many groups, each with its own filters.
    - `activation`: relu, sigmoid, softmax, tanh, softplus, softsign, selu, elu, exponential, linear (None).
    - `use_bias`, and initializers, regularizers and constraints for kernel and bias; `activity_regularizer`
      adds a loss for the output, divided by the size of the batch. See the modules of these names.
    - `name`, `dtype`, `input_shape`: see `Layer`.

    The kernel is `[height, width, in_channels / groups, filters]`, the bias `[filters]`.

    >>> import numpy as np
    >>> layer = Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1))
    >>> layer(np.zeros((2, 28, 28, 1))).shape
    (2, 24, 24, 32)

    ValueError for a wrong value, TypeError for a wrong type, either here or, where the channels or the size
    of the images matter, from `build`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Strides,
        strides: Strides = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Strides = (1, 1),
        groups: int = 1,
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
        self.filters = integer("filters", filters, 1)
        self.kernel_size = plane_stride("kernel_size", kernel_size)
        self.strides = plane_stride("strides", strides)
        self.padding = arguments.one_of("padding", padding, arguments.PADDINGS)
        self.data_format = arguments.data_format(data_format)
        self.dilation_rate = plane_stride("dilation_rate", dilation_rate)
        self.groups = integer("groups", groups, 1)
        self._channel_axis = -1 if self.data_format == "channels_last" else 1
        self._threads: int | None = None  # as many as are worth it
        self._refuse_what_does_not_go_together()

    def _refuse_what_does_not_go_together(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"strides and dilation_rate cannot both be larger than 1, but they are {self.strides} and "
                f"{self.dilation_rate}"
            )
        if self.filters % self.groups:
            raise ValueError(
                f"filters must be a multiple of groups, but they are {self.filters} and {self.groups}"
            )

    def _build(self, input_shape: Shape, rng: np.random.Generator) -> Shape:
        height, width, channels = arguments.channels_last(input_shape, self.data_format)
        if channels % self.groups:
            raise ValueError(
                f"the input's channels must be a multiple of groups, but there are {channels} channels in "
                f"{input_shape} and {self.groups} groups"
            )
        out_height, out_width = positions(
            "kernel_size", (height, width), self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        self._add_weights((*self.kernel_size, channels // self.groups, self.filters), rng)
        if self.data_format == "channels_first":
            return self.filters, out_height, out_width
        return out_height, out_width, self.filters

    def twin(self) -> Self:
        """As `Layer.twin`: where twins share a batch, none needs further threads."""
        twin = super().twin()
        twin._threads = 1
        return twin

    def _check_inputs(self, inputs: Images) -> None:
        super()._check_inputs(inputs)
        channels = self._kernel.value.shape[2] * self.groups
        if inputs.shape[self._channel_axis] != channels:
            raise ValueError(
                f"Conv2D was built for {channels} channels ({self.data_format}), but the inputs have shape "
                f"{inputs.shape}"
            )

    def _sums(self, inputs: Images) -> Images:
        return conv2d(inputs, self._kernel.value, self.strides, self.padding, **self._options())

    def _sums_gradients(self, inputs: Images, upstream: Images) -> tuple[Images, Filters]:
        return conv2d_gradients(
            inputs, self._kernel.value, self.strides, self.padding, upstream, **self._options()
        )

    def _options(self) -> dict[str, Any]:
        layout = "NCHW" if self.data_format == "channels_first" else "NHWC"
        return {"data_format": layout, "dilations": self.dilation_rate, "threads": self._threads}
