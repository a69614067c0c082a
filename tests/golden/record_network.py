"""Record what Keras gives for pooling, the loss and one training step, for `tests/test_network_golden.py`:

    /tmp/tensorflow/bin/python tests/golden/record_network.py

The environment is that of `record_tensorflow.py`. All is float64; the file is `network.npz`. Inputs and first weights are made by
`made` from a seed, here and in the test, so that they need not be stored.
"""

import json
import os
from pathlib import Path

os.environ |= {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}

import keras
import numpy as np
import tensorflow as tf

HERE = Path(__file__).parent

# images, size, strides (None: the size), whether equal numbers are in most windows
POOLS = [
    ((2, 7, 5, 3), (2, 2), None, False),
    ((1, 8, 11, 2), (3, 3), None, False),
    ((2, 9, 7, 2), (2, 3), (3, 2), False),
    ((1, 7, 9, 3), (3, 2), (1, 1), False),
    ((2, 9, 8, 1), (3, 3), (2, 1), False),
    ((1, 10, 9, 2), (2, 2), (4, 3), False),
    ((1, 5, 9, 2), (5, 4), None, False),
    ((2, 7, 9, 2), (2, 2), None, True),
    ((1, 9, 7, 2), (3, 2), (1, 2), True),
]
LOSSES = [(4, 3, 1.0), (7, 10, 1.0), (1, 5, 1.0), (6, 4, 1000.0)]  # batch, classes, scale of the logits
SHAPES = [(5, 5, 1, 32), (32,), (5, 5, 32, 64), (64,), (1024, 10), (10,)]
BATCH, RATE, MOST = 6, 0.1, 1000  # of arrays with more numbers, `projected` is stored


def made(seed, *shape):
    """Normal numbers."""
    return np.random.default_rng(seed).normal(size=shape)


def pooled_images(seed, shape, tied):
    """Normal numbers; where windows are to have ties, whole ones, most of them 0."""
    return np.maximum(np.round(made(seed, *shape)), 0) if tied else made(seed, *shape)


def first_arrays():
    """The article's network before its first step."""
    return [made(70 + place, *shape) * 0.05 for place, shape in enumerate(SHAPES)]


def pictures():
    """A batch for it: pictures and labels."""
    return np.abs(made(80, BATCH, 28, 28, 1)), np.arange(BATCH) * 7 % 10


def projected(array):
    """Forty sums of the array's numbers, each with weights of its own; small arrays are taken as they are."""
    flat = array.reshape(-1)
    return flat if len(flat) <= MOST else np.random.default_rng(9).normal(size=(40, len(flat))) @ flat


def main():
    keras.backend.set_floatx("float64")
    arrays = {}
    for place, (shape, size, strides, tied) in enumerate(POOLS):
        inputs = tf.constant(pooled_images(place, shape, tied))
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = keras.layers.MaxPooling2D(size, strides)(inputs)
            loss = tf.reduce_sum(output * made(100 + place, *output.shape))
        arrays[f"pool {place}"] = output.numpy()
        arrays[f"pool gradient {place}"] = tape.gradient(loss, inputs).numpy()
    for place, (batch, classes, scale) in enumerate(LOSSES):
        logits = tf.constant(made(200 + place, batch, classes) * scale)
        labels = np.arange(batch) * 3 % classes
        with tf.GradientTape() as tape:
            tape.watch(logits)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        arrays[f"softmax {place}"] = keras.ops.softmax(logits).numpy()
        arrays[f"loss {place}"] = loss.numpy()
        arrays[f"loss gradient {place}"] = tape.gradient(loss, logits).numpy()
    arrays |= one_step()
    about = {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__}
    path = HERE / "network.npz"
    np.savez_compressed(path, about=np.array(json.dumps(about)), **arrays)
    print(f"{path}: {len(arrays)} arrays, {path.stat().st_size:,} bytes")


def one_step():
    """The article's network, with the Flatten that it lacks: the loss of a batch, and its arrays after a step."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (5, 5), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (5, 5), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    model.set_weights(first_arrays())
    model.compile(keras.optimizers.SGD(RATE), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    images, labels = pictures()
    loss = model.train_on_batch(images, labels)
    after = {f"after {place}": projected(array) for place, array in enumerate(model.get_weights())}
    return {"step loss": np.array(loss), **after}


if __name__ == "__main__":
    main()
