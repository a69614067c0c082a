"""The article's network, and its training with one seed."""

from dataclasses import dataclass, field

import numpy as np

from solutions.reference.layers import Adam, Conv2D, Dense, Flatten, MaxPooling2D, Sequential

RATE = 1e-3  # Adam's own, and the article's
SLOW_PART = 0.7  # of the epochs are over when the steps become a tenth as large


@dataclass
class Run:
    """One seed's training: what came out after each epoch, and the trained model."""

    seed: int
    history: dict[str, list[float]]  # loss, accuracy, val_loss, val_accuracy; "val" are the test pictures
    model: Sequential = field(repr=False)

    @property
    def test_accuracy(self):
        """After the last epoch."""
        return self.history["val_accuracy"][-1]


def network(seed, classes=10):
    """Return the article's network for images `[28, 28, 1]`, with the layer Flatten, which the article leaves out."""
    return Sequential(
        [
            Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1)),
            MaxPooling2D((2, 2)),
            Conv2D(64, (5, 5), activation="relu"),
            MaxPooling2D((2, 2)),
            Flatten(),
            Dense(classes, activation="softmax"),
        ],
        seed=seed,
    )


def learning_rate(epochs):
    """Return the schedule: Adam's 0.001, and a tenth of it in the last three of ten epochs."""
    return lambda epoch: RATE if epoch < SLOW_PART * epochs else RATE / 10


def train(training, test, seed, epochs=10, batch_size=32, **options):
    """Train the network on `training`, evaluate it on `test` after each epoch; return the Run.

    Both are `data.Images`; their bytes are scaled to 0 … 1. `options` are those of `Sequential.fit`.
    """
    model = network(seed, len(training.class_names))
    history = model.fit(
        scaled(training.images),
        training.labels,
        batch_size,
        epochs,
        optimizer=Adam(learning_rate(epochs)),
        validation_data=(scaled(test.images), test.labels),
        **options,
    )
    return Run(seed, history.history, model)


def scaled(images):
    """Return bytes as float32 from 0 to 1."""
    return images.astype(np.float32) / 255


def confusion(labels, answers, classes):
    """Return how often pictures of each class (rows) got each answer (columns): `[classes, classes]`."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, answers), 1)
    return counts
