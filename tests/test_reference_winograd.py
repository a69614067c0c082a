"""Winograd's convolution gives what `conv2d` gives, within the errors that its module states."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.reference import conv2d, conv2d_gradients
from solutions.reference.winograd import transforms, winograd_conv2d, winograd_gradients

EXPLICIT = [[0, 0], [7, 1], [0, 6], [0, 0]]  # more zeros than the filters are large


@pytest.mark.parametrize("size", [3, 5])
def test_the_matrices_give_four_outputs_of_any_row_of_pixels(size):
    outputs, factors, pixels = transforms(size)
    row, kernel = np.arange(1.0, size + 4), np.arange(size) ** 2.0 - 3
    np.testing.assert_allclose(outputs @ ((factors @ kernel) * (pixels @ row)), np.correlate(row, kernel))


@st.composite
def calls(draw):
    size, padding = draw(st.sampled_from([3, 5])), draw(st.sampled_from(["VALID", "SAME", EXPLICIT]))
    height, width = (draw(st.integers(size, 15)) for _ in range(2))
    channels, out_channels, batch = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(0, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    inputs, filters = random.normal(size=(batch, height, width, channels)), random.normal(size=(size, size, channels, out_channels))  # fmt: skip
    return inputs, filters, padding, random.normal(size=conv2d(inputs, filters, 1, padding).shape)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(calls(), st.sampled_from([None, 1, 2]))
def test_in_float64_output_and_gradients_are_those_of_conv2d(call, threads):
    inputs, filters, padding, upstream = call
    output = winograd_conv2d(inputs, filters, padding, threads=threads)
    np.testing.assert_allclose(output, conv2d(inputs, filters, 1, padding), atol=1e-10)
    ours = winograd_gradients(inputs, filters, padding, upstream, threads=threads)
    for gradient, expected in zip(ours, conv2d_gradients(inputs, filters, 1, padding, upstream), strict=True):
        np.testing.assert_allclose(gradient, expected, atol=1e-9)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(
    ("images", "filters", "padding"),
    [((20, 12, 12, 32), (5, 5, 32, 64), "VALID"), ((2, 40, 44, 16), (3, 3, 16, 24), "SAME")],
)
def test_in_float32_errors_stay_below_a_hundred_thousandth_of_the_largest_number(
    images, filters, padding, threads
):
    random = np.random.default_rng(0)
    inputs, filters = random.normal(size=images).astype("f"), random.normal(size=filters).astype("f")
    exact = conv2d(inputs.astype("d"), filters, 1, padding)
    upstream = random.normal(size=exact.shape).astype("f")
    expected = [exact, *conv2d_gradients(inputs.astype("d"), filters, 1, padding, upstream)]
    actual = [winograd_conv2d(inputs, filters, padding, threads=threads)]
    actual += winograd_gradients(inputs, filters, padding, upstream, threads=threads)
    for ours, right in zip(actual, expected, strict=True):
        assert ours.dtype == "float32"
        np.testing.assert_allclose(ours, right, rtol=0, atol=1e-5 * np.abs(right).max())


def test_inputs_stay_as_they_are():
    arguments = [np.ones((1, 6, 6, 2)), np.ones((3, 3, 2, 2)), np.ones((1, 6, 6, 2))]
    for each in arguments:
        each.flags.writeable = False
    winograd_conv2d(*arguments[:2], "SAME")
    winograd_gradients(*arguments[:2], "SAME", arguments[2])


@pytest.mark.parametrize(
    ("inputs", "filters", "error", "message"),
    [
        (np.ones((1, 6, 6, 2)), np.ones((4, 4, 2, 1)), ValueError, r"filters must be 3 × 3 or 5 × 5 here.*\(4, 4, 2, 1\)"),
        (np.ones((1, 6, 6, 2)), np.ones((3, 5, 2, 1)), ValueError, "filters must be 3 × 3 or 5 × 5 here"),
        (np.ones((1, 6, 6, 4)), np.ones((3, 3, 2, 2)), ValueError, "groups are not offered here: inputs have 4 channels, filters 2"),
        (np.ones((1, 6, 6, 2), int), np.ones((3, 3, 2, 2), int), TypeError, "must be float32 or float64 here, but they are int64"),
        (np.ones((1, 2, 6, 2)), np.ones((3, 3, 2, 2)), ValueError, "must not be larger than the image"),
        (np.ones((6, 6, 2)), np.ones((3, 3, 2, 2)), ValueError, "inputs must have 4 axes"),
    ],
)  # fmt: skip
def test_what_winograd_does_not_do_is_refused_by_name(inputs, filters, error, message):
    with pytest.raises(error, match=message):
        winograd_conv2d(inputs, filters)
    with pytest.raises(error, match=message):
        winograd_gradients(inputs, filters, "VALID", inputs)


def test_an_upstream_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"output shape \(1, 4, 4, 2\), but it has \(1, 6, 6, 2\)"):
        winograd_gradients(np.ones((1, 6, 6, 2)), np.ones((3, 3, 2, 2)), "VALID", np.ones((1, 6, 6, 2)))
