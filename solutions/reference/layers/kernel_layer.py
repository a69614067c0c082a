"""What Conv2D and Dense share: a kernel, a bias, an activation, and what may be asked of each of them."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from solutions.reference.layers import activations, constraints, initializers, regularizers
from solutions.reference.layers.layer import Layer, Parameter
from solutions.reference.layers.lookup import Option, gradient_of
from solutions.reference.shapes import Array, Shape


class KernelLayer(Layer):
    """activation(sums + bias), where a subclass says how inputs and kernel make the sums.

    A subclass writes `_sums(inputs)` and `_sums_gradients(inputs, upstream)`, which returns the gradients
    with respect to inputs and kernel; in its `_build` it calls `_add_weights`. Once built, `kernel` and
    `bias` are Parameters; `bias` stays None without `use_bias`.

    The options are those of Keras: a name, an object, a class or a function for each. What training passes
    through (activation and regularizers) needs a method `gradient`, as the ones in this package have.
    """

    _channel_axis = -1  # of the sums: the axis that the bias lies along

    def __init__(
        self,
        *,
        activation: Option,
        use_bias: bool,
        kernel_initializer: Option,
        bias_initializer: Option,
        kernel_regularizer: Option,
        bias_regularizer: Option,
        activity_regularizer: Option,
        kernel_constraint: Option,
        bias_constraint: Option,
        **layer: Any,
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
        self.logits: Array | None = None  # of the last forward pass, where the activation is softmax
        self._activity_loss = 0.0

    @property
    def kernel(self) -> Parameter | None:
        """The Parameter of this name; None before the layer is built."""
        return self._parameter_named("kernel")

    @property
    def bias(self) -> Parameter | None:
        """The Parameter of this name; None before the layer is built, and without `use_bias`."""
        return self._parameter_named("bias")

    @property
    def _kernel(self) -> Parameter:
        """The kernel of a layer that is built."""
        return self.parameters[0]

    @property
    def _bias(self) -> Parameter:
        """The bias of a layer that is built and has one."""
        return self.parameters[1]

    @property
    def multiplications(self) -> int:
        """How many the sums of one input take: the kernel is used once for each position of the output."""
        kernel, (_, output_shape) = self._kernel.value, self.built_shapes()
        return kernel.size * math.prod(output_shape) // kernel.shape[-1]

    @property
    def losses(self) -> list[float]:
        """The regularizers' losses: of the last output, of the kernel, of the bias, as far as there are any."""
        activity = [] if self.activity_regularizer is None else [self._activity_loss]
        return activity + [
            float(parameter.regularizer(parameter.value))
            for parameter in self.parameters
            if parameter.regularizer is not None
        ]

    def backward_from_logits(self, upstream: Array) -> Array:
        """As `backward`, but `upstream` belongs to what the activation was given, not to its output.

        The gradient of softmax and cross-entropy together is simple and exact; apart it would be neither.
        """
        _, (inputs, outputs) = self._last_pass()
        return self._backward_sums(self._gradient_before_activation(outputs, upstream), inputs)

    def _add_weights(self, kernel_shape: Shape, rng: np.random.Generator) -> None:
        """Make the parameters; the kernel's last axis has one entry for each output channel or unit."""
        options = self.kernel_regularizer, self.kernel_constraint
        kernel = self._new_parameter("kernel", self.kernel_initializer, kernel_shape, rng, *options)
        self.parameters = [kernel]
        if self.use_bias:
            options = self.bias_regularizer, self.bias_constraint
            bias = self._new_parameter("bias", self.bias_initializer, kernel_shape[-1:], rng, *options)
            self.parameters.append(bias)

    def _parameter_named(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def _new_parameter(
        self,
        name: str,
        initializer: Callable[..., Array],
        shape: Shape,
        rng: np.random.Generator,
        regularizer: Callable[[Array], float] | None,
        constraint: Callable[[Array], Array] | None,
    ) -> Parameter:
        if isinstance(initializer, initializers.Initializer):
            value = initializer(shape, self.dtype, rng)
        else:
            value = np.array(initializer(shape, dtype=self.dtype.name), self.dtype)
        if value.shape != shape:
            raise ValueError(
                f"{name}_initializer must return an array of shape {shape}, but it has {value.shape}"
            )
        return Parameter(name, value, np.zeros_like(value), regularizer, constraint)

    def activated(self, sums: Array) -> Array:
        """Return activation(sums + bias) for sums in the shape of the output; the sums are overwritten."""
        if self.use_bias:
            self._channels_last(sums)[...] += self._bias.value
        outputs = self.activation(sums)
        self.logits = sums if self.activation is activations.softmax else None
        if self.activity_regularizer is not None:
            self._activity_loss = float(self.activity_regularizer(outputs)) / max(1, len(outputs))
        return outputs

    def gradient_of_sums(self, outputs: Array, upstream: Array) -> Array:
        """Go back through what `activated` did, with its outputs; set the bias's gradient, return that of the sums."""
        return self._gradient_before_activation(outputs, self._activation_gradient(outputs, upstream))

    def _forward(self, inputs: Array) -> tuple[Array, tuple[Array, Array]]:
        outputs = self.activated(self._sums(inputs))
        return outputs, (inputs, outputs)

    def _backward(self, upstream: Array, inputs: Array, outputs: Array) -> Array:
        return self._backward_sums(self.gradient_of_sums(outputs, upstream), inputs)

    def _backward_sums(self, d_sums: Array, inputs: Array) -> Array:
        d_inputs, self._kernel.gradient[...] = self._sums_gradients(inputs, d_sums)
        self.regularize()
        return d_inputs

    def _gradient_before_activation(self, outputs: Array, upstream: Array) -> Array:
        """Add what the penalty for the outputs sends back to `upstream`, which belongs to sums + bias."""
        if self.activity_regularizer is not None:
            penalty = gradient_of("activity_regularizer", self.activity_regularizer)(outputs)
            upstream = upstream + self._activation_gradient(outputs, penalty / max(1, len(outputs)))
        if self.use_bias:
            self._bias.gradient[...] = self._channels_last(upstream).sum(axis=tuple(range(upstream.ndim - 1)))
        return upstream

    def _sums(self, inputs: Array) -> Array:
        """Return the sums of inputs and kernel, a new array, in the shape of the output."""
        raise NotImplementedError

    def _sums_gradients(self, inputs: Array, upstream: Array) -> tuple[Array, Array]:
        """Return the gradients of Σ(upstream · sums) with respect to inputs and kernel."""
        raise NotImplementedError

    def _activation_gradient(self, outputs: Array, upstream: Array) -> Array:
        return gradient_of("activation", self.activation)(outputs, upstream)

    def _channels_last(self, sums: Array) -> Array:
        """A view of the sums in which the bias lies along the last axis."""
        return np.moveaxis(sums, self._channel_axis, -1)
