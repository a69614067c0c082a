"""The whole operation on a batch: conv2d."""

import numpy as np

from autograder.suite import assert_inputs_unchanged, assert_raises, assert_same, graded
from autograder.suite.conv2d.inputs import geometry, numbers
from solutions import reference


def assert_conv2d(student, inputs, filters, strides, padding):
    """The student's conv2d equals the reference's on these inputs."""
    shapes = geometry(inputs, filters, strides, padding)
    expected = reference.conv2d(inputs, filters, strides, padding)
    assert_same(student.conv2d(inputs, filters, strides, padding), expected, geometry=shapes)


@graded(points=4, cell="test_conv2d", title="VALID: batch, channels and filters each in their place")
def test_conv2d_valid(student):
    assert_conv2d(student, numbers(41, 2, 6, 9, 3), numbers(42, 3, 2, 3, 4), [1, 1, 1, 1], "VALID")


@graded(points=3, cell="test_conv2d", title="SAME with odd filters")
def test_conv2d_same_odd_kernel(student):
    assert_conv2d(student, numbers(43, 2, 5, 8, 2), numbers(44, 3, 5, 2, 3), [1, 1, 1, 1], "SAME")


@graded(points=4, cell="test_conv2d", title="SAME with even filters: the odd zero comes after")
def test_conv2d_same_even_kernel(student):
    assert_conv2d(student, numbers(45, 2, 6, 7, 2), numbers(46, 4, 2, 2, 3), [1, 1, 1, 1], "SAME")


@graded(points=4, cell="test_conv2d", title="Different strides for rows and columns, VALID and SAME")
def test_conv2d_unequal_strides(student):
    inputs, filters = numbers(47, 2, 8, 13, 3), numbers(48, 5, 2, 3, 4)
    assert_conv2d(student, inputs, filters, [1, 2, 3, 1], "VALID")
    assert_conv2d(student, inputs, filters, [1, 2, 3, 1], "SAME")


@graded(points=1, cell="test_conv2d", title="VALID and SAME in small letters")
def test_conv2d_any_case(student):
    inputs, filters = numbers(49, 1, 5, 6, 2), numbers(50, 3, 2, 2, 2)
    assert_conv2d(student, inputs, filters, [1, 1, 1, 1], "same")
    assert_conv2d(student, inputs, filters, [1, 1, 1, 1], "Valid")


@graded(
    points=2, cell="test_conv2d", title="Whole-number pictures, float32 filters; the inputs do not change"
)
def test_conv2d_kinds_of_numbers(student):
    inputs = numbers(51, 1, 6, 5, 3, dtype="uint8")
    filters = numbers(52, 2, 3, 3, 2, dtype="float32")
    assert_conv2d(student, inputs, filters, [1, 1, 2, 1], "SAME")
    assert_inputs_unchanged(student.conv2d, inputs, filters, [1, 1, 1, 1], "SAME")


@graded(points=2, cell="test_conv2d", title="Arguments that make no sense are refused with a ValueError")
def test_conv2d_refuses(student):
    inputs, filters = numbers(53, 1, 5, 6, 4), numbers(54, 3, 3, 4, 2)
    one = [1, 1, 1, 1]
    refused = {
        "the filters have other channels than the images": (inputs, filters[:, :, :3], one, "SAME"),
        "the padding is neither SAME nor VALID": (inputs, filters, one, "FULL"),
        "the strides skip images": (inputs, filters, [2, 1, 1, 1], "SAME"),
        "a stride is 0": (inputs, filters, [1, 0, 1, 1], "SAME"),
        "the inputs are one image, not a batch": (inputs[0], filters, one, "SAME"),
        "a VALID filter is larger than the image": (inputs, np.ones((6, 3, 4, 2)), one, "VALID"),
    }
    for because, arguments in refused.items():
        assert_raises(ValueError, student.conv2d, *arguments, because=because)
