"""The layers as `fit` goes through them: the same results with less work.

- Bias and activation wait until after a max-pooling, where a quarter of the numbers is left: the largest number of a
  window stays the largest when the same bias is added to all, and after relu.
- The first layer does not compute a gradient for the images, which nobody asks for.
- On request, convolutions that Winograd's method fits are done by it, with its larger roundings.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from solutions.reference import engine
from solutions.reference.geometry import prepared
from solutions.reference.layers import activations
from solutions.reference.layers.conv2d import Conv2D
from solutions.reference.layers.layer import Layer, Parameter
from solutions.reference.layers.pooling import MaxPooling2D
from solutions.reference.layers.winograd import Winograd, fits
from solutions.reference.shapes import Images

RISING = (activations.relu, activations.linear)  # so that they and the maximum change places without a change


class Convolution(Protocol):
    """A way to do a layer's convolution, and its gradients, on one batch after another."""

    def forward(self, inputs: Images) -> Images: ...
    def backward(self, upstream: Images) -> Images | None: ...


def steps_of(layers: Sequence[Layer], winograd: bool = False) -> list["Layer | ConvolutionStep"]:
    """Return twins of the layers to go through in their place: some are one step for two layers."""
    twins = [layer.twin() for layer in layers]
    steps: list[Layer | ConvolutionStep] = []
    while twins:
        layer = twins.pop(0)
        if not (isinstance(layer, Conv2D) and _is_plain(layer)):
            steps.append(layer)
            continue
        pooling = _taken_first(twins, layer)
        convolve = Winograd if winograd and fits(layer) else Exact
        steps.append(ConvolutionStep(layer, pooling, convolve(layer, to_inputs=bool(steps))))
    return steps


class ConvolutionStep:
    """A Conv2D layer, and perhaps the pooling after it: activation(pooling(convolution) + bias)."""

    logits = None

    def __init__(self, layer: Conv2D, pooling: MaxPooling2D | None, convolution: Convolution):
        self._layer, self._pooling, self._convolution = layer, pooling, convolution
        self._outputs = np.empty(0)  # of the last forward pass

    @property
    def parameters(self) -> list[Parameter]:
        """Those of the layer."""
        return self._layer.parameters

    @property
    def losses(self) -> list[float]:
        """Those of the layer."""
        return self._layer.losses

    def forward(self, inputs: npt.ArrayLike, training: bool = True) -> Images:
        """Return the output for a batch, `[batch, out_height, out_width, filters]`, and keep what `backward` needs."""
        sums = self._convolution.forward(np.asarray(inputs, self._layer.dtype))
        if self._pooling is not None:
            # A copy: `activated` writes into it, and the pooling still needs its maxima on the way back.
            sums = self._pooling.forward(sums, training=True).copy()
        self._outputs = self._layer.activated(sums)
        return self._outputs

    def backward(self, upstream: npt.ArrayLike) -> Images | None:
        """Set the parameters' gradients; return that of the inputs, or None where nobody needs it."""
        upstream = self._layer.gradient_of_sums(self._outputs, np.asarray(upstream))
        if self._pooling is not None:
            upstream = self._pooling.backward(upstream)
        d_inputs = self._convolution.backward(upstream)
        self._layer.regularize()
        return d_inputs


class Exact:
    """The convolution of a layer, and its gradients, by `conv2d`'s engine in one thread."""

    def __init__(self, layer: Conv2D, to_inputs: bool):
        self._layer, self._to_inputs = layer, to_inputs
        self._kernel, *_ = layer.parameters

    def forward(self, inputs: Images) -> Images:
        """Return the convolution, `[batch, out_height, out_width, filters]`."""
        layer = self._layer
        rules = layer.strides, layer.padding, "NHWC", layer.dilation_rate
        self._inputs, kernel, self._geometry = prepared(inputs, self._kernel.value, *rules)
        outputs = np.empty((len(inputs), *self._geometry.output_size, layer.filters), layer.dtype)
        engine.forward(self._inputs, kernel, self._geometry, outputs, 1)
        return outputs

    def backward(self, upstream: Images) -> Images | None:
        """Set the kernel's gradient; return that of the inputs, or None where nobody needs it."""
        engine.gradient_of_filters(self._inputs, upstream, self._geometry, self._kernel.gradient, 1)
        if not self._to_inputs:
            return None
        d_inputs = np.zeros_like(self._inputs)
        engine.gradient_of_inputs(self._kernel.value, upstream, self._geometry, d_inputs, 1)
        return d_inputs


def _is_plain(layer: Conv2D) -> bool:
    """Whether a ConvolutionStep can do a layer's work: not that of a subclass, which may do anything."""
    return (
        type(layer) is Conv2D
        and layer.data_format == "channels_last"
        and layer.groups == 1
        and layer.activation is not activations.softmax
        and layer.activity_regularizer is None
    )


def _taken_first(twins: list[Layer], layer: Conv2D) -> MaxPooling2D | None:
    """Take the next layer away if it is a pooling that can come before the bias and activation of `layer`."""
    pooling = twins[0] if twins else None
    if not (isinstance(pooling, MaxPooling2D) and _may_go_first(pooling, layer)):
        return None
    del twins[0]
    return pooling


def _may_go_first(pooling: MaxPooling2D, layer: Conv2D) -> bool:
    return (
        type(pooling) is MaxPooling2D
        and pooling.data_format == "channels_last"
        and pooling.dtype == layer.dtype
        and any(layer.activation is rising for rising in RISING)
    )
