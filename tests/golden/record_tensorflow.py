"""Record what TensorFlow's convolution gives, for `tests/test_golden.py`. Nothing else here needs TensorFlow:

    python3 -m venv /tmp/tensorflow && /tmp/tensorflow/bin/pip install tensorflow-cpu==2.21.0
    /tmp/tensorflow/bin/python tests/golden/record_tensorflow.py

The script writes `tensorflow.npz` next to itself, on one machine the same bytes each time. `README.md` says what is
in the file.

oneDNN, which TensorFlow on x86 uses as shipped for float32, is switched off: with it an empty output has a wrong
shape. What it does is recorded too, but only among the differences, by a second process (`--differences`).
"""

import json
import os
import platform
import subprocess
import sys
from itertools import product
from pathlib import Path

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1" if "--differences" in sys.argv else "0"  # read by the import below
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

HERE = Path(__file__).resolve().parent
BOTH = ("VALID", "SAME")
FLOATS = ("float32", "float64")

# name, inputs, filters, strides (rows, columns), paddings, dtypes
GEOMETRIES = [
    ("one channel", (1, 5, 7, 1), (3, 3, 1, 1), (1, 1), BOTH, FLOATS),
    ("channels and filters", (2, 5, 7, 3), (3, 3, 3, 4), (1, 1), BOTH, FLOATS),
    ("one channel, many filters", (2, 4, 6, 1), (3, 2, 1, 7), (1, 1), BOTH, FLOATS),
    ("many channels, one filter", (2, 4, 6, 7), (2, 3, 7, 1), (1, 1), BOTH, FLOATS),
    ("2 by 2 filter", (2, 5, 6, 2), (2, 2, 2, 3), (1, 1), BOTH, FLOATS),
    ("4 by 4 filter", (1, 6, 9, 2), (4, 4, 2, 2), (1, 1), BOTH, FLOATS),
    ("2 by 3 filter", (1, 6, 5, 2), (2, 3, 2, 2), (1, 1), BOTH, FLOATS),
    ("3 by 2 filter", (1, 6, 5, 2), (3, 2, 2, 2), (1, 1), BOTH, FLOATS),
    ("1 by 4 filter", (1, 3, 8, 2), (1, 4, 2, 2), (1, 2), BOTH, FLOATS),
    ("5 by 1 filter", (1, 8, 3, 2), (5, 1, 2, 2), (2, 1), BOTH, FLOATS),
    ("1 by 1 filter", (2, 4, 5, 3), (1, 1, 3, 4), (1, 1), BOTH, FLOATS),
    ("1 by 1 filter, stride 2", (2, 4, 5, 3), (1, 1, 3, 4), (2, 2), BOTH, FLOATS),
    ("strides 1 and 2", (2, 6, 7, 2), (3, 3, 2, 3), (1, 2), BOTH, FLOATS),
    ("strides 3 and 2", (1, 10, 9, 2), (3, 4, 2, 2), (3, 2), BOTH, FLOATS),
    ("last step not taken", (1, 8, 9, 1), (3, 2, 1, 2), (2, 3), BOTH, FLOATS),
    ("odd total padding in rows", (1, 6, 7, 2), (3, 3, 2, 2), (2, 2), BOTH, FLOATS),
    ("odd total padding in columns", (1, 7, 6, 2), (3, 3, 2, 2), (2, 2), BOTH, FLOATS),
    ("stride larger than the filter", (1, 8, 11, 2), (2, 2, 2, 2), (3, 4), BOTH, FLOATS),
    ("stride larger than the image", (1, 3, 4, 2), (2, 2, 2, 2), (5, 6), BOTH, FLOATS),
    ("filter as large as the image", (2, 4, 5, 2), (4, 5, 2, 3), (1, 1), BOTH, FLOATS),
    ("filter larger than the image", (2, 3, 2, 2), (5, 5, 2, 2), (1, 1), ("SAME",), FLOATS),
    ("even filter larger than the image", (1, 3, 5, 2), (4, 8, 2, 2), (2, 1), ("SAME",), FLOATS),
    ("filter higher than the image only", (1, 2, 6, 1), (5, 3, 1, 2), (1, 2), ("SAME",), FLOATS),
    ("image of one pixel", (1, 1, 1, 2), (3, 2, 2, 2), (2, 3), ("SAME",), FLOATS),
    ("empty batch", (0, 5, 7, 3), (3, 2, 3, 4), (2, 1), BOTH, FLOATS),
    ("5 by 5 filter, stride 2, image of 28 by 28", (1, 28, 28, 1), (5, 5, 1, 3), (2, 2), ("SAME",), FLOATS),
    (
        "5 by 5 filter, stride 2, image of 32 by 32",
        (1, 32, 32, 3),
        (5, 5, 3, 2),
        (2, 2),
        ("SAME",),
        ("float32",),
    ),
]

