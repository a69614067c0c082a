"""Record what TensorFlow gives with dilations, explicit padding, groups, NCHW and several batch axes, for `tests/test_golden_options.py`:

    /tmp/tensorflow/bin/python tests/golden/record_options.py

The environment and the way of storing numbers are those of `record_tensorflow.py`; the file is `options.npz`.
TensorFlow's CPU kernels refuse some calls: NCHW, and the gradients of dilations and of groups. Where one does, the same
numbers are asked for in another way that TensorFlow takes, and the case says which (`by`): an image transposed, a
filter with zeros in its gaps, or one convolution for each group.
"""

import json

import numpy as np
import tensorflow as tf
from record_tensorflow import HERE, Numbers

EXPLICIT = [[0, 0], [1, 2], [3, 0], [0, 0]]

# name, images (NHWC), filters, strides, padding, dilations, data_format
CASES = [
    ("dilations 2", (2, 7, 8, 2), (3, 3, 2, 3), (1, 1), "VALID", (2, 2), "NHWC"),
    ("dilations 2, SAME", (2, 7, 8, 2), (3, 3, 2, 3), (1, 1), "SAME", (2, 2), "NHWC"),
    ("dilations 2 and 3, even filter", (1, 9, 10, 2), (2, 4, 2, 2), (1, 1), "SAME", (2, 3), "NHWC"),
    ("dilations 3 and 1", (1, 9, 6, 3), (3, 2, 3, 2), (1, 1), "VALID", (3, 1), "NHWC"),
    ("dilations and strides", (1, 11, 10, 2), (3, 2, 2, 3), (2, 3), "VALID", (2, 3), "NHWC"),
    ("dilations and strides, SAME", (1, 11, 10, 2), (3, 3, 2, 3), (2, 3), "SAME", (2, 2), "NHWC"),
    ("dilated filter larger than the image", (1, 4, 5, 1), (3, 3, 1, 2), (1, 1), "SAME", (3, 3), "NHWC"),
    ("one channel, dilations and strides", (2, 9, 9, 1), (3, 3, 1, 4), (2, 2), "SAME", (3, 2), "NHWC"),
    ("explicit padding", (2, 5, 6, 2), (3, 3, 2, 3), (1, 1), EXPLICIT, (1, 1), "NHWC"),
    ("explicit padding and strides", (1, 6, 7, 2), (2, 3, 2, 3), (2, 3), EXPLICIT, (1, 1), "NHWC"),
    ("explicit padding and dilations", (1, 6, 7, 2), (3, 2, 2, 2), (1, 1), EXPLICIT, (2, 3), "NHWC"),
    ("more zeros than the filter is large", (1, 3, 4, 1), (2, 1, 1, 2), (1, 2), EXPLICIT, (1, 1), "NHWC"),
    ("two groups", (2, 5, 6, 4), (3, 3, 2, 6), (1, 1), "SAME", (1, 1), "NHWC"),
    ("three groups, strides", (1, 7, 6, 6), (3, 2, 2, 3), (2, 2), "VALID", (1, 1), "NHWC"),
    ("a group for each channel", (1, 6, 5, 3), (3, 3, 1, 6), (1, 1), "SAME", (1, 1), "NHWC"),
    ("groups, dilations and strides", (1, 9, 9, 4), (2, 3, 2, 4), (2, 1), "VALID", (2, 2), "NHWC"),
    ("NCHW", (2, 5, 6, 3), (3, 2, 3, 4), (1, 1), "SAME", (1, 1), "NCHW"),
    ("NCHW, strides", (1, 8, 7, 2), (3, 3, 2, 3), (2, 3), "VALID", (1, 1), "NCHW"),
    ("NCHW, explicit padding", (1, 5, 6, 2), (3, 3, 2, 2), (1, 1), EXPLICIT, (1, 1), "NCHW"),
    ("NCHW, dilations and groups", (1, 8, 9, 4), (2, 3, 2, 4), (1, 1), "SAME", (2, 3), "NCHW"),
    ("two batch axes", (2, 3, 5, 6, 2), (3, 2, 2, 3), (2, 1), "SAME", (1, 1), "NHWC"),
    ("three batch axes, explicit padding", (2, 1, 3, 4, 5, 1), (3, 3, 1, 2), (1, 2), EXPLICIT, (1, 1), "NHWC"),
    ("two batch axes, NCHW", (2, 2, 5, 4, 2), (2, 3, 2, 3), (1, 1), "VALID", (1, 1), "NCHW"),
    ("two batch axes, dilations and groups", (1, 2, 6, 7, 4), (2, 3, 2, 2), (1, 1), "SAME", (2, 2), "NHWC"),
    ("two batch axes, one of them empty", (2, 0, 5, 6, 2), (3, 2, 2, 3), (1, 1), "VALID", (1, 1), "NHWC"),
    ("no rows, explicit padding", (2, 0, 5, 2), (3, 2, 2, 3), (1, 1), EXPLICIT, (1, 1), "NHWC"),
    ("no columns, explicit padding and strides", (2, 5, 0, 2), (2, 2, 2, 3), (2, 1), EXPLICIT, (1, 1), "NHWC"),
    ("no pixels, explicit padding, NCHW", (1, 0, 0, 1), (2, 3, 1, 2), (1, 1), EXPLICIT, (1, 1), "NCHW"),
]  # fmt: skip


