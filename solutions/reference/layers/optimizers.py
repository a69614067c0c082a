"""Optimizers: how weights follow their gradients.

`optimizer.update(values, gradients, epoch)` changes `values` in place. Both are vectors, all the weights of a
model end to end, in which the optimizer keeps its own running means; so an optimizer belongs to one model.

A learning rate is a number, or a function from the epoch, counted from 0, to a number:

    Adam(learning_rate=lambda epoch: 1e-3 if epoch < 8 else 1e-4)
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from solutions.reference.layers.arguments import factor
from solutions.reference.shapes import Vector

Rate: TypeAlias = float | Callable[[int], float]


class Optimizer:
    """What the optimizers share: the learning rate, and running means of the size of the weights."""

    def __init__(self, learning_rate: Rate):
        if not callable(learning_rate):
            learning_rate = factor("learning_rate", learning_rate)
        self.learning_rate = learning_rate
        self.means: tuple[Vector, ...] = ()

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0."""
        if callable(self.learning_rate):
            return factor(f"learning_rate({epoch})", self.learning_rate(epoch))
        return self.learning_rate

    def update(self, values: Vector, gradients: Vector, epoch: int = 0) -> None:
        """Take a step: change `values` in place."""
        raise NotImplementedError

    def _running_means(self, count: int, values: Vector) -> tuple[Vector, ...]:
        """Return the arrays of running means, zeros at first; ValueError for another model's weights."""
        if not self.means:
            self.means = tuple(np.zeros_like(values) for _ in range(count))
        if self.means[0].shape != values.shape:
            raise ValueError(
                f"an optimizer belongs to one model: this one keeps means of {self.means[0].size} weights, but "
                f"was given {values.size}; make a new one"
            )
        return self.means


class SGD(Optimizer):
    """Stochastic gradient descent, w ← w - rate · g.

    With momentum, v ← momentum · v - rate · g and w ← w + v; with `nesterov`, w ← w + momentum · v - rate · g.
    """

    def __init__(self, learning_rate: Rate = 0.01, momentum: float = 0.0, nesterov: bool = False):
        super().__init__(learning_rate)
        self.momentum = factor("momentum", momentum, maximum=1)
        self.nesterov = bool(nesterov)

    def update(self, values: Vector, gradients: Vector, epoch: int = 0) -> None:
        step = gradients * -self.rate(epoch)
        if self.momentum:
            (velocity,) = self._running_means(1, values)
            velocity *= self.momentum
            velocity += step
            step = self.momentum * velocity + step if self.nesterov else velocity
        values += step


class Adam(Optimizer):
    """Kingma and Ba, 2015, in Keras's form.

    m ← m + (1 - beta_1)(g - m), v ← v + (1 - beta_2)(g² - v) and, in step t = 1, 2, …,
    w ← w - rate · √(1 - beta_2ᵗ) / (1 - beta_1ᵗ) · m / (√v + epsilon).
    Keras's epsilon is added to √v before its bias is corrected ("epsilon hat" in the paper).
    """

    def __init__(
        self, learning_rate: Rate = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
    ):
        super().__init__(learning_rate)
        self.beta_1 = _decay("beta_1", beta_1)
        self.beta_2 = _decay("beta_2", beta_2)
        self.epsilon = factor("epsilon", epsilon)
        self.iterations = 0

    def update(self, values: Vector, gradients: Vector, epoch: int = 0) -> None:
        mean, square = self._running_means(2, values)
        self.iterations += 1
        mean += (gradients - mean) * (1 - self.beta_1)
        square += (gradients * gradients - square) * (1 - self.beta_2)
        correction = math.sqrt(1 - self.beta_2**self.iterations) / (1 - self.beta_1**self.iterations)
        divisors = np.sqrt(square)
        divisors += self.epsilon
        step = np.divide(mean, divisors, out=divisors)
        step *= self.rate(epoch) * correction
        values -= step


OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {"sgd": SGD, "adam": Adam}


def get(optimizer: Any) -> Any:
    """Return a new optimizer for a name, "sgd" or "adam"; an object is returned as it is."""
    if isinstance(optimizer, str):
        if optimizer.lower() not in OPTIMIZERS:
            raise ValueError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, but it is {optimizer!r}")
        return OPTIMIZERS[optimizer.lower()]()
    if isinstance(optimizer, type) or not hasattr(optimizer, "update"):
        raise TypeError(f"optimizer must be a name or an object such as Adam(), but it is {optimizer!r}")
    return optimizer


def _decay(name: str, value: float) -> float:
    value = factor(name, value)
    if value >= 1:
        raise ValueError(f"{name} must be from 0 to less than 1, but it is {value}")
    return value
