"""Files that are not what their publisher made are refused, with the reason, and never run anything."""

import builtins
import io
import os
import pickle
import struct
import tarfile

import numpy as np
import pytest
from tiny_sets import (
    archive,
    batch,
    cifar10_contents,
    idx,
    mnist_contents,
    packed,
    pixels,
    place,
    sha256,
    tiny_cifar10,
    tiny_mnist,
)

import data
from data import cifar
from data import idx as idx_format
from data.catalogue import CATALOGUE
from data.content import Damaged, File
from data.storage import read_split

CONTENTS = mnist_contents()
IMAGES = CONTENTS["train-images-idx3-ubyte"]


def altered(content: bytes, place: int = -1) -> bytes:
    """The content with one bit changed."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place:][1:]


# What may stand in the place of train-images-idx3-ubyte.gz, and what is said of it.
DAMAGED = {
    "empty": (b"", "is empty"),
    "a login page": (b"\n<!DOCTYPE html><html><body>Welcome to our network!", "is a web page, not data"),
    "a gzipped login page": (packed(b"<html>Welcome!</html>".ljust(len(IMAGES))), "is a web page, not data"),
    "a gzip cut off": (packed(IMAGES)[:-30], "is a gzip file that is cut off"),
    "a gzip without its checksum": (packed(IMAGES)[:-8], "is a gzip file that is cut off"),
    "a gzip with a wrong checksum": (altered(packed(IMAGES), -8), "is a damaged gzip file"),
    "a gzip with a changed stream": (packed(IMAGES)[:10] + b"\xff" * 40, "is a damaged gzip file"),
    "a whole gzip of a cut content": (packed(IMAGES[:-5]), "has 221 bytes where 226 belong"),
    "a whole gzip of a longer content": (packed(IMAGES + b"\0"), "unpacks to more than the 226 bytes"),
    "one bit of one pixel changed": (packed(altered(IMAGES)), "is not the publisher's file"),
    "one bit of the shape changed": (packed(altered(IMAGES, 7)), "is not the publisher's file"),
    "another magic number": (packed(altered(IMAGES, 2)), "is not the publisher's file"),
    "the labels": (packed(CONTENTS["train-labels-idx1-ubyte"]), "has 14 bytes where 226 belong"),
    "other pictures of this shape": (packed(idx(pixels(6, 5, 7)[::-1])), "is not the publisher's file"),
    "a larger file": (bytes(100_000), "is larger than the 226 bytes that belong in it"),
    "a bomb: 50 MB in 50 KB": (packed(bytes(50_000_000)), "unpacks to more than the 226 bytes"),
}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A whole tiny MNIST in the folder that is returned."""
    monkeypatch.setitem(CATALOGUE, "mnist", tiny_mnist())
    place(tmp_path / "mnist", {f"{name}.gz": packed(content) for name, content in CONTENTS.items()})
    return tmp_path


@pytest.mark.parametrize(("content", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_with_its_path_and_the_reason(content, said, tiny, capsys):
    path = tiny / "mnist" / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    train = data.load("mnist", "train", folder=tiny)
    assert not train.full and np.array_equal(train.images, data.load("mnist").images[:400])
    assert f"{path} {said}" in train.notice and capsys.readouterr().err.count("\n") == 1
    assert path.read_bytes() == content  # it is the user's: refused, not removed
    assert data.load("mnist", "test", folder=tiny).full


def test_a_file_that_cannot_be_read_is_told(tiny):
    path = tiny / "mnist" / "train-images-idx3-ubyte.gz"
    path.unlink()
    path.mkdir()
    assert f"{path} cannot be read" in data.load("mnist", "train", folder=tiny).notice


def test_a_bomb_is_not_unpacked_beyond_the_size_that_belongs(tiny):
    with pytest.raises(Damaged, match="unpacks to more than the 10 bytes"):
        data.content.gunzip(packed(bytes(10**7)), 10)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not start as an IDX file"),
        (b"\0\0\x0d\3" + bytes(100), "does not start as an IDX file of bytes does .but with 00 00 0d 03."),
        (b"\0\0\x08\3" + bytes(5), "ends within its own header of 16 bytes"),
        (idx(pixels(2, 3, 4))[:-1], "promises 2 × 3 × 4 = 24 values and has 23"),
        (idx(pixels(2, 3, 4)) + b"\0", "promises 2 × 3 × 4 = 24 values and has 25"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, *[2**32 - 1] * 3), "values and has 0"),
    ],
)
def test_an_idx_file_must_hold_what_its_header_promises(content, said):
    with pytest.raises(Damaged, match=said):
        idx_format.decode(content)


def test_an_idx_file_gives_its_array_back():
    assert np.array_equal(idx_format.decode(idx(pixels(2, 3, 4))), pixels(2, 3, 4))


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (pixels(6, 5, 7), pixels(5), "do not belong together: 6 images, 5 labels"),
        (pixels(6), pixels(6, 5, 7), "hold 1-D images and 3-D labels, not 3-D and 1-D ones"),
        (
            pixels(6, 7, 5),
            np.arange(6, dtype=np.uint8),
            "hold pictures of the shape (6, 7, 5, 1) with labels up to 5",
        ),
        (
            pixels(5, 5, 7),
            np.arange(5, dtype=np.uint8),
            "hold pictures of the shape (5, 5, 7, 1) with labels up to 4",
        ),
        (
            pixels(6, 5, 7),
            np.full(6, 10, np.uint8),
            "hold pictures of the shape (6, 5, 7, 1) with labels up to 10",
        ),
    ],
)
def test_images_and_labels_must_fit_each_other_and_the_set(images, labels, said, tmp_path):
    contents = CONTENTS | {"train-images-idx3-ubyte": idx(images), "train-labels-idx1-ubyte": idx(labels)}
    place(tmp_path / "mnist", contents)
    found = read_split(tiny_mnist(contents), "train", tmp_path)
    assert len(found.images) == 0 and not found.whole
    assert found.damaged == (f"train-images-idx3-ubyte and train-labels-idx1-ubyte {said}",)


