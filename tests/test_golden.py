"""The reference gives what TensorFlow gave, and where the two differ, they differ as `golden/README.md` says.

The answers were recorded by `golden/record_tensorflow.py`; these tests read its file and need no TensorFlow.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from solutions.reference import (
    apply_kernel,
    conv2d,
    conv2d_gradients,
    conv2d_matmul,
    convolve,
    extract_patches,
    flatten_filters,
    output_size,
    pad,
    same_padding,
    textbook,
)

GOLDEN = Path(__file__).resolve().parent / "golden"
README = (GOLDEN / "README.md").read_text(encoding="utf-8")

with np.load(GOLDEN / "tensorflow.npz", allow_pickle=False) as file:
    STORED = dict(file)
ABOUT = json.loads(STORED["about"].item())
CASES = {case["name"]: case for case in ABOUT["cases"]}
DIFFERENCES = {call["name"]: call for call in ABOUT["differences"]}

# What the kit does with the calls that TensorFlow answers otherwise: a shape and a dtype, or an error.
OURS = {
    "empty batch": ((0, 4, 5, 4), "float32"),
    "no filters": ((1, 4, 5, 0), "float32"),
    "no channels": ValueError,
    "no channels in the images": ValueError,
    "image without rows": ((1, 0, 6, 2), "float32"),
    "image without rows, VALID filter of one": ((1, 0, 6, 2), "float32"),
    "image without rows, VALID filter of three": ValueError,
    "VALID filter one larger": ValueError,
    "VALID filter one larger, float64": ValueError,
    "VALID filter two larger": ValueError,
    "VALID filter two larger, stride 3": ValueError,
    "VALID patch one larger": ValueError,
    "VALID patch two larger": ValueError,
    "half as many channels in the filters": ((1, 4, 4, 2), "float32"),
    "channels that do not divide": ValueError,
    "padding in small letters": ((1, 6, 6, 1), "float32"),
    "patches, padding in small letters": ((1, 4, 4, 9), "float32"),
    "unknown padding": ValueError,
    "stride along the batch": ValueError,
    "stride along the channels": ValueError,
    "stride 0": ValueError,
    "stride 1.5": TypeError,
    "uint8 images": ((1, 4, 4, 1), "int64"),
    "int64 images": ((1, 4, 4, 1), "int64"),
    "int32 overflow": ((1, 1, 1, 1), "int64"),
    "float32 images, float64 filters": ((1, 4, 4, 1), "float64"),
    "lists instead of arrays": ((1, 4, 4, 1), "float64"),
    "images of rank 5": ((2, 1, 4, 4, 1), "float32"),
    "images of rank 3": ValueError,
}

# The answers that the lecture works out by hand.
LECTURE = {
    "lecture: first example": [[-4, -3], [3, -8]],
    "lecture: second example": [[1, 2], [0, -1]],
    "lecture: no padding": [[0, 1], [-1, -1]],
    "lecture: homework": [[-1, -1, -1, 6], [-2, 0, 1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]],
    "lecture: in TensorFlow": [[14, 6], [6, 12]],
    "lecture: curve detector": [[6600]],
}


def stored(place):
    """The array that the JSON describes by its dtype, shape and first place."""
    dtype, shape, start = place
    return STORED[dtype][start : start + np.prod(shape, dtype=int)].reshape(shape)


def arguments(case, dtype):
    """`conv2d`'s arguments in one dtype."""
    inputs, filters = (stored(case[key]).astype(dtype) for key in ("inputs", "filters"))
    return inputs, filters, case["strides"], case["padding"]


def axes(case):
    """For rows and for columns: image size, filter size, stride, and the recorded output size."""
    output = next(iter(case["answers"].values()))["outputs"]
    return list(
        zip(case["inputs"][1][1:3], case["filters"][1][:2], case["strides"][1:3], output[1][1:3], strict=True)
    )


