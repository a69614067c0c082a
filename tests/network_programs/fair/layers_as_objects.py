"""Layers that remember what they were given, and a training that goes through a list of them."""

import numpy as np


class Convolution:
    def __init__(self, filters, bias):
        self.arrays = [filters, bias]

    def forward(self, inputs):
        self.inputs = inputs
        return conv2d(inputs, self.arrays[0], [1, 1, 1, 1], "VALID") + self.arrays[1]

    def backward(self, upstream):
        d_inputs, d_filters = conv2d_gradients(self.inputs, self.arrays[0], [1, 1, 1, 1], "VALID", upstream)
        self.gradients = [d_filters, upstream.sum((0, 1, 2))]
        return d_inputs


class Relu:
    arrays = gradients = ()

    def forward(self, inputs):
        self.inputs = inputs
        return relu(inputs)

    def backward(self, upstream):
        return relu_gradient(self.inputs, upstream)


class Pool(Relu):
    def forward(self, inputs):
        self.inputs = inputs
        return max_pool(inputs, (2, 2), (2, 2))

    def backward(self, upstream):
        return max_pool_gradient(self.inputs, (2, 2), (2, 2), upstream)


class Flatten(Relu):
    def forward(self, inputs):
        self.shape = inputs.shape
        return inputs.reshape(inputs.shape[0], -1)

    def backward(self, upstream):
        return upstream.reshape(self.shape)


class Dense(Relu):
    def __init__(self, weights, bias):
        self.arrays = [weights, bias]

    def forward(self, inputs):
        self.inputs = inputs
        return dense(inputs, *self.arrays)

    def backward(self, upstream):
        d_inputs, *self.gradients = dense_gradients(self.inputs, self.arrays[0], upstream)
        return d_inputs


def train(network, images, labels, epochs, learning_rate, batch_size, rng):
    def new_layers():
        a, b, c, d, e, f = network
        return [Convolution(a, b), Relu(), Pool(), Convolution(c, d), Relu(), Pool(), Flatten(), Dense(e, f)]

    history = []
    for _ in range(epochs):
        places = np.arange(len(images))
        rng.shuffle(places)
        losses = []
        for batch in [places[k : k + batch_size] for k in range(0, len(places), batch_size)]:
            layers, values = new_layers(), images[batch]
            for layer in layers:
                values = layer.forward(values)
            losses += [cross_entropy(values, labels[batch])] * len(batch)
            upstream = cross_entropy_gradient(values, labels[batch])
            for layer in layers[::-1]:
                upstream = layer.backward(upstream)
            gradients = [each for layer in layers for each in layer.gradients]
            for place, array in enumerate(sgd_step(network, gradients, learning_rate)):
                network[place] = array
        history.append(np.mean(losses))
    return history
