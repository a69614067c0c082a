"""`conv2d` and its gradients with every option: explicit padding, dilations, groups, NCHW, threads, any memory layout."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.reference import conv2d, conv2d_gradients

pytestmark = pytest.mark.no_cover

DTYPES = ["uint8", "int32", "int64", "float32", "float64"]


def properties(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True)


# The definition, number by number: zeros for every pixel outside the image.


def defined(images, filters, strides, zeros, dilations, output_size):
    """Yield (place in the output, place in the images, place in the filters) of every product that is summed."""
    _, height, width, channels = images
    filter_height, filter_width, in_channels, out_channels = filters
    groups = max(channels // max(in_channels, 1), 1)
    for b, x, y, o in np.ndindex(images[0], *output_size, out_channels):
        first_channel = o // (out_channels // groups) * in_channels
        for m, n, c in np.ndindex(filter_height, filter_width, in_channels):
            i = x * strides[0] + m * dilations[0] - zeros[0][0]
            j = y * strides[1] + n * dilations[1] - zeros[1][0]
            if 0 <= i < height and 0 <= j < width:
                yield (b, x, y, o), (b, i, j, first_channel + c), (m, n, c, o)


def defined_answers(inputs, filters, upstream, geometry):
    """The output and both gradients, in Python's own numbers."""
    inputs, filters, upstream = (each.astype(object) for each in (inputs, filters, upstream))
    output, d_inputs, d_filters = (np.zeros(each.shape) for each in (upstream, inputs, filters))
    for out, pixel, value in defined(inputs.shape, filters.shape, *geometry):
        output[out] += inputs[pixel] * filters[value]
        d_inputs[pixel] += upstream[out] * filters[value]
        d_filters[value] += upstream[out] * inputs[pixel]
    return output, d_inputs, d_filters


def numbers(shape, dtype, seed):
    random = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return random.normal(size=shape).astype(dtype)
    return random.integers(0, 100, shape).astype(dtype)


# Drawn arguments. What TensorFlow's padding rule gives is written once more here, by counting.


