"""Loops over every number, as a beginner writes them."""
# too slow: max_pool loops over pictures and channels

import numpy as np


def both(pair):
    return (pair, pair) if isinstance(pair, int) else tuple(pair)


def relu(values):
    flat = values.reshape(-1)
    result = np.zeros(len(flat))
    for i in range(len(flat)):
        if flat[i] > 0:
            result[i] = flat[i]
    return result.reshape(values.shape)


def max_pool(inputs, size, strides=None):
    f, g = both(size)
    s, t = both(size if strides is None else strides)
    batch, height, width, channels = inputs.shape
    output = np.zeros((batch, (height - f) // s + 1, (width - g) // t + 1, channels))
    for n in range(batch):
        for i in range(output.shape[1]):
            for j in range(output.shape[2]):
                for c in range(channels):
                    output[n, i, j, c] = inputs[n, i * s : i * s + f, j * t : j * t + g, c].max()
    return output


def max_pool_gradient(inputs, size, strides, upstream):
    f, g = both(size)
    s, t = both(size if strides is None else strides)
    gradient = np.zeros(inputs.shape)
    for n in range(upstream.shape[0]):
        for i in range(upstream.shape[1]):
            for j in range(upstream.shape[2]):
                for c in range(upstream.shape[3]):
                    best = None
                    for m in range(i * s, i * s + f):
                        for k in range(j * t, j * t + g):
                            if best is None or inputs[n, m, k, c] > inputs[n, best[0], best[1], c]:
                                best = m, k
                    gradient[n, best[0], best[1], c] += upstream[n, i, j, c]
    return gradient


def dense(inputs, weights, bias):
    output = np.zeros((len(inputs), len(bias)))
    for n in range(len(inputs)):
        for u in range(len(bias)):
            output[n, u] = bias[u]
            for k in range(inputs.shape[1]):
                output[n, u] += float(inputs[n, k]) * weights[k, u]
    return output


def softmax(logits):
    rows = []
    for row in logits.astype(float):
        powers = [np.exp(value - max(row)) for value in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


def cross_entropy(logits, labels):
    total = 0.0
    for row, label in zip(logits.astype(float), labels):
        largest = max(row)
        total += np.log(sum(np.exp(row - largest))) - (row[label] - largest)
    return total / len(labels)


def cross_entropy_gradient(logits, labels):
    gradient = np.zeros(logits.shape)
    probabilities = softmax(logits)
    for n in range(len(labels)):
        for k in range(logits.shape[1]):
            gradient[n, k] = (probabilities[n, k] - (1 if k == labels[n] else 0)) / len(labels)
    return gradient


def glorot_uniform(shape, rng):
    fan_in, fan_out = (
        shape if len(shape) == 2 else (shape[0] * shape[1] * shape[2], shape[0] * shape[1] * shape[3])
    )
    limit = (6 / (fan_in + fan_out)) ** 0.5
    weights = np.zeros(shape)
    for index in np.ndindex(*shape):
        weights[index] = (rng.random() * 2 - 1) * limit
    return weights
