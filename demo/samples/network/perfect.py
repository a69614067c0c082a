"""Sample student: everything is right."""

import numpy as np


def conv2d(inputs, filters, strides, padding):
    """The convolution of a batch of images with a bank of filters: your own, from the first assignment."""
    windows, _ = all_windows(inputs, filters.shape[:2], strides, padding)
    return np.tensordot(windows, filters, axes=((4, 5, 3), (0, 1, 2)))


def all_windows(inputs, filter_size, strides, padding):
    """[batch, out_height, out_width, channels, rows, columns], and the zeros that were put around the images."""
    zeros = [(0, 0), (0, 0)]
    if padding.upper() == "SAME":
        for axis in (0, 1):
            w, f, s = inputs.shape[1 + axis], filter_size[axis], strides[1 + axis]
            total = max((-(-w // s) - 1) * s + f - w, 0)
            zeros[axis] = (total // 2, total - total // 2)
    padded = np.pad(inputs, ((0, 0), *zeros, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, filter_size, axis=(1, 2))
    return windows[:, :: strides[1], :: strides[2]], zeros


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    """The gradients of np.sum(upstream * conv2d(inputs, filters, strides, padding)): your own."""
    windows, ((top, bottom), (left, right)) = all_windows(inputs, filters.shape[:2], strides, padding)
    d_filters = np.tensordot(windows, upstream, axes=((0, 1, 2), (0, 1, 2))).transpose(1, 2, 0, 3)
    batch, height, width, channels = inputs.shape
    d_padded = np.zeros((batch, top + height + bottom, left + width + right, channels), upstream.dtype)
    rows, columns = upstream.shape[1:3]
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            down = slice(m, m + (rows - 1) * strides[1] + 1, strides[1])
            across = slice(n, n + (columns - 1) * strides[2] + 1, strides[2])
            d_padded[:, down, across] += upstream @ filters[m, n].T
    return d_padded[:, top : top + height, left : left + width], d_filters


def relu(values):
    """The array with 0 in place of each number below 0, of the same shape, whatever that is."""
    return np.maximum(values, 0)


def relu_gradient(values, upstream):
    """The gradient of np.sum(upstream * relu(values)) for the values; at 0 it is 0."""
    return np.where(values > 0, upstream, 0)


def max_pool(inputs, size, strides=None):
    """The largest number of each window: [batch, out_height, out_width, channels].

    inputs: [batch, height, width, channels]
    size, strides: ints, or pairs (rows, columns); without strides, they are the size
    """
    return np.max([inputs[place] for place in pool_places(inputs, size, strides)], axis=0)


def pool_places(inputs, size, strides):
    """For each place of a window, by rows, the index of what it sees in all windows at once."""
    size = (size, size) if np.ndim(size) == 0 else size
    strides = size if strides is None else strides
    strides = (strides, strides) if np.ndim(strides) == 0 else strides
    slices = []
    for n, f, s in zip(inputs.shape[1:3], size, strides, strict=True):
        last = (n - f) // s * s  # where the last window starts
        slices.append([slice(start, start + last + 1, s) for start in range(f)])
    return [(slice(None), rows, columns) for rows in slices[0] for columns in slices[1]]


def max_pool_gradient(inputs, size, strides, upstream):
    """The gradient of np.sum(upstream * max_pool(inputs, size, strides)) for the inputs: an array of their shape.

    upstream: an array of the shape of max_pool's output; strides may be None, as there
    """
    largest = max_pool(inputs, size, strides)
    free = np.ones(largest.shape, bool)  # windows whose largest number has not come yet
    gradient = np.zeros(inputs.shape, upstream.dtype)
    for place in pool_places(inputs, size, strides):
        gets_it = free & (inputs[place] == largest)
        gradient[place] += gets_it * upstream
        free &= ~gets_it
    return gradient


def dense(inputs, weights, bias):
    """A dense layer: [batch, units].

    inputs: [batch, in]; weights: [in, units]; bias: [units]
    """
    return inputs @ weights + bias


def dense_gradients(inputs, weights, upstream):
    """The gradients of np.sum(upstream * dense(inputs, weights, bias)).

    upstream: [batch, units]
    Returns (d_inputs, d_weights, d_bias).
    """
    return upstream @ weights.T, inputs.T @ upstream, upstream.sum(axis=0)


def softmax(logits):
    """Each row as probabilities, for logits of any size.

    logits: [batch, classes]
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits, labels):
    """The mean loss of a batch: a number, finite for logits of any size.

    logits: [batch, classes]; labels: [batch], whole numbers from 0 to classes - 1
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen)


def cross_entropy_gradient(logits, labels):
    """The gradient of cross_entropy(logits, labels) for the logits: [batch, classes]."""
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def glorot_uniform(shape, rng):
    """Random weights of that shape, evenly between -limit and limit.

    shape: (in, out) of a dense layer, or (rows, columns, in, out) of filters
    rng: a generator, as np.random.default_rng makes one
    """
    places = np.prod(shape[:-2])  # 1 for a dense layer
    limit = np.sqrt(6 / (places * shape[-2] + places * shape[-1]))
    return rng.uniform(-limit, limit, shape)


def sgd_step(parameters, gradients, learning_rate):
    """A new list of arrays: each parameter after one step against its gradient."""
    return [
        parameter - learning_rate * gradient
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ]


def train(network, images, labels, epochs, learning_rate, batch_size, rng):
    """Train the network on these pictures; return the list of mean losses, one for each epoch.

    network: [filters_1, bias_1, filters_2, bias_2, weights, bias], which is changed
    images: [number, height, width, channels]; labels: [number], whole numbers
    rng: a generator, for the order of the pictures
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


def loss_and_gradients(network, images, labels):
    """The mean loss on a batch, and its gradient for each of the six arrays."""
    filters_1, bias_1, filters_2, bias_2, weights, bias = network
    one = [1, 1, 1, 1]
    sums_1 = conv2d(images, filters_1, one, "VALID") + bias_1
    active_1 = relu(sums_1)
    pooled_1 = max_pool(active_1, 2)
    sums_2 = conv2d(pooled_1, filters_2, one, "VALID") + bias_2
    active_2 = relu(sums_2)
    pooled_2 = max_pool(active_2, 2)
    flat = pooled_2.reshape(len(images), -1)
    logits = dense(flat, weights, bias)

    d_logits = cross_entropy_gradient(logits, labels)
    d_flat, d_weights, d_bias = dense_gradients(flat, weights, d_logits)
    d_active_2 = max_pool_gradient(active_2, 2, None, d_flat.reshape(pooled_2.shape))
    d_sums_2 = relu_gradient(sums_2, d_active_2)
    d_pooled_1, d_filters_2 = conv2d_gradients(pooled_1, filters_2, one, "VALID", d_sums_2)
    d_active_1 = max_pool_gradient(active_1, 2, None, d_pooled_1)
    d_sums_1 = relu_gradient(sums_1, d_active_1)
    _, d_filters_1 = conv2d_gradients(images, filters_1, one, "VALID", d_sums_1)
    d_bias_1, d_bias_2 = (d_sums.sum(axis=(0, 1, 2)) for d_sums in (d_sums_1, d_sums_2))
    return cross_entropy(logits, labels), [d_filters_1, d_bias_1, d_filters_2, d_bias_2, d_weights, d_bias]
