"""Convolution as a matrix product: flatten_filters, extract_patches, conv2d_matmul."""

from autograder.judge import assert_agrees, assert_inputs_unchanged, assert_not_much_slower, graded
from autograder.suite.conv2d.inputs import (
    assert_refuses,
    bad_settings,
    corner_cases,
    fortran,
    large_int32,
    misfits,
    pixels,
    weights,
    windows,
)
from solutions import reference

ONE = [1, 1, 1, 1]
# One image of one channel and one small filter: there a step of Python for each window costs most, and the other ways
# to write the product cost little. Solutions without a loop over windows need 1 to 6 times the textbook's time, loops
# over windows more than 40 times, also on a busy machine: docs/timing.md has the table. The sides have small
# factors for a Fourier transform, and so have those that are longer by one. VALID: a mistake in SAME costs points elsewhere.
IMAGE, FILTER = (1, 350, 255, 1), (2, 2, 1, 1)
SPEED_FACTOR = 14


@graded(
    points=4, cell="test_flatten_filters", title="One column for each filter, in the order of the patches"
)
def test_flatten_filters_order(student, numbers):
    for filters in numbers(61, 2, 3, 4, 5), fortran(numbers(63, 3, 2, 3, 4, dtype="float32")):
        assert_agrees(student.flatten_filters, reference.flatten_filters, filters)


@graded(points=2, cell="test_flatten_filters", title="A single filter with one channel is still a matrix")
def test_flatten_filters_single(student, numbers):
    filters = numbers(62, 3, 2, 1, 1)
    for each in filters, numbers(64, 2, 2, 3, 1), numbers(65, 3, 3, 1, 4):
        assert_agrees(student.flatten_filters, reference.flatten_filters, each)
    assert_inputs_unchanged(student.flatten_filters, filters)


@graded(points=4, cell="test_extract_patches", title="Each valid window becomes one row of numbers")
def test_extract_patches_valid(student, numbers):
    assert_patches(student, numbers(453, 2, 7, 5, 2), (4, 3), [1, 2, 3, 1], "VALID")
    assert_patches(student, numbers(333, 1, 6, 5, 2), (4, 2), ONE, "VALID")
    assert_patches(student, numbers(63, 2, 5, 7, 3), (2, 3), ONE, "VALID")
    for inputs, filters, strides, padding in corner_cases(numbers, "VALID"):
        assert_patches(student, inputs, filters.shape[:2], strides, padding)


@graded(points=4, cell="test_extract_patches", title="SAME padding and different strides")
def test_extract_patches_same(student, numbers):
    assert_patches(student, numbers(943, 1, 6, 11, 2), (3, 4), [1, 3, 2, 1], "SAME")
    assert_patches(student, numbers(177, 2, 5, 6, 2), (2, 2), ONE, "SAME")
    assert_patches(student, numbers(64, 2, 7, 8, 2), (4, 3), [1, 2, 3, 1], "SAME")
    for inputs, filters, strides, padding in corner_cases(numbers, "SAME"):
        assert_patches(student, inputs, filters.shape[:2], strides, padding)


@graded(
    points=2,
    cell="test_extract_patches",
    title="Small letters, any order in memory; the images that were given do not change",
)
def test_extract_patches_leaves_its_input(student, numbers):
    inputs = numbers(817, 2, 5, 6, 2)
    assert_patches(student, inputs, (2, 3), ONE, "same")
    assert_patches(student, fortran(numbers(491, 1, 5, 7, 2, dtype="float32")), (2, 3), ONE, "valid")
    assert_inputs_unchanged(student.extract_patches, inputs, (2, 3), ONE, "same")


@graded(points=1, cell="test_conv2d_matmul", title="VALID: the same numbers as conv2d")
def test_conv2d_matmul_valid(student, numbers):
    assert_matmul(student, numbers(525, 1, 7, 5, 3), numbers(526, 2, 2, 3, 4), [1, 3, 2, 1], "VALID")
    assert_matmul(student, numbers(288, 2, 6, 7, 2), numbers(289, 4, 3, 2, 2), ONE, "VALID")
    assert_matmul(student, numbers(66, 2, 6, 8, 3), numbers(67, 3, 2, 3, 4), ONE, "VALID")
    for case in corner_cases(numbers, "VALID"):
        assert_matmul(student, *case)