def zeros_of(padding, size, reach, stride):
    """Zeros (before, after) along one axis."""
    if padding == "VALID":
        return 0, 0
    total = max((len(range(0, size, stride)) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


@st.composite
def axes(draw, padding):
    """Along one axis: image size, filter size, stride, dilation, and the zeros (before, after)."""
    size, stride, dilation = draw(st.integers(0, 9)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    zeros = draw(st.tuples(st.integers(0, 4), st.integers(0, 4))) if padding == "explicit" else (0, 0)
    room = 9 if padding == "SAME" else size + sum(zeros)
    filter_size = draw(st.integers(1, max(1, min(4, (room - 1) // dilation + 1))))
    if padding != "explicit":
        zeros = zeros_of(padding, size, (filter_size - 1) * dilation + 1, stride)
    return size, filter_size, stride, dilation, zeros


@st.composite
def calls(draw, dtypes=DTYPES):
    """(images, filters, upstream, options of the call, geometry for the definition)."""
    padding = draw(st.sampled_from(["VALID", "SAME", "explicit"]))
    rows, columns = draw(axes(padding)), draw(axes(padding))
    sizes, filter_size, strides, dilations, zeros = zip(rows, columns, strict=True)
    groups, channels, out_channels = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    batch, seed = draw(st.integers(0, 3)), draw(st.integers(0, 2**32))
    output_size = [
        (size + sum(around) - (f - 1) * d - 1) // s + 1 for size, f, s, d, around in (rows, columns)
    ]
    inputs = numbers((batch, *sizes, channels * groups), draw(st.sampled_from(dtypes)), seed)
    filters = numbers(
        (*filter_size, channels, out_channels * groups), draw(st.sampled_from(dtypes)), seed + 1
    )
    upstream = numbers((batch, *output_size, out_channels * groups), draw(st.sampled_from(dtypes)), seed + 2)
    around = [[0, 0], *map(list, zeros), [0, 0]] if padding == "explicit" else padding
    options = {
        "strides": strides,
        "padding": around,
        "dilations": dilations,
        "threads": draw(st.sampled_from([None, 1, 2, 3])),
    }
    return inputs, filters, upstream, options, (strides, zeros, dilations, output_size)


LAYOUTS = {
    "as it is": lambda array: array,
    "Fortran": np.asfortranarray,
    "backwards": lambda array: array[::-1, :, ::-1].copy()[::-1, :, ::-1],
    "with gaps": lambda array: np.repeat(array, 2, axis=2)[:, :, ::2],
    "read-only": lambda array: np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape),
}
layouts = st.sampled_from(sorted(LAYOUTS))


def as_nchw(options):
    """The same options in the order of NCHW, in the forms that have one."""
    strides, dilations, padding = options["strides"], options["dilations"], options["padding"]
    if not isinstance(padding, str):
        padding = [padding[0], padding[3], padding[1], padding[2]]
    return options | {
        "strides": [1, 1, *strides],
        "dilations": [1, 1, *dilations],
        "padding": padding,
        "data_format": "NCHW",
    }


def assert_close(actual, expected, *arguments):
    exact = all(each.dtype.kind in "iu" for each in arguments)
    single = any(each.dtype == np.float32 for each in arguments)
    assert type(actual) is np.ndarray and actual.shape == expected.shape
    assert actual.flags.c_contiguous and actual.flags.writeable
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(
        actual, expected, rtol=0, atol=0 if exact else (3e-5 if single else 1e-12) * scale
    )


@properties(150)
@given(calls(), layouts, layouts)
def test_every_option_gives_the_sum_that_the_definition_says(call, inputs_layout, filters_layout):
    inputs, filters, upstream, options, geometry = call
    expected, _, _ = defined_answers(inputs, filters, upstream, geometry)
    inputs, filters = LAYOUTS[inputs_layout](inputs), LAYOUTS[filters_layout](filters)
    assert_close(conv2d(inputs, filters, **options), expected, inputs, filters)


@properties(120)
@given(calls(), layouts)
def test_every_option_gives_the_gradients_that_the_definition_says(call, layout):
    inputs, filters, upstream, options, geometry = call
    _, d_inputs, d_filters = defined_answers(inputs, filters, upstream, geometry)
    arguments = inputs, filters, upstream
    ours = conv2d_gradients(LAYOUTS[layout](inputs), filters, upstream=LAYOUTS[layout](upstream), **options)
    assert_close(ours[0], d_inputs, *arguments)
    assert_close(ours[1], d_filters, *arguments)


@properties(100)
@given(calls(), st.booleans())
def test_nchw_is_nhwc_with_the_axes_in_another_order(call, contiguous):
    inputs, filters, upstream, options, _ = call
    first, second = (each.transpose(0, 3, 1, 2) for each in (inputs, upstream))
    if contiguous:
        first, second = first.copy(), second.copy()
    output = conv2d(first, filters, **as_nchw(options))
    d_inputs, d_filters = conv2d_gradients(first, filters, upstream=second, **as_nchw(options))
    expected = conv2d(inputs, filters, **options)
    expected_gradients = conv2d_gradients(inputs, filters, upstream=upstream, **options)
    assert_close(output, expected.transpose(0, 3, 1, 2), inputs, filters)
    assert_close(d_inputs, expected_gradients[0].transpose(0, 3, 1, 2), inputs, filters, upstream)
    assert_close(d_filters, expected_gradients[1], inputs, filters, upstream)


@properties(20)
@given(calls(["float64"]))
def test_the_gradients_agree_with_finite_differences(call):
    inputs, filters, upstream, options, _ = call
    gradients = conv2d_gradients(inputs, filters, upstream=upstream, **options)
    for argument, gradient in zip((inputs, filters), gradients, strict=True):
        for place in list(np.ndindex(argument.shape))[::7]:
            value, sums = argument[place], []
            for shifted in (value + 0.5, value - 0.5):  # the sum is linear in each number: any step is exact
                argument[place] = shifted
                sums.append(np.sum(upstream * conv2d(inputs, filters, **options)))
            argument[place] = value
            assert gradient[place] == pytest.approx(sums[0] - sums[1], abs=1e-9)


@properties(60)
@given(calls())
def test_arguments_are_not_changed_and_results_are_new_arrays(call):
    inputs, filters, upstream, options, _ = call
    copies = [each.copy() for each in (inputs, filters, upstream)]
    results = [
        conv2d(inputs, filters, **options),
        *conv2d_gradients(inputs, filters, upstream=upstream, **options),
    ]
    for result in results:
        assert not any(np.shares_memory(result, each) for each in (inputs, filters, upstream))
        result[...] = 0
    for each, copy in zip((inputs, filters, upstream), copies, strict=True):
        np.testing.assert_array_equal(each, copy)


@properties(60)
@given(calls(), st.sampled_from([(3, 2), (1, 2, 3), (0, 2)]), layouts, st.booleans())
def test_all_axes_before_the_images_own_are_those_of_the_batch(call, batch, layout, channels_first):
    inputs, filters, upstream, options, _ = call
    inputs, upstream = (np.resize(each, (math.prod(batch), *each.shape[1:])) for each in (inputs, upstream))
    if channels_first:
        options = as_nchw(options)
        inputs, upstream = (np.moveaxis(each, -1, 1) for each in (inputs, upstream))
    several, several_upstream = (
        LAYOUTS[layout](each.reshape(*batch, *each.shape[1:])) for each in (inputs, upstream)
    )
    output = conv2d(several, filters, **options)
    expected = conv2d(inputs, filters, **options)
    assert_close(output, expected.reshape(*batch, *expected.shape[1:]), inputs, filters)
    d_inputs, d_filters = conv2d_gradients(several, filters, upstream=several_upstream, **options)
    expected_inputs, expected_filters = conv2d_gradients(inputs, filters, upstream=upstream, **options)
    assert_close(d_inputs, expected_inputs.reshape(several.shape), inputs, filters, upstream)
    assert_close(d_filters, expected_filters, inputs, filters, upstream)


@pytest.mark.filterwarnings("ignore:invalid value encountered in matmul")
def test_an_image_without_pixels_is_what_its_zeros_say_on_any_number_of_threads_and_in_blocks():
    around = [[0, 0], [90, 90], [90, 90], [0, 0]]
    inputs, filters = np.ones((2, 0, 0, 3)), np.ones((3, 3, 3, 20))
    filters[1, 1, 0, 7] = np.inf
    for threads in (1, 2):
        output = conv2d(inputs, filters, 1, around, threads=threads)
        assert output.shape == (2, 178, 178, 20)
        assert np.isnan(output[..., 7]).all()  # 0 times infinity
        np.testing.assert_array_equal(np.delete(output, 7, axis=3), 0)
        d_inputs, d_filters = conv2d_gradients(
            inputs, filters, 1, around, np.ones(output.shape), threads=threads
        )
        assert d_inputs.shape == inputs.shape
        np.testing.assert_array_equal(d_filters, np.zeros(filters.shape))


def test_dilations_put_gaps_between_the_filter_values():
    image = np.arange(35).reshape(1, 5, 7, 1)
    result = conv2d(image, np.ones((2, 2, 1, 1), int), dilations=(3, 5))
    assert result[0, :, :, 0].tolist() == [
        [0 + 5 + 21 + 26, 1 + 6 + 22 + 27],
        [7 + 12 + 28 + 33, 8 + 13 + 29 + 34],
    ]


def test_each_group_of_filters_meets_its_own_channels():
    image = np.array([1, 10, 100, 1000]).reshape(1, 1, 1, 4)
    filters = np.array([[1, 2, 3, 4], [5, 6, 7, 8]]).reshape(1, 1, 2, 4)
    assert conv2d(image, filters).ravel().tolist() == [51, 62, 7300, 8400]


def test_dilations_may_be_an_int_a_pair_or_a_list_of_four():
    inputs, filters = numbers((1, 9, 9, 2), "float64", 1), numbers((3, 2, 2, 2), "float64", 2)
    expected = conv2d(inputs, filters, dilations=(2, 3))
    for dilations in ([2, 3], np.array([2, 3]), [1, 2, 3, 1], (1, 2, 3, 1)):
        np.testing.assert_array_equal(conv2d(inputs, filters, dilations=dilations), expected)
    np.testing.assert_array_equal(
        conv2d(inputs, filters, dilations=2), conv2d(inputs, filters, dilations=(2, 2))
    )


# What is refused.

IMAGES, FILTERS = np.ones((2, 4, 5, 4)), np.ones((2, 3, 2, 4))
WRONG = [
    ({"dilations": 0}, ValueError, "dilations must be at least 1, but it is 0"),
    ({"dilations": [1, 2, 2, 2]}, ValueError, r"dilations must be 1 along batch and channels.*\[1, rows, columns, 1\]"),
    ({"dilations": (1, 2, 3)}, ValueError, r"dilations must be an int, a pair \(rows, columns\) or a list"),
    ({"dilations": 1.5}, TypeError, r"dilations must be an int.*1\.5 \(float\)"),
    ({"dilations": (4, 1)}, ValueError, "the filter has 5 × 3 .* the image 4 × 5"),
    ({"strides": [1, 2, 2, 1], "data_format": "NCHW"}, ValueError, r"strides must be 1 along.*\[1, 1, rows, columns\]"),
    ({"data_format": "NWHC"}, ValueError, "data_format must be 'NHWC' or 'NCHW', but it is 'NWHC'"),
    ({"data_format": "nchw"}, ValueError, "data_format must be 'NHWC' or 'NCHW', but it is 'nchw'"),
    ({"data_format": None}, TypeError, "data_format must be 'NHWC' or 'NCHW', but it is None"),
    ({"padding": [[0, 0], [1, 1], [1, 1], [0, 0]], "data_format": "NCHW"}, ValueError, "no zeros around batch and channels"),
    ({"padding": 1}, TypeError, r"padding must be 'SAME', 'VALID' or a list .* but it is 1 \(int\)"),
    ({"threads": 0}, ValueError, "threads must be at least 1, but it is 0"),
    ({"threads": 1.0}, TypeError, "threads must be an integer"),
]  # fmt: skip
WRONG_CHANNELS = [
    (IMAGES, np.ones((2, 3, 3, 4)), r"a multiple of them \(groups\), but inputs have 4 and filters 3"),
    (IMAGES, np.ones((2, 3, 8, 4)), "but inputs have 4 and filters 8"),
    (IMAGES, np.ones((2, 3, 0, 4)), r"at least one channel, but inputs have 4 and filters 0 \(shape \(2, 3, 0, 4\)\)"),
    (IMAGES[..., :0], np.ones((2, 3, 0, 4)), "at least one channel, but inputs have 0 and filters 0"),
    (IMAGES[..., :0], FILTERS, "at least one channel, but inputs have 0 and filters 2"),
    (IMAGES[:0, ..., :0], FILTERS, "at least one channel, but inputs have 0 and filters 2"),
    (IMAGES, np.ones((2, 3, 2, 3)), "the number of filters must be a multiple of the 2 groups .* but it is 3"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_wrong_options_are_refused_by_name(options, error, message):
    with pytest.raises(error, match=message):
        conv2d(IMAGES, FILTERS, **options)
    with pytest.raises(error, match=message):
        conv2d_gradients(IMAGES, FILTERS, **{"strides": 1, "padding": "VALID"} | options, upstream=IMAGES)


@pytest.mark.parametrize(("inputs", "filters", "message"), WRONG_CHANNELS)
def test_channels_that_make_no_groups_are_refused_with_their_numbers(inputs, filters, message):
    with pytest.raises(ValueError, match=message):
        conv2d(inputs, filters)
    with pytest.raises(ValueError, match=message):
        conv2d_gradients(inputs, filters, 1, "VALID", inputs)


def test_an_upstream_gradient_with_other_batch_axes_is_refused_with_the_callers():
    upstream = np.ones((4, 3, 3, 4))
    with pytest.raises(ValueError, match=r"output shape \(1, 2, 3, 3, 4\), but it has \(4, 3, 3, 4\)"):
        conv2d_gradients(IMAGES[None], FILTERS, 1, "VALID", upstream)


def test_an_upstream_gradient_of_another_shape_is_refused_in_the_callers_order_of_axes():
    with pytest.raises(ValueError, match=r"output shape \(2, 4, 3, 3\), but it has \(2, 3, 3, 4\)"):
        conv2d_gradients(
            IMAGES.transpose(0, 3, 1, 2), FILTERS, 1, "VALID", np.ones((2, 3, 3, 4)), data_format="NCHW"
        )
