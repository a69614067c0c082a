"""The layers of a convolutional network, in NumPy alone: what `keras.layers` does, small enough to read.

    model = Sequential([
        Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1)),
        MaxPooling2D((2, 2)),
        Conv2D(64, (5, 5), activation="relu"),
        MaxPooling2D((2, 2)),
        Flatten(),
        Dense(10, activation="softmax"),
    ], seed=1)
    history = model.fit(train_images, train_labels, epochs=10)
    loss, accuracy = model.evaluate(test_images, test_labels)

Names, defaults and numbers are those of Keras 3, where Keras does as it says; `tests/golden/layers/README.md`
lists the differences. Options of the layers are in the modules `activations`, `initializers`, `regularizers` and
`constraints`. A wrong value raises ValueError, a wrong type TypeError.
"""

from solutions.reference.layers.conv2d import Conv2D
from solutions.reference.layers.dense import Dense
from solutions.reference.layers.flatten import Flatten
from solutions.reference.layers.layer import Layer, Parameter
from solutions.reference.layers.losses import SparseCategoricalCrossentropy
from solutions.reference.layers.optimizers import SGD, Adam
from solutions.reference.layers.pooling import MaxPooling2D
from solutions.reference.layers.sequential import Sequential

__all__ = [
    "SGD",
    "Adam",
    "Conv2D",
    "Dense",
    "Flatten",
    "Layer",
    "MaxPooling2D",
    "Parameter",
    "Sequential",
    "SparseCategoricalCrossentropy",
]
