"""The reference convolves as the definition says, refuses what it cannot do, and leaves its inputs alone."""

import inspect
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import reference
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

pytestmark = pytest.mark.no_cover

DTYPES = ["uint8", "int8", "int32", "int64", "float32", "float64"]


def properties(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True)


# The definition, written here once more and apart from the reference: every number by itself, in Python's own
# numbers, and zeros for every pixel outside the image.


def defined_padding(size, filter_size, stride, padding):
    """(output size, zeros before) along one axis, by counting instead of by formula."""
    if padding == "VALID":
        return len(range(0, size - filter_size + 1, stride)), 0
    positions = len(range(0, size, stride))
    reach = (positions - 1) * stride + filter_size  # from the first pixel of the first window to the last one
    return positions, max(reach - size, 0) // 2


def defined_conv2d(inputs, filters, strides, padding):
    batch, height, width, _ = inputs.shape
    rows, top = defined_padding(height, filters.shape[0], strides[1], padding)
    columns, left = defined_padding(width, filters.shape[1], strides[2], padding)
    result = np.zeros((batch, rows, columns, filters.shape[3]))
    for (b, x, y, o), _ in np.ndenumerate(result):
        for m, n, c in np.ndindex(filters.shape[:3]):
            i, j = x * strides[1] + m - top, y * strides[2] + n - left
            if 0 <= i < height and 0 <= j < width:
                result[b, x, y, o] += inputs[b, i, j, c].item() * filters[m, n, c, o].item()
    return result


def numbers(shape, dtype, seed):
    random = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return random.normal(size=shape).astype(dtype)
    low, high = max(np.iinfo(dtype).min, -1000), min(np.iinfo(dtype).max, 1000)
    return random.integers(low, high, shape, dtype=dtype, endpoint=True)


@st.composite
def convolutions(draw, dtypes=DTYPES, largest=7):
    """Arguments of `conv2d`: even, odd and oblong sizes, unequal strides, an empty batch now and then."""
    padding = draw(st.sampled_from(["VALID", "SAME", "valid", "same", "Same"]))
    sizes = []
    for _ in range(2):
        size = draw(st.integers(1, largest))
        sizes.append((size, draw(st.integers(1, size if padding.upper() == "VALID" else largest + 2))))
    (height, filter_height), (width, filter_width) = sizes
    channels, out_channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    batch, seed = draw(st.integers(0, 2)), draw(st.integers(0, 2**32))
    inputs = numbers((batch, height, width, channels), draw(st.sampled_from(dtypes)), seed)
    filters = numbers(
        (filter_height, filter_width, channels, out_channels), draw(st.sampled_from(dtypes)), seed + 1
    )
    strides = [1, draw(st.integers(1, 4)), draw(st.integers(1, 4)), 1]
    return inputs, filters, strides, padding


def tolerance(*arrays):
    return 1e-4 if any(each.dtype == np.float32 for each in arrays) else 1e-10


def assert_close(actual, expected, *arguments):
    assert type(actual) is np.ndarray
    assert actual.shape == expected.shape
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance(*arguments) * scale)


# The lecture's numbers.

