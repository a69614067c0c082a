"""What the layers' arguments mean: refusals first, then initializers, names, and how a layer is used."""

import ast
import sys

import numpy as np
import pytest
from conftest import ROOT

from solutions.reference.layers import (
    SGD,
    Adam,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    Sequential,
    constraints,
    initializers,
    regularizers,
)
from solutions.reference.layers.activations import ACTIVATIONS

REFUSED = [
    (lambda: Conv2D(0, 3), ValueError, "filters must be at least 1, but it is 0"),
    (lambda: Conv2D(4, 0), ValueError, "kernel_size.* at least 1"),
    (lambda: Conv2D(4, (3, 3, 3)), ValueError, "kernel_size must be .*pair"),
    (lambda: Conv2D(4, "3"), TypeError, "kernel_size must be an int or a pair .* '3'"),
    (lambda: Conv2D(4, 3, strides=0), ValueError, "strides.* at least 1"),
    (lambda: Conv2D(4, 3, strides=(1.5, 1)), TypeError, r"strides\[0\] must be an integer"),
    (lambda: Conv2D(4, 3, padding="full"), ValueError, "padding must be .* 'full'"),
    (lambda: Conv2D(4, 3, padding=1), TypeError, "padding must be"),
    (
        lambda: Conv2D(4, 3, data_format="NHWC"),
        ValueError,
        "data_format must be one of channels_last, .* 'NHWC'",
    ),
    (lambda: Conv2D(4, 3, data_format=1), TypeError, "data_format must be"),
    (lambda: Conv2D(4, 3, strides=2, dilation_rate=2), ValueError, "strides and dilation_rate cannot both"),
    (lambda: Conv2D(4, 3, groups=3), ValueError, "filters must be a multiple of groups, .* 4 and 3"),
    (lambda: Conv2D(4, 3, groups=0), ValueError, "groups must be at least 1"),
    (lambda: Conv2D(4, 3, activation="rule"), ValueError, "activation must be one of relu, .* 'rule'"),
    (lambda: Conv2D(4, 3, activation=3), TypeError, "activation must be a name, an object or a function"),
    (
        lambda: Conv2D(4, 3, kernel_initializer="glorot"),
        ValueError,
        "kernel_initializer must be one of .*'glorot'",
    ),
    (lambda: Conv2D(4, 3, bias_initializer=None), TypeError, "bias_initializer must be an initializer"),
    (
        lambda: Conv2D(4, 3, kernel_regularizer="l3"),
        ValueError,
        "kernel_regularizer must be one of l1, l2, l1_l2",
    ),
    (lambda: Conv2D(4, 3, bias_constraint="radial"), ValueError, "bias_constraint must be one of max_norm"),
    (lambda: Conv2D(4, 3, kernal_initializer="zeros"), TypeError, "kernal_initializer"),
    (lambda: Conv2D(4, 3, dtype="int32"), ValueError, "dtype must be float32 or float64, but it is int32"),
    (lambda: Conv2D(4, 3, dtype="real"), TypeError, "dtype must be float32 or float64, but it is 'real'"),
    (lambda: Conv2D(4, 3, input_shape=28), TypeError, r"input_shape must be a tuple such as \(28, 28, 1\)"),
    (lambda: Conv2D(4, 3, input_shape=(28, None, 1)), TypeError, r"input_shape\[1\] must be an integer"),
    (lambda: MaxPooling2D(0), ValueError, "pool_size.* at least 1"),
    (lambda: MaxPooling2D(2, padding="none"), ValueError, "padding must be .* 'none'"),
    (lambda: Flatten("first"), ValueError, "data_format must be one of"),
    (lambda: Dense(0), ValueError, "units must be at least 1"),
    (lambda: Dense(True), TypeError, "units must be an integer"),
    (lambda: regularizers.L2(-1), ValueError, "l2 must be at least 0, but it is -1"),
    (lambda: regularizers.L1("0.1"), TypeError, "l1 must be a number, but it is '0.1'"),
    (lambda: regularizers.L1L2(l2=float("nan")), ValueError, "l2 must be at least 0, but it is nan"),
    (lambda: constraints.MaxNorm(-2), ValueError, "max_value must be at least 0"),
    (lambda: constraints.MinMaxNorm(3, 2), ValueError, "max_value must be at least 3, but it is 2"),
    (lambda: constraints.MinMaxNorm(rate=1.5), ValueError, "rate must be from 0 to 1, but it is 1.5"),
    (lambda: initializers.RandomUniform(1, -1), ValueError, "maxval must be at least 1"),
    (lambda: initializers.VarianceScaling(mode="fan"), ValueError, "mode must be one of fan_in"),
    (lambda: initializers.VarianceScaling(distribution=1), TypeError, "distribution must be one of"),
    (lambda: initializers.Orthogonal()((3,)), ValueError, r"at least 2 axes, but their shape is \(3,\)"),
    (lambda: initializers.Identity()((3, 3, 1, 1)), ValueError, "must be a matrix, as in Dense"),
    (lambda: SGD(-0.1), ValueError, "learning_rate must be at least 0"),
    (lambda: SGD("fast"), TypeError, "learning_rate must be a number"),
    (lambda: SGD(momentum=2), ValueError, "momentum must be from 0 to 1"),
    (lambda: Adam(beta_1=1), ValueError, "beta_1 must be from 0 to less than 1, but it is 1"),
    (lambda: Adam(lambda epoch: -1).rate(3), ValueError, r"learning_rate\(3\) must be at least 0"),
]


