"""Layers one after the other: forward to a loss, and back to the gradients of all parameters."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy.typing as npt

from solutions.reference.layers.losses import SparseCategoricalCrossentropy
from solutions.reference.layers.training import correct_answers
from solutions.reference.shapes import Array, Images, Matrix, Vector


class Step(Protocol):
    """What a batch goes through: a layer, or what does the work of several."""

    @property
    def losses(self) -> list[float]: ...
    def forward(self, inputs: npt.ArrayLike, training: bool = False) -> Array: ...
    def backward(self, upstream: npt.ArrayLike) -> Any: ...


class Chain:
    """Sends batches through `layers`, at whose end is a classifier with the loss `loss`."""

    def __init__(self, layers: Sequence[Step], loss: Any):
        self.layers, self.loss = layers, loss

    def forward(self, images: Images, training: bool = False) -> Array:
        """Return the last layer's outputs."""
        outputs = images
        for layer in self.layers:
            outputs = layer.forward(outputs, training)
        return outputs

    def compute_gradients(self, images: Images, labels: Vector) -> tuple[float, int]:
        """Set the gradients of all parameters to those of a batch's loss; return the (loss, correct answers)."""
        outputs = self.forward(images, training=True)
        loss, argument = self._loss_and_argument(outputs)
        last: Any = self.layers[-1]  # which may have logits
        upstream = loss.gradient(labels, argument)
        upstream = last.backward(upstream) if argument is outputs else last.backward_from_logits(upstream)
        for layer in reversed(self.layers[:-1]):
            upstream = layer.backward(upstream)
        return self.score(labels, outputs)

    def score(self, labels: Vector, outputs: Matrix) -> tuple[float, int]:
        """Return the last batch's (loss with that of the regularizers, correct answers)."""
        loss, argument = self._loss_and_argument(outputs)
        penalties = sum(penalty for layer in self.layers for penalty in layer.losses)
        return loss(labels, argument) + penalties, correct_answers(labels, outputs)

    def _loss_and_argument(self, outputs: Matrix) -> tuple[Any, Matrix]:
        """The loss and what it is a function of: softmax's logits where there are any, else the outputs."""
        logits = getattr(self.layers[-1], "logits", None)
        if logits is None or not isinstance(self.loss, SparseCategoricalCrossentropy):
            return self.loss, outputs
        return SparseCategoricalCrossentropy(from_logits=True), logits
