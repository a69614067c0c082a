"""Record what Keras's layers give, for `tests/test_layers_golden.py`. Nothing else here needs Keras:

    python3 -m venv /tmp/keras && /tmp/keras/bin/pip install tensorflow-cpu==2.21.0 keras==3.15.1
    /tmp/keras/bin/python tests/golden/layers/record_keras.py

The script writes `keras.npz` next to itself, on one machine the same bytes each time. `README.md` says what is in the
file. oneDNN is switched off, since with it results differ in the last digits from processor to processor.
"""

import inspect
import json
import os
import platform
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"  # these three are read by the imports below
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

HERE = Path(__file__).resolve().parent
DTYPES = ("float32", "float64")
ACTIVATIONS = (
    *("relu", "sigmoid", "softmax", "tanh", "softplus", "softsign", "selu", "elu", "exponential", "linear"),
)


def made(name, **arguments):
    """An object such as L2(l2=0.1) in a form that JSON can hold: its class's name and its arguments."""
    return {"class": name, "arguments": arguments}


# name, layer, its arguments, shape of the inputs. No channels_first case has as many filters as output columns:
# there Keras adds the bias along the wrong axis (see the differences).
LAYERS = [
    *(
        (
            f"activation {name}",
            "Conv2D",
            {"filters": 3, "kernel_size": [3, 2], "activation": name},
            (2, 4, 5, 2),
        )
        for name in ACTIVATIONS
    ),
    ("valid", "Conv2D", {"filters": 4, "kernel_size": 3}, (2, 5, 7, 3)),
    ("same", "Conv2D", {"filters": 4, "kernel_size": [3, 4], "padding": "SAME"}, (2, 5, 7, 3)),
    ("no bias", "Conv2D", {"filters": 2, "kernel_size": [2, 3], "use_bias": False}, (2, 5, 6, 1)),
    (
        "strides, valid",
        "Conv2D",
        {"filters": 2, "kernel_size": [3, 2], "strides": [2, 3], "padding": "Valid"},
        (2, 8, 9, 2),
    ),
    (
        "strides, same",
        "Conv2D",
        {"filters": 2, "kernel_size": 5, "strides": 2, "padding": "same"},
        (1, 8, 7, 3),
    ),
    (
        "dilation, valid",
        "Conv2D",
        {"filters": 2, "kernel_size": [3, 2], "dilation_rate": [2, 3]},
        (2, 8, 7, 2),
    ),
    (
        "dilation, same",
        "Conv2D",
        {"filters": 3, "kernel_size": [2, 3], "dilation_rate": 2, "padding": "same"},
        (1, 6, 7, 2),
    ),
    ("groups", "Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2}, (2, 5, 6, 4)),
    (
        "groups, each channel its own",
        "Conv2D",
        {"filters": 3, "kernel_size": 2, "groups": 3, "padding": "same"},
        (2, 4, 5, 3),
    ),
    (
        "channels first",
        "Conv2D",
        {"filters": 4, "kernel_size": [3, 2], "data_format": "channels_first", "activation": "tanh"},
        (2, 3, 5, 8),
    ),
    (
        "channels first, softmax",
        "Conv2D",
        {"filters": 2, "kernel_size": 2, "data_format": "channels_first", "activation": "softmax"},
        (2, 2, 4, 6),
    ),
    (
        "channels first, strides",
        "Conv2D",
        {
            **{"filters": 2, "kernel_size": [2, 3], "strides": [2, 1], "padding": "same"},
            "data_format": "channels_first",
        },
        (1, 3, 5, 6),
    ),
    (
        "regularizers by name",
        "Conv2D",
        {
            **{"filters": 3, "kernel_size": 2, "activation": "relu"},
            **{"kernel_regularizer": "l1", "bias_regularizer": "l2", "activity_regularizer": "l2"},
        },
        (3, 4, 5, 2),
    ),
    (
        "regularizers",
        "Conv2D",
        {
            **{"filters": 3, "kernel_size": 2, "activation": "sigmoid"},
            "kernel_regularizer": made("L1L2", l1=0.25, l2=0.5),
            "bias_regularizer": made("L1", l1=0.125),
            "activity_regularizer": made("L1L2", l1=0.5, l2=0.125),
        },
        (3, 4, 5, 2),
    ),
    (
        "regularizers, softmax",
        "Dense",
        {
            **{"units": 4, "activation": "softmax"},
            "kernel_regularizer": made("L2", l2=0.5),
            "activity_regularizer": made("L2", l2=0.25),
        },
        (3, 5),
    ),
    ("dense", "Dense", {"units": 4, "activation": "relu"}, (3, 5)),
    ("dense on images", "Dense", {"units": 2, "activation": "elu"}, (2, 3, 4, 3)),
    ("dense without bias", "Dense", {"units": 2, "use_bias": False}, (3, 4)),
    ("pool", "MaxPooling2D", {}, (2, 4, 6, 3)),
    ("pool, last row and column left", "MaxPooling2D", {"pool_size": [2, 3]}, (2, 5, 7, 2)),
    ("pool, overlapping", "MaxPooling2D", {"pool_size": 3, "strides": [1, 2]}, (2, 5, 7, 2)),
    ("pool, steps over pixels", "MaxPooling2D", {"pool_size": 2, "strides": 3}, (2, 6, 8, 2)),
    ("pool, same", "MaxPooling2D", {"pool_size": [3, 2], "strides": 2, "padding": "same"}, (2, 6, 7, 2)),
    ("pool, ties", "MaxPooling2D", {"pool_size": [2, 3], "strides": [2, 3]}, (3, 6, 9, 2)),
    (
        "pool, overlapping ties",
        "MaxPooling2D",
        {"pool_size": 3, "strides": 2, "padding": "same"},
        (3, 7, 8, 2),
    ),
    (
        "pool, channels first",
        "MaxPooling2D",
        {"strides": [2, 1], "data_format": "channels_first"},
        (2, 3, 4, 6),
    ),
    ("flatten", "Flatten", {}, (2, 3, 4, 2)),
    ("flatten, channels first", "Flatten", {"data_format": "channels_first"}, (2, 3, 4, 2)),
]

# Constraint, its arguments, shape of the weights.
CONSTRAINTS = [
    ("MaxNorm", {}, (3, 2, 2, 4)),
    ("MaxNorm", {"max_value": 1.5, "axis": [0, 1, 2]}, (3, 2, 2, 4)),
    ("MaxNorm", {"max_value": 1}, (5, 3)),
    ("MinMaxNorm", {"min_value": 1.5, "max_value": 2.5, "axis": [0, 1, 2]}, (3, 2, 2, 4)),
    ("MinMaxNorm", {"min_value": 2, "max_value": 3, "rate": 0.25}, (5, 3)),
    ("NonNeg", {}, (3, 2, 2, 4)),
    ("UnitNorm", {}, (5, 3)),
    ("UnitNorm", {"axis": [0, 1, 2]}, (3, 2, 2, 4)),
]

OPTIMIZERS = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.25, "momentum": 0.75}),
    ("SGD", {"learning_rate": 0.25, "momentum": 0.75, "nesterov": True}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.25, "beta_1": 0.75, "beta_2": 0.875, "epsilon": 0.125}),
]

