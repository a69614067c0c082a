"""Convolution as a matrix product: flatten_filters, extract_patches, conv2d_matmul."""

from autograder.suite import assert_inputs_unchanged, assert_not_much_slower, assert_same, graded
from autograder.suite.conv2d.inputs import geometry, numbers
from solutions import reference

ONE = [1, 1, 1, 1]
# Solutions with one matrix product need 1 to 3.5 times the time of the textbook's, loops over the output's
# numbers 30 times and more: eight leaves a factor of 2 and more on both sides.
SPEED_FACTOR = 8


@graded(
    points=4, cell="test_flatten_filters", title="One column for each filter, in the order of the patches"
)
def test_flatten_filters_order(student):
    filters = numbers(61, 2, 3, 4, 5)
    assert_same(student.flatten_filters(filters), reference.flatten_filters(filters))


@graded(points=2, cell="test_flatten_filters", title="A single filter with one channel is still a matrix")
def test_flatten_filters_single(student):
    filters = numbers(62, 3, 2, 1, 1)
    assert_same(student.flatten_filters(filters), reference.flatten_filters(filters))


@graded(points=4, cell="test_extract_patches", title="Each valid window becomes one row of numbers")
def test_extract_patches_valid(student):
    inputs = numbers(63, 2, 5, 7, 3)
    expected = reference.extract_patches(inputs, (2, 3), ONE, "VALID")
    assert_same(student.extract_patches(inputs, (2, 3), ONE, "VALID"), expected)


@graded(points=4, cell="test_extract_patches", title="SAME padding and different strides")
def test_extract_patches_same(student):
    inputs = numbers(64, 2, 7, 8, 2)
    for size, strides in (((4, 3), [1, 2, 3, 1]), ((3, 2), ONE)):
        expected = reference.extract_patches(inputs, size, strides, "SAME")
        assert_same(student.extract_patches(inputs, size, strides, "SAME"), expected)


@graded(points=2, cell="test_extract_patches", title="The images that were given do not change")
def test_extract_patches_leaves_its_input(student):
    inputs = numbers(65, 1, 5, 6, 2)
    expected = reference.extract_patches(inputs, (3, 2), ONE, "SAME")
    assert_same(student.extract_patches(inputs, (3, 2), ONE, "SAME"), expected)
    assert_inputs_unchanged(student.extract_patches, inputs, (3, 2), ONE, "SAME")


@graded(points=4, cell="test_conv2d_matmul", title="VALID: the same numbers as conv2d")
def test_conv2d_matmul_valid(student):
    assert_matmul(student, numbers(66, 2, 6, 8, 3), numbers(67, 3, 2, 3, 4), ONE, "VALID")


@graded(points=4, cell="test_conv2d_matmul", title="SAME, with different strides and an even filter")
def test_conv2d_matmul_same(student):
    assert_matmul(student, numbers(68, 2, 7, 9, 2), numbers(69, 4, 3, 2, 3), [1, 3, 2, 1], "SAME")
    assert_matmul(student, numbers(70, 1, 5, 6, 3), numbers(71, 2, 3, 3, 2, dtype="float32"), ONE, "same")


@graded(points=4, cell="test_conv2d_matmul", title="Speed: about as fast as one matrix product")
def test_conv2d_matmul_speed(student, baseline):
    def make_arguments(size, pair):
        inputs = numbers(1000 + pair, 16 * size, 24, 28, 8, dtype="float32")
        filters = numbers(2000 + pair, 3, 5, 8, 24, dtype="float32")
        return inputs, filters, ONE, "SAME"

    assert_not_much_slower(student.conv2d_matmul, baseline.conv2d_im2col, make_arguments, factor=SPEED_FACTOR)


def assert_matmul(student, inputs, filters, strides, padding):
    """The student's conv2d_matmul equals the reference's on these inputs."""
    shapes = geometry(inputs, filters, strides, padding)
    expected = reference.conv2d_matmul(inputs, filters, strides, padding)
    assert_same(student.conv2d_matmul(inputs, filters, strides, padding), expected, geometry=shapes)
