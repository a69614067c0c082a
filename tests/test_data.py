"""The shipped pictures are what their README says."""

import hashlib
import re

import numpy as np
import pytest
from conftest import ROOT

import data

FACTS = {  # count, shape, sum of all pixels, first labels
    "mnist": (500, (28, 28, 1), 12_843_339, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]),
    "cifar10": (20, (32, 32, 3), 7_387_458, [3, 8, 8, 0, 6, 6, 1, 6, 3, 1, 0, 9]),
}


@pytest.mark.parametrize(
    ("arguments", "there_is"),
    [(["emnist"], "'mnist', 'cifar10'"), (["MNIST"], "'mnist', 'cifar10'"), (["mnist", "train"], "'sample'")],
)
def test_a_set_that_is_not_there_is_refused_with_what_there_is(arguments, there_is):
    with pytest.raises(ValueError, match=there_is):
        data.load(*arguments)


@pytest.mark.parametrize("name", FACTS)
def test_a_sample_has_the_documented_pictures_and_labels(name):
    count, shape, total, first = FACTS[name]
    sample = data.load(name)
    assert sample.images.shape == (count, *shape) and sample.images.dtype == np.uint8
    assert int(sample.images.astype(np.int64).sum()) == total
    assert sample.labels[: len(first)].tolist() == first and sample.labels.shape == (count,)
    assert len(sample.class_names) == 10 and not sample.full
    assert sample.origin and sample.licence


def test_the_digits_are_fifty_of_each_class():
    assert np.bincount(data.load("mnist").labels).tolist() == [50] * 10


def test_the_readme_names_the_files_as_they_are():
    sums = dict(re.findall(r"([0-9a-f]{64})  (samples/\w+\.npz)", (ROOT / "data" / "README.md").read_text()))
    files = {path: hashlib.sha256((ROOT / "data" / path).read_bytes()).hexdigest() for path in sums.values()}
    assert {path: digest for digest, path in sums.items()} == files and len(files) == 2


def test_a_sample_holds_plain_arrays_and_nothing_that_could_run():
    for name in FACTS:
        with np.load(data.SAMPLES / f"{name}.npz", allow_pickle=False) as arrays:
            assert sorted(arrays.files) == ["images", "labels"]