@graded(points=2, cell="test_conv2d_matmul", title="SAME, with different strides")
def test_conv2d_matmul_same(student, numbers):
    assert_matmul(student, numbers(931, 2, 11, 12, 3), numbers(932, 4, 4, 3, 3), [1, 2, 3, 1], "SAME")
    assert_matmul(student, numbers(68, 2, 7, 9, 2), numbers(69, 4, 3, 2, 3), [1, 3, 2, 1], "SAME")
    for case in corner_cases(numbers, "SAME"):
        assert_matmul(student, *case)


@graded(points=2, cell="test_conv2d_matmul", title="SAME with an even filter, in small letters")
def test_conv2d_matmul_same_even_kernel(student, numbers):
    assert_matmul(student, numbers(527, 2, 7, 5, 2), numbers(528, 6, 2, 2, 3), ONE, "same")
    assert_matmul(student, numbers(75, 1, 9, 6, 2), numbers(76, 6, 3, 2, 2), [1, 2, 1, 1], "same")


@graded(
    points=1,
    cell="test_conv2d_matmul",
    title="Whole numbers, float32, any order in memory; the inputs do not change",
)
def test_conv2d_matmul_kinds_of_numbers(student, numbers):
    inputs, filters = pixels(numbers, 495, 2, 5, 9, 2), weights(numbers, 496, 2, 2, 2, 4)
    assert_matmul(student, inputs, filters, ONE, "valid")
    whole = pixels(numbers, 759, 1, 9, 5, 2), pixels(numbers, 760, 2, 3, 2, 3)
    assert_matmul(student, *whole, ONE, "VALID")
    assert_matmul(student, *large_int32(*whole), ONE, "VALID")
    single = numbers(324, 1, 5, 7, 2, dtype="float32"), numbers(325, 2, 2, 2, 4, dtype="float32")
    assert_matmul(student, *map(fortran, single), ONE, "VALID")
    assert_inputs_unchanged(student.conv2d_matmul, *single, ONE, "VALID")


@graded(
    points=1,
    cell="test_conv2d_matmul",
    title="The errors of conv2d: images and filters that do not fit together",
)
def test_conv2d_matmul_refuses_misfits(student, numbers):
    inputs, filters = numbers(53, 1, 5, 6, 4), numbers(54, 3, 3, 4, 2)
    sound = inputs, filters, ONE, "VALID"
    assert_matmul(student, *sound)  # the same errors count where the results are the same
    assert_refuses(student.conv2d_matmul, sound, misfits(inputs, filters))


@graded(
    points=1,
    cell="test_conv2d_matmul",
    title="The errors of conv2d: strides and paddings that make no sense",
)
def test_conv2d_matmul_refuses_strides_and_padding(student, numbers):
    inputs, filters = numbers(53, 1, 5, 6, 4), numbers(54, 3, 3, 4, 2)
    sound = inputs, filters, ONE, "VALID"
    assert_matmul(student, *sound)  # the same errors count where the results are the same
    assert_refuses(student.conv2d_matmul, sound, bad_settings(inputs, filters))


@graded(points=4, cell="test_conv2d_matmul", title="Speed: about as fast as one matrix product")
def test_conv2d_matmul_speed(student, baseline):
    assert_not_much_slower(
        student.conv2d_matmul,
        baseline.conv2d_im2col,
        timed_arguments,
        factor=SPEED_FACTOR,
        advice="Gather all patches at once and use one matrix product (@) in place of loops over the output's numbers.",
    )


def timed_arguments(generator):
    """An image and a filter for one timed call."""
    images, filters = (generator.uniform(-1, 1, shape).astype("float32") for shape in (IMAGE, FILTER))
    return images, filters, ONE, "VALID"


def assert_matmul(student, inputs, filters, strides, padding):
    """The student's conv2d_matmul agrees with the reference's on these inputs."""
    call = inputs, filters, strides, padding
    assert_agrees(
        student.conv2d_matmul,
        reference.conv2d_matmul,
        *call,
        origin=windows(inputs, filters, strides, padding),
    )


def assert_patches(student, inputs, filter_size, strides, padding):
    """The student's extract_patches agrees with the reference's on these inputs."""
    call = inputs, filter_size, strides, padding
    assert_agrees(student.extract_patches, reference.extract_patches, *call)