@pytest.mark.parametrize("call, error, words", REFUSED, ids=[words for _, _, words in REFUSED])
def test_a_wrong_argument_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()


REFUSED_SHAPES = [
    (Conv2D(4, 3), (28, 28), r"must have 3 axes, as in \(28, 28, 1\), .*np.newaxis"),
    (Conv2D(4, 3), (784,), "must have 3 axes"),
    (
        Conv2D(4, (3, 5)),
        (4, 4, 1),
        r"kernel_size must not be larger than the image .* 3 × 5 and the image 4 × 4",
    ),
    (Conv2D(4, 3, dilation_rate=2), (4, 9, 1), r"3 × 3 \(with its dilation 5 × 5\) and the image 4 × 9"),
    (
        Conv2D(4, 3, groups=2),
        (5, 5, 3),
        r"multiple of groups, but there are 3 channels in \(5, 5, 3\) and 2 groups",
    ),
    (Conv2D(4, 3, data_format="channels_first"), (5, 5, 1), "kernel_size must not be larger than the image"),
    (MaxPooling2D(3), (2, 5, 1), "pool_size must not be larger than the image"),
    (MaxPooling2D(2), (4, 4), "must have 3 axes"),
    (Dense(3), (), "Dense must have an axis after the batch's"),
    (Dense(3), (0,), r"input_shape\[0\] must be at least 1"),
]


@pytest.mark.parametrize("layer, shape, words", REFUSED_SHAPES, ids=[words for _, _, words in REFUSED_SHAPES])
def test_a_shape_that_a_layer_cannot_take_is_refused_when_it_is_built(layer, shape, words):
    with pytest.raises(ValueError, match=words):
        layer.build(shape)
    assert not layer.built


REFUSED_INPUTS = [
    (
        Conv2D(4, 3),
        (2, 5, 6, 2),
        r"built for 3 channels \(channels_last\), but the inputs have shape \(2, 5, 6, 2\)",
    ),
    (
        Conv2D(4, 3),
        (5, 6, 3),
        r"built for inputs of shape \(batch, 5, 6, 3\), but the inputs have shape \(5, 6, 3\)",
    ),
    (Conv2D(4, 3), (2, 2, 6, 3), "must not be larger than the image"),
    (MaxPooling2D(2), (5, 6, 3), "built for inputs of shape"),
    (Dense(3), (2, 5, 6, 4), r"built for 3 inputs, but the last axis of \(2, 5, 6, 4\) has 4"),
]


@pytest.mark.parametrize("layer, shape, words", REFUSED_INPUTS, ids=[words for _, _, words in REFUSED_INPUTS])
def test_inputs_that_do_not_fit_are_refused(layer, shape, words):
    layer.build((5, 6, 3))
    with pytest.raises(ValueError, match=words):
        layer.forward(np.zeros(shape))


def test_a_layer_goes_forward_only_when_built_and_back_only_after_a_pass_for_training():
    layer = Dense(2)
    with pytest.raises(RuntimeError, match="call build"):
        layer.forward(np.zeros((1, 3)))
    layer(np.zeros((1, 3)))
    with pytest.raises(RuntimeError, match="training=True"):
        layer.backward(np.zeros((1, 2)))


def test_an_upstream_gradient_of_another_shape_than_the_outputs_is_refused():
    layer = Conv2D(4, 3)
    layer(np.zeros((2, 5, 5, 1)), training=True)
    with pytest.raises(
        ValueError, match=r"upstream must have the output's shape \(2, 3, 3, 4\), but it has \(1, 3, 3, 4\)"
    ):
        layer.backward(np.zeros((1, 3, 3, 4)))


