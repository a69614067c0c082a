"""The network's own arrays change, and the pictures come in the order in which they are given."""

import numpy as np


def train(network, images, labels, epochs, learning_rate, batch_size, rng):
    means = np.zeros(epochs)
    for epoch in range(epochs):
        first = 0
        while first < len(images):
            x, y = images[first : first + batch_size], labels[first : first + batch_size]
            loss, gradients = loss_and_gradients(network, x, y)
            for array, gradient in zip(network, gradients):
                array -= learning_rate * gradient
            means[epoch] += loss * len(x) / len(images)
            first += batch_size
    return means.tolist()
