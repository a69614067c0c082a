"""The layers as `fit` goes through them: the same results with less work.

- Bias and activation wait until after a max-pooling, where a quarter of the numbers is left: the largest number of a
  window stays the largest when the same bias is added to all, and after relu.
- The first layer does not compute a gradient for the images, which nobody asks for.
- On request, convolutions that Winograd's method fits are done by it, with its larger roundings.
"""

import numpy as np

from solutions.reference import engine
from solutions.reference.geometry import prepared
from solutions.reference.layers import activations
from solutions.reference.layers.conv2d import Conv2D
from solutions.reference.layers.pooling import MaxPooling2D
from solutions.reference.layers.winograd import Winograd, fits

RISING = (activations.relu, activations.linear)  # so that they and the maximum change places without a change


def steps_of(layers, winograd=False):
    """Return twins of the layers to go through in their place: some are one step for two layers."""
    twins, steps = [layer.twin() for layer in layers], []
    while twins:
        layer = twins.pop(0)
        if not _is_plain(layer):
            steps.append(layer)
            continue
        pooling = twins.pop(0) if twins and _may_go_first(twins[0], layer) else None
        convolve = Winograd if winograd and fits(layer) else Exact
        steps.append(ConvolutionStep(layer, pooling, convolve(layer, to_inputs=bool(steps))))
    return steps


class ConvolutionStep:
    """A Conv2D layer, and perhaps the pooling after it: activation(pooling(convolution) + bias)."""

    logits = None

    def __init__(self, layer, pooling, convolution):
        self._layer, self._pooling, self._convolution = layer, pooling, convolution
        self._saved = None

    @property
    def parameters(self):
        return self._layer.parameters

    @property
    def losses(self):
        return self._layer.losses

    def forward(self, inputs, training=True):
        inputs = np.asarray(inputs, self._layer.dtype)
        sums, kept = self._convolution.forward(inputs), ()
        if self._pooling is not None:
            sums, kept = self._pooling._forward(sums)
        if self._layer.use_bias:
            sums = sums + self._layer.bias.value
        outputs = self._layer.activation(sums)
        self._saved = outputs, kept
        return outputs

    def backward(self, upstream):
        outputs, kept = self._saved
        upstream = self._layer._activation_gradient(outputs, upstream)
        if self._layer.use_bias:
            self._layer.bias.gradient[...] = upstream.reshape(-1, upstream.shape[-1]).sum(axis=0)
        if self._pooling is not None:
            upstream = self._pooling._backward(upstream, *kept)
        d_inputs = self._convolution.backward(upstream)
        for parameter in self.parameters:
            parameter.regularize()
        return d_inputs


class Exact:
    """The convolution of a layer, and its gradients, by `conv2d`'s engine in one thread."""

    def __init__(self, layer, to_inputs):
        self._layer, self._to_inputs = layer, to_inputs

    def forward(self, inputs):
        layer = self._layer
        rules = layer.strides, layer.padding, "NHWC", layer.dilation_rate
        *self._arguments, geometry = prepared(inputs, layer.kernel.value, *rules)
        self._geometry = geometry
        outputs = np.empty((len(inputs), *geometry.output_size, layer.filters), layer.dtype)
        engine.forward(*self._arguments, geometry, outputs, 1)
        return outputs

    def backward(self, upstream):
        """Set the kernel's gradient; return that of the inputs, or None where nobody needs it."""
        inputs, kernel = self._arguments
        engine.gradient_of_filters(inputs, upstream, self._geometry, self._layer.kernel.gradient, 1)
        if not self._to_inputs:
            return None
        d_inputs = np.zeros_like(inputs)
        engine.gradient_of_inputs(kernel, upstream, self._geometry, d_inputs, 1)
        return d_inputs


def _is_plain(layer):
    """Whether a layer is a convolution that a ConvolutionStep can do."""
    return (
        type(layer) is Conv2D
        and layer.data_format == "channels_last"
        and layer.groups == 1
        and layer.activation is not activations.softmax
        and layer.activity_regularizer is None
    )


def _may_go_first(pooling, layer):
    """Whether a layer is a pooling that can come before the bias and activation of `layer`."""
    return (
        type(pooling) is MaxPooling2D
        and pooling.data_format == "channels_last"
        and pooling.dtype == layer.dtype
        and any(layer.activation is rising for rising in RISING)
    )