SLIDE = np.array([[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]])
SECOND_SLIDE = np.array([[2, 0, 1, 3], [0, 1, 1, 0], [0, 0, 2, 0], [0, 1, 1, 1]])
HOMEWORK = np.array([[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]])
EDGES = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
DEMO = np.array([[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]])
DEMO_KERNEL = np.array([[1, 0, 1], [2, 1, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("image", "kernel", "expected"),
    [
        (SLIDE, EDGES, [[-4, -3], [3, -8]]),
        (SECOND_SLIDE, EDGES, [[1, 2], [0, -1]]),
        (HOMEWORK, SOBEL, [[0, 1], [-1, -1]]),
        (DEMO, DEMO_KERNEL, [[14, 6], [6, 12]]),
    ],
)
def test_the_lectures_examples_come_out_as_worked_by_hand(image, kernel, expected):
    np.testing.assert_array_equal(convolve(image, kernel), expected)
    assert [[apply_kernel(image, kernel, x, y) for y in (0, 1)] for x in (0, 1)] == expected


def test_the_lectures_same_homework_comes_out_right():
    expected = [[-1, -1, -1, 6], [-2, 0, 1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]]
    result = conv2d(HOMEWORK[None, :, :, None], SOBEL[:, :, None, None], [1, 1, 1, 1], "SAME")
    np.testing.assert_array_equal(result[0, :, :, 0], expected)


def test_x_counts_the_rows():
    assert (apply_kernel(SLIDE, EDGES, 1, 0), apply_kernel(SLIDE, EDGES, 0, 1)) == (3, -3)


def test_the_lectures_output_sizes_come_out_right():
    assert output_size(4, 3) == 2
    assert output_size(4, 3, padding=1) == 4
    assert output_size(4, 3, 2) == 1  # the floor that the slide leaves out
    assert output_size(9, 2, 3, 2) == 4


def test_the_lectures_filters_on_mnist_and_cifar_halve_the_images():
    assert same_padding(28, 5, 2) == same_padding(32, 5, 2) == (1, 2)
    mnist = conv2d(
        np.zeros((2, 28, 28, 1), "float32"), np.zeros((5, 5, 1, 16), "float32"), [1, 2, 2, 1], "SAME"
    )
    cifar = conv2d(
        np.zeros((2, 32, 32, 3), "float32"), np.zeros((5, 5, 3, 16), "float32"), [1, 2, 2, 1], "SAME"
    )
    assert (mnist.shape, cifar.shape) == ((2, 14, 14, 16), (2, 16, 16, 16))


# Sizes.


@properties(200)
@given(
    size=st.integers(1, 40),
    filter_size=st.integers(1, 40),
    stride=st.integers(1, 12),
    padding=st.integers(0, 9),
)
def test_output_size_counts_the_positions_of_a_filter(size, filter_size, stride, padding):
    positions = len(range(0, size + 2 * padding - filter_size + 1, stride))
    if positions:
        assert output_size(size, filter_size, stride, padding) == positions
    else:
        with pytest.raises(ValueError, match="filter_size must be at most"):
            output_size(size, filter_size, stride, padding)


@properties(200)
@given(size=st.integers(1, 40), filter_size=st.integers(1, 40), stride=st.integers(1, 12))
def test_same_padding_makes_the_output_one_pixel_for_each_stride_begun(size, filter_size, stride):
    before, after = same_padding(size, filter_size, stride)
    assert after - before in (0, 1)
    assert before >= 0
    assert output_size(size + before + after, filter_size, stride) == len(range(0, size, stride))
    if before + after:  # not one zero more than needed
        assert (len(range(0, size, stride)) - 1) * stride + filter_size == size + before + after


def test_the_odd_zero_of_same_goes_after():
    assert same_padding(4, 2) == (0, 1)
    assert same_padding(5, 4, 3) == (1, 1)
    assert same_padding(7, 4) == (1, 2)
    assert same_padding(4, 1, 3) == (0, 0)


def test_sizes_are_python_ints_and_may_be_given_as_numpy_ones():
    sizes = [output_size(np.int64(7), np.uint8(3), np.int32(2)), *same_padding(np.int64(7), np.uint8(4))]
    assert sizes == [3, 1, 2]
    assert {type(each) for each in sizes} == {int}


# Values.


@properties(150)
@given(convolutions())
def test_conv2d_is_the_sum_that_the_definition_says(arguments):
    inputs, filters, strides, padding = arguments
    expected = defined_conv2d(inputs, filters, strides, padding.upper())
    assert_close(conv2d(*arguments), expected, inputs, filters)


@properties(100)
@given(convolutions())
def test_patches_times_flattened_filters_are_the_convolution(arguments):
    inputs, filters, strides, padding = arguments
    expected = defined_conv2d(inputs, filters, strides, padding.upper())
    assert_close(conv2d_matmul(*arguments), expected, inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    assert patches.dtype == inputs.dtype
    assert_close(patches.astype(float) @ flatten_filters(filters), expected, inputs, filters)


@properties(60)
@given(convolutions())
def test_the_textbook_versions_agree_with_the_definition(arguments):
    inputs, filters, strides, padding = arguments
    expected = defined_conv2d(inputs, filters, strides, padding.upper())
    assert_close(textbook.conv2d_loops(*arguments), expected, inputs, filters)
    assert_close(textbook.conv2d_im2col(*arguments), expected, inputs, filters)


@properties(60)
@given(convolutions(), st.data())
def test_convolve_and_apply_kernel_are_the_case_of_one_image_and_one_channel(arguments, data):
    inputs, filters, strides, _ = arguments
    image, kernel = numbers(inputs.shape[1:3], inputs.dtype, 1), filters[:, :, 0, 0]
    kernel = kernel[: image.shape[0], : image.shape[1]]
    result = convolve(image, kernel, tuple(strides[1:3]))
    expected = defined_conv2d(image[None, :, :, None], kernel[:, :, None, None], strides, "VALID")[0, :, :, 0]
    assert_close(result, expected, image, kernel)
    x, y = (data.draw(st.integers(0, size - 1)) for size in result.shape)
    value = apply_kernel(image, kernel, x * strides[1], y * strides[2])
    assert_close(np.array(value), expected[x, y], image, kernel)


@properties(40)
@given(st.tuples(*[st.integers(0, 3)] * 4), st.sampled_from(DTYPES))
def test_pad_puts_zeros_around_and_keeps_the_image(amounts, dtype):
    above, below, left, right = amounts
    image = numbers((3, 2), dtype, 5)
    result = pad(image, (above, below), [left, right])
    assert result.dtype == image.dtype
    assert result.shape == (above + 3 + below, left + 2 + right)
    np.testing.assert_array_equal(result[above : above + 3, left : left + 2], image)
    result[above : above + 3, left : left + 2] = 0
    assert not result.any()


def test_flattened_filters_are_in_the_order_rows_columns_channels():
    filters = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert flatten_filters(filters).shape == (24, 5)
    assert flatten_filters(filters)[(1 * 3 + 2) * 4 + 3, 1] == filters[1, 2, 3, 1]


def test_a_patch_is_its_window_read_row_by_row_and_channel_by_channel():
    inputs = numbers((2, 5, 7, 3), "int64", 2)
    patches = extract_patches(inputs, (2, 4), [1, 3, 2, 1], "VALID")
    assert patches.shape == (2, 2, 2, 24)
    np.testing.assert_array_equal(patches[1, 1, 0], inputs[1, 3:5, 0:4].ravel())


def test_same_takes_a_filter_larger_than_the_image():
    ones = conv2d(np.ones((1, 1, 2, 1)), np.arange(35.0).reshape(5, 7, 1, 1), [1, 1, 1, 1], "SAME")
    assert ones.ravel().tolist() == [17 + 18, 16 + 17]


@pytest.mark.parametrize("convolution", [conv2d, conv2d_matmul])
def test_strides_may_be_an_int_a_pair_or_a_list_of_four(convolution):
    inputs, filters = numbers((1, 7, 8, 2), "float64", 3), numbers((3, 2, 2, 2), "float64", 4)
    expected = defined_conv2d(inputs, filters, [1, 2, 3, 1], "SAME")
    for strides in [(2, 3), [2, 3], np.array([2, 3]), [1, 2, 3, 1], (1, 2, 3, 1), np.array([1, 2, 3, 1])]:
        np.testing.assert_allclose(convolution(inputs, filters, strides, "SAME"), expected)
    square = defined_conv2d(inputs, filters, [1, 2, 2, 1], "VALID")
    np.testing.assert_allclose(convolution(inputs, filters, np.int64(2)), square)
    np.testing.assert_allclose(
        convolution(inputs, filters), defined_conv2d(inputs, filters, [1] * 4, "VALID")
    )


def test_convolve_takes_an_int_as_the_stride_of_both_axes():
    image, kernel = numbers((7, 8), "float64", 3), numbers((2, 3), "float64", 4)
    np.testing.assert_array_equal(convolve(image, kernel, 2), convolve(image, kernel)[::2, ::2])


# Types.


@pytest.mark.parametrize("function", [conv2d, conv2d_matmul, textbook.conv2d_loops, textbook.conv2d_im2col])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("float32", "float32", "float32"),
        ("float64", "float64", "float64"),
        ("float32", "float64", "float64"),
        ("uint8", "float32", "float32"),
        ("uint8", "int8", "int64"),
        ("int32", "int32", "int64"),
    ],
)
def test_floats_stay_what_they_are_and_integers_become_int64(function, first, second, expected):
    result = function(numbers((1, 3, 4, 2), first, 1), numbers((2, 2, 2, 3), second, 2), [1, 1, 1, 1], "SAME")
    assert result.dtype == expected


def test_float32_gradients_stay_float32():
    inputs, filters = numbers((1, 3, 4, 2), "float32", 1), numbers((2, 2, 2, 3), "float32", 2)
    gradients = conv2d_gradients(inputs, filters, 1, "VALID", np.ones((1, 2, 3, 3), "float32"))
    assert [each.dtype for each in gradients] == ["float32", "float32"]


def test_uint8_does_not_wrap_around():
    image, kernel = np.full((2, 2), 255, "uint8"), np.full((2, 2), 255, "uint8")
    assert apply_kernel(image, kernel, 0, 0) == 4 * 255**2
    assert convolve(image, kernel).tolist() == [[4 * 255**2]]
    assert conv2d(image[None, :, :, None], kernel[:, :, None, None]).item() == 4 * 255**2
    assert conv2d_matmul(image[None, :, :, None], kernel[:, :, None, None]).item() == 4 * 255**2


def test_lists_of_numbers_are_arrays_too():
    assert convolve([[1, 2], [3, 4]], [[1, 10]]).tolist() == [[21], [43]]


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_an_empty_batch_gives_an_empty_result_of_the_right_shape(padding):
    inputs, filters = np.zeros((0, 5, 6, 2)), np.ones((2, 3, 2, 4))
    shape = {"SAME": (0, 3, 3, 4), "VALID": (0, 2, 2, 4)}[padding]
    assert conv2d(inputs, filters, 2, padding).shape == shape
    assert conv2d_matmul(inputs, filters, 2, padding).shape == shape
    assert extract_patches(inputs, (2, 3), 2, padding).shape == (*shape[:3], 12)
    d_inputs, d_filters = conv2d_gradients(inputs, filters, 2, padding, np.zeros(shape))
    assert d_inputs.shape == inputs.shape
    np.testing.assert_array_equal(d_filters, np.zeros(filters.shape))


def test_no_filters_and_no_channels_are_sums_over_nothing():
    assert conv2d(np.ones((1, 3, 3, 2)), np.ones((2, 2, 2, 0))).shape == (1, 2, 2, 0)
    assert conv2d_matmul(np.ones((1, 3, 3, 2)), np.ones((2, 2, 2, 0))).shape == (1, 2, 2, 0)
    np.testing.assert_array_equal(
        conv2d_matmul(np.ones((1, 3, 3, 0)), np.ones((2, 2, 0, 1))), np.zeros((1, 2, 2, 1))
    )


# Memory: whatever the layout, nothing is changed and nothing is shared.


def layouts(array):
    """The same numbers in Fortran order, as a view with gaps, backwards, read-only and big-endian."""
    gaps = np.zeros([2 * size for size in array.shape], array.dtype)[
        tuple([slice(None, None, 2)] * array.ndim)
    ]
    gaps[...] = array
    locked = array.copy()
    locked.flags.writeable = False
    backwards = array[::-1, ::-1].copy()[::-1, ::-1]
    return [np.asfortranarray(array), gaps, backwards, locked, array.astype(array.dtype.newbyteorder(">"))]


def calls(inputs, filters, upstream):
    """Every function that takes arrays, on these arguments."""
    plane, kernel = inputs[0, :, :, 0], filters[:, :, 0, 0]
    for padding in ("SAME", "VALID"):
        yield conv2d(inputs, filters, [1, 1, 1, 1], padding)
        yield conv2d_matmul(inputs, filters, [1, 1, 1, 1], padding)
        yield extract_patches(inputs, filters.shape[:2], [1, 1, 1, 1], padding)
    yield from conv2d_gradients(inputs, filters, [1, 1, 1, 1], "SAME", upstream)
    yield flatten_filters(filters)
    yield convolve(plane, kernel)
    yield pad(plane, (0, 0), (0, 0))
    yield pad(plane, (1, 0), (0, 2))
    yield np.asarray(apply_kernel(plane, kernel, 0, 0))


@pytest.mark.parametrize("dtype", ["int64", "float32", "float64"])
def test_the_layout_of_the_arguments_does_not_matter(dtype):
    arguments = [numbers(shape, dtype, 7) for shape in [(2, 4, 5, 2), (2, 3, 2, 3), (2, 4, 5, 3)]]
    expected = list(calls(*arguments))
    for variant in zip(*map(layouts, arguments), strict=True):
        for actual, right in zip(calls(*variant), expected, strict=True):
            np.testing.assert_allclose(actual, right, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("filter_size", [(1, 1), (2, 3)])
@pytest.mark.parametrize("dtype", ["int64", "float32", "float64"])
def test_inputs_are_not_changed_and_results_share_no_memory_with_them(dtype, filter_size):
    shapes = [(1, 4, 5, 1), (*filter_size, 1, 1), (1, 4, 5, 1)]
    arguments = [numbers(shape, dtype, 7) for shape in shapes]
    copies = [each.copy() for each in arguments]
    for result in calls(*arguments):
        assert not any(np.shares_memory(result, each) for each in arguments)
        result[...] = 0
    for each, copy in zip(arguments, copies, strict=True):
        np.testing.assert_array_equal(each, copy)


# Gradients.


@properties(25)
@given(convolutions(["float64"], largest=4))
def test_gradients_agree_with_finite_differences(arguments):
    inputs, filters, strides, padding = arguments
    upstream = numbers(conv2d(*arguments).shape, "float64", 9)
    gradients = conv2d_gradients(*arguments, upstream)
    for argument, gradient in zip((inputs, filters), gradients, strict=True):
        assert gradient.shape == argument.shape
        for place in list(np.ndindex(argument.shape))[::3]:
            value = argument[place]
            sums = []
            for shifted in (value + 0.5, value - 0.5):  # the sum is linear in each number: any step is exact
                argument[place] = shifted
                sums.append(np.sum(upstream * conv2d(inputs, filters, strides, padding)))
            argument[place] = value
            assert gradient[place] == pytest.approx(sums[0] - sums[1], abs=1e-9)


@properties(100)
@given(convolutions(["float64", "int32"]))
def test_gradients_are_the_adjoints_of_the_convolution(arguments):
    inputs, filters, strides, padding = arguments
    upstream = numbers(conv2d(*arguments).shape, "int64", 9)
    d_inputs, d_filters = conv2d_gradients(*arguments, upstream)
    inner = np.sum(upstream * defined_conv2d(inputs, filters, strides, padding.upper()))
    assert np.sum(d_inputs * inputs) == pytest.approx(inner, rel=1e-9, abs=1e-3)
    assert np.sum(d_filters * filters) == pytest.approx(inner, rel=1e-9, abs=1e-3)


def test_pixels_that_no_window_meets_have_no_gradient():
    d_inputs, _ = conv2d_gradients(
        np.ones((1, 3, 5, 1)), np.ones((1, 2, 1, 1)), [1, 2, 3, 1], "VALID", np.ones((1, 2, 2, 1))
    )
    assert d_inputs[0, :, :, 0].tolist() == [[1, 1, 0, 1, 1], [0, 0, 0, 0, 0], [1, 1, 0, 1, 1]]


# What is refused, and in which words.

IMAGES, FILTERS = np.ones((2, 4, 5, 3)), np.ones((2, 3, 3, 4))
BATCH_CALLS = {
    "conv2d": lambda inputs, filters, strides, padding: conv2d(inputs, filters, strides, padding),
    "conv2d_matmul": lambda inputs, filters, strides, padding: conv2d_matmul(
        inputs, filters, strides, padding
    ),
    "conv2d_gradients": lambda inputs, filters, strides, padding: conv2d_gradients(
        inputs, filters, strides, padding, np.ones((2, 3, 3, 4))
    ),
}
WRONG_BATCHES = [
    (IMAGES[..., :2], FILTERS, 1, "VALID", ValueError, r"channels.*inputs have 2 .*filters 3"),
    (IMAGES[0], FILTERS, 1, "VALID", ValueError, r"inputs must have (at least )?4 axes .*\(4, 5, 3\)"),
    (IMAGES, FILTERS[0], 1, "VALID", ValueError, r"filters must have 4 axes .*\(3, 3, 4\)"),
    (IMAGES, FILTERS[:0], 1, "VALID", ValueError, r"filters must have at least one row"),
    (IMAGES[:, :1], FILTERS, 1, "VALID", ValueError, r"the filter has 2 × 3 .* the image 1 × 5"),
    (IMAGES[:, :, :2], FILTERS, 1, "valid", ValueError, r"the filter has 2 × 3 .* the image 4 × 2"),
    (IMAGES, FILTERS, 1, "FULL", ValueError, r"padding must be 'SAME', 'VALID' or a list.*it is 'FULL'"),
    (IMAGES, FILTERS, 1, "", ValueError, r"padding must be 'SAME', 'VALID' or a list"),
    (IMAGES, FILTERS, 1, None, TypeError, r"padding must be 'SAME', 'VALID' or a list .* but it is None"),
    (IMAGES, FILTERS, 1, [[0, 0]] * 3, ValueError, r"padding must be .* \[\[0, 0\], \[above, below\]"),
    (IMAGES, FILTERS, 1, [[0, 0], [1, 1], [1, 1], [0, 1]], ValueError, r"padding must have no zeros around"),
    (IMAGES, FILTERS, 1, [[0, 0], [1, -1], [1, 1], [0, 0]], ValueError, r"padding\[1\]\[1\] must be at least 0"),
    (IMAGES, FILTERS, 1, [[0, 0], [1, 0.5], [1, 1], [0, 0]], TypeError, r"padding\[1\]\[1\] must be an integer"),
    (IMAGES, FILTERS, 1, [[0, 0], [1], [1, 1], [0, 0]], ValueError, r"padding\[1\] must be a pair"),
    (IMAGES, FILTERS, 1, [0, 1, 1, 0], TypeError, r"padding\[0\] must be a pair"),
    (IMAGES, FILTERS, [2, 1, 1, 1], "SAME", ValueError, r"strides must be 1 along batch and channels"),
    (IMAGES, FILTERS, [1, 1, 1, 2], "SAME", ValueError, r"strides must be 1 along batch and channels"),
    (IMAGES, FILTERS, [1, 0, 1, 1], "SAME", ValueError, r"strides\[1\] must be at least 1, but it is 0"),
    (IMAGES, FILTERS, [1, 1, -1, 1], "SAME", ValueError, r"strides\[2\] must be at least 1, but it is -1"),
    (IMAGES, FILTERS, [1, 1, 1], "SAME", ValueError, r"strides must be an int, a pair .*\[1, 1, 1\]"),
    (IMAGES, FILTERS, [], "SAME", ValueError, r"strides must be an int, a pair"),
    (IMAGES, FILTERS, 0, "SAME", ValueError, r"strides must be at least 1, but it is 0"),
    (IMAGES, FILTERS, 1.0, "SAME", TypeError, r"strides must be an int, a pair .*1\.0 \(float\)"),
    (IMAGES, FILTERS, [1, 1.5, 1, 1], "SAME", TypeError, r"strides\[1\] must be an integer, but it is 1\.5"),
    (IMAGES, FILTERS, True, "SAME", TypeError, r"strides must be an integer, but it is True"),
    (IMAGES, FILTERS, "11", "SAME", TypeError, r"strides must be an int, a pair"),
    (IMAGES, FILTERS, None, "SAME", TypeError, r"strides must be an int, a pair"),
    (IMAGES + 0j, FILTERS, 1, "SAME", TypeError, r"inputs must hold integers, float32.*complex128"),
    (IMAGES > 0, FILTERS, 1, "SAME", TypeError, r"inputs must hold integers.*bool"),
    (IMAGES, FILTERS.astype("float16"), 1, "SAME", TypeError, r"filters must hold integers.*float16"),
    (IMAGES.astype("uint64"), FILTERS, 1, "SAME", TypeError, r"inputs must hold integers.*uint64"),
    (None, FILTERS, 1, "SAME", TypeError, r"inputs must hold integers.*object"),
    ([[1], [1, 2]], FILTERS, 1, "SAME", TypeError, r"inputs must be an array of numbers"),
    (IMAGES, "filters", 1, "SAME", TypeError, r"filters must hold integers"),
]  # fmt: skip


@pytest.mark.parametrize("function", BATCH_CALLS)
@pytest.mark.parametrize(("inputs", "filters", "strides", "padding", "error", "message"), WRONG_BATCHES)
def test_wrong_arguments_are_refused_by_name(function, inputs, filters, strides, padding, error, message):
    with pytest.raises(error, match=message):
        BATCH_CALLS[function](inputs, filters, strides, padding)


WRONG_CALLS = [
    (output_size, (3, 5), ValueError, "filter_size must be at most input_size .* = 3, but it is 5"),
    (output_size, (3, 6, 1, 1), ValueError, "= 5, but it is 6"),
    (output_size, (0, 1), ValueError, "input_size must be at least 1, but it is 0"),
    (output_size, (3, 0), ValueError, "filter_size must be at least 1, but it is 0"),
    (output_size, (3, 1, 0), ValueError, "stride must be at least 1, but it is 0"),
    (output_size, (3, 1, 1, -1), ValueError, "padding must be at least 0, but it is -1"),
    (output_size, (3.0, 1), TypeError, r"input_size must be an integer, but it is 3\.0 \(float\)"),
    (output_size, (3, True), TypeError, "filter_size must be an integer, but it is True"),
    (output_size, (3, 1, "1"), TypeError, "stride must be an integer, but it is '1'"),
    (same_padding, (0, 1), ValueError, "input_size must be at least 1"),
    (same_padding, (3, 0), ValueError, "filter_size must be at least 1"),
    (same_padding, (3, 1, 0), ValueError, "stride must be at least 1"),
    (same_padding, (3, 1, 1.0), TypeError, "stride must be an integer"),
    (apply_kernel, (SLIDE, EDGES, 2, 0), ValueError, "the window at x=2, y=0 must be inside the image"),
    (apply_kernel, (SLIDE, EDGES, 0, -1), ValueError, "y must be at least 0, but it is -1"),
    (apply_kernel, (SLIDE, EDGES, 0.0, 0), TypeError, "x must be an integer"),
    (apply_kernel, (SLIDE[0], EDGES, 0, 0), ValueError, r"image must have 2 axes \[rows, columns\]"),
    (apply_kernel, (SLIDE, EDGES[:0], 0, 0), ValueError, "kernel must have at least one row and one column"),
    (convolve, (EDGES, SLIDE), ValueError, "filter_size must be at most"),
    (convolve, (SLIDE, EDGES[0]), ValueError, "kernel must have 2 axes"),
    (convolve, (SLIDE, EDGES, 0), ValueError, "stride must be at least 1"),
    (convolve, (SLIDE, EDGES, (1, 0)), ValueError, r"stride\[1\] must be at least 1"),
    (convolve, (SLIDE, EDGES, [1, 1, 1, 1]), ValueError, r"stride must be an int or a pair \(rows"),
    (convolve, (SLIDE, EDGES, 1.5), TypeError, "stride must be an int or a pair"),
    (pad, (SLIDE[0], (1, 1), (1, 1)), ValueError, "image must have 2 axes"),
    (pad, (SLIDE, (1, -1), (1, 1)), ValueError, r"rows\[1\] must be at least 0, but it is -1"),
    (pad, (SLIDE, (1, 1), (1, 1, 1)), ValueError, r"columns must be a pair \(before, after\)"),
    (pad, (SLIDE, 1, (1, 1)), TypeError, r"rows must be a pair \(before, after\), but it is 1"),
    (flatten_filters, (SLIDE,), ValueError, "filters must have 4 axes"),
    (extract_patches, (SLIDE, (1, 1), 1, "SAME"), ValueError, "inputs must have 4 axes"),
    (extract_patches, (IMAGES, (0, 1), 1, "SAME"), ValueError, r"filter_size\[0\] must be at least 1"),
    (extract_patches, (IMAGES, (1, 2, 3), 1, "SAME"), ValueError, "filter_size must be a pair"),
    (extract_patches, (IMAGES, 3, 1, "SAME"), TypeError, "filter_size must be a pair"),
    (extract_patches, (IMAGES, (5, 1), 1, "VALID"), ValueError, "must not be larger than the image"),
    (extract_patches, (IMAGES[:, :0], (2, 3), 1, "SAME"), ValueError, "inputs must have at least one row"),
    (conv2d_matmul, (IMAGES[:, :0], FILTERS, 1, "SAME"), ValueError, "inputs must have at least one row"),
    (conv2d_matmul, (IMAGES[None], FILTERS), ValueError, "inputs must have 4 axes"),
    (extract_patches, (IMAGES, (1, 1), [1, 1, 1], "VALID"), ValueError, "strides must be an int, a pair"),
    (extract_patches, (IMAGES, (1, 1), 1, "FULL"), ValueError, "padding must be 'SAME', 'VALID' or"),
    (conv2d_gradients, (IMAGES, FILTERS, 1, "SAME", IMAGES), ValueError, r"must have .*\(2, 4, 5, 4\)"),
    (conv2d_gradients, (IMAGES, FILTERS, 1, "SAME", SLIDE), ValueError, "upstream must have at least 4 axes"),
    (conv2d_gradients, (IMAGES, FILTERS, 1, "SAME", None), TypeError, "upstream must hold integers"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "error", "message"), WRONG_CALLS)
def test_wrong_sizes_and_planes_are_refused_by_name(function, arguments, error, message):
    with pytest.raises(error, match=message):
        function(*arguments)


def test_error_messages_stay_short_whatever_the_value():
    with pytest.raises(ValueError, match="strides") as caught:
        conv2d(IMAGES, FILTERS, list(range(10_000)))
    assert len(str(caught.value)) < 300


# The package.

OPTIONS = "*, data_format='NHWC', dilations=1, threads=None)"


def arguments_of(function):
    """A function's arguments and their defaults, without the types."""
    signature = inspect.signature(function)
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def test_the_reference_offers_the_ten_functions_with_the_students_arguments():
    assert {name: arguments_of(getattr(reference, name)) for name in reference.__all__} == {
        "apply_kernel": "(image, kernel, x, y)",
        "output_size": "(input_size, filter_size, stride=1, padding=0)",
        "convolve": "(image, kernel, stride=1)",
        "same_padding": "(input_size, filter_size, stride=1)",
        "pad": "(image, rows, columns)",
        "conv2d": "(inputs, filters, strides=1, padding='VALID', " + OPTIONS,
        "flatten_filters": "(filters)",
        "extract_patches": "(inputs, filter_size, strides, padding)",
        "conv2d_matmul": "(inputs, filters, strides=1, padding='VALID')",
        "conv2d_gradients": "(inputs, filters, strides, padding, upstream, " + OPTIONS,
    }


def test_the_text_of_the_textbook_versions_runs_by_itself(tmp_path):
    program = (
        inspect.getsource(textbook)
        + "\nprint(conv2d_im2col(np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)), [1] * 4, 'VALID'))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (run.stdout, run.stderr) == ("[[[[4.]]]]\n", "")