@pytest.mark.parametrize(
    "weights, words",
    [
        ([np.zeros((3, 2))], "must be 2 arrays of weights, but there are 1"),
        ([np.zeros((3, 2)), np.zeros(3)], r"bias must have the shape \(2,\), but it has \(3,\)"),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_change_nothing(weights, words):
    layer = Dense(2, kernel_initializer="ones")
    layer.build((3,))
    with pytest.raises(ValueError, match=words):
        layer.set_weights(weights)
    assert (layer.kernel.value == 1).all()


# Initializers: by their distributions, on enough numbers that chance cannot spoil the test (the seeds are fixed).

SHAPE = (5, 5, 40, 60)  # 60,000 numbers; fan_in 1,000, fan_out 1,500
SCALED = {
    "glorot_normal": 2 / 2500,
    "glorot_uniform": 2 / 2500,
    "he_normal": 2 / 1000,
    "he_uniform": 2 / 1000,
    "lecun_normal": 1 / 1000,
    "lecun_uniform": 1 / 1000,
}


def drawn(initializer, shape=SHAPE, seed=3):
    return initializers.get("kernel_initializer", initializer)(shape, "float64", np.random.default_rng(seed))


@pytest.mark.parametrize("name", SCALED)
def test_a_scaled_initializer_has_mean_zero_and_the_variance_of_its_formula(name):
    numbers = drawn(name)
    deviation = np.sqrt(SCALED[name])
    assert abs(numbers.mean()) < 0.02 * deviation
    assert numbers.std() == pytest.approx(deviation, rel=0.02)


@pytest.mark.parametrize("name", [name for name in SCALED if name.endswith("uniform")])
def test_a_scaled_uniform_initializer_fills_its_limits_evenly(name):
    limit = np.sqrt(3 * SCALED[name])
    counts, _ = np.histogram(drawn(name), 6, (-limit, limit))
    assert counts.sum() == 60_000  # none beyond the limits
    assert counts.min() > 9_500 and counts.max() < 10_500


@pytest.mark.parametrize("name", [name for name in SCALED if name.endswith("normal")])
def test_a_scaled_normal_initializer_is_cut_at_two_deviations_of_the_wider_normal(name):
    limit = 2 * np.sqrt(SCALED[name]) / 0.87962566103423978
    largest = np.abs(drawn(name)).max()
    assert 0.99 * limit < largest <= limit
    inner = np.mean(np.abs(drawn(name)) < limit / 2)
    assert inner == pytest.approx(0.6827 / 0.9545, abs=0.01)  # within one deviation, of those within two


def test_the_fans_count_what_leads_to_one_output_and_what_leaves_one_input():
    assert initializers.fans((3, 5, 2, 4)) == (30, 60)
    assert initializers.fans((6, 4)) == (6, 4)
    assert initializers.fans((7,)) == (7, 7)  # a bias


def test_glorot_uniform_on_a_grouped_convolution_counts_the_channels_of_one_group():
    layer = Conv2D(60, 5, groups=10, dtype="float64")
    layer.build((8, 8, 400), 3)
    limit = np.sqrt(6 / (5 * 5 * 40 + 5 * 5 * 60))
    assert 0.999 * limit < np.abs(layer.kernel.value).max() <= limit


def test_a_truncated_normal_is_drawn_again_beyond_two_deviations_and_not_widened():
    numbers = drawn(initializers.TruncatedNormal(mean=3, stddev=0.5))
    assert 3.99 < numbers.max() <= 4 and 2 <= numbers.min() < 2.01
    assert numbers.std() == pytest.approx(0.5 * 0.8796, rel=0.01)


def test_a_normal_and_a_uniform_initializer_have_their_moments_and_limits():
    normal = drawn(initializers.RandomNormal(mean=1, stddev=2))
    assert normal.mean() == pytest.approx(1, abs=0.05) and normal.std() == pytest.approx(2, rel=0.02)
    assert np.abs(normal - 1).max() > 3 * 2  # not truncated
    uniform = drawn(initializers.RandomUniform(-1, 3))
    assert -1 <= uniform.min() < -0.99 and 2.99 < uniform.max() <= 3


@pytest.mark.parametrize("shape", [(3, 2, 4, 5), (2, 2, 1, 9), (6, 6)])
def test_orthogonal_weights_have_orthonormal_columns_or_rows_times_the_gain(shape):
    matrix = drawn(initializers.Orthogonal(gain=2), shape).reshape(-1, shape[-1])
    small = matrix.T @ matrix if len(matrix) >= shape[-1] else matrix @ matrix.T
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)


def test_orthogonal_weights_are_as_often_reflections_as_rotations():
    signs = [np.sign(np.linalg.det(drawn("orthogonal", (3, 3), seed))) for seed in range(200)]
    assert 70 < signs.count(1) < 130


def test_constant_weights():
    assert drawn("zeros", (2,)).tolist() == [0, 0]
    assert drawn("ones", (2,)).tolist() == [1, 1]
    assert drawn(initializers.Constant(0.5), (2,)).tolist() == [0.5, 0.5]
    assert drawn("identity", (2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_an_initializer_with_a_seed_gives_the_same_numbers_each_time_and_one_without_goes_on():
    seeded, free = initializers.HeNormal(seed=5), initializers.HeNormal()
    rng = np.random.default_rng(0)
    assert (seeded((3, 4), rng=rng) == seeded((3, 4), rng=rng)).all()
    assert (free((3, 4), rng=rng) != free((3, 4), rng=rng)).all()


def test_a_function_of_ones_own_initializes_as_in_keras():
    layer = Dense(2, kernel_initializer=lambda shape, dtype: np.full(shape, 3, dtype))
    layer.build((4,))
    assert layer.kernel.value.tolist() == [[3, 3]] * 4
    wrong = Dense(2, bias_initializer=lambda shape, dtype: np.zeros((2, 2), dtype))
    with pytest.raises(
        ValueError, match=r"bias_initializer must return an array of shape \(2,\), but it has \(2, 2\)"
    ):
        wrong.build((4,))


# Names, classes and objects.


@pytest.mark.parametrize(
    "name", ["max_norm", "MaxNorm", "maxnorm", "MAX_NORM", constraints.MaxNorm, constraints.MaxNorm()]
)
def test_an_option_is_a_name_in_any_spelling_a_class_or_an_object(name):
    constraint = Dense(1, kernel_constraint=name).kernel_constraint
    assert constraint(np.array([[3.0], [4.0]])).ravel() == pytest.approx([1.2, 1.6])


def test_the_names_of_regularizers_mean_one_hundredth():
    weights = np.array([1.0, -2.0])
    losses = {name: regularizers.get("kernel_regularizer", name)(weights) for name in ("l1", "l2", "l1_l2")}
    assert losses == pytest.approx({"l1": 0.03, "l2": 0.05, "l1_l2": 0.08})


def test_losses_come_in_the_order_activity_kernel_bias():
    layer = Dense(
        1,
        kernel_initializer="ones",
        bias_initializer="ones",
        activity_regularizer=regularizers.L2(1),
        kernel_regularizer=regularizers.L2(10),
        bias_regularizer=regularizers.L1(100),
    )
    layer([[1.0, 2.0], [0.0, 1.0]])
    assert layer.losses == [(4**2 + 2**2) / 2, 20, 100]  # the activity's over the batch of two


# How a layer is used.


def test_an_empty_batch_goes_forward_and_back_through_every_layer():
    shape = (6, 7, 2)
    for layer in (Conv2D(3, 2, activity_regularizer="l2"), MaxPooling2D(), Flatten(), Dense(4, "softmax")):
        outputs = layer(np.zeros((0, *shape)), training=True)
        assert outputs.shape == (0, *layer.output_shape)
        assert layer.backward(outputs).shape == (0, *shape)
        assert layer.losses in ([], [0])


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float64"])
def test_a_float32_layer_computes_in_float32_whatever_it_is_given(dtype):
    images = np.arange(2 * 5 * 6 * 1).reshape(2, 5, 6, 1).astype(dtype)
    for layer in (Conv2D(3, 2), MaxPooling2D(), Flatten(), Dense(4, "selu")):
        outputs = layer(images, training=True)
        assert outputs.dtype == layer.backward(outputs).dtype == np.float32


def test_layers_leave_inputs_and_upstream_gradients_as_they_are():
    for layer in (
        Conv2D(3, 2, activity_regularizer="l2"),
        MaxPooling2D(2, 1, "same"),
        Flatten(),
        Dense(4, "softmax"),
    ):
        images = np.random.default_rng(1).normal(size=(2, 4, 5, 2)).astype("float32")
        layer.build((4, 5, 2))
        upstream = np.ones((2, *layer.output_shape), "float32")
        images.flags.writeable = upstream.flags.writeable = False
        layer.forward(images, training=True)
        layer.backward(upstream)
        assert (upstream == 1).all()


def test_a_convolution_that_is_built_takes_images_of_other_sizes():
    layer = Conv2D(2, 3)
    layer.build((5, 5, 1))
    assert layer(np.zeros((1, 8, 9, 1))).shape == (1, 6, 7, 2)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_on_extreme_numbers_gives_no_nan_and_no_warning(name):
    activation = ACTIVATIONS[name]
    extremes = np.array([[-1e4, -100, 0, 80, 88]], "float32")
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        outputs = activation(extremes)
        gradient = activation.gradient(outputs, np.ones_like(outputs))
    assert np.isfinite(outputs).all() and np.isfinite(gradient).all()
    assert outputs.dtype == gradient.dtype == np.float32


def test_a_name_of_ones_own_stands_in_the_summary(capsys):
    Sequential([Dense(2, name="classes", input_shape=(3,))]).summary()
    assert "classes  Dense  (None, 2)              8" in capsys.readouterr().out


def test_the_layers_need_numpy_alone():
    files = sorted((ROOT / "solutions" / "reference" / "layers").glob("*.py"))
    assert len(files) > 10
    imported = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported - sys.stdlib_module_names == {"numpy", "solutions"}
