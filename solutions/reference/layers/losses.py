"""The loss of a classifier: how unlikely it found the right classes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solutions.reference.layers.lookup import Option, find
from solutions.reference.shapes import Array, Matrix, Shape, Vector

EPSILON = 1e-7  # Keras's: probabilities are kept this far from 0 and 1


class SparseCategoricalCrossentropy:
    """The mean of -log(probability of the right class), as `keras.losses.SparseCategoricalCrossentropy`.

    `labels` are class numbers of shape `[batch]` (or `[batch, 1]`), `outputs` are `[batch, classes]`: softmax's
    probabilities, or, with `from_logits`, the numbers that softmax would be given. Logits are the better
    choice, since probabilities lose what is near 0 or 1; `Sequential` goes back to the logits by itself where
    its last layer's activation is softmax, as Keras does.
    """

    def __init__(self, from_logits: bool = False):
        self.from_logits = bool(from_logits)

    def __call__(self, labels: npt.ArrayLike, outputs: Matrix) -> float:
        """Return the loss, a float."""
        labels = class_numbers(labels, outputs.shape)
        logits = outputs if self.from_logits else np.log(_clipped(outputs))
        largest = logits.max(axis=-1)
        log_sums = largest + np.log(np.exp(logits - largest[:, np.newaxis]).sum(axis=-1))
        return float(np.mean(log_sums - logits[np.arange(len(labels)), labels]))

    def gradient(self, labels: npt.ArrayLike, outputs: Matrix) -> Matrix:
        """Return the gradient of the loss with respect to the outputs, in their shape and dtype."""
        labels = class_numbers(labels, outputs.shape)
        powers = _clipped(outputs)
        if self.from_logits:
            powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        gradient = powers / powers.sum(axis=-1, keepdims=True)
        gradient[np.arange(len(labels)), labels] -= 1
        gradient /= len(labels)
        if self.from_logits:
            return gradient
        return gradient / powers * (powers == outputs)  # through log, and not through what was clipped


def class_numbers(labels: npt.ArrayLike, shape: Shape) -> Vector:
    """Return the labels as an int array `[batch]`; ValueError, with the cure, where they do not fit `shape`."""
    labels = np.asarray(labels)
    if len(shape) != 2:
        raise ValueError(
            f"a classifier must give one row of numbers for each image, but its outputs have shape {shape}; "
            f"put Flatten() before the last Dense layer"
        )
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2:
        raise ValueError(
            f"labels must be class numbers of shape (batch,), but their shape is {labels.shape}; "
            f"from one-hot rows, labels.argmax(axis=1) makes them"
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"labels must be integers, the numbers of the classes, but their dtype is {labels.dtype}"
        )
    if labels.shape != shape[:1]:
        raise ValueError(
            f"there must be one label for each of {shape[0]} images, but labels have {labels.shape}"
        )
    if labels.size and not (labels.min() >= 0 and labels.max() < shape[1]):
        raise ValueError(
            f"labels must be from 0 to {shape[1] - 1}, as there are {shape[1]} outputs, but they go from "
            f"{labels.min()} to {labels.max()}"
        )
    return labels


LOSSES = {"sparse_categorical_crossentropy": SparseCategoricalCrossentropy()}


def get(loss: Option) -> Any:
    """Return the loss that is meant by a name or an object; see `lookup.find`. None is refused."""
    if loss is None:
        raise TypeError("loss must be a loss, such as 'sparse_categorical_crossentropy', but it is None")
    return find("loss", loss, LOSSES)


def _clipped(probabilities: Array) -> Array:
    return np.clip(probabilities, EPSILON, 1 - EPSILON)