def zeros_around(case):
    """((above, below), (left, right)) by `same_padding`, or no zeros."""
    if case["padding"] == "VALID":
        return (0, 0), (0, 0)
    return tuple(same_padding(size, filter_size, stride) for size, filter_size, stride, _ in axes(case))


def assert_agrees(ours, golden):
    """The same shape, and numbers at most 100 roundings of the largest one apart; whole numbers are equal.

    The longest sums here have 196 terms, added in another order than TensorFlow's; their errors mostly cancel.
    """
    exact = golden.dtype.kind in "iu" or golden.size == 0
    assert ours.shape == golden.shape
    apart = 0 if exact else 100 * np.finfo(golden.dtype).eps * np.abs(golden).max()
    np.testing.assert_allclose(ours, golden, rtol=0, atol=apart)


every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_answer = pytest.mark.parametrize(
    ("case", "dtype"),
    [
        pytest.param(case, dtype, id=f"{name}, {dtype}")
        for name, case in CASES.items()
        for dtype in case["answers"]
    ],
)


@pytest.mark.parametrize(
    "convolution", [conv2d, conv2d_matmul, textbook.conv2d_loops, textbook.conv2d_im2col]
)
@every_answer
def test_each_convolution_gives_what_tensorflow_gave(convolution, case, dtype):
    golden = stored(case["answers"][dtype]["outputs"])
    outputs = convolution(*arguments(case, dtype))
    assert_agrees(outputs, golden)
    assert golden.dtype == dtype
    assert outputs.dtype == ("int64" if dtype == "int32" else dtype)


@every_answer
def test_both_gradients_are_what_tensorflow_gave(case, dtype):
    golden = case["answers"][dtype]
    if dtype == "int32":  # TensorFlow has none; whole numbers in float64 are exact
        golden = case["answers"]["float64"]
    d_inputs, d_filters = conv2d_gradients(*arguments(case, dtype), stored(case["upstream"]).astype(dtype))
    assert_agrees(d_inputs, stored(golden["d_inputs"]))
    assert_agrees(d_filters, stored(golden["d_filters"]))


@every_case
def test_patches_are_exactly_tensorflows_in_the_same_order(case):
    inputs, filters = stored(case["inputs"]), stored(case["filters"])
    patches = extract_patches(inputs, filters.shape[:2], case["strides"], case["padding"])
    np.testing.assert_array_equal(patches, stored(case["patches"]), strict=True)


@every_answer
def test_tensorflows_patches_times_our_flattened_filters_are_its_outputs(case, dtype):
    product = stored(case["patches"]).astype(dtype) @ flatten_filters(stored(case["filters"]).astype(dtype))
    assert_agrees(product, stored(case["answers"][dtype]["outputs"]))


@every_answer
def test_padding_and_convolving_single_planes_adds_up_to_what_tensorflow_gave(case, dtype):
    golden = stored(case["answers"][dtype]["outputs"])
    inputs, filters, strides, _ = arguments(case, dtype)
    outputs = np.zeros(golden.shape, dtype)
    for b, o, c in np.ndindex(len(inputs), filters.shape[3], filters.shape[2]):
        outputs[b, :, :, o] += convolve(
            pad(inputs[b, :, :, c], *zeros_around(case)), filters[:, :, c, o], strides[1:3]
        )
    assert_agrees(outputs, golden)


@every_case
def test_output_size_on_the_padded_image_is_tensorflows(case):
    for (size, filter_size, stride, out), zeros in zip(axes(case), zeros_around(case), strict=True):
        assert output_size(size + sum(zeros), filter_size, stride) == out


@pytest.mark.parametrize("name", LECTURE)
def test_tensorflow_and_apply_kernel_agree_with_the_lectures_arithmetic(name):
    case, expected = CASES[name], LECTURE[name]
    assert stored(case["answers"]["int32"]["outputs"])[0, :, :, 0].tolist() == expected
    image, kernel = stored(case["inputs"])[0, :, :, 0], stored(case["filters"])[:, :, 0, 0]
    image = pad(image, *zeros_around(case))
    assert [
        [apply_kernel(image, kernel, x, y) for y in range(len(row))] for x, row in enumerate(expected)
    ] == expected