class Hostile:
    """Pickled, this asks whoever unpickles it to call a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize("function", [os.mkdir, builtins.eval, builtins.getattr, np.load, np.zeros])
def test_a_pickle_that_asks_to_run_something_is_refused_and_runs_nothing(function, protocol, tmp_path):
    trace = tmp_path / "trace"
    content = pickle.dumps({b"data": Hostile(function, str(trace))}, protocol=protocol)
    with pytest.raises(Damaged, match=r"asks to run \w+\.\w+.*, which no data set needs"):
        cifar.decode_batch(content)
    assert not trace.exists()


def test_a_hostile_batch_is_not_even_opened_as_its_checksum_is_wrong(tmp_path, monkeypatch):
    contents = cifar10_contents()
    monkeypatch.setitem(CATALOGUE, "cifar10", tiny_cifar10(contents, b"not needed"))
    hostile = pickle.dumps(Hostile(os.mkdir, str(tmp_path / "trace"))).ljust(len(contents["test_batch"]))
    place(tmp_path / "cifar-10-batches-py", {"test_batch": hostile})
    test = data.load("cifar10", "test", folder=tmp_path)
    assert "test_batch is not the publisher's file" in test.notice and not test.full
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a batch of CIFAR-10"),
        (b"no pickle at all", "is not a batch of CIFAR-10"),
        (batch(pixels(2, 32, 32, 3), [1, 2])[:-100], "is not a batch of CIFAR-10"),
        (pickle.dumps([1, 2, 3]), "is not a batch of CIFAR-10"),
        (pickle.dumps({b"labels": [1, 2]}), "is not a batch of CIFAR-10"),
        (batch(pixels(2, 16, 32, 3), [1, 2]), "is not a batch of CIFAR-10"),
        (batch(pixels(2, 32, 32, 3), [[1], [2, 3]]), "is not a batch of CIFAR-10"),
        (batch(pixels(2, 32, 32, 3), [1, 2, 3]), r"has 2 pictures but labels of the shape \(3,\)"),
    ],
)
def test_a_batch_must_be_one(content, said):
    with pytest.raises(Damaged, match=said):
        cifar.decode_batch(content)


def test_a_batch_gives_its_pictures_back():
    images, labels = cifar.decode_batch(batch(pixels(2, 32, 32, 3), [3, 8]))
    assert np.array_equal(images, pixels(2, 32, 32, 3)) and labels.tolist() == [3, 8]


WANTED = File("data_batch_1", 9, sha256(b"the batch"))


def tar_of(*members: tuple[str, bytes, str]) -> bytes:
    """A tar.gz of (name, content, link target or "") members."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content, target in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if target:
                member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def unpacked(tmp_path, content: bytes) -> dict[str, bytes]:
    """What unpacking leaves anywhere below tmp_path, besides the archive."""
    (tmp_path / "outer" / "folder").mkdir(parents=True)
    (tmp_path / "archive.tar.gz").write_bytes(content)
    cifar.unpack(tmp_path / "archive.tar.gz", [WANTED], tmp_path / "outer" / "folder")
    return files_below(tmp_path / "outer")


def files_below(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_archive_has_no_say_in_where_its_files_go(tmp_path):
    content = tar_of(
        ("../evil", b"outside", ""),
        (str(tmp_path / "outer" / "absolute"), b"outside", ""),
        ("folder", b"", "/etc"),
        ("../../data_batch_1", b"the batch", ""),
    )
    assert unpacked(tmp_path, content) == {"folder/data_batch_1": b"the batch"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (tar_of(("x/data_batch_1", b"", "/etc/passwd")), "does not contain data_batch_1"),
        (tar_of(("x/data_batch_2", b"the batch", "")), "does not contain data_batch_1"),
        (tar_of(("x/data_batch_1", b"The batch", "")), "contains data_batch_1, which is not the publisher's"),
        (tar_of(("x/data_batch_1", b"the batch and more", "")), "contains data_batch_1, which has 10 bytes"),
        (tar_of(("x/data_batch_1", b"the", "")), "contains data_batch_1, which has 3 bytes"),
        (archive({"data_batch_1": b"the batch"})[:60], "is not a whole tar archive"),
        (archive({"data_batch_1": b"the batch"})[:40] + bytes(99), "is not a whole tar archive"),
        (b"<html>no archive</html>", "is not a whole tar archive"),
    ],
    # An archive holds the time at which it was made, which must not be a part of a test's name.
    ids=[
        "a link",
        "another file",
        "altered",
        "longer",
        "shorter",
        "cut off",
        "filled with zeros",
        "a web page",
    ],
)
def test_an_archive_without_the_publishers_files_leaves_nothing(content, said, tmp_path):
    with pytest.raises(Damaged, match=said):
        unpacked(tmp_path, content)
    assert files_below(tmp_path / "outer") == {}
