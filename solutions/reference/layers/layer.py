"""What every layer does: it is built for an input shape, goes forward, and comes back with gradients."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from solutions.reference.layers import arguments
from solutions.reference.layers.initializers import Seed
from solutions.reference.layers.lookup import gradient_of
from solutions.reference.shapes import Array, Shape, Vector


@dataclass(eq=False)
class Parameter:
    """Weights that are learned: their values, and after `Layer.backward` the gradient of the loss.

    Both arrays are written in place for the layer's whole life, except that `move` puts them elsewhere.
    """

    name: str
    value: Array
    gradient: Array  # in the value's shape and dtype
    regularizer: Callable[[Array], float] | None = None
    constraint: Callable[[Array], Array] | None = None

    def move(self, value: Array, gradient: Array) -> None:
        """Go on in other arrays of the same shape, such as views into one vector for a whole model."""
        value[...], gradient[...] = self.value, self.gradient
        self.value, self.gradient = value, gradient

    def regularize(self) -> None:
        """Add the gradient of the regularizer's loss to the gradient."""
        if self.regularizer is not None:
            self.gradient += gradient_of(f"{self.name}_regularizer", self.regularizer)(self.value)

    def constrain(self) -> None:
        """Apply the constraint: to be done after each update by an optimizer."""
        if self.constraint is not None:
            self.value[...] = self.constraint(self.value)


