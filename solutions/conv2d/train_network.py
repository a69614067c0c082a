"""Trains the small network that reads digits, for a lab and for the end of the assignment.

    python -m solutions.conv2d.train_network        # writes data/samples/digit_network.npz

It has the layers of the article's network with 6 and 12 filters in place of 32 and 64, and learns from the 400 digits of the
sample's training part alone, each moved by up to 3 pixels; the other 100 say how well it reads. What is written:

    filters_1 (5, 5, 1, 6), biases_1 (6,), filters_2 (5, 5, 6, 12), biases_2 (12,)
    filters_3 (4, 4, 12, 10), biases_3 (10,)      the dense layer, as filters that are as large as what they see
    probabilities (500, 10)                       what the network says to each digit of the sample

all float16, which the probabilities are computed from, too. The same NumPy on the same machine writes the same file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import data
from solutions.reference.layers import Adam, Conv2D, Dense, Flatten, MaxPooling2D, Sequential

TARGET = data.SAMPLES / "digit_network.npz"
EPOCHS, BATCH, SHIFT = 150, 20, 3
SEED = 2
LEARNED = 400  # digits of the sample, those at its start


def network() -> Sequential:
    """The article's layers, with fewer filters."""
    layers = [
        Conv2D(6, (5, 5), activation="relu", input_shape=(28, 28, 1)),
        MaxPooling2D((2, 2)),
        Conv2D(12, (5, 5), activation="relu"),
        MaxPooling2D((2, 2)),
        Flatten(),
        Dense(10, activation="softmax"),
    ]
    return Sequential(layers, seed=SEED)


def trained() -> tuple[Sequential, float]:
    """The network after its training, with weights that float16 holds, and its share of right answers on the other digits."""
    rng, model = np.random.default_rng(SEED), network()
    digits = data.load("mnist")
    images, labels = digits.images / 255, digits.labels
    optimizer = Adam(lambda epoch: 0.003 * (1 - epoch / EPOCHS) + 1e-4)
    for epoch in range(EPOCHS):
        order = rng.permutation(LEARNED)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            batch = np.stack([moved(images[one], rng) for one in chosen])
            model.train_on_batch(batch, labels[chosen], optimizer, epoch)
    model.set_weights([weights.astype(np.float16) for weights in model.get_weights()])
    _, accuracy = model.evaluate(images[LEARNED:], labels[LEARNED:])
    return model, accuracy


def moved(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An image (rows, columns, 1) moved at random by up to SHIFT pixels; digits have an edge of 4 black ones."""
    return np.roll(image, rng.integers(-SHIFT, SHIFT + 1, size=2), axis=(0, 1))


def arrays_of(model: Sequential) -> dict[str, np.ndarray]:
    """What the file holds, by name."""
    names = [f"{what}_{layer}" for layer in (1, 2, 3) for what in ("filters", "biases")]
    arrays = dict(zip(names, model.get_weights(), strict=True))
    arrays["filters_3"] = arrays["filters_3"].reshape(4, 4, 12, 10)
    arrays["probabilities"] = model.predict(data.load("mnist").images / 255)
    return {name: array.astype(np.float16) for name, array in arrays.items()}


def main(target: Path = TARGET) -> None:
    model, accuracy = trained()
    np.savez_compressed(target, **arrays_of(model))
    print(
        f"wrote {target.name}: {target.stat().st_size} bytes; {accuracy:.0%} of the other 100 digits are read rightly"
    )


if __name__ == "__main__":
    main()
