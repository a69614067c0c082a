"""The article's network learns clothes: the command, its numbers and its figures."""

import json
from dataclasses import replace

import numpy as np
import pytest

import data
from benchmarks import fashion
from benchmarks.fashion import learning_rate, main, maps, train
from notebooks.labkit import confusion, draw_confusion, draw_curves, draw_strongest_kernels


@pytest.fixture(scope="module")
def clothes(tmp_path_factory):
    """The training and test part of the shipped sample."""
    nowhere = tmp_path_factory.mktemp("no_data")
    return [data.load("fashion_mnist", split, folder=nowhere) for split in ("train", "test")]


@pytest.fixture(scope="module")
def run(clothes):
    return train(*clothes, seed=0, epochs=2, winograd=True, verbose=0)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--epochs", "0"], "argument --epochs: it must be at least 1, but it is 0"),
        (["--batch", "-3"], "argument --batch: it must be at least 1, but it is -3"),
        (["--epochs", "ten"], "argument --epochs"),
        (["--seeds"], "argument --seeds: expected at least one argument"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_line(arguments, words, capsys):
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2 and words in capsys.readouterr().err.splitlines()[-1]


def first(images, number: int):
    return replace(images, images=images.images[:number], labels=images.labels[:number])


@pytest.mark.slow
def test_the_command_trains_each_seed_and_says_with_what(tmp_path, capsys, monkeypatch):
    def on_few(training, test, *rest, **options):  # what it learns from all of them is tried below
        return train(first(training, 300), first(test, 100), *rest, **options)

    monkeypatch.setattr(fashion, "train", on_few)
    figures = tmp_path / "new" / "folder"
    arguments = [
        "--data",
        str(tmp_path),
        "--epochs",
        "1",
        "--seeds",
        "3",
        "4",
        "--exact",
        "--figures",
        str(figures),
    ]
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "using 2,000 pictures of the shipped sample instead of all 60,000" in told.err
    assert "2,000 pictures to learn from, 500 to test" in told.out
    assert "learning rate 0.001\nConvolution: exact" in told.out
    histories = json.loads((figures / "histories.json").read_text())
    assert [history["seed"] for history in histories] == [3, 4]
    last = [history["val_accuracy"][-1] for history in histories]
    assert f"  seed 3: {last[0]:.2%}\n  seed 4: {last[1]:.2%}\n  mean: {np.mean(last):.2%}" in told.out
    drawn = sorted(path.name for path in figures.glob("*.png") if path.stat().st_size > 5_000)
    assert drawn == [
        f"{name}.png"
        for name in ("confusion", "curves", "filters-1", "filters-2", "maps-1", "maps-2", "picture")
    ]


def test_the_last_three_of_ten_epochs_take_small_steps():
    rates = [learning_rate(10)(epoch) for epoch in range(10)]
    assert rates == [1e-3] * 7 + [1e-4] * 3
    assert learning_rate(1)(0) == 1e-3


@pytest.mark.slow
def test_the_network_learns_from_the_sample(run):
    assert run.history["loss"][1] < run.history["loss"][0]
    assert run.test_accuracy == run.history["val_accuracy"][1] > 0.6  # guessing gives 0.1


@pytest.mark.slow
def test_a_seed_gives_the_same_training_again_and_another_seed_another(clothes, run):
    few = [first(part, 200) for part in clothes]
    one, again, other = (train(*few, seed=seed, epochs=1, verbose=0) for seed in (0, 0, 1))
    assert one.history == again.history != other.history


def test_confusions_are_counted_by_class_and_answer():
    labels, answers = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 2, 0])
    assert confusion(labels, answers, 4).tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [2, 0, 1, 0], [0, 0, 0, 0]]


@pytest.mark.slow
def test_the_maps_are_those_of_the_two_convolutions(run, clothes):
    images = clothes[1].images[:2] / np.float32(255)
    first, second = maps(run.model, images)
    assert first.shape == (2, 24, 24, 32) and second.shape == (2, 8, 8, 64)
    np.testing.assert_array_equal(first, run.model.layers[0](images))


def text_of(figure):
    return [each.get_text() for ax in figure.axes for each in ax.texts]


def test_every_count_stands_in_its_cell():
    counts = np.array([[1234, 0], [7, 40]])
    assert text_of(draw_confusion(counts, ("dress", "bag"))) == ["1,234", "·", "7", "40"]


def test_curves_are_named_by_training_and_kind_and_differ_without_colour():
    history = {"accuracy": [0.5, 0.6], "val_accuracy": [0.4, 0.7]}
    _, ax = draw_curves({"seed 5": history, "seed 8": history}).axes
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["seed 5, learning", "seed 5, test", "seed 8, learning", "seed 8, test"]
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.lines}) == 4


def test_the_strongest_kernels_are_drawn_with_their_numbers():
    filters = np.zeros((3, 3, 6, 5))
    filters[:, :, [1, 4], 2] = filters[:, :, 4, 3] = 1
    figure = draw_strongest_kernels(filters, channels_shown=2, filters_shown=2)
    assert text_of(figure)[:4] == ["1", "4", "2", "3"]
    first, second = [np.asarray(image.get_array()) for image in figure.axes[0].images[:2]]
    assert first.shape == (3, 3) and first.min() == 1 and second.max() == 0
