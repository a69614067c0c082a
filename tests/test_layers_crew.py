"""`fit` takes short cuts through the layers, on several cores: its gradients are theirs all the same."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from liveness import is_running

from solutions.reference.layers import Conv2D, Dense, Flatten, MaxPooling2D, Sequential
from solutions.reference.layers.crew import Crew
from solutions.reference.layers.layer import views
from solutions.reference.layers.winograd import fits

CLASSES = 3


def network(*layers, input_shape, dtype="float64", seed=1):
    """The layers, and a classifier at their end; all weights are random, biases too."""
    layers = [each(dtype) for each in layers]
    model = Sequential([*layers, Flatten(dtype=dtype), Dense(CLASSES, "softmax", dtype=dtype)], seed=seed)
    model.build(input_shape)
    model.values[...] = np.random.default_rng(seed).normal(0, 0.1, model.values.shape)
    return model


def conv(*arguments, **options):
    return lambda dtype: Conv2D(*arguments, **options, dtype=dtype)


def pool(*arguments, **options):
    return lambda dtype: MaxPooling2D(*arguments, **options, dtype=dtype)


def examples(count, shape, seed=2):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, *shape)), rng.integers(0, CLASSES, count)


def gradients_of_crew(model, images, labels, threads, winograd=False):
    with Crew(model, images, labels, len(images), threads, winograd) as crew:
        measures = crew.compute_gradients(range(len(images)))
    return model.gradients.copy(), measures


NETWORKS = {
    "relu before a pooling": [conv(4, 3, activation="relu"), pool()],
    "no activation before a pooling": [conv(4, 3), pool()],
    "no bias": [conv(4, 3, activation="relu", use_bias=False), pool()],
    "an activation that stays in its place": [conv(4, 3, activation="tanh"), pool()],
    "overlapping windows": [conv(4, 3, activation="relu"), pool(3, 2, "same")],
    "windows that leave a column": [conv(4, 3, activation="relu"), pool((2, 4))],
    "two convolutions": [conv(4, 3, activation="relu"), conv(3, 2, padding="same"), pool()],
    "a pooling first": [pool(), conv(4, 3, activation="relu")],
    "softmax inside": [conv(4, 3, activation="softmax"), pool()],
    "strides": [conv(4, 3, strides=2, padding="same", activation="relu"), pool()],
    "dilation": [conv(4, 3, dilation_rate=2, activation="relu"), pool()],
    "groups": [conv(4, 3, groups=2, activation="relu"), pool()],
    "channels first": [
        conv(4, 3, data_format="channels_first", activation="relu"),
        pool(data_format="channels_first"),
    ],
    "regularizers": [
        conv(4, 3, activation="relu", kernel_regularizer="l2", bias_regularizer="l1"),
        pool(),
        conv(2, 2, activity_regularizer="l2"),
    ],
}


@pytest.mark.parametrize("threads, count", [(1, 5), (2, 5), (2, 37), (3, 50)])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_gradients_are_those_of_the_layers_one_by_one_with(name, threads, count):
    shape = (8, 10, 8) if name == "channels first" else (9, 10, 2)
    model = network(*NETWORKS[name], input_shape=shape)
    images, labels = examples(count, shape)
    gradients, (loss, correct) = gradients_of_crew(model, images, labels, threads)
    expected_loss, expected_correct = model.compute_gradients(images, labels)
    np.testing.assert_allclose(gradients, model.gradients, rtol=1e-9, atol=1e-13)
    assert loss == pytest.approx(expected_loss, rel=1e-12) and correct == expected_correct


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size, shape", [(3, (8, 11)), (3, (10, 9)), (5, (12, 12)), (5, (9, 14))])
@pytest.mark.parametrize("after_another", [False, True])
def test_winograds_gradients_are_those_of_the_layers_in(size, shape, padding, after_another):
    wide = conv(17, size, padding=padding, activation="relu")
    layers = [conv(16, 1, activation="relu"), wide, pool()] if after_another else [wide, pool()]
    model = network(*layers, input_shape=(*shape, 16))
    images, labels = examples(19, (*shape, 16))
    gradients, _ = gradients_of_crew(model, images, labels, 2, winograd=True)
    exact, _ = gradients_of_crew(model, images, labels, 2)
    assert not np.array_equal(gradients, exact)  # it was done in another way
    model.compute_gradients(images, labels)
    np.testing.assert_allclose(gradients, model.gradients, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("winograd, limit", [(False, 2e-6), (True, 1e-5)])
def test_the_articles_gradients_in_float32_are_the_exact_ones_but_for_roundings(winograd, limit):
    """Relative to the largest gradient of each parameter, against the layers in float64."""
    article = [conv(32, 5, activation="relu"), pool(), conv(64, 5, activation="relu"), pool()]
    exact, model = (
        network(*article, input_shape=(28, 28, 1), dtype=dtype) for dtype in ("float64", "float32")
    )
    images, labels = examples(32, (28, 28, 1))
    exact.compute_gradients(images, labels)
    gradients, _ = gradients_of_crew(model, images.astype("float32"), labels, 2, winograd)
    for (parameter, found), (_, expected) in zip(
        views(gradients, model.parameters), views(exact.gradients, exact.parameters), strict=True
    ):
        error = np.abs(found - expected).max() / np.abs(expected).max()
        assert error < limit, (parameter.name, error)


@pytest.mark.parametrize(
    "arguments, options, channels, fit",
    [
        ((16, 5), {}, 16, True),
        ((16, (3, 3)), {"padding": "same"}, 16, True),
        ((15, 5), {}, 16, False),
        ((16, 5), {}, 15, False),
        ((16, 4), {}, 16, False),
        ((16, (3, 5)), {}, 16, False),
        ((16, 5), {"strides": (1, 2)}, 16, False),
        ((16, 3), {"dilation_rate": 2}, 16, False),
    ],
)
def test_winograds_method_is_kept_for_convolutions_that_it_fits(arguments, options, channels, fit):
    layer = Conv2D(*arguments, **options)
    layer.build((12, 12, channels))
    assert fits(layer) == fit


def test_one_core_and_two_learn_the_same_but_for_roundings():
    images, labels = examples(64, (9, 10, 2))
    learned = []
    for threads in (1, 2):
        model = network(*NETWORKS["two convolutions"], input_shape=(9, 10, 2))
        history = model.fit(images, labels, epochs=3, threads=threads, verbose=0)
        learned.append((model.values, history.history["loss"]))
    np.testing.assert_allclose(*(values for values, _ in learned), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(*(losses for _, losses in learned), rtol=1e-9)


def only_in_helpers(action):
    """A layer that does this on its way back, but in another process alone."""
    pid = os.getpid()

    class Broken(Flatten):
        def _backward(self, upstream, shape):
            if os.getpid() != pid:
                action()
            return super()._backward(upstream, shape)

    return Sequential([Broken(), Dense(CLASSES, "softmax")])


def break_down():
    raise ArithmeticError("broken in a helper")


@pytest.mark.parametrize(
    "action, error, message",
    [
        (break_down, ArithmeticError, "broken in a helper"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), RuntimeError, "has ended.*threads=1"),
    ],
)
def test_what_goes_wrong_in_a_helper_ends_fit_and_all_helpers(action, error, message):
    with pytest.raises(error, match=message):
        only_in_helpers(action).fit(*examples(64, (3, 3, 1)), threads=3, verbose=0)
    assert not multiprocessing.active_children()


def test_an_interrupt_ends_fit_and_all_helpers():
    pid = os.getpid()

    class Interrupted(Flatten):
        def _forward(self, inputs):
            if os.getpid() == pid:
                raise KeyboardInterrupt
            return super()._forward(inputs)

    model = Sequential([Interrupted(), Dense(CLASSES, "softmax")])
    with pytest.raises(KeyboardInterrupt):
        model.fit(*examples(64, (3, 3, 1)), threads=2, verbose=0)
    assert not multiprocessing.active_children()


def test_helpers_end_with_a_process_that_is_killed_while_it_learns():
    script = """
        import multiprocessing, os, signal
        import numpy as np
        from solutions.reference.layers import Dense, Flatten, Sequential
        from solutions.reference.layers.crew import Crew

        model = Sequential([Flatten(input_shape=(3, 3)), Dense(3, "softmax")])
        with Crew(model, np.ones((64, 3, 3), "float32"), np.zeros(64, int), 64, threads=3) as crew:
            crew.compute_gradients(range(64))
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    helpers = [int(pid) for pid in result.stdout.split()]
    assert len(helpers) == 2, result.stderr
    deadline = time.monotonic() + 20
    while any(map(is_running, helpers)):
        assert time.monotonic() < deadline, "helpers outlived the process that they helped"
        time.sleep(0.05)


def test_without_a_safe_fork_fit_learns_in_one_process(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    model = only_in_helpers(break_down)
    history = model.fit(*examples(64, (3, 3, 1)), threads=2, verbose=0)
    assert history.epoch == [0]  # a helper would have broken down


@pytest.mark.parametrize("threads, error", [(0, ValueError), (1.5, TypeError)])
def test_a_wrong_number_of_threads_is_refused(threads, error):
    with pytest.raises(error, match="threads must be"):
        network(input_shape=(2, 2, 1)).fit(*examples(4, (2, 2, 1)), threads=threads)


def test_a_model_can_be_used_as_before_after_fit():
    model = network(*NETWORKS["relu before a pooling"], input_shape=(9, 10, 2))
    images, labels = examples(20, (9, 10, 2))
    model.fit(images, labels, threads=2, verbose=0)
    loss, _ = model.compute_gradients(images, labels)
    assert loss == pytest.approx(model.evaluate(images, labels, 20)[0])
    assert np.abs(model.layers[0].kernel.gradient).max() > 0
    assert np.shares_memory(model.layers[0].kernel.gradient, model.gradients)
