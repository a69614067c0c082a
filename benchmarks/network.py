"""The article's network, made of the reference's layers: it needs NumPy alone."""

from solutions.reference.layers import Conv2D, Dense, Flatten, MaxPooling2D, Sequential


def network(seed: int, classes: int = 10) -> Sequential:
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
