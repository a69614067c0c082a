"""Where a publisher's files are on this computer, and in what state.

A folder of data sets looks as their publishers and other libraries lay it out, so that what is already there is
used: `mnist/train-images-idx3-ubyte.gz`, `cifar-10-batches-py/data_batch_1`, ….
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import content
from data.catalogue import DataSet, Part
from data.content import Damaged, File

VARIABLE = "CONV2D_DATA"
CACHE = "convolution-course-kit"


def main_folder(folder: str | os.PathLike | None = None) -> Path:
    """The folder of all data sets: the one given, else $CONV2D_DATA, else one in the system's cache."""
    return Path(folder or os.environ.get(VARIABLE) or _cache()).expanduser()


def _cache() -> Path:
    """The kit's folder in the system's cache, by pooch; without pooch (in a browser, say) nothing was ever put there."""
    try:
        from pooch import os_cache
    except ModuleNotFoundError:
        return Path("~/.cache") / CACHE
    return os_cache(CACHE)


def read_file(dataset: DataSet, file: File, root: Path) -> bytes:
    """Return a file's content from the first place where it is whole.

    Raises FileNotFoundError where there is none, Damaged (naming the path) where there is only a damaged one.
    """
    damage = None
    for folder in dataset.folders:
        for name in (file.name, f"{file.name}.gz"):
            path = root / folder / name
            try:
                return content.read(path, file)
            except FileNotFoundError:
                continue
            except Damaged as reason:
                damage = damage or Damaged(f"{path} {reason}")
    raise damage or FileNotFoundError(file.name)


def is_whole(dataset: DataSet, file: File, root: Path) -> bool:
    """Whether a file is there, as its publisher made it."""
    try:
        read_file(dataset, file, root)
    except (FileNotFoundError, Damaged):
        return False
    return True


@dataclass(frozen=True, eq=False)
class Found:
    """As much of a split as is there and whole."""

    images: np.ndarray  # uint8, (N, height, width, channels)
    labels: np.ndarray  # int64, (N,)
    missing: tuple[str, ...]  # the names of files that are not there
    damaged: tuple[str, ...]  # a clause for each fault: the path, and what is wrong with it

    @property
    def whole(self) -> bool:
        return not (self.missing or self.damaged)


def read_split(dataset: DataSet, split: str, root: Path) -> Found:
    """Return the pictures of all parts of a split that are whole, in the publisher's order."""
    images, labels = [np.empty((0, *dataset.shape), np.uint8)], [np.empty(0, np.int64)]
    missing, damaged = [], []
    for part in (part for part in dataset.parts if part.split == split):
        contents = []
        for file in part.files:
            try:
                contents.append(read_file(dataset, file, root))
            except FileNotFoundError:
                missing.append(file.name)
            except Damaged as damage:
                damaged.append(str(damage))
        if len(contents) == len(part.files):
            try:
                part_images, part_labels = decode_part(dataset, part, contents)
            except Damaged as damage:
                damaged.append(str(damage))
            else:
                images.append(part_images)
                labels.append(part_labels)
    return Found(np.concatenate(images), np.concatenate(labels), tuple(missing), tuple(damaged))


def decode_part(dataset: DataSet, part: Part, contents: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """Return the images and labels in the contents of one part's files."""
    names = " and ".join(file.name for file in part.files)
    try:
        images, labels = dataset.decode(*contents)
    except Damaged as damage:
        raise Damaged(f"{names} {damage}") from None
    if images.shape != (part.count, *dataset.shape) or labels.max() >= len(dataset.class_names):
        raise Damaged(f"{names} hold pictures of the shape {images.shape} with labels up to {labels.max()}")
    return images, labels