# A small network like the article's, with something of everything, and how it is trained.
NETWORK = [
    ["Conv2D", {"filters": 4, "kernel_size": [3, 3], "activation": "relu"}],
    ["MaxPooling2D", {"pool_size": [2, 2]}],
    [
        "Conv2D",
        {
            **{"filters": 3, "kernel_size": [2, 2], "activation": "relu"},
            "kernel_regularizer": made("L2", l2=0.125),
            "activity_regularizer": made("L1", l1=0.0625),
            "kernel_constraint": made("MaxNorm", max_value=0.75, axis=[0, 1, 2]),
            "bias_constraint": made("NonNeg"),
        },
    ],
    ["MaxPooling2D", {"pool_size": [2, 2], "padding": "same"}],
    ["Flatten", {}],
    ["Dense", {"units": 5, "activation": "softmax"}],
]
TRAININGS = [
    ("one step of SGD", "SGD", {"learning_rate": 0.25}, 10, 1),
    ("two epochs of SGD with momentum", "SGD", {"learning_rate": 0.125, "momentum": 0.875}, 4, 2),
    ("one step of Adam", "Adam", {"learning_rate": 0.0625}, 10, 1),
    ("two epochs of Adam", "Adam", {"learning_rate": 0.0625}, 4, 2),
]

