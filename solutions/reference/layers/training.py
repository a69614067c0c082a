"""Batches, running measures, and the history that `fit` gives back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from solutions.reference.shapes import Matrix, Vector


@dataclass
class History:
    """What an epoch at a time came to: `history["accuracy"][3]` belongs to the epoch `epoch[3]`."""

    epoch: list[int] = field(default_factory=list)  # counted from 0
    history: dict[str, list[float]] = field(default_factory=dict)

    def add(self, measures: Mapping[str, float]) -> None:
        """Add the measures of the next epoch, name by name."""
        self.epoch.append(len(self.epoch))
        for name, value in measures.items():
            self.history.setdefault(name, []).append(value)


class Measures:
    """The loss and the accuracy of some batches: means over all their images."""

    def __init__(self) -> None:
        self._images = self._correct = 0
        self._loss = 0.0

    def add(self, images: int, loss: float, correct: int) -> None:
        """Add a batch: its number of images, their mean loss, and how many got their right class."""
        self._images += images
        self._loss += loss * images
        self._correct += correct

    def means(self) -> dict[str, float]:
        """Return the mean loss, and the share of images that got their right class."""
        return {"loss": self._loss / self._images, "accuracy": self._correct / self._images}


def batches(size: int, batch_size: int) -> Iterator[slice]:
    """Yield the places of each batch, slices of 0 … size - 1; the last may be shorter.

    >>> [(batch.start, batch.stop) for batch in batches(70, 32)]
    [(0, 32), (32, 64), (64, 70)]
    """
    for start in range(0, size, batch_size):
        yield slice(start, min(start + batch_size, size))


def correct_answers(labels: Vector, outputs: Matrix) -> int:
    """Return in how many rows the largest output is that of the right class."""
    return int(np.count_nonzero(outputs.argmax(axis=-1) == labels))
