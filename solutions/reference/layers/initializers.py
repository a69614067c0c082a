"""Initializers: the numbers that a layer's weights begin with.

`initializer(shape, dtype, rng)` returns a new array. `rng` is a NumPy Generator; an initializer made with a
`seed` of its own ignores it and gives the same numbers on every call, as in Keras. A function of yours,
called as `function(shape, dtype=dtype)`, does as well. Distributions are Keras's, its random numbers are not.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from solutions.reference.layers.arguments import factor, one_of
from solutions.reference.layers.lookup import Option, find
from solutions.reference.shapes import Array, Shape

# What `np.random.default_rng` takes: a Generator, a number, or None for other numbers each time.
Seed: TypeAlias = np.random.Generator | int | None

# Standard deviation of a normal distribution that is cut off two standard deviations from its mean.
TRUNCATED_DEVIATION = 0.87962566103423978


class Initializer:
    """What all initializers share; a subclass says in `draw` which numbers."""

    def __init__(self, seed: Seed = None):
        self.seed = seed

    def __call__(self, shape: Shape, dtype: npt.DTypeLike = "float32", rng: Seed = None) -> Array:
        rng = np.random.default_rng(rng if self.seed is None else self.seed)
        return np.asarray(self.draw(tuple(shape), rng), dtype)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        raise NotImplementedError


class Constant(Initializer):
    """One number everywhere."""

    def __init__(self, value: float = 0.0):
        super().__init__()
        self.value = factor("value", value, -math.inf)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return np.full(shape, self.value)


class Zeros(Constant):
    """0 everywhere."""

    def __init__(self) -> None:
        super().__init__(0.0)


class Ones(Constant):
    """1 everywhere."""

    def __init__(self) -> None:
        super().__init__(1.0)


class RandomNormal(Initializer):
    """Normal numbers."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Seed = None):
        super().__init__(seed)
        self.mean = factor("mean", mean, -math.inf)
        self.stddev = factor("stddev", stddev)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """Normal numbers, drawn again where they are more than two standard deviations from the mean.

    What remains has a smaller standard deviation, 0.88 · `stddev`.
    """

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return self.mean + self.stddev * _standard_truncated_normal(shape, rng)


class RandomUniform(Initializer):
    """Numbers from `minval` up to `maxval`, all equally likely."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Seed = None):
        super().__init__(seed)
        self.minval = factor("minval", minval, -math.inf)
        self.maxval = factor("maxval", maxval, self.minval)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.uniform(self.minval, self.maxval, shape)


class VarianceScaling(Initializer):
    """Random numbers whose variance is `scale` over the number of connections.

    `mode` counts the connections: "fan_in" those that lead to one output, "fan_out" those that leave one
    input, "fan_avg" their mean. `distribution` is "truncated_normal", widened so that the variance holds after
    the cut, or "uniform", between -√(3 · variance) and √(3 · variance).
    """

    MODES = ("fan_in", "fan_out", "fan_avg")
    DISTRIBUTIONS = ("truncated_normal", "uniform")

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Seed = None,
    ):
        super().__init__(seed)
        self.scale = factor("scale", scale)
        self.mode = one_of("mode", mode, self.MODES)
        self.distribution = one_of("distribution", distribution, self.DISTRIBUTIONS)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        fan_in, fan_out = fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        deviation = math.sqrt(self.scale / max(1, fan))
        if self.distribution == "uniform":
            limit = math.sqrt(3) * deviation
            return rng.uniform(-limit, limit, shape)
        return deviation / TRUNCATED_DEVIATION * _standard_truncated_normal(shape, rng)


class GlorotUniform(VarianceScaling):
    """Variance 2 / (fan_in + fan_out). Glorot and Bengio, 2010."""

    def __init__(self, seed: Seed = None):
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Variance 2 / (fan_in + fan_out). Glorot and Bengio, 2010."""

    def __init__(self, seed: Seed = None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


class HeUniform(VarianceScaling):
    """Variance 2 / fan_in, for relu. He et al., 2015."""

    def __init__(self, seed: Seed = None):
        super().__init__(2.0, "fan_in", "uniform", seed)


class HeNormal(VarianceScaling):
    """Variance 2 / fan_in, for relu. He et al., 2015."""

    def __init__(self, seed: Seed = None):
        super().__init__(2.0, "fan_in", "truncated_normal", seed)


class LecunUniform(VarianceScaling):
    """Variance 1 / fan_in. LeCun et al., 1998."""

    def __init__(self, seed: Seed = None):
        super().__init__(1.0, "fan_in", "uniform", seed)


class LecunNormal(VarianceScaling):
    """Variance 1 / fan_in. LeCun et al., 1998."""

    def __init__(self, seed: Seed = None):
        super().__init__(1.0, "fan_in", "truncated_normal", seed)


class Orthogonal(Initializer):
    """A matrix with orthonormal columns (rows, where there are more columns than rows), times `gain`.

    The matrix is `[all axes but the last, last axis]`: a filter of a Conv2D kernel is one column. Saxe et al.,
    2014.
    """

    def __init__(self, gain: float = 1.0, seed: Seed = None):
        super().__init__(seed)
        self.gain = factor("gain", gain, -math.inf)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        if len(shape) < 2:
            raise ValueError(f"orthogonal weights must have at least 2 axes, but their shape is {shape}")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diag(r))  # without this, some rotations would be likelier than others
        return self.gain * (q if rows >= columns else q.T).reshape(shape)


class Identity(Initializer):
    """The unit matrix times `gain`, for the kernel of a Dense layer."""

    def __init__(self, gain: float = 1.0):
        super().__init__()
        self.gain = factor("gain", gain, -math.inf)

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        if len(shape) != 2:
            raise ValueError(f"identity weights must be a matrix, as in Dense, but their shape is {shape}")
        return self.gain * np.eye(*shape)


INITIALIZERS = {
    "zeros": Zeros(),
    "ones": Ones(),
    "constant": Constant(),
    "random_normal": RandomNormal(),
    "random_uniform": RandomUniform(),
    "truncated_normal": TruncatedNormal(),
    "variance_scaling": VarianceScaling(),
    "glorot_normal": GlorotNormal(),
    "glorot_uniform": GlorotUniform(),
    "he_normal": HeNormal(),
    "he_uniform": HeUniform(),
    "lecun_normal": LecunNormal(),
    "lecun_uniform": LecunUniform(),
    "orthogonal": Orthogonal(),
    "identity": Identity(),
}


def get(argument: str, initializer: Option) -> Callable[..., Array]:
    """Return the initializer that a layer's argument means; see `lookup.find`. None is refused."""
    found = find(argument, initializer, INITIALIZERS)
    if found is None:
        raise TypeError(f"{argument} must be an initializer, such as 'glorot_uniform', but it is None")
    return found


def fans(shape: Shape) -> tuple[int, int]:
    """Return (fan_in, fan_out) of weights `[..., inputs, outputs]`; the axes before these two count for both.

    In a grouped convolution the kernel's third axis holds the channels of one group, so fan_in counts these.
    """
    if len(shape) == 1:
        return shape[0], shape[0]
    *window, inputs, outputs = shape
    return math.prod(window) * inputs, math.prod(window) * outputs


def _standard_truncated_normal(shape: Shape, rng: np.random.Generator) -> Array:
    """Normal numbers of mean 0 and standard deviation 1, none beyond -2 and 2."""
    numbers = rng.normal(size=shape)
    while (beyond := np.abs(numbers) > 2).any():
        numbers[beyond] = rng.normal(size=beyond.sum())
    return numbers
