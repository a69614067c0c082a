"""Regularizers: what a layer adds to the loss for large weights or outputs, each with its gradient."""

from collections.abc import Callable

import numpy as np

from solutions.reference.layers.arguments import factor
from solutions.reference.layers.lookup import Option, find
from solutions.reference.shapes import Array


class L1L2:
    """l1 · Σ|w| + l2 · Σw², as in Keras: without a half before the square."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0):
        self.l1 = factor("l1", l1)
        self.l2 = factor("l2", l2)

    def __call__(self, weights: Array) -> float:
        """Return the loss, a float."""
        return float(self.l1 * np.abs(weights).sum() + self.l2 * np.square(weights).sum())

    def gradient(self, weights: Array) -> Array:
        """Return the gradient of the loss, in the weights' shape and dtype; at 0 the slope of |w| counts as 0."""
        return self.l1 * np.sign(weights) + 2 * self.l2 * weights

    def __repr__(self) -> str:
        return f"{type(self).__name__}(l1={self.l1:g}, l2={self.l2:g})"


class L1(L1L2):
    """l1 · Σ|w|"""

    def __init__(self, l1: float = 0.01):
        super().__init__(l1=l1)


class L2(L1L2):
    """l2 · Σw²"""

    def __init__(self, l2: float = 0.01):
        super().__init__(l2=l2)


# Keras promises 0.01 and 0.01 for the name "l1_l2", and then refuses it.
REGULARIZERS = {"l1": L1(), "l2": L2(), "l1_l2": L1L2(0.01, 0.01)}


def get(argument: str, regularizer: Option) -> Callable[[Array], float] | None:
    """Return the regularizer that a layer's argument means, or None; see `lookup.find`."""
    return find(argument, regularizer, REGULARIZERS)
