"""Train the article's network on Fashion-MNIST with several seeds, and draw what it learned.

Without the full data set it learns from the sample that comes with the kit, in less than a minute. `docs/performance.md`
has results.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import data
from benchmarks.network import network
from notebooks import labkit
from solutions.reference.layers import Adam, Sequential

RATE = 1e-3  # Adam's own, and the article's
SLOW_PART = 0.7  # of the epochs are over when the steps become a tenth as large


@dataclass
class Training:
    """What came of one seed: the numbers after each epoch, and the trained model."""

    seed: int
    history: dict[str, list[float]]  # loss, accuracy, val_loss, val_accuracy; "val" are the test pictures
    model: Sequential = field(repr=False)

    @property
    def test_accuracy(self) -> float:
        """After the last epoch."""
        return self.history["val_accuracy"][-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0."""
    options = _parser().parse_args(arguments)
    training, test = (data.load("fashion_mnist", split, folder=options.data) for split in ("train", "test"))
    print(_plan(options, training, test))
    runs = [_run(seed, training, test, options) for seed in options.seeds]
    print(_summary(runs))
    _save(runs, test, options.figures)
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fashion", description=__doc__)
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="where the data sets are; without it $CONV2D_DATA, else the system's cache",
    )
    parser.add_argument(
        "--epochs", type=_count, default=10, help="how often to go through all pictures (%(default)s)"
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[0, 1, 2], metavar="SEED", help="train once with each (0 1 2)"
    )
    parser.add_argument("--batch", type=_count, default=32, metavar="IMAGES", help="in a step (%(default)s)")
    parser.add_argument("--threads", type=_count, help="cores to use; without it, all")
    parser.add_argument(
        "--exact",
        action="store_true",
        help="learn by exact convolution, not by Winograd's: slower, smaller roundings",
    )
    parser.add_argument(
        "--figures",
        type=Path,
        default=Path("results/fashion"),
        metavar="FOLDER",
        help="where to put figures and numbers (%(default)s)",
    )
    return parser


def _count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"it must be at least 1, but it is {number}")
    return number


def _plan(options, training, test):
    """What is going to happen, in a few lines."""
    rate = learning_rate(options.epochs)
    last = sum(rate(epoch) < RATE for epoch in range(options.epochs))
    rates = f"{RATE:g}" + (f", in the last {last} {RATE / 10:g}" if last else "")
    method = (
        "exact" if options.exact else "Winograd's where it pays (while learning; tested by the exact one)"
    )
    return (
        f"Fashion-MNIST: {len(training.images):,} pictures to learn from, {len(test.images):,} to test\n"
        f"Adam, {options.epochs} epochs in batches of {options.batch}; learning rate {rates}\n"
        f"Convolution: {method}"
    )


def _run(seed, training, test, options):
    print(f"\nSeed {seed}")
    settings = {"threads": options.threads, "winograd": not options.exact}
    return train(training, test, seed, options.epochs, options.batch, **settings)


def _summary(runs):
    """The test accuracy after the last epoch, for each seed and on average."""
    lines = [f"  seed {run.seed}: {run.test_accuracy:.2%}" for run in runs]
    mean = np.mean([run.test_accuracy for run in runs])
    return "\n".join(["\nTest accuracy after the last epoch", *lines, f"  mean: {mean:.2%}"])


def _save(runs, test, folder):
    """Write all histories as JSON and the figures as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    histories = [{"seed": run.seed, **run.history} for run in runs]
    (folder / "histories.json").write_text(json.dumps(histories, indent=1) + "\n")
    for name, figure in figures(runs, test).items():
        figure.savefig(folder / f"{name}.png", dpi=144, facecolor="white")
    print(f"\nFigures and histories are in {folder}")


# --- the training ---


def learning_rate(epochs: int) -> Callable[[int], float]:
    """Return the schedule: Adam's 0.001, and a tenth of it in the last three of ten epochs."""
    return lambda epoch: RATE if epoch < SLOW_PART * epochs else RATE / 10


def train(
    training: data.Images, test: data.Images, seed: int, epochs: int = 10, batch_size: int = 32, **options
) -> Training:
    """Train the network on `training`, and evaluate it on `test` after each epoch.

    Their bytes are scaled to 0 … 1. `options` are those of `Sequential.fit`.
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
    return Training(seed, history.history, model)


def scaled(images: np.ndarray) -> np.ndarray:
    """Return bytes as float32 from 0 to 1."""
    return images.astype(np.float32) / 255


# --- the figures ---


def figures(runs: Sequence[Training], test: data.Images, picture: int = 0) -> dict[str, Figure]:
    """Return all figures by name; those of filters and maps are of the first run and of one test picture."""
    model = runs[0].model
    image = scaled(test.images[picture : picture + 1])
    first, second = maps(model, image)
    answers = model.predict(scaled(test.images)).argmax(axis=1)
    counts = labkit.confusion(test.labels, answers, len(test.class_names))
    return {
        "curves": labkit.draw_curves({f"seed {run.seed}": run.history for run in runs}),
        "filters-1": labkit.draw_kernels(model.layers[0].kernel.value, own_scale=True),
        "filters-2": labkit.draw_strongest_kernels(model.layers[2].kernel.value),
        "picture": labkit.draw_images(image, [test.class_names[test.labels[picture]]]),
        "maps-1": labkit.draw_responses(first[0]),
        "maps-2": labkit.draw_responses(second[0], columns=16),
        "confusion": labkit.draw_confusion(counts, test.class_names),
    }


def maps(model: Sequential, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the feature maps of both convolutions, each `[images, height, width, filters]`."""
    first, pool, second = model.layers[:3]
    found = first(images)
    return found, second(pool(found))


if __name__ == "__main__":
    sys.exit(main())
