"""Constraints: what weights are brought back to after each update of the optimizer, never in the forward pass.

Norms are taken along `axis`, whose default 0 is Keras's. It fits a Dense kernel, `[inputs, units]`, where it
means one norm for each unit. For one norm for each filter of a Conv2D kernel, `[height, width, in_channels,
filters]`, say `axis=(0, 1, 2)`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from solutions.reference.layers.arguments import factor
from solutions.reference.layers.lookup import Option, find
from solutions.reference.shapes import Array

EPSILON = 1e-7  # Keras's: weights of norm 0 stay 0, and other norms come out a little too small


class NonNeg:
    """Negative weights become 0."""

    def __call__(self, weights: Array) -> Array:
        return np.maximum(weights, 0)


class MinMaxNorm:
    """Norms are brought between two limits: all the way for rate 1, a part of the way for less."""

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: int | Sequence[int] = 0
    ):
        self.min_value = factor("min_value", min_value)
        self.max_value = factor("max_value", max_value, self.min_value)
        self.rate = factor("rate", rate, maximum=1)
        self.axis = axis if isinstance(axis, int) else tuple(axis)  # NumPy wants a tuple

    def __call__(self, weights: Array) -> Array:
        """Return the weights, scaled, as a new array of the same shape and dtype."""
        norms = np.sqrt(np.square(weights).sum(axis=self.axis, keepdims=True))
        wanted = self.rate * np.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return weights * (wanted / (EPSILON + norms))


class MaxNorm(MinMaxNorm):
    """Norms are at most `max_value`."""

    def __init__(self, max_value: float = 2.0, axis: int | Sequence[int] = 0):
        super().__init__(0.0, max_value, axis=axis)


class UnitNorm(MinMaxNorm):
    """Norms are 1."""

    def __init__(self, axis: int | Sequence[int] = 0):
        super().__init__(1.0, 1.0, axis=axis)


CONSTRAINTS: dict[str, Callable[[Array], Array]] = {
    "max_norm": MaxNorm(),
    "min_max_norm": MinMaxNorm(),
    "non_neg": NonNeg(),
    "unit_norm": UnitNorm(),
}


def get(argument: str, constraint: Option) -> Callable[[Array], Array] | None:
    """Return the constraint that a layer's argument means, or None; see `lookup.find`."""
    return find(argument, constraint, CONSTRAINTS)