SIGNATURES = {
    "layers": ("Conv2D", "MaxPooling2D", "Flatten", "Dense"),
    "regularizers": ("L1", "L2", "L1L2"),
    "constraints": ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
    "initializers": (
        *("Zeros", "Ones", "Constant", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling"),
        *("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"),
        *("Orthogonal", "Identity"),
    ),
    "optimizers": ("SGD", "Adam"),
}


class Archive:
    """All numbers of a dtype end to end; JSON holds `[dtype, shape, first place]` for each array."""

    def __init__(self):
        self.numbers = {}
        self.lengths = {}

    def put(self, array):
        array = np.asarray(array)
        name = array.dtype.name
        start = self.lengths.get(name, 0)
        self.numbers.setdefault(name, []).append(array.ravel())
        self.lengths[name] = start + array.size
        return [name, list(array.shape), start]

    def arrays(self):
        return {name: np.concatenate(pieces) for name, pieces in self.numbers.items()}


def real(value, module):
    """The Keras object that `made` describes; anything else as it is, lists as tuples."""
    if isinstance(value, dict):
        arguments = {key: real(each, module) for key, each in value["arguments"].items()}
        return getattr(module, value["class"])(**arguments)
    return tuple(value) if isinstance(value, list) else value


def layer_of(name, arguments, **more):
    modules = {"regularizer": keras.regularizers, "constraint": keras.constraints}
    options = {key: real(each, modules.get(key.rpartition("_")[2])) for key, each in arguments.items()}
    return getattr(keras.layers, name)(**options, **more)


def numbers(rng, shape):
    """Normal numbers with few binary digits, so that they are the same in float32 and float64."""
    return np.round(rng.normal(size=shape) * 64) / 64


def forward_and_back(layer, inputs, upstream):
    """Return the outputs, the losses, and the gradients of Σ(upstream · outputs) + Σ losses."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs)
        total = tf.reduce_sum(outputs * upstream) + sum(layer.losses)
    weights = [each.value for each in layer.trainable_variables]
    return outputs, layer.losses, tape.gradient(total, [inputs, *weights])


def record_layer(archive, rng, case):
    name, layer_name, arguments, shape = case
    # Whole numbers for ties; no zero, so that relu has a slope everywhere.
    inputs = rng.integers(-2, 3, shape).astype(float) if "ties" in name else numbers(rng, shape)
    answers, weights, upstream = {}, None, None
    for dtype in DTYPES:
        layer = layer_of(layer_name, arguments, dtype=dtype)
        layer.build(shape)
        if weights is None:
            weights = [numbers(rng, each.shape) / 2 for each in layer.get_weights()]
        layer.set_weights(weights)
        if upstream is None:
            upstream = numbers(rng, layer.compute_output_shape(shape))
        # TensorFlow's kernels for CPUs have no channels_first; its compiler XLA has.
        compiled = (
            tf.function(forward_and_back, jit_compile=True) if "channels first" in name else forward_and_back
        )
        outputs, losses, gradients = compiled(layer, tf.constant(inputs, dtype), tf.constant(upstream, dtype))
        answers[dtype] = {
            "outputs": archive.put(outputs),
            "losses": [float(loss) for loss in losses],
            "gradients": [archive.put(gradient) for gradient in gradients],
        }
    return {
        "layer": layer_name,
        "arguments": arguments,
        "inputs": archive.put(inputs.astype("float32")),
        "weights": [archive.put(each.astype("float32")) for each in weights],
        "upstream": archive.put(upstream.astype("float32")),
        "answers": answers,
    }


def record_constraint(archive, rng, case):
    name, arguments, shape = case
    weights = numbers(rng, shape)
    weights[..., 0] = 0  # a norm of zero
    options = {key: real(each, None) for key, each in arguments.items()}
    constrained = getattr(keras.constraints, name)(**options)(tf.constant(weights))
    return {
        "constraint": name,
        "arguments": arguments,
        "weights": archive.put(weights),
        "constrained": archive.put(constrained),
    }


def record_optimizer(archive, rng, case):
    name, arguments = case
    values = numbers(rng, 6)
    gradients = numbers(rng, (4, 6))
    gradients[:, 0] = 0  # never a gradient
    gradients[:2, 1] = 0  # none at first
    gradients[:, 2] = 1e-7  # about as small as Adam's epsilon
    optimizer, variable, after = getattr(keras.optimizers, name)(**arguments), None, []
    variable = keras.Variable(values, dtype="float64")
    optimizer.build([variable])
    for gradient in gradients:
        optimizer.apply([tf.constant(gradient)], [variable])
        after.append(variable.numpy().copy())
    return {
        "optimizer": name,
        "arguments": arguments,
        "values": archive.put(values),
        "gradients": archive.put(gradients),
        "after": archive.put(np.array(after)),
    }


def record_loss(archive, rng, from_logits):
    labels = np.array([2, 0, 1, 1, 0])
    outputs = numbers(rng, (5, 3))
    if from_logits:
        outputs[3] = [150, -150, 0]  # probabilities that float32 cannot hold
    else:
        outputs = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
        outputs[3] = [1, 0, 0]
    variable = tf.Variable(outputs)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)(labels, variable)
    return {
        "from_logits": from_logits,
        "labels": archive.put(labels),
        "outputs": archive.put(outputs),
        "loss": float(loss),
        "gradient": archive.put(tape.gradient(loss, variable)),
    }


def record_training(archive, rng, case):
    name, optimizer, arguments, batch_size, epochs = case
    images, labels = numbers(rng, (10, 9, 8, 1)), rng.integers(0, 5, 10)
    model = keras.Sequential([keras.Input((9, 8, 1)), *(layer_of(*layer) for layer in NETWORK)])
    weights = [numbers(rng, each.shape) / 2 for each in model.get_weights()]
    weights[1] += 0.25  # few dead units
    model.set_weights(weights)
    model.compile(
        optimizer=getattr(keras.optimizers, optimizer)(**arguments),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(
        images.astype("float32"), labels, batch_size=batch_size, epochs=epochs, shuffle=False, verbose=0
    )
    loss, accuracy = model.evaluate(images.astype("float32"), labels, batch_size=4, verbose=0)
    return {
        **{"name": name, "optimizer": optimizer, "arguments": arguments, "batch_size": batch_size},
        "epochs": epochs,
        "images": archive.put(images.astype("float32")),
        "labels": archive.put(labels),
        "weights": [archive.put(each.astype("float32")) for each in weights],
        "history": history.history,
        "after": [archive.put(each) for each in model.get_weights()],
        "evaluated": [loss, accuracy],
        "predicted": archive.put(model.predict(images.astype("float32"), verbose=0)),
    }


def signature(module, name):
    """The arguments of a class and their defaults, in order, without what only Keras's machinery needs."""
    parameters = list(inspect.signature(getattr(module, name).__init__).parameters.values())[1:]
    return [
        [each.name, None if each.default is inspect.Parameter.empty else each.default]
        for each in parameters
        if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]


# Where Keras errs, or says something else than it does.


def outcome(call):
    try:
        return call()
    except (ValueError, TypeError) as error:
        return type(error).__name__


def bias_of_channels_first():
    """Four filters on images whose outputs have four columns: three rows of zeros, and a bias of 1, 2, 3, 4."""
    layer = keras.layers.Conv2D(4, 1, data_format="channels_first", kernel_initializer="zeros")
    layer.build((1, 2, 3, 4))
    layer.set_weights([np.zeros((1, 1, 2, 4)), np.array([1, 2, 3, 4])])
    outputs = tf.function(lambda images: layer(images), jit_compile=True)(np.zeros((1, 2, 3, 4), "float32"))
    return outputs[0, :, 0].numpy().astype(int).tolist()


def loss_of_name(name):
    layer = keras.layers.Dense(1, kernel_initializer="ones", kernel_regularizer=name)
    layer(np.ones((1, 3), "float32"))
    return round(float(layer.losses[0]), 6)


DIFFERENCES = {
    "bias in channels_first, as many columns as filters": bias_of_channels_first,
    "kernel_regularizer 'l1_l2'": lambda: loss_of_name("l1_l2"),
    "kernel_regularizer 'l1l2'": lambda: loss_of_name("l1l2"),
    "kernel_size [3, 3, 3]": lambda: keras.layers.Conv2D(4, [3, 3, 3]).kernel_size,
    "kernel_size 'three'": lambda: keras.layers.Conv2D(4, "three").kernel_size,
    "kernel_size 2.5 in a pair": lambda: keras.layers.Conv2D(4, (2.5, 2)).kernel_size,
    "kernel_constraint 'maxnorm'": lambda: type(keras.constraints.get("maxnorm")).__name__,
    "units '3'": lambda: keras.layers.Dense("3").units,
    "filters 2.5": lambda: keras.layers.Conv2D(2.5, 3).filters,
}


def main():
    tf.get_logger().setLevel("ERROR")
    archive, rng = Archive(), np.random.default_rng(20)
    about = {
        **{"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__},
        "python": platform.python_version(),
        "layers": {case[0]: record_layer(archive, rng, case) for case in LAYERS},
        "constraints": [record_constraint(archive, rng, case) for case in CONSTRAINTS],
        "optimizers": [record_optimizer(archive, rng, case) for case in OPTIMIZERS],
        "losses": [record_loss(archive, rng, from_logits) for from_logits in (False, True)],
        "network": NETWORK,
        "trainings": [record_training(archive, rng, case) for case in TRAININGS],
        "signatures": {
            module: {name: signature(getattr(keras, module), name) for name in names}
            for module, names in SIGNATURES.items()
        },
        "differences": {name: outcome(call) for name, call in DIFFERENCES.items()},
    }
    np.savez_compressed(HERE / "keras.npz", about=np.array(json.dumps(about)), **archive.arrays())
    print(f"{len(LAYERS)} layers, {(HERE / 'keras.npz').stat().st_size:,} bytes")
    print(json.dumps(about["differences"], indent=1))


if __name__ == "__main__":
    main()
