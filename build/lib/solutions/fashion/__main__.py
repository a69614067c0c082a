"""Train the article's network on Fashion-MNIST with several seeds, and draw what it learned.

Without the full data set it learns from the sample that comes with the kit, in less than a minute.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import data
from solutions.fashion.training import RATE, learning_rate, train


def main(arguments=None):
    """Run the command; return 0."""
    options = _parser().parse_args(arguments)
    training, test = (data.load("fashion_mnist", split, folder=options.data) for split in ("train", "test"))
    print(_plan(options, training, test))
    runs = [_run(seed, training, test, options) for seed in options.seeds]
    print(_summary(runs))
    _save(runs, test, options.figures)
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m solutions.fashion", description=__doc__)
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
    from solutions.fashion.figures import figures  # matplotlib takes its time: not before it is needed

    folder.mkdir(parents=True, exist_ok=True)
    histories = [{"seed": run.seed, **run.history} for run in runs]
    (folder / "histories.json").write_text(json.dumps(histories, indent=1) + "\n")
    for name, figure in figures(runs, test).items():
        figure.savefig(folder / f"{name}.png", dpi=144, facecolor="white")
    print(f"\nFigures and histories are in {folder}")


if __name__ == "__main__":
    sys.exit(main())