OUTLINE = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
CORNERS = [[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]]
FIELD = [[0] * 6 + [30], [0] * 4 + [50] * 3, [0, 0, 0, 20, 50, 0, 0]] + [[0, 0, 0, 50, 50, 0, 0]] * 4
CURVE = [[0] * 5 + [30, 0], [0] * 4 + [30, 0, 0]] + [[0, 0, 0, 30, 0, 0, 0]] * 4 + [[0] * 7]

# The lecture's examples worked by hand: name, image, kernel, padding.
LECTURE = [
    ("lecture: first example", [[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]], OUTLINE, "VALID"),
    ("lecture: second example", [[2, 0, 1, 3], [0, 1, 1, 0], [0, 0, 2, 0], [0, 1, 1, 1]], OUTLINE, "VALID"),
    ("lecture: no padding", CORNERS, SOBEL, "VALID"),
    ("lecture: homework", CORNERS, SOBEL, "SAME"),
    (
        "lecture: in TensorFlow",
        [[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]],
        [[1, 0, 1], [2, 1, 0], [0, 0, 1]],
        "VALID",
    ),
    ("lecture: curve detector", FIELD, CURVE, "VALID"),
]


def conv2d_call(name, inputs, filters, **changes):
    """One call on arrays of a single number (`fill`), as JSON can hold it: where TensorFlow differs from the kit."""
    call = {
        "name": name,
        "function": "conv2d",
        "inputs": inputs,
        "filters": filters,
        "dtype": "float32",
        "fill": 1,
    }
    return (
        call
        | {"filters_dtype": None, "strides": [1, 1, 1, 1], "padding": "VALID", "as_lists": False}
        | changes
    )


def patches_call(name, inputs, filters, **changes):
    """One call of `extract_patches`; of the filters only the size counts."""
    return conv2d_call(name, inputs, filters, function="extract_patches", **changes)


SMALL = {"inputs": [1, 6, 6, 1], "filters": [3, 3, 1, 1]}
DIFFERENCES = [
    conv2d_call("empty batch", [0, 6, 7, 3], [3, 3, 3, 4]),
    conv2d_call("no filters", [1, 6, 7, 3], [3, 3, 3, 0]),
    conv2d_call("no channels", [1, 6, 6, 0], [3, 3, 0, 2]),
    conv2d_call("no channels in the images", [1, 6, 6, 0], [3, 3, 2, 2]),
    conv2d_call("image without rows", [1, 0, 6, 1], [3, 3, 1, 2], padding="SAME"),
    conv2d_call("image without rows, VALID filter of one", [1, 0, 6, 1], [1, 1, 1, 2]),
    conv2d_call("image without rows, VALID filter of three", [1, 0, 6, 1], [3, 3, 1, 2]),
    conv2d_call("VALID filter one larger", [1, 6, 6, 1], [7, 7, 1, 1]),
    conv2d_call("VALID filter one larger, float64", [1, 6, 6, 1], [7, 7, 1, 1], dtype="float64"),
    conv2d_call("VALID filter two larger", [1, 6, 6, 1], [8, 8, 1, 1]),
    conv2d_call("VALID filter two larger, stride 3", [1, 6, 6, 1], [8, 8, 1, 1], strides=[1, 3, 3, 1]),
    patches_call("VALID patch one larger", [1, 6, 6, 1], [7, 7, 1, 1]),
    patches_call("VALID patch two larger", [1, 6, 6, 1], [8, 8, 1, 1]),
    conv2d_call("half as many channels in the filters", [1, 6, 6, 4], [3, 3, 2, 2]),
    conv2d_call("channels that do not divide", [1, 6, 6, 3], [3, 3, 2, 2]),
    conv2d_call("padding in small letters", **SMALL, padding="same"),
    patches_call("patches, padding in small letters", **SMALL, padding="valid"),
    conv2d_call("unknown padding", **SMALL, padding="FULL"),
    conv2d_call("stride along the batch", [2, 6, 6, 1], [3, 3, 1, 1], strides=[2, 1, 1, 1]),
    conv2d_call("stride along the channels", [2, 6, 6, 1], [3, 3, 1, 1], strides=[1, 1, 1, 2]),
    conv2d_call("stride 0", **SMALL, strides=[1, 0, 1, 1]),
    conv2d_call("stride 1.5", **SMALL, strides=[1, 1.5, 1, 1]),
    conv2d_call("uint8 images", **SMALL, dtype="uint8"),
    conv2d_call("int64 images", **SMALL, dtype="int64"),
    conv2d_call("int32 overflow", [1, 1, 2, 1], [1, 2, 1, 1], dtype="int32", fill=2**15),
    conv2d_call("float32 images, float64 filters", **SMALL, filters_dtype="float64"),
    conv2d_call("lists instead of arrays", **SMALL, as_lists=True),
    conv2d_call("images of rank 5", [2, 1, 6, 6, 1], [3, 3, 1, 1]),
    conv2d_call("images of rank 3", [6, 6, 1], [3, 3, 1, 1]),  # last, since it ends the process under oneDNN
]


