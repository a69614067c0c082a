"""What Conv2D and Dense share: a kernel, a bias, an activation, and what may be asked of each of them."""

import math

import numpy as np

from solutions.reference.layers import activations, constraints, initializers, regularizers
from solutions.reference.layers.layer import Layer, Parameter
from solutions.reference.layers.lookup import gradient_of


class KernelLayer(Layer):
    """activation(sums + bias), where a subclass says how inputs and kernel make the sums.

    A subclass writes `_sums(inputs)` and `_sums_gradients(inputs, upstream)`, which returns the gradients with
    respect to inputs and kernel; in its `_build` it calls `_add_weights`. Once built, `kernel` and `bias` are
    Parameters; `bias` stays None without `use_bias`.

    The options are those of Keras: a name, an object, a class or a function for each. What training passes
    through (activation and regularizers) needs a method `gradient`, as the ones in this package have.
    """

    _channel_axis = -1  # of the sums: the axis that the bias lies along

    def __init__(
        self,
        *,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        **layer,
    ):
        super().__init__(**layer)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get("kernel_initializer", kernel_initializer)
        self.bias_initializer = initializers.get("bias_initializer", bias_initializer)
        self.kernel_regularizer = regularizers.get("kernel_regularizer", kernel_regularizer)
        self.bias_regularizer = regularizers.get("bias_regularizer", bias_regularizer)
        self.activity_regularizer = regularizers.get("activity_regularizer", activity_regularizer)
        self.kernel_constraint = constraints.get("kernel_constraint", kernel_constraint)
        self.bias_constraint = constraints.get("bias_constraint", bias_constraint)
        self.logits = None  # of the last forward pass, where the activation is softmax
        self._activity_loss = 0.0

    @property
    def kernel(self):
        """The Parameter of this name; None before the layer is built."""
        return self._parameter_named("kernel")

    @property
    def bias(self):
        """The Parameter of this name; None before the layer is built, and without `use_bias`."""
        return self._parameter_named("bias")

    @property
    def multiplications(self):
        """How many the sums of one input take: the kernel is used once for each position of the output."""
        kernel = self.kernel.value
        return kernel.size * math.prod(self.output_shape) // kernel.shape[-1]

    @property
    def losses(self):
        """The regularizers' losses: of the last output, of the kernel, of the bias, as far as there are any."""
        activity = [] if self.activity_regularizer is None else [self._activity_loss]
        return activity + [
            float(parameter.regularizer(parameter.value))
            for parameter in self.parameters
            if parameter.regularizer is not None
        ]

    def backward_from_logits(self, upstream):
        """As `backward`, but `upstream` belongs to what the activation was given, not to its output.

        The gradient of softmax and cross-entropy together is simple and exact; apart it would be neither.
        """
        _, kept = self._last_pass()
        return self._backward_sums(upstream, *kept)

    def _add_weights(self, kernel_shape, rng):
        """Make the parameters; the kernel's last axis has one entry for each output channel or unit."""
        options = self.kernel_regularizer, self.kernel_constraint
        kernel = self._new_parameter("kernel", self.kernel_initializer, kernel_shape, rng, *options)
        self.parameters = [kernel]
        if self.use_bias:
            options = self.bias_regularizer, self.bias_constraint
            bias = self._new_parameter("bias", self.bias_initializer, kernel_shape[-1:], rng, *options)
            self.parameters.append(bias)

    def _parameter_named(self, name):
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def _new_parameter(self, name, initializer, shape, rng, regularizer, constraint):
        if isinstance(initializer, initializers.Initializer):
            value = initializer(shape, self.dtype, rng)
        else:
            value = np.array(initializer(shape, dtype=self.dtype.name), self.dtype)
        if value.shape != shape:
            raise ValueError(
                f"{name}_initializer must return an array of shape {shape}, but it has {value.shape}"
            )
        return Parameter(name, value, np.zeros_like(value), regularizer, constraint)

    def _forward(self, inputs):
        sums = self._sums(inputs)
        if self.use_bias:
            self._channels_last(sums)[...] += self.bias.value
        outputs = self.activation(sums)
        self.logits = sums if self.activation is activations.softmax else None
        if self.activity_regularizer is not None:
            self._activity_loss = float(self.activity_regularizer(outputs)) / max(1, len(outputs))
        return outputs, (inputs, outputs)

    def _backward(self, upstream, inputs, outputs):
        return self._backward_sums(self._activation_gradient(outputs, upstream), inputs, outputs)

    def _backward_sums(self, upstream, inputs, outputs):
        if self.activity_regularizer is not None:
            penalty = gradient_of("activity_regularizer", self.activity_regularizer)(outputs)
            upstream = upstream + self._activation_gradient(outputs, penalty / max(1, len(outputs)))
        d_inputs, self.kernel.gradient[...] = self._sums_gradients(inputs, upstream)
        if self.use_bias:
            self.bias.gradient[...] = self._channels_last(upstream).sum(axis=tuple(range(upstream.ndim - 1)))
        for parameter in self.parameters:
            parameter.regularize()
        return d_inputs

    def _activation_gradient(self, outputs, upstream):
        return gradient_of("activation", self.activation)(outputs, upstream)

    def _channels_last(self, sums):
        """A view of the sums in which the bias lies along the last axis."""
        return np.moveaxis(sums, self._channel_axis, -1)
