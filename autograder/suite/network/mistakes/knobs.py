"""Right functions with knobs for mistakes to turn."""

from collections.abc import Callable, Sequence

import numpy as np

from autograder.suite.network import right

Gradients = list[np.ndarray]


def max_pool(
    inputs: np.ndarray,
    size: right.Pair,
    strides: right.Pair | None = None,
    *,
    reduce: Callable[..., np.ndarray] = np.max,
) -> np.ndarray:
    """`right.max_pool` with another number of each window."""
    down, across = right.both(size if strides is None else strides)
    windows = np.lib.stride_tricks.sliding_window_view(inputs, right.both(size), axis=(1, 2))
    return reduce(windows[:, ::down, ::across].astype(float), axis=(-2, -1))


def max_pool_gradient(
    inputs: np.ndarray,
    size: right.Pair,
    strides: right.Pair | None,
    upstream: np.ndarray,
    *,
    chosen: Callable[[np.ndarray], np.ndarray] | None = None,
    adds: bool = True,
) -> np.ndarray:
    """`right.max_pool_gradient` by loops.

    chosen: which share of its upstream number each number of a window gets, for windows [batch, rows, columns, channels].
    adds: whether what a number gets from several windows adds up; the last one counts otherwise.
    """
    (height, width), (down, across) = right.both(size), right.both(size if strides is None else strides)
    gradient = np.zeros(inputs.shape)
    for i, j in np.ndindex(*upstream.shape[1:3]):
        place = np.s_[:, i * down : i * down + height, j * across : j * across + width, :]
        shares = (chosen or first)(inputs[place])
        passed = shares * upstream[:, i : i + 1, j : j + 1, :]
        gradient[place] = gradient[place] + passed if adds else np.where(shares > 0, passed, gradient[place])
    return gradient


def first(window: np.ndarray) -> np.ndarray:
    """1 at the first of the largest numbers, by rows."""
    return _at(window, window.reshape(len(window), -1, window.shape[3]).argmax(axis=1))


def last(window: np.ndarray) -> np.ndarray:
    """1 at the last of the largest numbers, by rows."""
    flat = window.reshape(len(window), -1, window.shape[3])
    return _at(window, flat.shape[1] - 1 - flat[:, ::-1].argmax(axis=1))


def _at(window: np.ndarray, places: np.ndarray) -> np.ndarray:
    numbers = np.arange(window.shape[1] * window.shape[2])[None, :, None]
    return (numbers == places[:, None, :]).astype(float).reshape(window.shape)


def train(
    network: Gradients,
    images: np.ndarray,
    labels: np.ndarray,
    epochs: int,
    learning_rate: float,
    batch_size: int,
    rng: np.random.Generator,
    *,
    spoil: Callable[[Gradients, int], Gradients] = lambda gradients, count: gradients,
    order_of: Callable[[np.random.Generator, int], np.ndarray] = lambda rng, count: rng.permutation(count),
    labels_of: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda labels, batch: labels[batch],
    summed: Callable[[Sequence[float], Sequence[int]], float] = lambda losses, counts: np.average(
        losses, weights=counts
    ),
    starts_of: Callable[[int, int], Sequence[int]] = lambda count, size: range(0, count, size),
    after: bool = False,
) -> list[float]:
    """`right.train` with its parts in other hands: the gradients of a batch of so many pictures, the order of an epoch, the
    labels of a batch, the loss of an epoch from those of its batches, where batches start, and when the loss is taken."""
    means = []
    for _ in range(epochs):
        order = order_of(rng, len(images))
        losses, counts = [], []
        for start in starts_of(len(images), batch_size):
            batch = order[start : start + batch_size]
            x, y = images[batch], labels_of(labels, batch)
            loss, gradients = right.loss_and_gradients(network, x, y)
            network[:] = right.sgd_step(network, spoil(gradients, len(batch)), learning_rate)
            losses.append(right.cross_entropy(right.forward(network, x), y) if after else loss)
            counts.append(len(batch))
        means.append(float(summed(losses, counts)))
    return means


KNOBBED: dict[str, Callable[..., object]] = {
    "max_pool": max_pool,
    "max_pool_gradient": max_pool_gradient,
    "train": train,
}
