"""Lists and comprehensions where they do."""

import numpy as np


def relu_gradient(values, upstream):
    pairs = zip(values.reshape(-1).tolist(), upstream.reshape(-1).tolist())
    return np.array([above if value > 0 else 0.0 for value, above in pairs]).reshape(values.shape)


def dense_gradients(inputs, weights, upstream):
    batch = range(len(inputs))
    d_inputs = np.array([[float(np.dot(u, row)) for row in weights] for u in upstream])
    d_weights = np.array(
        [[sum(float(inputs[n, i]) * u[n] for n in batch) for u in upstream.T] for i in range(inputs.shape[1])]
    )
    return [d_inputs, d_weights, np.array([sum(column) for column in upstream.T])]


def sgd_step(parameters, gradients, learning_rate):
    stepped = []
    for k in range(len(parameters)):
        stepped.append(np.array(parameters[k]) - np.array(gradients[k]) * learning_rate)
    return tuple(stepped)


def glorot_uniform(shape, rng):
    *places, fan_in, fan_out = shape
    receptive = 1
    for place in places:
        receptive *= place
    limit = (6 / (receptive * (fan_in + fan_out))) ** 0.5
    return np.array([rng.uniform(-limit, limit) for _ in range(receptive * fan_in * fan_out)]).reshape(shape)