def main():
    numbers = Numbers()
    cases = [record(numbers, seed, *case) for seed, case in enumerate(CASES)]
    about = {"tensorflow": tf.__version__, "numpy": np.__version__, "cases": cases}
    path = HERE / "options.npz"
    np.savez_compressed(path, about=np.array(json.dumps(about)), **numbers.joined())
    for case in cases:
        print(f"{case['name']}: outputs by {case['by'][0]}, gradients by {case['by'][1]}")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size:,} bytes")


def record(numbers, seed, name, images, filters, strides, padding, dilations, data_format):
    """Add a case's arrays to `numbers`, in the order of axes of `data_format`, and return its entry in the JSON."""
    random = np.random.default_rng(seed)
    inputs, filters = (random.normal(size=size).astype("float32") for size in (images, filters))
    call = strides, padding, dilations, data_format
    outputs, by = first_answer(lambda way: way(inputs, filters, *call), WAYS)
    upstream = random.normal(size=outputs.shape).astype("float32")
    gradients, gradients_by = first_answer(
        lambda way: differentiate(way, inputs, filters, upstream, call), WAYS
    )
    arrays = {
        "inputs": inputs,
        "upstream": upstream,
        "outputs": outputs.numpy(),
        "d_inputs": gradients[0].numpy(),
    }
    if data_format == "NCHW":
        arrays = {key: np.moveaxis(value, -1, -3) for key, value in arrays.items()}
        padding = padding if isinstance(padding, str) else [padding[i] for i in (0, 3, 1, 2)]
    arrays |= {"filters": filters, "d_filters": gradients[1].numpy()}
    entry = {
        "name": name,
        "strides": strides,
        "padding": padding,
        "dilations": dilations,
        "data_format": data_format,
    }
    return entry | {"by": [by, gradients_by]} | {key: numbers.add(value) for key, value in arrays.items()}


def first_answer(ask, ways):
    """The answer of the first way that TensorFlow takes, in float64, and the way's name."""
    for way in ways:
        try:
            return ask(way), way.__name__
        except (tf.errors.OpError, ValueError, LookupError) as error:
            refused = error
    raise refused


def differentiate(way, inputs, filters, upstream, call):
    """Both gradients, in float64."""
    inputs, filters = (tf.constant(each, tf.float64) for each in (inputs, filters))
    with tf.GradientTape() as tape:
        tape.watch([inputs, filters])
        outputs = way(inputs, filters, *call)
    return tape.gradient(outputs, [inputs, filters], tf.constant(upstream, tf.float64))


# Ways of asking. All take and give NHWC, in float64.


def tensorflow(inputs, filters, strides, padding, dilations, data_format):
    """As the case says."""
    inputs, filters = tf.cast(inputs, tf.float64), tf.cast(filters, tf.float64)
    if data_format == "NHWC":
        return tf.nn.conv2d(inputs, filters, strides, padding, data_format, dilations)
    padding = padding if isinstance(padding, str) else [padding[i] for i in (0, 3, 1, 2)]
    outputs = tf.nn.conv2d(
        tf.transpose(inputs, [0, 3, 1, 2]), filters, strides, padding, data_format, dilations
    )
    return tf.transpose(outputs, [0, 2, 3, 1])


def transposed(inputs, filters, strides, padding, dilations, data_format):
    """In NHWC."""
    return tensorflow(inputs, filters, strides, padding, dilations, "NHWC")


def zeros_in_the_gaps(inputs, filters, strides, padding, dilations, data_format):
    """In NHWC, the dilated filter written out."""
    return tensorflow(inputs, written_out(filters, dilations), strides, padding, (1, 1), "NHWC")


def group_by_group(inputs, filters, strides, padding, dilations, data_format):
    """In NHWC, the dilated filter written out, one convolution for each group."""
    groups = inputs.shape[-1] // filters.shape[2]
    outputs = [
        tensorflow(some_inputs, some_filters, strides, padding, (1, 1), "NHWC")
        for some_inputs, some_filters in zip(
            tf.split(inputs, groups, -1), tf.split(written_out(filters, dilations), groups, -1), strict=True
        )
    ]
    return tf.concat(outputs, -1)


WAYS = (tensorflow, transposed, zeros_in_the_gaps, group_by_group)


def written_out(filters, dilations):
    """A filter with zeros between its values, so made that gradients pass."""
    for axis, dilation in enumerate(dilations):
        size = filters.shape[axis]
        spread = np.zeros(((size - 1) * dilation + 1, size))
        spread[np.arange(size) * dilation, np.arange(size)] = 1
        filters = tf.einsum(
            "Mm,mnco->Mnco" if axis == 0 else "Nn,mnco->mNco", spread, tf.cast(filters, tf.float64)
        )
    return filters


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)
    main()
