"""One function by way of another: the loss from probabilities in logarithms, relu from np.clip, a pool by np.maximum.reduce."""

import functools

import numpy as np


def relu(values):
    return np.clip(values, 0, None).astype(float)


def max_pool(inputs, size, strides=None):
    strides = size if strides is None else strides
    (f, g), (s, t) = (np.zeros(2, int) + each for each in (size, strides))
    rows, columns = (inputs.shape[1] - f) // s + 1, (inputs.shape[2] - g) // t + 1
    parts = [inputs[:, m::s, n::t][:, :rows, :columns] for m in range(f) for n in range(g)]
    return functools.reduce(np.maximum, parts)


def cross_entropy(logits, labels):
    label_logits = np.take_along_axis(logits, labels[:, None], axis=1)
    return np.logaddexp.reduce(logits - label_logits, axis=1).mean()


def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
