"""One network that learns on demand: `python -m benchmarks.training_worker NAME THREADS IMAGES BATCH`.

It learns from a few batches, to warm up, and prints what it is. Then for each line on its standard input it learns once
from all the pictures, and prints the seconds of real and of processor time.
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

WARM_UP = 20  # batches


def kit(threads: int, batch: int, **options) -> tuple[Callable, str]:
    """The kit's network: how it learns, and its title."""
    from benchmarks.network import network

    model = network(seed=0)

    def learn(images, labels):
        model.fit(images, labels, batch, verbose=0, threads=threads, **options)

    return learn, f"NumPy {np.__version__}"


def keras(threads: int, batch: int) -> tuple[Callable, str]:
    """The same with Keras on TensorFlow."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    import keras
    import tensorflow
    from keras import layers

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (5, 5), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (5, 5), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def learn(images, labels):
        model.fit(images, labels, batch_size=batch, verbose=0)

    versions = f"TensorFlow {tensorflow.__version__}, Keras {keras.__version__}, NumPy {np.__version__}"
    return learn, f"{cpu()}, {platform.system()}, Python {platform.python_version()}, {versions}"


def cpu() -> str:
    """The processor's name as Linux gives it, and how many cores there are."""
    try:
        with Path("/proc/cpuinfo").open() as lines:
            name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor()
    return f"{name}, {os.cpu_count()} cores"


def processor_time() -> float:
    """Seconds of this process, all its threads, and of the processes that helped it and have ended."""
    return sum(os.times()[:4])


def main(name: str, threads: int, images: int, batch: int) -> None:
    learn, title = {
        "keras": lambda: keras(threads, batch),
        "exact": lambda: kit(threads, batch),
        "winograd": lambda: kit(threads, batch, winograd=True),
    }[name]()
    random = np.random.default_rng(0)
    pictures, labels = random.random((images, 28, 28, 1), np.float32), random.integers(0, 10, images)
    learn(pictures[: WARM_UP * batch], labels[: WARM_UP * batch])
    print(title, flush=True)
    for _ in sys.stdin:
        real, processor = time.perf_counter(), processor_time()
        learn(pictures, labels)
        print(time.perf_counter() - real, processor_time() - processor, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
