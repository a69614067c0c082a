"""Every gradient of the layers is the slope of what they compute: proven by finite differences in float64."""

import numpy as np
import pytest

from solutions.reference.layers import (
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    Sequential,
    SparseCategoricalCrossentropy,
)
from solutions.reference.layers.activations import ACTIVATIONS, Activation
from solutions.reference.layers.regularizers import L1, L1L2, L2

STEP = 1e-6
RNG_SEED = 7


def slopes(function, array):
    """The partial derivative of function() with respect to each number of `array`, which is changed in place."""
    result = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = function()
        array[place] = kept - STEP
        result[place] = (above - function()) / (2 * STEP)
        array[place] = kept
    return result


def assert_gradients_are_slopes(layer, shape):
    """For Σ(upstream · output) + Σ losses, with respect to the inputs and to every parameter."""
    rng = np.random.default_rng(RNG_SEED)
    inputs = rng.normal(size=shape)
    layer.build(shape[1:], rng)
    for parameter in layer.parameters:
        parameter.value[...] = rng.normal(size=parameter.value.shape)
    upstream = rng.normal(size=layer.forward(inputs, training=True).shape)

    def total():
        return np.sum(upstream * layer.forward(inputs)) + sum(layer.losses)

    d_inputs = layer.backward(upstream)
    gradients = [d_inputs, *(parameter.gradient.copy() for parameter in layer.parameters)]
    arrays = [inputs, *(parameter.value for parameter in layer.parameters)]
    for gradient, array in zip(gradients, arrays, strict=True):
        assert gradient.shape == array.shape
        np.testing.assert_allclose(gradient, slopes(total, array), rtol=1e-6, atol=1e-7)


def in_float64(layer_class, *arguments, **options):
    return layer_class(*arguments, **options, dtype="float64")


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_of_the_activation(activation):
    assert_gradients_are_slopes(in_float64(Dense, 4, activation=activation), (3, 5))


CONVOLUTIONS = {
    "one filter": {"filters": 1, "kernel_size": (3, 2)},
    "same": {"filters": 2, "kernel_size": (3, 4), "padding": "same"},
    "strides": {"filters": 2, "kernel_size": (2, 3), "strides": (2, 3), "padding": "same"},
    "dilation": {"filters": 2, "kernel_size": 2, "dilation_rate": (3, 2)},
    "groups": {"filters": 4, "kernel_size": (2, 1), "groups": 2},
    "no bias": {"filters": 2, "kernel_size": 2, "use_bias": False},
    "softmax": {"filters": 3, "kernel_size": 2, "activation": "softmax"},
    "regularizers": {
        **{"filters": 2, "kernel_size": 2, "activation": "tanh", "kernel_regularizer": L1L2(0.25, 0.5)},
        **{"bias_regularizer": L1(0.75), "activity_regularizer": L1L2(0.5, 0.25)},
    },
}


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_the_gradients_of_a_convolution_with(name, data_format):
    shape = (2, 5, 6, 2) if data_format == "channels_last" else (2, 2, 5, 6)
    assert_gradients_are_slopes(in_float64(Conv2D, **CONVOLUTIONS[name], data_format=data_format), shape)


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4), (2, 2, 3, 4)])
def test_the_gradients_of_a_dense_layer_on_inputs_of_any_rank(shape):
    layer = in_float64(Dense, 3, activation="softplus", activity_regularizer=L2(0.5), bias_regularizer="l2")
    assert_gradients_are_slopes(layer, shape)


POOLS = {
    "pairs": {},
    "oblong windows that leave a column": {"pool_size": (1, 4)},
    "overlapping windows": {"pool_size": 3, "strides": (2, 1)},
    "windows apart": {"pool_size": 2, "strides": 3},
    "zeros around the image": {"pool_size": (3, 4), "strides": 2, "padding": "same"},
}


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("name", POOLS)
def test_the_gradient_of_a_maximum_over(name, data_format):
    shape = (2, 5, 7, 2) if data_format == "channels_last" else (2, 2, 5, 7)
    assert_gradients_are_slopes(in_float64(MaxPooling2D, **POOLS[name], data_format=data_format), shape)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_the_gradient_of_flatten(data_format):
    assert_gradients_are_slopes(in_float64(Flatten, data_format), (2, 3, 4, 2))


def test_the_first_of_several_maxima_gets_the_whole_gradient():
    layer = MaxPooling2D((2, 3))
    layer.build((2, 3, 1))
    layer.forward(np.reshape([0, 5, 5, 5, 5, 0], (1, 2, 3, 1)), training=True)
    assert layer.backward(np.full((1, 1, 1, 1), 7)).ravel().tolist() == [0, 7, 0, 0, 0, 0]


@pytest.mark.parametrize("from_logits", [False, True])
def test_the_gradient_of_the_cross_entropy(from_logits):
    rng = np.random.default_rng(RNG_SEED)
    outputs, labels = rng.uniform(0.1, 0.9, (4, 3)), np.array([2, 0, 1, 1])
    loss = SparseCategoricalCrossentropy(from_logits)
    measured = slopes(lambda: loss(labels, outputs), outputs)
    np.testing.assert_allclose(loss.gradient(labels, outputs), measured, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("last_activation", ["softmax", "linear"])
def test_the_gradient_of_a_whole_network(last_activation):
    rng = np.random.default_rng(RNG_SEED)
    options = {"activation": "tanh", "kernel_regularizer": "l2", "activity_regularizer": "l2"}
    model = Sequential(
        [
            in_float64(Conv2D, 2, 3, **options),
            in_float64(MaxPooling2D),
            in_float64(Flatten),
            in_float64(Dense, 3, last_activation, activity_regularizer="l1", bias_regularizer="l2"),
        ],
        loss=SparseCategoricalCrossentropy(from_logits=last_activation == "linear"),
        seed=RNG_SEED,
    )
    images, labels = rng.normal(size=(4, 6, 7, 1)), np.array([0, 2, 1, 1])
    model.build(images.shape[1:])
    model.compute_gradients(images, labels)
    measured = slopes(lambda: model.evaluate(images, labels)[0], model.values)
    np.testing.assert_allclose(model.gradients, measured, rtol=1e-6, atol=1e-8)


# An activation of one's own.

SQUARE = Activation("square", np.square, lambda output, upstream: upstream * 2 * np.sqrt(output))


def test_an_activation_and_a_regularizer_of_ones_own_are_differentiated_by_their_own_gradients():
    class Sum:
        def __call__(self, weights):
            return weights.sum()

        def gradient(self, weights):
            return np.ones_like(weights)

    layer = Dense(2, activation=SQUARE, kernel_regularizer=Sum(), use_bias=False)
    layer.build((2,))
    layer.set_weights([[[1, 2], [3, 4]]])
    assert layer.forward(np.array([[1, 1]]), training=True).tolist() == [[16, 36]]
    assert layer.losses == [10]
    assert layer.backward(np.array([[1, 10]])).tolist() == [[8 + 240, 24 + 480]]
    assert layer.kernel.gradient.tolist() == [[9, 121], [9, 121]]


@pytest.mark.parametrize(
    "option", [{"activation": np.square}, {"kernel_regularizer": np.sum}, {"activity_regularizer": np.sum}]
)
def test_a_plain_function_goes_forward_and_says_what_it_lacks_when_it_should_go_back(option):
    layer = Dense(1, **option, kernel_initializer="ones")
    assert layer.__call__([[2.0, 1.0]], training=True).shape == (1, 1)
    with pytest.raises(TypeError, match=r"no method `gradient`"):
        layer.backward([[1.0]])
