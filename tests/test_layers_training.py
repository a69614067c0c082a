"""A network reads as in the article, learns, tells how it goes, and says what is wrong with what it is given."""

import io
import re

import numpy as np
import pytest

from solutions.reference.layers import SGD, Adam, Conv2D, Dense, Flatten, MaxPooling2D, Sequential
from solutions.reference.layers.constraints import NonNeg
from solutions.reference.layers.losses import SparseCategoricalCrossentropy
from solutions.reference.layers.progress import Progress


def article_network(seed=1):
    return Sequential(
        [
            Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1)),
            MaxPooling2D((2, 2)),
            Conv2D(64, (5, 5), activation="relu"),
            MaxPooling2D((2, 2)),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        seed=seed,
    )


def small_layers():
    return [
        Conv2D(4, 3, activation="relu", input_shape=(8, 8, 1)),
        MaxPooling2D(),
        Flatten(),
        Dense(2, activation="softmax"),
    ]


def small_network(seed=1, **options):
    return Sequential(small_layers(), seed=seed, **options)


def bars(count, seed=5):
    """Noisy images of one bar, (count, 8, 8), and whether it lies (0) or stands (1)."""
    rng = np.random.default_rng(seed)
    images, labels = rng.normal(0, 0.2, (count, 8, 8)), rng.integers(0, 2, count)
    for image, label, place in zip(images, labels, rng.integers(1, 7, count), strict=True):
        (image if label == 0 else image.T)[place] += 1
    return images, labels


# What a model refuses.


def test_a_model_is_made_of_layers_each_of_its_own():
    with pytest.raises(TypeError, match="a model is made of layers such as Dense"):
        Sequential([Dense])
    layer = Dense(3)
    with pytest.raises(ValueError, match="the same Dense object is in the model twice"):
        Sequential([layer, layer])
    with pytest.raises(ValueError, match="at least one layer"):
        Sequential([]).build((3,))
    with pytest.raises(ValueError, match="the same dtype"):
        Sequential([Dense(3, input_shape=(2,)), Dense(3, dtype="float64")])


def test_a_layer_that_does_not_fit_is_named_by_its_place():
    with pytest.raises(ValueError, match="layer 2 of the model, MaxPooling2D: pool_size must not be larger"):
        Sequential([Conv2D(2, 3, input_shape=(5, 5, 1)), MaxPooling2D(4)])


def test_a_model_without_a_shape_has_no_summary_yet():
    with pytest.raises(RuntimeError, match="give its first layer input_shape"):
        Sequential([Dense(2)]).summary()


def test_images_without_channels_do_not_say_what_a_model_is_built_for():
    with pytest.raises(ValueError, match=r"layer 1 of the model, Conv2D: an image must have 3 axes.*newaxis"):
        Sequential([Conv2D(2, 3)]).predict(np.zeros((4, 8, 8)))


@pytest.mark.parametrize(
    "images, labels, error, words",
    [
        (
            np.zeros((4, 8, 8, 1)),
            [0, 1, 2, 0],
            ValueError,
            "labels must be from 0 to 1, as there are 2 outputs",
        ),
        (np.zeros((4, 8, 8, 1)), [0, -1, 1, 0], ValueError, "they go from -1 to 1"),
        (
            np.zeros((4, 8, 8, 1)),
            [0, 1, 0],
            ValueError,
            r"one label for each of 4 images, but labels have \(3,\)",
        ),
        (np.zeros((4, 8, 8, 1)), np.eye(2)[[0, 1, 0, 1]], ValueError, r"labels.argmax\(axis=1\)"),
        (np.zeros((4, 8, 8, 1)), [0.0, 1.0, 0.0, 1.0], TypeError, "labels must be integers"),
        (
            np.zeros((4, 8, 9, 1)),
            [0, 1, 0, 1],
            ValueError,
            r"\('count', 8, 8, 1\), but the shape is \(4, 8, 9, 1\)",
        ),
        (
            np.zeros((4, 8, 8, 3)),
            [0, 1, 0, 1],
            ValueError,
            r"\('count', 8, 8, 1\), but the shape is \(4, 8, 8, 3\)",
        ),
        (np.zeros((8, 8)), [0], ValueError, r"but the shape is \(8, 8\)"),
        (np.zeros((0, 8, 8, 1)), [], ValueError, "at least one image"),
    ],
)
def test_images_or_labels_that_do_not_fit_are_refused_before_anything_is_learned(
    images, labels, error, words
):
    model = small_network()
    before = model.get_weights()
    for use in (model.fit, model.evaluate):
        with pytest.raises(error, match=words):
            use(images, labels)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_the_articles_network_without_flatten_is_told_to_flatten():
    model = Sequential([Conv2D(2, 3, input_shape=(8, 8, 1)), Dense(2, activation="softmax")])
    with pytest.raises(
        ValueError, match=r"outputs have shape \(3, 6, 6, 2\); put Flatten\(\) before the last Dense"
    ):
        model.fit(np.zeros((3, 8, 8, 1)), [0, 1, 0])


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1"),
        ({"optimizer": "adamw"}, ValueError, "optimizer must be one of sgd, adam, but it is 'adamw'"),
        ({"optimizer": Adam}, TypeError, r"an object such as Adam\(\)"),
        ({"optimizer": 0.1}, TypeError, r"an object such as Adam\(\)"),
        ({"verbose": 3}, ValueError, "verbose must be 'auto', 0, 1 or 2"),
    ],
)
def test_a_wrong_option_of_fit_is_refused(options, error, words):
    with pytest.raises(error, match=words):
        small_network().fit(*bars(4), **options)


