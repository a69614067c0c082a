"""How the loss changes with the images and the filters: conv2d_gradients."""

from autograder.suite import assert_inputs_unchanged, assert_same, graded
from autograder.suite.conv2d.inputs import numbers
from solutions import reference

ONE = [1, 1, 1, 1]


def assert_gradients(student, inputs, filters, strides, padding):
    """Both of the student's gradients equal the reference's on these inputs."""
    upstream = numbers(80, *reference.conv2d(inputs, filters, strides, padding).shape)
    arguments = (inputs, filters, strides, padding, upstream)
    assert_same(student.conv2d_gradients(*arguments), reference.conv2d_gradients(*arguments))


@graded(points=4, cell="test_conv2d_gradients", title="VALID: the gradients of the images and of the filters")
def test_conv2d_gradients_valid(student):
    assert_gradients(student, numbers(81, 2, 5, 7, 3), numbers(82, 2, 3, 3, 4), ONE, "VALID")


@graded(points=4, cell="test_conv2d_gradients", title="SAME with different strides and an even filter")
def test_conv2d_gradients_same(student):
    assert_gradients(student, numbers(83, 2, 6, 8, 2), numbers(84, 4, 3, 2, 3), [1, 2, 3, 1], "SAME")


@graded(points=2, cell="test_conv2d_gradients", title="The arrays that were given do not change")
def test_conv2d_gradients_leave_their_inputs(student):
    inputs, filters = numbers(85, 1, 5, 6, 2), numbers(86, 3, 2, 2, 3)
    assert_gradients(student, inputs, filters, ONE, "SAME")
    upstream = numbers(87, *reference.conv2d(inputs, filters, ONE, "SAME").shape)
    assert_inputs_unchanged(student.conv2d_gradients, inputs, filters, ONE, "SAME", upstream)
