"""The reference gives what TensorFlow gave with dilations, explicit padding, groups, NCHW and several batch axes.

The answers were recorded by `golden/record_options.py`; these tests read its file and need no TensorFlow.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from solutions.reference import conv2d, conv2d_gradients

GOLDEN = Path(__file__).resolve().parent / "golden"

with np.load(GOLDEN / "options.npz", allow_pickle=False) as file:
    STORED = dict(file)
ABOUT = json.loads(STORED["about"].item())
CASES = {case["name"]: case for case in ABOUT["cases"]}


def stored(place):
    """The array that the JSON describes by its dtype, shape and first place."""
    dtype, shape, start = place
    return STORED[dtype][start : start + np.prod(shape, dtype=int)].reshape(shape)


def assert_agrees(ours, golden):
    """The same shape, and numbers at most 100 roundings of the largest one apart."""
    assert ours.shape == golden.shape
    apart = 100 * np.finfo(ours.dtype).eps * np.abs(golden).max(initial=0)
    np.testing.assert_allclose(ours, golden, rtol=0, atol=apart)


def arguments(case, dtype):
    """Arrays in a dtype, and the options."""
    options = {key: case[key] for key in ("strides", "padding", "dilations", "data_format")}
    return stored(case["inputs"]).astype(dtype), stored(case["filters"]).astype(dtype), options


every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


@both_dtypes
@every_case
def test_every_option_gives_what_tensorflow_gave(case, dtype):
    inputs, filters, options = arguments(case, dtype)
    outputs = conv2d(inputs, filters, **options)
    assert outputs.dtype == dtype
    assert_agrees(outputs, stored(case["outputs"]))


@both_dtypes
@every_case
def test_with_every_option_both_gradients_are_what_tensorflow_gave(case, dtype):
    inputs, filters, options = arguments(case, dtype)
    d_inputs, d_filters = conv2d_gradients(
        inputs, filters, upstream=stored(case["upstream"]).astype(dtype), **options
    )
    assert_agrees(d_inputs, stored(case["d_inputs"]))
    assert_agrees(d_filters, stored(case["d_filters"]))


# ONNX's own test vectors: images NCHW, filters OIHW, zeros [above, left, below, right].

ONNX = json.loads((GOLDEN / "onnx.json").read_text(encoding="utf-8"))


def onnx_padding(attributes):
    """ONNX's zeros as TensorFlow's list; SAME_LOWER, which puts the odd one before, has an even total in the one vector."""
    if attributes.get("auto_pad") == "SAME_LOWER":
        return "SAME"
    above, left, below, right = attributes["pads"]
    return [[0, 0], [0, 0], [above, below], [left, right]]


@pytest.mark.parametrize("case", ONNX["cases"], ids=lambda case: case["name"])
def test_onnxs_own_vectors_come_out(case):
    inputs, filters, outputs = (np.array(case[name], "float32") for name in ("inputs", "filters", "outputs"))
    strides = case["attributes"].get("strides", 1)
    ours = conv2d(
        inputs,
        filters.transpose(2, 3, 1, 0),
        strides,
        onnx_padding(case["attributes"]),
        data_format="NCHW",
    )
    np.testing.assert_array_equal(ours, outputs)  # whole numbers


def test_onnxs_vectors_have_padding_on_one_side_only_and_say_whose_they_are():
    assert len(ONNX["cases"]) == 6
    assert any(case["attributes"].get("pads") == [1, 0, 1, 0] for case in ONNX["cases"])
    assert "Apache-2.0" in ONNX["license"]


# The file.

KINDS = {
    "dilations": lambda case: case["dilations"] != [1, 1],
    "dilations and strides": lambda case: case["dilations"] != [1, 1] and case["strides"] != [1, 1],
    "explicit padding": lambda case: not isinstance(case["padding"], str),
    "groups": lambda case: case["inputs"][1][-1] != case["filters"][1][2] and case["data_format"] == "NHWC",
    "NCHW": lambda case: case["data_format"] == "NCHW",
    "several batch axes": lambda case: len(case["inputs"][1]) > 4,
    "no pixels": lambda case: 0 in case["inputs"][1],
}


@pytest.mark.parametrize("kind", KINDS)
def test_several_recorded_cases_have(kind):
    assert sum(map(KINDS[kind], CASES.values())) >= 4


def test_the_file_is_small_and_made_by_the_version_that_the_readme_names():
    readme = (GOLDEN / "README.md").read_text(encoding="utf-8")
    assert (GOLDEN / "options.npz").stat().st_size < 300_000
    assert f"tensorflow-cpu=={ABOUT['tensorflow']}" in readme
    assert f"{len(CASES)} cases" in readme