def test_validation_data_that_do_not_fit_are_refused_before_an_epoch_is_spent():
    model = small_network()
    before = model.values.copy()
    with pytest.raises(ValueError, match="labels must be from 0 to 1"):
        model.fit(*bars(4), validation_data=(bars(4)[0], [0, 1, 2, 3]), verbose=0)
    assert np.array_equal(model.values, before)


def test_an_optimizer_is_not_taken_from_one_model_to_another():
    optimizer = Adam()
    small_network().fit(*bars(4), optimizer=optimizer, verbose=0)
    other = Sequential([Flatten(), Dense(2, activation="softmax")])
    with pytest.raises(ValueError, match="an optimizer belongs to one model"):
        other.fit(*bars(4), optimizer=optimizer, verbose=0)


def test_an_unknown_loss_is_refused():
    with pytest.raises(
        ValueError, match="loss must be one of sparse_categorical_crossentropy, but it is 'mse'"
    ):
        small_network(loss="mse")
    with pytest.raises(TypeError, match="loss must be a loss"):
        small_network(loss=None)


# The article's network.


def test_the_articles_network_has_the_articles_shapes_and_numbers_of_parameters(capsys):
    model = article_network()
    model.summary()
    table = capsys.readouterr().out
    rows = re.findall(r"(\w+)  +\((None, .*?)\)  +([\d,]+)$", table, re.MULTILINE)
    assert rows == [
        ("Conv2D", "None, 24, 24, 32", "832"),
        ("MaxPooling2D", "None, 12, 12, 32", "0"),
        ("Conv2D", "None, 8, 8, 64", "51,264"),
        ("MaxPooling2D", "None, 4, 4, 64", "0"),
        ("Flatten", "None, 1024", "0"),
        ("Dense", "None, 10", "10,250"),
    ]
    assert re.search(r"total +62,346$", table, re.MULTILINE)


def test_the_articles_network_takes_images_without_a_channel_as_bytes_and_gives_probabilities():
    images = np.random.default_rng(2).integers(0, 256, (3, 28, 28)).astype("uint8")
    predicted = article_network().predict(images)
    assert predicted.shape == (3, 10) and predicted.dtype == np.float32
    np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(predicted, article_network().predict(images[..., np.newaxis]))


# Learning.


@pytest.mark.parametrize("optimizer", [Adam(0.02), SGD(0.1, momentum=0.9)], ids=["Adam", "SGD"])
def test_a_small_network_learns_to_tell_lying_from_standing_bars(optimizer):
    model = small_network()
    history = model.fit(
        *bars(400), epochs=4, optimizer=optimizer, validation_data=bars(200, seed=6), verbose=0
    )
    assert history.epoch == [0, 1, 2, 3]
    assert history.history.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert history.history["loss"][3] < history.history["loss"][0] / 2
    loss, accuracy = model.evaluate(*bars(200, seed=6))
    assert accuracy > 0.95  # guessing gives 0.5
    assert (loss, accuracy) == (history.history["val_loss"][3], history.history["val_accuracy"][3])


def test_the_same_seed_gives_the_same_training_and_another_seed_another():
    histories = []
    for seed in (1, 1, 2):
        model = small_network(seed)
        histories.append((model.fit(*bars(40), epochs=2, verbose=0).history, model.values.tolist()))
    assert histories[0] == histories[1] != histories[2]


def test_images_are_shuffled_anew_each_epoch_unless_told_otherwise():
    def order(**options):
        seen = []

        class Watched(Flatten):
            def _forward(self, inputs):
                seen.extend(inputs[:, 0].astype(int).tolist())
                return super()._forward(inputs)

        model = Sequential(
            [Watched(), Dense(2)], loss=SparseCategoricalCrossentropy(from_logits=True), seed=3
        )
        model.fit(np.arange(10.0)[:, np.newaxis], np.zeros(10, int), 4, 2, verbose=0, **options)
        return seen[:10], seen[10:]

    first, second = order()
    assert sorted(first) == sorted(second) == list(range(10))
    assert len({tuple(first), tuple(second), tuple(range(10))}) == 3
    assert order(shuffle=False) == (list(range(10)), list(range(10)))