def test_every_lecture_example_that_was_recorded_has_its_answer_here():
    assert [name for name in CASES if name.startswith("lecture")] == list(LECTURE)


# The tables for one axis.


def each_same_padding(axis):
    """Yield (sizes, sums): the arguments of `same_padding`, and what SAME gave along one axis.

    There an image of ones met the filter 1, 2, 4, 8 …: a window's sum, in binary, shows which places of the filter
    lay over pixels.
    """
    for sizes in product(range(1, 10), range(1, 10), range(1, 6)):
        sums = STORED[f"same/{axis}"][sizes].tolist()
        yield sizes, [number for number in sums if number >= 0]


both_axes = pytest.mark.parametrize("axis", ["rows", "columns"])


@both_axes
def test_the_zeros_before_the_image_are_those_that_tensorflows_first_window_met(axis):
    for sizes, sums in each_same_padding(axis):
        first_place_over_a_pixel = (sums[0] & -sums[0]).bit_length() - 1
        assert same_padding(*sizes)[0] == first_place_over_a_pixel, sizes


@both_axes
def test_the_zeros_after_the_image_are_those_that_tensorflows_last_window_met(axis):
    for (size, filter_size, stride), sums in each_same_padding(axis):
        places_after_the_image = filter_size - sums[-1].bit_length()
        assert same_padding(size, filter_size, stride)[1] == places_after_the_image, (
            size,
            filter_size,
            stride,
        )


@both_axes
def test_with_our_zeros_every_window_meets_the_pixels_that_tensorflows_met(axis):
    for (size, filter_size, stride), sums in each_same_padding(axis):
        padded = np.pad(np.ones(size, int), same_padding(size, filter_size, stride))
        starts = range(0, len(padded) - filter_size + 1, stride)
        places = 2 ** np.arange(filter_size)
        assert [places @ padded[i : i + filter_size] for i in starts] == sums, (size, filter_size, stride)


def each_output_size():
    """Yield (arguments of `output_size`, the size that explicit padding gave)."""
    for sizes in product(range(1, 10), range(1, 10), range(1, 6), range(4)):
        yield sizes, STORED["size/explicit"][sizes]


def test_output_size_is_tensorflows_with_explicit_padding():
    fitting = [(sizes, golden) for sizes, golden in each_output_size() if golden > 0]
    assert len(fitting) == 5 * (
        9 * 9 * 4 - 36 - 21 - 10 - 3
    )  # less the pairs with f > w + 2p, for p = 0, 1, 2, 3
    for sizes, golden in fitting:
        assert output_size(*sizes) == golden, sizes


def test_output_size_refuses_every_filter_for_which_tensorflow_has_an_empty_output_or_an_error():
    refused = [sizes for sizes, golden in each_output_size() if golden <= 0]
    assert len(refused) == 5 * (36 + 21 + 10 + 3)
    for sizes in refused:
        with pytest.raises(ValueError):
            output_size(*sizes)


# The differences.


def our(difference):
    """What the kit returns for the call that was made on TensorFlow."""
    dtypes = difference["dtype"], difference["filters_dtype"] or difference["dtype"]
    inputs, filters = (
        np.full(difference[key], difference["fill"], dtype)
        for key, dtype in zip(("inputs", "filters"), dtypes, strict=True)
    )
    options = difference["strides"], difference["padding"]
    if difference["function"] == "extract_patches":
        return extract_patches(inputs, filters.shape[:2], *options)
    if difference["as_lists"]:
        inputs, filters = inputs.tolist(), filters.tolist()
    return conv2d(inputs, filters, *options)


def in_words(outcome):
    """A recorded outcome, or one of OURS, as the README's table writes it."""
    if isinstance(outcome, type):
        return outcome.__name__
    if isinstance(outcome, tuple):
        return f"{outcome[0]} {outcome[1]}"
    return outcome.get("error") or f"{tuple(outcome['shape'])} {outcome['dtype']}"


