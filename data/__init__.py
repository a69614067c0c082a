"""The pictures that the labs work on: `data.load("mnist")`, `"fashion_mnist"` and `"cifar10"`."""

import sys
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from data.catalogue import CATALOGUE, DataSet
from data.download import FetchError, fetch
from data.storage import Found, main_folder, read_split

SAMPLES = Path(__file__).parent / "samples"
NETWORKS = ("digit_network",)
SPLITS = ("sample", "train", "test")


@dataclass(frozen=True, eq=False)
class Images:
    """A set of labelled pictures, and where it comes from."""

    name: str
    split: str  # "sample", "train" or "test", as asked for
    images: np.ndarray  # uint8, (N, height, width, channels), 0 is black
    labels: np.ndarray  # int64, (N,), positions in class_names
    class_names: tuple[str, ...]
    full: bool  # True for the publisher's whole split; False for a part of it and for the shipped sample
    origin: str
    licence: str
    notice: str = ""  # why these are not the pictures that were asked for; empty where they are


def load(
    name: str, split: str = "sample", *, download: bool = False, folder: str | PathLike | None = None
) -> Images:
    """Return one set of pictures: the shipped sample, or the publisher's training or test set.

    "sample" is a small set that comes with the kit. "train" and "test" are the publisher's splits, from
    `folder` (else the environment variable CONV2D_DATA, else a folder in the system's cache). Where they are not
    there and whole, they are downloaded, but only if `download` is True. What cannot be had is replaced
    by the training or the test part of the sample, which share no picture; then `full` is False, and
    `notice`, which is also printed to standard error, says why and what to do.

    ValueError says what there is where `name` or `split` is not; FileNotFoundError that this copy of the kit came
    without that sample (students get those that their labs use).

    >>> digits = load("mnist")
    >>> digits.images.shape, digits.class_names[digits.labels[3]]
    ((500, 28, 28, 1), '3')
    """
    _check("data set", name, CATALOGUE)
    _check("split", split, SPLITS)
    dataset = CATALOGUE[name]
    if split == "sample":
        return _sample(dataset, split)
    root = main_folder(folder)
    found, failure = read_split(dataset, split, root), ""
    if download and not found.whole:
        try:
            fetch(dataset, root)
        except FetchError as error:
            failure = str(error)
        found = read_split(dataset, split, root)
    if not found.whole:
        return _instead(dataset, split, root, found, failure)
    return _images(dataset, split, found.images, found.labels, full=True)


def load_weights(name: str) -> dict[str, np.ndarray]:
    """Return what a trained network that comes with the kit has learned: float64 arrays by name.

    There is "digit_network"; README.md beside this file says what its arrays are.

    >>> load_weights("digit_network")["filters_1"].shape
    (5, 5, 1, 6)
    """
    _check("trained network", name, NETWORKS)
    with np.load(SAMPLES / f"{name}.npz", allow_pickle=False) as arrays:
        return {each: arrays[each].astype(np.float64) for each in arrays.files}


def _check(noun, value, available):
    if value not in available:
        there_is = ", ".join(repr(one) for one in available)
        raise ValueError(f"There is no {noun} {value!r}; there is: {there_is}.")


def _images(dataset: DataSet, split: str, images, labels, full: bool) -> Images:
    about = dataset.class_names, full, dataset.origin, dataset.licence
    return Images(dataset.name, split, images, labels, *about)


def _sample(dataset: DataSet, split: str) -> Images:
    """The shipped pictures: all of them, or those at the start for training and the others for testing."""
    path = SAMPLES / f"{dataset.name}.npz"
    if not path.is_file():
        raise FileNotFoundError(
            f"The sample of {dataset.name} does not come with this copy. To download the whole set "
            f'({dataset.download_megabytes} MB): data.load("{dataset.name}", "train", download=True).'
        )
    with np.load(path, allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"].astype(np.int64)
    border = dataset.sample_train
    part = {"sample": slice(None), "train": slice(border), "test": slice(border, None)}[split]
    pictures = _images(dataset, split, images[part], labels[part], full=False)
    return replace(pictures, origin=f"{dataset.origin}, via {dataset.sample_from}")


def _instead(dataset: DataSet, split: str, root: Path, found: Found, failure: str) -> Images:
    """What there is in place of the whole split, with a notice that says so."""
    if len(found.images):
        pictures = _images(dataset, split, found.images, found.labels, full=False)
        used = f"the {len(found.images):,} pictures that are here"
    else:
        pictures = _sample(dataset, split)
        used = f"{len(pictures.images):,} pictures of the shipped sample"
    notice = (
        f"{dataset.name} {split}: using {used} instead of all {dataset.count(split):,}. "
        f"{_why(found, failure)} {_cure(dataset, split, root, failure)}"
    )
    print(notice, file=sys.stderr)
    return replace(pictures, notice=notice)


def _why(found: Found, failure: str) -> str:
    missing = [f"Missing: {', '.join(found.missing)}."] if found.missing else []
    damaged = [f"{fault}." for fault in found.damaged]
    return " ".join([f"{failure}."] if failure else missing + damaged)


def _cure(dataset: DataSet, split: str, root: Path, failure: str) -> str:
    by_hand = f"put the publisher's files into {root / dataset.folders[0]} by hand."
    if failure:
        return f"Try again later, or {by_hand}"
    call = f'data.load("{dataset.name}", "{split}", download=True)'
    return f"To download all ({dataset.download_megabytes} MB): {call}; or {by_hand}"
