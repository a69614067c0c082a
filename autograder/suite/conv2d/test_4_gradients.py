"""How the loss changes with the images and the filters: conv2d_gradients."""

from autograder.judge import assert_agrees, assert_inputs_unchanged, graded
from autograder.suite.conv2d.inputs import corner_cases, fortran, pixels
from autograder.suite.conv2d.origins import Gradients
from solutions import reference

ONE = [1, 1, 1, 1]
GRADIENTS = Gradients()


def assert_gradients(student, numbers, inputs, filters, strides, padding):
    """Both of the student's gradients agree with the reference's on these inputs."""
    upstream = numbers(80, *reference.conv2d(inputs, filters, strides, padding).shape)
    call = inputs, filters, strides, padding, upstream
    assert_agrees(student.conv2d_gradients, reference.conv2d_gradients, *call, origin=GRADIENTS)


@graded(points=4, cell="test_conv2d_gradients", title="VALID: the gradients of the images and of the filters")
def test_conv2d_gradients_valid(student, numbers):
    assert_gradients(
        student, numbers, numbers(432, 1, 6, 7, 2), numbers(433, 2, 4, 2, 2), [1, 3, 2, 1], "VALID"
    )
    assert_gradients(student, numbers, numbers(712, 2, 5, 6, 2), numbers(713, 3, 2, 2, 2), ONE, "VALID")
    assert_gradients(student, numbers, numbers(81, 2, 5, 7, 3), numbers(82, 2, 3, 3, 4), ONE, "VALID")
    for case in corner_cases(numbers, "VALID"):
        assert_gradients(student, numbers, *case)


@graded(points=4, cell="test_conv2d_gradients", title="SAME with different strides and an even filter")
def test_conv2d_gradients_same(student, numbers):
    assert_gradients(
        student, numbers, numbers(679, 1, 7, 6, 2), numbers(680, 2, 3, 2, 4), [1, 2, 3, 1], "SAME"
    )
    assert_gradients(student, numbers, numbers(558, 2, 5, 6, 3), numbers(559, 2, 4, 3, 2), ONE, "SAME")
    assert_gradients(student, numbers, numbers(83, 2, 6, 8, 2), numbers(84, 4, 3, 2, 3), [1, 2, 3, 1], "SAME")
    for case in corner_cases(numbers, "SAME"):
        assert_gradients(student, numbers, *case)


@graded(
    points=2,
    cell="test_conv2d_gradients",
    title="Small letters, whole numbers, float32, any order in memory; the given arrays do not change",
)
def test_conv2d_gradients_leave_their_inputs(student, numbers):
    assert_gradients(
        student, numbers, numbers(397, 2, 8, 7, 2), numbers(398, 5, 5, 2, 4), [1, 3, 2, 1], "same"
    )
    inputs, filters = pixels(numbers, 764, 1, 5, 6, 3), numbers(765, 3, 3, 3, 2, dtype="float32")
    assert_gradients(student, numbers, inputs, filters, ONE, "valid")
    whole = pixels(numbers, 88, 1, 5, 6, 2), pixels(numbers, 89, 3, 2, 2, 2)
    assert_gradients(student, numbers, *whole, ONE, "VALID")
    single = numbers(93, 2, 6, 4, 2, dtype="float32"), numbers(94, 2, 3, 2, 3, dtype="float32")
    assert_gradients(student, numbers, *map(fortran, single), ONE, "VALID")
    upstream = numbers(87, *reference.conv2d(inputs, filters, ONE, "VALID").shape)
    assert_inputs_unchanged(student.conv2d_gradients, inputs, filters, ONE, "VALID", upstream)