def main():
    numbers = Numbers()
    cases = [record_geometry(numbers, seed, *row) for seed, row in enumerate(expanded_geometries())]
    cases += [record_lecture(numbers, *row) for row in LECTURE]
    about = {
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cases": cases,
        "differences": differences(),
    }
    path = HERE / "tensorflow.npz"
    text = np.array(json.dumps(about, ensure_ascii=False))
    np.savez_compressed(path, about=text, **numbers.joined(), **padding_tables())
    print(
        f"{path}: {len(cases)} cases, {len(about['differences'])} differences, {path.stat().st_size:,} bytes"
    )


class Numbers:
    """All numbers of one dtype in one long array: a file of 600 little arrays would be twice as large."""

    def __init__(self):
        self.parts = {}

    def add(self, array):
        """Put `array` at the end; return where it is found: dtype, shape, first place."""
        parts = self.parts.setdefault(str(array.dtype), [])
        start = sum(part.size for part in parts)
        parts.append(array.ravel())
        return [str(array.dtype), list(array.shape), start]

    def joined(self):
        """The long arrays by dtype."""
        return {dtype: np.concatenate(parts) for dtype, parts in self.parts.items()}


# The cases.


def expanded_geometries():
    """One row for each padding of each geometry."""
    for name, inputs, filters, strides, paddings, dtypes in GEOMETRIES:
        for padding in paddings:
            yield f"{name}, {padding}", inputs, filters, strides, padding, dtypes


def record_geometry(numbers, seed, name, inputs, filters, strides, padding, dtypes):
    """Record one case on normal random numbers; they are float32, so that float64 holds the same numbers."""
    random = np.random.default_rng(seed)
    inputs, filters = (random.normal(size=size).astype("float32") for size in (inputs, filters))
    strides = [1, *strides, 1]
    shape = tf.nn.conv2d(inputs, filters, strides, padding).shape
    upstream = random.normal(size=shape).astype("float32")
    return record(numbers, name, inputs, filters, upstream, strides, padding, dtypes)


def record_lecture(numbers, name, image, kernel, padding):
    """Record one of the lecture's examples, in whole numbers too; the upstream gradient counts 1, 2, 3 …"""
    inputs, filters = (np.array(plane, "int32") for plane in (image, kernel))
    inputs, filters = inputs[None, :, :, None], filters[:, :, None, None]
    shape = tf.nn.conv2d(inputs, filters, [1, 1, 1, 1], padding).shape
    upstream = 1 + np.arange(np.prod(shape), dtype="int32").reshape(shape)
    return record(numbers, name, inputs, filters, upstream, [1, 1, 1, 1], padding, ("int32", *FLOATS))


def record(numbers, name, inputs, filters, upstream, strides, padding, dtypes):
    """Add a case's arrays to `numbers` and return its entry in the JSON."""
    given = {"inputs": inputs, "filters": filters, "upstream": upstream}
    patches = extract_patches(inputs, filters.shape[:2], strides, padding).numpy()
    case = {"name": name, "strides": strides, "padding": padding}
    case |= {key: numbers.add(value) for key, value in (given | {"patches": patches}).items()}
    case["answers"] = {}
    for dtype in dtypes:
        answers = conv2d_and_gradients(*(each.astype(dtype) for each in given.values()), strides, padding)
        case["answers"][dtype] = {key: numbers.add(value.numpy()) for key, value in answers.items()}
    return case


def conv2d_and_gradients(inputs, filters, upstream, strides, padding):
    """TensorFlow's answers; integers have no gradients there."""
    inputs, filters = tf.constant(inputs), tf.constant(filters)
    if not inputs.dtype.is_floating:
        return {"outputs": tf.nn.conv2d(inputs, filters, strides, padding)}
    with tf.GradientTape() as tape:
        tape.watch([inputs, filters])
        outputs = tf.nn.conv2d(inputs, filters, strides, padding)
    d_inputs, d_filters = tape.gradient(outputs, [inputs, filters], tf.constant(upstream))
    return {"outputs": outputs, "d_inputs": d_inputs, "d_filters": d_filters}


