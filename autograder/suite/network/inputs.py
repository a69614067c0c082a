"""Hidden inputs: never square, no two axes of one length, the same for every student of a course.

Shapes and dtypes are chosen here; the numbers follow from the course's key. What a test needs of its numbers holds by how they
are made: equal largest numbers by construction, logits far apart by their scale.
"""

import numpy as np

from autograder.judge.hidden import Numbers
from autograder.suite.network import right

# The pictures to learn from: noise around one pattern of each class. The patterns follow from the key, too, so that no
# weights which somebody has brought along tell them apart.
CLASSES, SIDE, NOISE = 3, (12, 13), 0.3
LEARNED, UNSEEN = 48, 60
EPOCHS, RATE, BATCH = 6, 0.1, 4

# The CPU time that this training may take. Loops over every number, in the convolution too, took 2.6 seconds. It is judged by what
# it reaches, not by its speed, so there is room for a machine seven times as slow. The other calls of `train`, each a small part
# of this one, keep the limit of all calls: a training that never ends stops at the first of them.
TRAINING_SECONDS = 20.0

# The largest mean loss on unseen pictures of a network that was trained. `python -m solutions.network.rehearse` prints
# what right programs reach under many keys, with which this was chosen; log(3) = 1.10 is what guessing gives.
BOUND = 0.5


def generator(numbers: Numbers, seed: int) -> np.random.Generator:
    """A generator of random numbers, for functions that are given one."""
    [start] = numbers(seed, 1, dtype="int64", low=0, high=2**62)
    return np.random.default_rng(int(start))


def labels_of(numbers: Numbers, seed: int, count: int, classes: int) -> np.ndarray:
    """Labels among which are the first class and the last."""
    labels = numbers(seed, count, dtype="int64", low=0, high=classes - 1).copy()
    labels[0], labels[-1] = classes - 1, 0
    return labels


def tied(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers as floats, after relu: in most windows several are the largest."""
    return np.maximum(numbers(seed, *shape, dtype="int64", low=-2, high=2), 0).astype(float)


def distinct(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    """Whole numbers of bytes, of which no two are equal: at most 256."""
    order = np.argsort(numbers(seed, int(np.prod(shape))))
    return order.reshape(shape).astype("uint8")


def large_logits(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    """Logits from −3000 to 3000, whose exponentials are no numbers, with rows far above and far below 0."""
    logits = numbers(seed, *shape, low=-800, high=800).copy()
    logits[0] += 2200
    logits[-1] -= 2200
    return logits


def large_logits_and_labels(
    numbers: Numbers, seed: int, label_seed: int, batch: int, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Large logits and labels; the second picture's label has a probability that is 0 in floats."""
    logits, labels = (
        large_logits(numbers, seed, batch, classes),
        labels_of(numbers, label_seed, batch, classes),
    )
    logits[1, labels[1]] -= 2500
    return logits, labels


def network(
    numbers: Numbers,
    seed: int,
    side: tuple[int, int],
    channels: int = 1,
    classes: int = CLASSES,
    filters: tuple[tuple[int, int, int], ...] = ((3, 2, 4), (2, 3, 6)),
) -> list[np.ndarray]:
    """A small network for pictures of that size: each filter is (rows, columns, how many)."""
    arrays: list[np.ndarray] = []
    rows, columns = side
    for place, (height, width, count) in enumerate(filters):
        arrays += [_glorot(numbers, seed + place, height, width, channels, count), np.zeros(count)]
        rows, columns, channels = (rows - height + 1) // 2, (columns - width + 1) // 2, count
    units = rows * columns * channels
    return [*arrays, _glorot(numbers, seed + 9, units, classes), np.zeros(classes)]


def _glorot(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    return numbers(seed, *shape) * right.glorot_limit(shape)


def with_biases(numbers: Numbers, seed: int, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The network with biases that are not 0, as after some training."""
    return [
        numbers(seed + place, *array.shape, low=-0.2, high=0.2) if array.ndim == 1 else array
        for place, array in enumerate(arrays)
    ]


def pictures(numbers: Numbers, seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels of `CLASSES` classes; the patterns are the same for all seeds, the noise and the order are not."""
    patterns = numbers(900, CLASSES, *SIDE, 1)
    labels = numbers(seed, count, dtype="int64", low=0, high=CLASSES - 1)
    return patterns[labels] + numbers(seed + 1, count, *SIDE, 1, low=-NOISE, high=NOISE), labels
