"""Prints what right programs reach in the hidden test of training, under many keys: from this its bound was chosen.

    python -m solutions.network.rehearse [KEYS]

A right program is free to shuffle as it likes, so each key is rehearsed with several orders of the pictures.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.judge.hidden import Key, Numbers
from autograder.suite.network import right
from autograder.suite.network.inputs import (
    BATCH,
    BOUND,
    EPOCHS,
    LEARNED,
    RATE,
    SIDE,
    UNSEEN,
    network,
    pictures,
)

ORDERS = 3


@dataclass(frozen=True)
class Rehearsed:
    """The mean loss on unseen pictures before and after one training."""

    before: float
    after: float


def rehearse(keys: int) -> Iterator[Rehearsed]:
    """One training for each key and order."""
    for number in range(keys):
        numbers = Numbers(Key(hashlib.sha256(b"rehearsal %d" % number).digest()))
        images, labels = pictures(numbers, 80, LEARNED)
        for order in range(ORDERS):
            arrays = network(numbers, 82, SIDE)
            before = unseen_loss(numbers, arrays)
            right.train(arrays, images, labels, EPOCHS, RATE, BATCH, np.random.default_rng(order))
            yield Rehearsed(before, unseen_loss(numbers, arrays))


def unseen_loss(numbers: Numbers, arrays: list[np.ndarray]) -> float:
    """What the hidden test judges."""
    images, labels = pictures(numbers, 84, UNSEEN)
    return right.cross_entropy(right.forward(arrays, images), labels)


def spread(trainings: list[Rehearsed]) -> str:
    """The losses, and how many standard deviations of their logarithms lie between their mean and the bound."""
    before = np.array([each.before for each in trainings])
    after = np.array([each.after for each in trainings])
    logarithms = np.log(after)
    away = (np.log(BOUND) - logarithms.mean()) / logarithms.std()
    return (
        f"{len(trainings)} trainings: before {before.min():.2f} to {before.max():.2f}; after {after.min():.4f} to "
        f"{after.max():.4f}, median {np.median(after):.4f}. The bound, {BOUND}, is {away:.1f} standard deviations above the "
        f"mean of the logarithms, and {BOUND / after.max():.1f} times the largest."
    )


if __name__ == "__main__":
    print(spread(list(rehearse(int(sys.argv[1]) if sys.argv[1:] else 100))))