class Layer:
    """A step of a network on a batch; the first axis of inputs and outputs counts the batch's members.

    Use: `build` once, then as often as you like `forward(inputs, training=True)` and `backward(upstream)`. A
    subclass writes `_build`, `_forward` and `_backward`. Everything that a layer remembers is in the object.

    `dtype`, float32 or float64, is what the layer computes in; inputs are converted. `input_shape` is the
    shape of one input, which the first layer of a `Sequential` may be given. `name` is for your eyes.
    """

    def __init__(
        self, *, name: str | None = None, dtype: npt.DTypeLike = "float32", input_shape: Shape | None = None
    ):
        self.name = name or type(self).__name__.lower()
        self.dtype = arguments.dtype(dtype)
        self.input_shape = None if input_shape is None else arguments.input_shape(input_shape)
        self.output_shape: Shape | None = (
            None  # of one output, without the batch; known once the layer is built
        )
        self.parameters: list[Parameter] = []
        # What `backward` needs: the output's shape and what `_forward` kept.
        self._saved: tuple[Shape, tuple[Any, ...]] | None = None

    @property
    def built(self) -> bool:
        """Whether the layer has its weights."""
        return self.output_shape is not None

    @property
    def losses(self) -> list[float]:
        """What the layer's regularizers add to the loss, as floats: here nothing."""
        return []

    def build(self, input_shape: Shape, rng: Seed = None) -> None:
        """Make new weights for inputs of this shape, given without the batch.

        `rng` is a NumPy Generator or a seed; None gives other weights each time. ValueError for a shape that
        the layer cannot take.
        """
        self.input_shape = arguments.input_shape(input_shape)
        self.parameters = []
        self._saved = self.output_shape = None  # so that after a refusal the layer counts as not built
        self.output_shape = self._build(self.input_shape, np.random.default_rng(rng))

    def built_shapes(self) -> tuple[Shape, Shape]:
        """Return the shapes of one input and of one output; RuntimeError where the layer is not built."""
        if self.input_shape is None or self.output_shape is None:
            raise RuntimeError(f"{type(self).__name__} has no weights yet: call build(input_shape) first")
        return self.input_shape, self.output_shape

    def __call__(self, inputs: npt.ArrayLike, training: bool = False) -> Array:
        """Go forward; a layer that is not built yet is built for these inputs first, as in Keras."""
        if not self.built:
            self.build(np.shape(inputs)[1:])
        return self.forward(inputs, training)

    def forward(self, inputs: npt.ArrayLike, training: bool = False) -> Array:
        """Return the layer's output for a batch `[batch, *input_shape]`.

        With `training`, the layer also keeps what `backward` needs. ValueError for inputs that do not fit.
        """
        self.built_shapes()  # refuses a layer that is not built
        array = np.asarray(inputs, self.dtype)
        self._check_inputs(array)
        outputs, kept = self._forward(array)
        self._saved = (outputs.shape, kept) if training else None
        return outputs

    def backward(self, upstream: npt.ArrayLike) -> Array:
        """Return the gradient of Σ(upstream · output) + Σ losses with respect to the last inputs.

        The gradients with respect to the parameters are put into `parameters[...].gradient`. `upstream` has
        the shape of the last output. RuntimeError where the last forward pass was not for training.
        """
        upstream = np.asarray(upstream, self.dtype)
        shape, kept = self._last_pass()
        if upstream.shape != shape:
            raise ValueError(f"upstream must have the output's shape {shape}, but it has {upstream.shape}")
        return self._backward(upstream, *kept)

    def regularize(self) -> None:
        """Add the gradients of the regularizers' losses to those of the parameters: the end of each way back."""
        for parameter in self.parameters:
            parameter.regularize()

    def twin(self) -> Self:
        """Return a layer with the same values, but gradients and a memory of its own."""
        twin = copy.copy(self)
        twin.parameters = [replace(each, gradient=np.zeros_like(each.gradient)) for each in self.parameters]
        return twin

    def get_weights(self) -> list[Array]:
        """Return copies of the parameters' values, in the order of `parameters`."""
        return [parameter.value.copy() for parameter in self.parameters]

    def set_weights(self, weights: Sequence[npt.ArrayLike]) -> None:
        """Set the parameters' values, in the order of `parameters`; ValueError where a shape differs."""
        set_weights(self.parameters, weights)

    def count_params(self) -> int:
        """Return how many numbers the layer learns."""
        return sum(parameter.value.size for parameter in self.parameters)

    def _last_pass(self) -> tuple[Shape, tuple[Any, ...]]:
        if self._saved is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward needs forward(inputs, training=True) before it"
            )
        return self._saved

    def _check_inputs(self, inputs: Array) -> None:
        """Refuse inputs of another rank than the layer was built for; a subclass may ask for more."""
        input_shape, _ = self.built_shapes()
        if inputs.ndim != len(input_shape) + 1:
            raise ValueError(
                f"{type(self).__name__} was built for inputs of shape (batch, {str(input_shape)[1:]}, "
                f"but the inputs have shape {inputs.shape}"
            )

    def _build(self, input_shape: Shape, rng: np.random.Generator) -> Shape:
        """Make the parameters; return the shape of one output."""
        raise NotImplementedError

    def _forward(self, inputs: Array) -> tuple[Array, tuple[Any, ...]]:
        """Return the output, and a tuple of what `_backward` needs."""
        raise NotImplementedError

    def _backward(self, upstream: Array, *kept: Any) -> Array:
        """Return the gradient with respect to the inputs; set those of the parameters."""
        raise NotImplementedError


def set_weights(parameters: Sequence[Parameter], weights: Sequence[npt.ArrayLike]) -> None:
    """Copy arrays into the values of as many parameters of the same shapes."""
    if len(weights) != len(parameters):
        raise ValueError(f"there must be {len(parameters)} arrays of weights, but there are {len(weights)}")
    arrays = [np.asarray(each) for each in weights]
    for parameter, each in zip(parameters, arrays, strict=True):
        if each.shape != parameter.value.shape:
            raise ValueError(
                f"{parameter.name} must have the shape {parameter.value.shape}, but it has {each.shape}"
            )
    for parameter, each in zip(parameters, arrays, strict=True):
        parameter.value[...] = each


def views(vector: Vector, parameters: Sequence[Parameter]) -> Iterator[tuple[Parameter, Array]]:
    """Yield each parameter with its part of `vector`, in which all their numbers lie end to end."""
    start = 0
    for parameter in parameters:
        shape, size = parameter.value.shape, parameter.value.size
        yield parameter, vector[start : start + size].reshape(shape)
        start += size