refusals = [name for name, ours in OURS.items() if isinstance(ours, type)]


@pytest.mark.parametrize("name", refusals)
def test_the_kit_refuses_in_its_own_words_what_tensorflow_takes_or_refuses_in_others(name):
    with pytest.raises(OURS[name], match="must"):
        our(DIFFERENCES[name])


@pytest.mark.parametrize("name", [name for name in OURS if name not in refusals])
def test_the_kit_gives_the_right_shape_and_type_where_tensorflow_may_not(name):
    result = our(DIFFERENCES[name])
    assert (result.shape, result.dtype) == OURS[name]


def test_small_letters_mean_what_capitals_mean_in_tensorflow():
    case = CASES["one channel, SAME"]
    outputs = conv2d(stored(case["inputs"]), stored(case["filters"]), case["strides"], "same")
    assert_agrees(outputs, stored(case["answers"]["float32"]["outputs"]))


def test_a_sum_that_overflows_in_tensorflow_is_right_here():
    overflow = DIFFERENCES["int32 overflow"]
    assert overflow["tensorflow"]["value"] == -(2**31)
    assert our(overflow).item() == 2**31


@pytest.mark.parametrize("name", OURS)
def test_the_readme_says_what_was_recorded(name):
    difference = DIFFERENCES[name]
    told = [row.split(" | ")[1:4] for row in README.splitlines() if row.startswith(f"| {name} |")]
    assert told == [
        [in_words(difference["tensorflow"]), in_words(difference["oneDNN"]), in_words(OURS[name])]
    ]


def test_every_recorded_difference_is_explained():
    assert list(DIFFERENCES) == list(OURS)


# The file.


def same_totals(case):
    """The zeros that SAME puts around the image, (in rows, in columns); nothing for VALID."""
    return [sum(zeros) for zeros in zeros_around(case)] if case["padding"] == "SAME" else []


KINDS = {
    "an even filter": lambda case: any(f % 2 == 0 for _, f, _, _ in axes(case)),
    "an odd filter": lambda case: all(f % 2 for _, f, _, _ in axes(case)),
    "a filter that is not square": lambda case: case["filters"][1][0] != case["filters"][1][1],
    "a filter of one pixel": lambda case: case["filters"][1][:2] == [1, 1],
    "a filter larger than the image": lambda case: any(f > w for w, f, _, _ in axes(case)),
    "a filter as large as the image": lambda case: all(f == w for w, f, _, _ in axes(case)),
    "unequal strides": lambda case: case["strides"][1] != case["strides"][2],
    "a stride larger than the filter": lambda case: any(s > f for _, f, s, _ in axes(case)),
    "a last step not taken": lambda case: (
        case["padding"] == "VALID" and any((w - f) % s for w, f, s, _ in axes(case))
    ),
    "an odd total padding": lambda case: any(total % 2 for total in same_totals(case)),
    "an even total padding": lambda case: any(total and total % 2 == 0 for total in same_totals(case)),
    "no padding under SAME": lambda case: same_totals(case) == [0, 0],
    "an empty batch": lambda case: case["inputs"][1][0] == 0,
    "several images": lambda case: case["inputs"][1][0] > 1,
    "one channel": lambda case: case["filters"][1][2] == 1,
    "several channels": lambda case: case["filters"][1][2] > 1,
    "one filter": lambda case: case["filters"][1][3] == 1,
    "several filters": lambda case: case["filters"][1][3] > 1,
}


@pytest.mark.parametrize("kind", KINDS)
def test_some_recorded_case_has(kind):
    assert any(map(KINDS[kind], CASES.values()))


def test_the_file_is_small_and_names_the_versions_that_made_it():
    assert (GOLDEN / "tensorflow.npz").stat().st_size < 300_000
    assert f"TensorFlow {ABOUT['tensorflow']}, NumPy {ABOUT['numpy']}" in README
    assert f"{len(CASES)} cases" in README and f"tensorflow-cpu=={ABOUT['tensorflow']}" in README
