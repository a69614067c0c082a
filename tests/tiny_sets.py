"""Data sets of a few pictures, in the formats and with the checksums of real ones, for tests of the loaders."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.catalogue import CIFAR10, MNIST, DataSet, Part
from data.content import File

TRAIN, TEST = 6, 4  # pictures
SHAPE = (5, 7, 1)


def pixels(*shape: int) -> np.ndarray:
    """Every value differs from its neighbours, so that a swapped axis or a lost row shows."""
    return (np.arange(np.prod(shape)) * 37 % 251).astype(np.uint8).reshape(shape)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def place(folder: Path, contents: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def mnist_contents() -> dict[str, bytes]:
    """MNIST's four files, unpacked, for 6 pictures of 5×7 to train with and 4 to test with."""
    return {
        "train-images-idx3-ubyte": idx(pixels(TRAIN, *SHAPE[:2])),
        "train-labels-idx1-ubyte": idx(np.array([5, 0, 4, 1, 9, 2], np.uint8)),
        "t10k-images-idx3-ubyte": idx(pixels(TEST, *SHAPE[:2])[::-1]),
        "t10k-labels-idx1-ubyte": idx(np.array([7, 2, 1, 0], np.uint8)),
    }


def tiny_mnist(contents: dict[str, bytes] | None = None, mirrors: tuple[str, ...] = ()) -> DataSet:
    """A set like MNIST whose checksums are those of `contents`."""
    files = []
    for name, content in (contents or mnist_contents()).items():
        source = File(f"{name}.gz", len(packed(content)), sha256(packed(content)))
        files.append(File(name, len(content), sha256(content), source))
    parts = Part("train", TRAIN, tuple(files[:2])), Part("test", TEST, tuple(files[2:]))
    return replace(MNIST, shape=SHAPE, parts=parts, mirrors=mirrors)


def batch(images: np.ndarray, labels: list) -> bytes:
    """A batch as CIFAR-10 has it, (N, 32, 32, 3) pictures: NumPy's classes under the names of its day."""
    rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    content = pickle.dumps({b"data": np.ascontiguousarray(rows), b"labels": labels}, protocol=3)
    return content.replace(b"numpy._core", b"numpy.core")


def cifar10_contents() -> dict[str, bytes]:
    """CIFAR-10's six batches, of two pictures each."""
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    return {
        name: batch(pixels(2, 32, 32, 3) + np.uint8(number), [number, 9 - number])
        for number, name in enumerate(names)
    }


def archive(contents: dict[str, bytes], folder: str = "cifar-10-batches-py/") -> bytes:
    """A tar.gz with a plain file for each of `contents`."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in contents.items():
            member = tarfile.TarInfo(folder + name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def tiny_cifar10(contents: dict[str, bytes], download: bytes, mirrors: tuple[str, ...] = ()) -> DataSet:
    """A set like CIFAR-10 whose checksums are those of `contents` and of the archive `download`."""
    source = File("cifar-10-python.tar.gz", len(download), sha256(download))
    parts = [
        Part(part.split, 2, (File(file.name, len(content), sha256(content), source),))
        for part, (file,), content in zip(
            CIFAR10.parts, (part.files for part in CIFAR10.parts), contents.values(), strict=True
        )
    ]
    return replace(CIFAR10, parts=tuple(parts), mirrors=mirrors)
