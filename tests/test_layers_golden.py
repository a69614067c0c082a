"""The layers agree with Keras, as recorded in tests/golden/layers, and where they do not, the README says so."""

import inspect
import json

import numpy as np
import pytest
from conftest import ROOT

from solutions.reference import layers
from solutions.reference.layers import (
    SparseCategoricalCrossentropy,
    constraints,
    initializers,
    optimizers,
    regularizers,
)

GOLDEN = ROOT / "tests" / "golden" / "layers"
README = (GOLDEN / "README.md").read_text()
with np.load(GOLDEN / "keras.npz", allow_pickle=False) as file:
    STORED = dict(file)
ABOUT = json.loads(STORED.pop("about").item())
MODULES = {
    "layers": layers,
    "regularizers": regularizers,
    "constraints": constraints,
    "initializers": initializers,
    "optimizers": optimizers,
}


def stored(place):
    dtype, shape, start = place
    return STORED[dtype][start : start + int(np.prod(shape))].reshape(shape)


def real(value):
    """The object of ours that a recorded argument describes."""
    if isinstance(value, dict):
        module = regularizers if hasattr(regularizers, value["class"]) else constraints
        return getattr(module, value["class"])(**value["arguments"])
    return value


def layer_of(name, arguments, **more):
    return getattr(layers, name)(**{key: real(each) for key, each in arguments.items()}, **more)


def assert_agrees(ours, golden, roundings=100):
    """Within so many roundings of the largest number, since sums are added in another order."""
    assert (ours.shape, ours.dtype) == (golden.shape, golden.dtype)
    tolerance = roundings * np.finfo(golden.dtype).eps * np.abs(golden).max(initial=1)
    np.testing.assert_allclose(ours, golden, rtol=0, atol=tolerance)


# Each layer by itself.


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    return request.param


@pytest.mark.parametrize("name", ABOUT["layers"])
def test_a_layer_agrees_with_keras_in_its_outputs_losses_and_gradients(name, dtype):
    case = ABOUT["layers"][name]
    golden = case["answers"][dtype]
    layer = layer_of(case["layer"], case["arguments"], dtype=dtype)
    inputs = stored(case["inputs"]).astype(dtype)
    layer.build(inputs.shape[1:])
    layer.set_weights([stored(each) for each in case["weights"]])

    outputs = layer.forward(inputs, training=True)
    d_inputs = layer.backward(stored(case["upstream"]))

    assert_agrees(outputs, stored(golden["outputs"]))
    assert outputs.shape[1:] == layer.output_shape
    assert layer.losses == pytest.approx(golden["losses"], rel=1e-6)
    ours = [d_inputs, *(parameter.gradient for parameter in layer.parameters)]
    # Keras's factor of 0.01, for the name "l1", has the digits of float32 in a float64 layer, too.
    roundings = 1e7 if name == "regularizers by name" and dtype == "float64" else 100
    for gradient, place in zip(ours, golden["gradients"], strict=True):
        assert_agrees(gradient, stored(place), roundings)


@pytest.mark.parametrize("case", ABOUT["constraints"], ids=lambda case: case["constraint"])
def test_a_constraint_gives_keras_weights(case):
    constraint = getattr(constraints, case["constraint"])(**case["arguments"])
    assert_agrees(constraint(stored(case["weights"])), stored(case["constrained"]))


@pytest.mark.parametrize("case", ABOUT["optimizers"], ids=lambda case: case["optimizer"])
def test_an_optimizer_takes_keras_steps(case):
    optimizer = getattr(optimizers, case["optimizer"])(**case["arguments"])
    values = stored(case["values"]).copy()
    for gradients, after in zip(stored(case["gradients"]), stored(case["after"]), strict=True):
        optimizer.update(values, gradients)
        np.testing.assert_allclose(values, after, rtol=0, atol=1e-7)  # Keras's rates are float32


@pytest.mark.parametrize("case", ABOUT["losses"], ids=["from probabilities", "from logits"])
def test_the_cross_entropy_and_its_gradient_are_keras(case):
    loss = SparseCategoricalCrossentropy(case["from_logits"])
    labels, outputs = stored(case["labels"]), stored(case["outputs"])
    assert loss(labels, outputs) == pytest.approx(case["loss"], rel=1e-6)
    np.testing.assert_allclose(
        loss.gradient(labels, outputs), stored(case["gradient"]), rtol=1e-6, atol=1e-12
    )


# A small network, trained.


@pytest.fixture(params=ABOUT["trainings"], ids=lambda case: case["name"])
def training(request):
    case = request.param
    model = layers.Sequential([layer_of(*layer) for layer in ABOUT["network"]], seed=1)
    images = stored(case["images"])
    model.build(images.shape[1:])
    model.set_weights([stored(each) for each in case["weights"]])
    optimizer = getattr(optimizers, case["optimizer"])(**case["arguments"])
    history = model.fit(
        images,
        stored(case["labels"]),
        case["batch_size"],
        case["epochs"],
        verbose=0,
        optimizer=optimizer,
        shuffle=False,
    )
    return case, model, history