def extract_patches(inputs, filter_size, strides, padding):
    """TensorFlow's patches, whose last axis counts rows, columns and channels in this order, as the kit's does."""
    return tf.image.extract_patches(inputs, [1, *filter_size, 1], strides, [1, 1, 1, 1], padding)


# The tables: how TensorFlow sizes and pads one axis, for every small size, filter, stride and padding.

SIZES, FILTER_SIZES, STRIDES, PADDINGS = range(1, 10), range(1, 10), range(1, 6), range(4)


def padding_tables():
    """How large the outputs are, and which places of the filter meet a pixel in each window.

    The image is all ones and the filter is 1, 2, 4, 8 …: a window's sum, in binary, has a 1 for each place of the
    filter over a pixel and a 0 for each over the padding. `same/rows[w, f, s]` and `same/columns[w, f, s]` are such
    sums, -1 after the last window; `size/explicit[w, f, s, p]` is the output's size with p zeros on each side, and
    -1 where TensorFlow refuses. Indices are the numbers themselves, so those of 0 are unused.
    """
    shape = tuple(max(numbers) + 1 for numbers in (SIZES, FILTER_SIZES, STRIDES))
    rows, columns = (np.full((*shape, max(SIZES)), -1, "int16") for _ in range(2))
    explicit = np.full((*shape, max(PADDINGS) + 1), -1, "int16")
    for w, f, s in product(SIZES, FILTER_SIZES, STRIDES):
        ones, bits = np.ones((w, 1)), 2.0 ** np.arange(f).reshape(f, 1)
        for table, image, kernel in ((rows, ones, bits), (columns, ones.T, bits.T)):
            sums = tf.nn.conv2d(
                image[None, :, :, None], kernel[:, :, None, None], [1, s, s, 1], "SAME"
            ).numpy()
            table[w, f, s, : sums.size] = sums.ravel()
        for p in PADDINGS:
            explicit[w, f, s, p] = explicit_size(ones, bits, s, p)
    return {"same/rows": rows, "same/columns": columns, "size/explicit": explicit}


def explicit_size(image, kernel, stride, padding):
    """The output's rows with `padding` zeros above and below, or -1 for an error."""
    padding = [[0, 0], [padding, padding], [0, 0], [0, 0]]
    try:
        return tf.nn.conv2d(
            image[None, :, :, None], kernel[:, :, None, None], [1, stride, 1, 1], padding
        ).shape[1]
    except tf.errors.InvalidArgumentError:
        return -1


# The differences: calls with which TensorFlow does something else than the kit, without and with oneDNN.


def differences():
    """Each call of DIFFERENCES with what came of it in this process, and in one with oneDNN."""
    command = [sys.executable, __file__, "--differences"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    with_onednn = [json.loads(line) for line in lines.splitlines()]
    # Only the last call may end the process.
    if len(with_onednn) == len(DIFFERENCES) - 1:
        with_onednn.append({"error": "the process aborts"})
    return [
        call | {"tensorflow": outcome(call), "oneDNN": with_onednn[number]}
        for number, call in enumerate(DIFFERENCES)
    ]


def print_differences():
    """One line of JSON for each call, written at once: a later call may end the process."""
    for call in DIFFERENCES:
        print(json.dumps(outcome(call)), flush=True)


def outcome(call):
    """The shape and dtype of what TensorFlow returns (and the value, where it is a single one), or its error."""
    dtypes = call["dtype"], call["filters_dtype"] or call["dtype"]
    arrays = [
        np.full(call[name], call["fill"], dtype)
        for name, dtype in zip(("inputs", "filters"), dtypes, strict=True)
    ]
    inputs, filters = [each.tolist() if call["as_lists"] else each for each in arrays]
    try:
        if call["function"] == "conv2d":
            result = tf.nn.conv2d(inputs, filters, call["strides"], call["padding"]).numpy()
        else:
            result = extract_patches(inputs, filters.shape[:2], call["strides"], call["padding"]).numpy()
    except Exception as error:  # whatever TensorFlow raises is the answer
        return {"error": type(error).__name__}
    value = {"value": result.item()} if result.size == 1 else {}
    return {"shape": list(result.shape), "dtype": str(result.dtype)} | value


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)  # sums in the same order each time
    print_differences() if "--differences" in sys.argv else main()
