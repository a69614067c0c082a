"""The right functions of the assignment `network`, in NumPy and on the reference's convolution.

They compute in floats: whole numbers become float64, and float32 stays as it is.
"""

from collections.abc import Sequence

import numpy as np

from solutions import reference

Pair = int | Sequence[int]
Strides = Sequence[int]
Parameters = Sequence[np.ndarray]
ONE = [1, 1, 1, 1]


def conv2d(inputs: np.ndarray, filters: np.ndarray, strides: Strides, padding: str) -> np.ndarray:
    """`reference.conv2d` with a student's parameters, in floats."""
    return reference.conv2d(_floats(inputs), _floats(filters), strides, padding)


def conv2d_gradients(
    inputs: np.ndarray, filters: np.ndarray, strides: Strides, padding: str, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`reference.conv2d_gradients` with a student's parameters."""
    d_inputs, d_filters = reference.conv2d_gradients(inputs, filters, strides, padding, upstream)
    return d_inputs, d_filters


def relu(values: np.ndarray) -> np.ndarray:
    """Negative numbers become 0."""
    return np.maximum(_floats(values), 0)


def relu_gradient(values: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    """What passes where `values` is above 0; nothing at 0 itself."""
    return np.where(np.asarray(values) > 0, _floats(upstream), 0)


def max_pool(inputs: np.ndarray, size: Pair, strides: Pair | None = None) -> np.ndarray:
    """The largest number of each window and channel: [batch, out_height, out_width, channels].

    As Keras' `MaxPooling2D` with padding "valid": a window that sticks out is left out.
    """
    return _windows(_floats(inputs), size, strides).max(axis=(-2, -1))


def max_pool_gradient(
    inputs: np.ndarray, size: Pair, strides: Pair | None, upstream: np.ndarray
) -> np.ndarray:
    """The gradient of Σ(upstream · max_pool(inputs)) for the inputs.

    Of several equal largest numbers the first, by rows, gets it; what a number gets from several windows adds up.
    """
    windows = _windows(_floats(inputs), size, strides)
    rows, columns = windows.shape[-2:]
    down, right = both(size if strides is None else strides)
    winners = windows.reshape(*windows.shape[:4], rows * columns).argmax(axis=-1)
    image, i, j, channel = np.indices(winners.shape)
    gradient = np.zeros(inputs.shape, np.result_type(_floats(inputs), _floats(upstream)))
    np.add.at(
        gradient, (image, i * down + winners // columns, j * right + winners % columns, channel), upstream
    )
    return gradient


def dense(inputs: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """[batch, units]: inputs @ weights + bias."""
    return _floats(inputs) @ weights + bias


def dense_gradients(
    inputs: np.ndarray, weights: np.ndarray, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(d_inputs, d_weights, d_bias) of Σ(upstream · dense(inputs, weights, bias))."""
    upstream = _floats(upstream)
    return upstream @ np.transpose(weights), np.transpose(_floats(inputs)) @ upstream, upstream.sum(axis=0)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Each row as probabilities. The largest logit is taken off first, so that no exponential overflows."""
    powers = np.exp(_shifted(logits))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean of −log(softmax(logits)) at the labels, by way of logarithms of sums: it is finite for all logits."""
    shifted = _shifted(logits)
    chosen = shifted[np.arange(len(labels)), labels]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))


def cross_entropy_gradient(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(softmax − 1 at the label) / batch: the gradient of the mean loss for the logits."""
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def glorot_uniform(shape: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """Weights between ±√(6 / (fan_in + fan_out)) for (in, out) or HWIO (X. Glorot and Y. Bengio, 2010, eq. 16)."""
    limit = glorot_limit(shape)
    return rng.uniform(-limit, limit, tuple(shape))


def glorot_limit(shape: Sequence[int]) -> float:
    """The bound of `glorot_uniform`: each of a filter's places counts for both fans."""
    *places, fan_in, fan_out = shape
    return float(np.sqrt(6 / (np.prod(places, dtype=float) * (fan_in + fan_out))))


def sgd_step(parameters: Parameters, gradients: Parameters, learning_rate: float) -> list[np.ndarray]:
    """parameter − learning_rate · gradient, for each: a new list of new arrays."""
    return [
        _floats(parameter) - learning_rate * gradient
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ]


def train(
    network: list[np.ndarray],
    images: np.ndarray,
    labels: np.ndarray,
    epochs: int,
    learning_rate: float,
    batch_size: int,
    rng: np.random.Generator,
) -> list[float]:
    """Stochastic gradient descent on the six arrays of `network`, which change; the mean loss of each epoch.

    network: [filters, bias, filters, bias, weights, bias] of two convolutions, VALID with stride 1, each followed by
        relu and a 2×2 max_pool, and of one dense layer.
    """
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(images))
        total = 0.0
        for start in range(0, len(images), batch_size):
            batch = order[start : start + batch_size]
            loss, gradients = loss_and_gradients(network, images[batch], labels[batch])
            network[:] = sgd_step(network, gradients, learning_rate)
            total += loss * len(batch)
        losses.append(total / len(images))
    return losses


def loss_and_gradients(
    network: Parameters, images: np.ndarray, labels: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """The mean loss on these pictures, and its gradient for each array of the network."""
    filters_1, bias_1, filters_2, bias_2, weights, bias = network
    sums_1 = conv2d(images, filters_1, ONE, "VALID") + bias_1
    active_1 = relu(sums_1)
    pooled_1 = max_pool(active_1, 2)
    sums_2 = conv2d(pooled_1, filters_2, ONE, "VALID") + bias_2
    active_2 = relu(sums_2)
    pooled_2 = max_pool(active_2, 2)
    flat = pooled_2.reshape(len(images), -1)
    logits = dense(flat, weights, bias)

    d_logits = cross_entropy_gradient(logits, labels)
    d_flat, d_weights, d_bias = dense_gradients(flat, weights, d_logits)
    d_active_2 = max_pool_gradient(active_2, 2, None, d_flat.reshape(pooled_2.shape))
    d_sums_2 = relu_gradient(sums_2, d_active_2)
    d_pooled_1, d_filters_2 = conv2d_gradients(pooled_1, filters_2, ONE, "VALID", d_sums_2)
    d_sums_1 = relu_gradient(sums_1, max_pool_gradient(active_1, 2, None, d_pooled_1))
    _, d_filters_1 = conv2d_gradients(images, filters_1, ONE, "VALID", d_sums_1)
    biases = [d_sums.sum(axis=(0, 1, 2)) for d_sums in (d_sums_1, d_sums_2)]
    gradients = [d_filters_1, biases[0], d_filters_2, biases[1], d_weights, d_bias]
    return cross_entropy(logits, labels), gradients


def forward(network: Parameters, images: np.ndarray) -> np.ndarray:
    """The logits of these pictures, [batch, classes]."""
    filters_1, bias_1, filters_2, bias_2, weights, bias = network
    pooled_1 = max_pool(relu(conv2d(images, filters_1, ONE, "VALID") + bias_1), 2)
    pooled_2 = max_pool(relu(conv2d(pooled_1, filters_2, ONE, "VALID") + bias_2), 2)
    return dense(pooled_2.reshape(len(images), -1), weights, bias)


def both(pair: Pair) -> tuple[int, int]:
    """(rows, columns) of an int or a pair."""
    rows, columns = np.broadcast_to(pair, 2).tolist()
    return rows, columns


def _windows(inputs: np.ndarray, size: Pair, strides: Pair | None) -> np.ndarray:
    """All windows: [batch, out_height, out_width, channels, rows, columns]."""
    down, right = both(size if strides is None else strides)
    windows = np.lib.stride_tricks.sliding_window_view(inputs, both(size), axis=(1, 2))
    return windows[:, ::down, ::right]


def _shifted(logits: np.ndarray) -> np.ndarray:
    logits = _floats(logits)
    return logits - logits.max(axis=1, keepdims=True)


def _floats(array: np.ndarray) -> np.ndarray:
    array = np.asarray(array)
    return array if array.dtype.kind == "f" else array.astype(float)