def test_evaluation_does_not_depend_on_the_batch_size():
    model = small_network()
    images, labels = bars(23)
    assert model.evaluate(images, labels, 5) == pytest.approx(model.evaluate(images, labels, 23), rel=1e-5)
    np.testing.assert_allclose(model.predict(images, 5), model.predict(images), atol=1e-6)


def test_nothing_is_predicted_for_no_images():
    model = small_network()
    assert model.predict(np.zeros((0, 8, 8, 1))).shape == (0, 2)


def test_labels_in_one_column_count_as_class_numbers():
    images, labels = bars(20)
    model = small_network()
    assert model.evaluate(images, labels[:, np.newaxis]) == model.evaluate(images, labels)


def test_a_hopeless_mistake_still_has_a_finite_loss_and_a_full_gradient():
    """Softmax gives the right class a probability that float32 rounds to 0: the logits know better."""
    model = Sequential([Dense(2, activation="softmax", kernel_initializer="identity", input_shape=(2,))])
    images, labels = np.array([[200.0, 0.0]]), np.array([1])
    assert model.predict(images).tolist() == [[1, 0]]
    loss, _ = model.compute_gradients(images, labels)
    assert loss == 200
    assert model.layers[0].bias.gradient.tolist() == [1, -1]


def test_softmax_before_a_loss_from_logits_is_not_applied_twice():
    images, labels = bars(20)
    twice = small_network(loss=SparseCategoricalCrossentropy(from_logits=True))
    assert twice.evaluate(images, labels) == small_network().evaluate(images, labels)


def test_a_learning_rate_may_be_a_function_of_the_epoch():
    once, then_nothing = small_network(), small_network()
    once.fit(*bars(20), optimizer=SGD(0.1), verbose=0)
    then_nothing.fit(*bars(20), epochs=3, optimizer=SGD(lambda epoch: 0.1 if epoch == 0 else 0.0), verbose=0)
    assert np.array_equal(once.values, then_nothing.values)


def test_constraints_hold_after_each_step_and_not_before_the_first():
    model = Sequential([Flatten(), Dense(2, kernel_constraint=NonNeg(), activation="softmax")], seed=1)
    images, labels = bars(20)
    model.build((8, 8))
    assert model.layers[1].kernel.value.min() < 0
    model.fit(images, labels, optimizer="sgd", verbose=0)
    assert model.layers[1].kernel.value.min() == 0


def test_all_weights_are_one_vector_that_the_layers_look_into():
    model = small_network()
    assert model.values.size == model.count_params() == 40 + 74
    model.values[...] = 1
    assert all((weights == 1).all() for weights in model.get_weights())
    model.set_weights([weights + 1 for weights in model.get_weights()])
    assert (model.values == 2).all()


def test_adding_layers_one_by_one_makes_the_same_model():
    model = Sequential(seed=1)
    for layer in small_layers():
        model.add(layer)
    assert np.array_equal(model.values, small_network().values)


# What is told meanwhile.


class Terminal(io.StringIO):
    def isatty(self):
        return True


class JupyterStream(io.StringIO):
    """Like ipykernel's: not a terminal, though a line can be written over."""


JupyterStream.__module__ = "ipykernel.iostream"


def told(stream, verbose="auto"):
    progress = Progress(2, verbose, stream)
    for epoch in range(2):
        progress.begin(epoch)
        for done in range(1, 6):
            progress.step(done, 5, {"loss": 1 / done, "accuracy": 0.5})
        progress.end({"loss": 0.2, "accuracy": 0.5})
    return stream.getvalue()


def test_without_a_terminal_each_epoch_is_one_line():
    lines = told(io.StringIO()).splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"Epoch 1/2  loss 0\.2000  accuracy 0\.5000  \d+\.\d s", lines[0])


@pytest.mark.parametrize("stream", [Terminal, JupyterStream])
def test_in_a_terminal_and_in_jupyter_a_bar_is_written_over_by_the_finished_epoch(stream):
    text = told(stream())
    bar, epoch = text.split("\n")[0].split("\r")
    assert re.match(r"Epoch 1/2  █{4}░{16}  1/5  loss 1\.0000  accuracy 0\.5000  \d+ s left", bar)
    assert epoch.startswith("Epoch 1/2  loss 0.2000") and len(epoch) >= len(bar)  # nothing of the bar is left


def test_silence_is_silent_and_a_bar_can_be_asked_for():
    assert told(Terminal(), verbose=0) == ""
    assert "█" in told(io.StringIO(), verbose=1)
    assert "█" not in told(Terminal(), verbose=2)
