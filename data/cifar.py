"""CIFAR-10's python version: batches that are pickled dictionaries, in a tar archive.

Format: https://www.cs.toronto.edu/~kriz/cifar.html. Unpickling can run any code that a file asks for, so these are
read in two steps that each suffice: the caller compares the bytes with the publisher's checksum, and the
unpickler here knows no function to call. It builds plain containers, and stand-ins that only keep what NumPy's
own classes would have interpreted.
"""

import gzip
import io
import os
import pickle
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from data.content import Damaged, File, check

PICTURE = (3, 32, 32)  # a row of a batch: all red values, all green, all blue, each row by row


class _Array:
    """Stands in for numpy.ndarray: keeps the state (version, shape, dtype, Fortran order, bytes)."""

    state = ()

    def __init__(self, *ignored):
        pass

    def __setstate__(self, state):
        self.state = state


class _DType(_Array):
    """Stands in for numpy.dtype: a batch has no other than uint8."""


STAND_INS = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _DType,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return STAND_INS[module, name]
        except KeyError:
            raise Damaged(f"asks to run {module}.{name}, which no data set needs") from None


def decode_batch(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures of one batch, (N, 32, 32, 3) uint8, and their labels, (N,) int64."""
    try:
        batch = _Unpickler(io.BytesIO(content), encoding="bytes").load()
        _, (count, _), _, _, values = batch[b"data"].state
        pixels = np.frombuffer(values, np.uint8).reshape(count, *PICTURE)
        labels = np.array(batch[b"labels"], dtype=np.int64)
    except Damaged:
        raise
    except Exception:  # bytes that are no pickle, or another one, can fail in any way
        raise Damaged("is not a batch of CIFAR-10") from None
    if labels.shape != (count,):
        raise Damaged(f"has {count:,} pictures but labels of the shape {labels.shape}")
    return pixels.transpose(0, 2, 3, 1), labels


def unpack(archive: Path, files: Iterable[File], folder: Path) -> None:
    """Write `files` from a tar archive into `folder`, each once it is found to be the publisher's.

    Only plain files with the names asked for are read, and they are written under these names, so that an
    archive has no say in where anything goes: its other members, paths and links are passed over.
    """
    wanted = {file.name: file for file in files}
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                file = wanted.get(Path(member.name).name)
                if file and member.isfile():
                    _write(tar.extractfile(member).read(file.size + 1), file, folder)
                    del wanted[file.name]
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Damaged(f"is not a whole tar archive ({error})") from None
    if wanted:
        raise Damaged(f"does not contain {', '.join(wanted)}")


def _write(content: bytes, file: File, folder: Path) -> None:
    """Write one file so that it is there whole or not at all."""
    try:
        check(content, file)
    except Damaged as damage:
        raise Damaged(f"contains {file.name}, which {damage}") from None
    unfinished = folder / f"{file.name}.{os.getpid()}.unfinished"
    try:
        unfinished.write_bytes(content)
        unfinished.replace(folder / file.name)
    finally:
        unfinished.unlink(missing_ok=True)
