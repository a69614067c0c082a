"""Activations: functions that follow a layer's sums, each with its gradient.

For all of them the output alone tells the slope, so that a layer keeps its output and forgets its sums.
Definitions and constants are Keras's. To write your own, give `Activation` two functions.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solutions.reference.layers.lookup import Option, find
from solutions.reference.shapes import Array

# Klambauer et al., Self-Normalizing Neural Networks, 2017.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@dataclass(frozen=True)
class Activation:
    """A function of an array, in the array's shape and dtype.

    `gradient(output, upstream)` returns the gradient of Σ(upstream · output) with respect to the argument.
    """

    name: str
    function: Callable[[Array], Array]
    gradient: Callable[[Array, Array], Array]

    def __call__(self, sums: Array) -> Array:
        return self.function(sums)


def _elementwise(
    name: str, function: Callable[[Array], Array], slope: Callable[[Array], Array]
) -> Activation:
    """An activation that treats each number by itself: its gradient is the slope times what arrives."""
    return Activation(name, function, lambda output, upstream: upstream * slope(output))


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1, small) / (1 + small)


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _softmax_gradient(output: Array, upstream: Array) -> Array:
    return output * (upstream - np.sum(upstream * output, axis=-1, keepdims=True))


# x
linear = Activation("linear", lambda x: x, lambda output, upstream: upstream)
# max(x, 0)
relu = _elementwise("relu", lambda x: np.maximum(x, 0), lambda y: y > 0)
# 1 / (1 + exp(-x))
sigmoid = _elementwise("sigmoid", _sigmoid, lambda y: y * (1 - y))
tanh = _elementwise("tanh", np.tanh, lambda y: 1 - y * y)
exponential = _elementwise("exponential", np.exp, lambda y: y)
# log(1 + exp(x)), whose slope is sigmoid(x) = 1 - exp(-y)
softplus = _elementwise("softplus", lambda x: np.logaddexp(x, 0), lambda y: -np.expm1(-y))
# x / (1 + |x|)
softsign = _elementwise("softsign", lambda x: x / (1 + np.abs(x)), lambda y: (1 - np.abs(y)) ** 2)
# x above 0, exp(x) - 1 below
elu = _elementwise("elu", _elu, lambda y: np.where(y > 0, 1, y + 1))
# scale · x above 0, scale · alpha · (exp(x) - 1) below
selu = _elementwise(
    "selu",
    lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    lambda y: np.where(y > 0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA),
)
# exp(x) over the sum of exp(x) along the last axis, which in "channels_first" holds columns, as in Keras
softmax = Activation("softmax", _softmax, _softmax_gradient)

ACTIVATIONS = {
    each.name: each
    for each in (relu, sigmoid, softmax, tanh, softplus, softsign, selu, elu, exponential, linear)
}


def get(activation: Option) -> Callable[[Array], Array]:
    """Return the activation that a layer's argument means: None is linear; see `lookup.find`."""
    return find("activation", activation, ACTIVATIONS) or linear