def test_training_leads_to_keras_weights(training):
    case, model, _ = training
    for ours, place in zip(model.get_weights(), case["after"], strict=True):
        np.testing.assert_allclose(ours, stored(place), rtol=0, atol=2e-5)


def test_training_tells_keras_losses_and_accuracies(training):
    case, _, history = training
    assert history.history.keys() == case["history"].keys()
    for name, values in case["history"].items():
        assert history.history[name] == pytest.approx(values, rel=1e-5)


def test_the_trained_network_predicts_and_is_evaluated_as_in_keras(training):
    case, model, _ = training
    images = stored(case["images"])
    np.testing.assert_allclose(model.predict(images), stored(case["predicted"]), rtol=0, atol=2e-5)
    assert model.evaluate(images, stored(case["labels"]), batch_size=4) == pytest.approx(
        case["evaluated"], rel=1e-5
    )


def test_the_recorded_trainings_meet_their_constraints():
    norms = []
    for case in ABOUT["trainings"]:
        kernel, bias = stored(case["after"][2]), stored(case["after"][3])
        assert bias.min() >= 0
        norms += np.sqrt(np.square(kernel).sum(axis=(0, 1, 2))).tolist()
    assert max(norms) == pytest.approx(0.75, abs=1e-5) and min(norms) < 0.7


# The arguments.

# What belongs to Keras's machinery, or to another kind of training than ours.
LEFT_OUT = {
    "Dense": {"lora_rank", "lora_alpha", "quantization_config"},
    "Adam": {"amsgrad"},
    **{name: {"input_axes", "output_axes"} for name in ABOUT["signatures"]["initializers"]},
}
OF_EVERY_OPTIMIZER = {
    *("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum"),
    *("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "name"),
}


@pytest.mark.parametrize(
    "module, name", [(module, name) for module, names in ABOUT["signatures"].items() for name in names]
)
def test_arguments_have_keras_names_order_and_defaults(module, name):
    left_out = LEFT_OUT.get(name, set()) | (OF_EVERY_OPTIMIZER if module == "optimizers" else {"name"})
    ours = [
        [each.name, None if each.default is each.empty else each.default]
        for each in inspect.signature(getattr(MODULES[module], name)).parameters.values()
        if each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    golden = [
        [key, tuple(value) if isinstance(value, list) else value]
        for key, value in ABOUT["signatures"][module][name]
    ]
    assert ours == [each for each in golden if each[0] not in left_out]


# The differences.


def loss_of_name(name):
    layer = layers.Dense(1, kernel_initializer="ones", kernel_regularizer=name)
    layer(np.ones((1, 3)))
    return round(layer.losses[0], 6)


def bias_of_channels_first():
    layer = layers.Conv2D(4, 1, data_format="channels_first", kernel_initializer="zeros")
    layer.build((2, 3, 4))
    layer.bias.value[...] = [1, 2, 3, 4]
    return layer(np.zeros((1, 2, 3, 4)))[0, :, 0].astype(int).tolist()


OURS = {
    "bias in channels_first, as many columns as filters": bias_of_channels_first,
    "kernel_regularizer 'l1_l2'": lambda: loss_of_name("l1_l2"),
    "kernel_regularizer 'l1l2'": lambda: loss_of_name("l1l2"),
    "kernel_size [3, 3, 3]": lambda: layers.Conv2D(4, [3, 3, 3]),
    "kernel_size 'three'": lambda: layers.Conv2D(4, "three"),
    "kernel_size 2.5 in a pair": lambda: layers.Conv2D(4, (2.5, 2)),
    "kernel_constraint 'maxnorm'": lambda: type(constraints.get("kernel_constraint", "maxnorm")).__name__,
    "units '3'": lambda: layers.Dense("3"),
    "filters 2.5": lambda: layers.Conv2D(2.5, 3),
}


@pytest.mark.parametrize("name", ABOUT["differences"])
def test_the_readme_says_what_keras_does_and_what_we_do(name):
    try:
        ours = OURS[name]()
    except (ValueError, TypeError) as error:
        ours = type(error).__name__
    told = [row.split(" | ")[1:3] for row in README.splitlines() if row.startswith(f"| {name} |")]
    assert told == [[str(ABOUT["differences"][name]), str(ours)]]


def test_our_bias_lies_along_the_channels_in_channels_first_where_keras_errs():
    rows = [[1] * 4, [2] * 4, [3] * 4, [4] * 4]  # [channel, column]
    assert bias_of_channels_first() == rows
    assert (
        ABOUT["differences"]["bias in channels_first, as many columns as filters"]
        == np.transpose(rows).tolist()
    )


def test_the_file_is_small_and_the_readme_names_the_versions_that_made_it():
    assert (GOLDEN / "keras.npz").stat().st_size < 200_000
    assert f"Keras {ABOUT['keras']}, TensorFlow {ABOUT['tensorflow']}, NumPy {ABOUT['numpy']}" in README
    assert f"tensorflow-cpu=={ABOUT['tensorflow']} keras=={ABOUT['keras']}" in README
    assert f"{len(ABOUT['layers'])} layers" in README
