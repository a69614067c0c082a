"""The whole operation on a batch: conv2d."""

from autograder.judge import assert_agrees, assert_inputs_unchanged, graded
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


def assert_conv2d(student, inputs, filters, strides, padding):
    """The student's conv2d agrees with the reference's on these inputs."""
    assert_agrees(
        student.conv2d,
        reference.conv2d,
        inputs,
        filters,
        strides,
        padding,
        origin=windows(inputs, filters, strides, padding),
    )


@graded(points=4, cell="test_conv2d", title="VALID: batch, channels and filters each in their place")
def test_conv2d_valid(student, numbers):
    assert_conv2d(student, numbers(688, 1, 6, 7, 2), numbers(689, 2, 3, 2, 2), ONE, "VALID")
    assert_conv2d(student, numbers(416, 2, 5, 6, 2), numbers(417, 2, 2, 2, 2), ONE, "VALID")
    assert_conv2d(student, numbers(41, 2, 6, 9, 3), numbers(42, 3, 2, 3, 4), ONE, "VALID")
    for case in corner_cases(numbers, "VALID", stepping=False):
        assert_conv2d(student, *case)


@graded(points=3, cell="test_conv2d", title="SAME with odd filters")
def test_conv2d_same_odd_kernel(student, numbers):
    assert_conv2d(student, numbers(233, 1, 7, 10, 2), numbers(234, 3, 3, 2, 2), [1, 3, 3, 1], "SAME")
    assert_conv2d(student, numbers(227, 2, 7, 8, 2), numbers(228, 3, 5, 2, 2), ONE, "SAME")


@graded(points=4, cell="test_conv2d", title="SAME with even filters: the odd zero comes after")
def test_conv2d_same_even_kernel(student, numbers):
    assert_conv2d(student, numbers(832, 2, 10, 5, 2), numbers(833, 2, 2, 2, 3), ONE, "SAME")
    assert_conv2d(student, numbers(45, 2, 6, 7, 2), numbers(46, 4, 2, 2, 3), ONE, "SAME")
    for case in corner_cases(numbers, "SAME", stepping=False):
        assert_conv2d(student, *case)


@graded(
    points=4, cell="test_conv2d", title="Strides, different for rows and columns or equal, VALID and SAME"
)
def test_conv2d_strides(student, numbers):
    assert_conv2d(student, numbers(674, 2, 6, 5, 3), numbers(675, 4, 3, 3, 3), [1, 3, 2, 1], "SAME")
    assert_conv2d(student, numbers(817, 1, 6, 8, 2), numbers(818, 2, 3, 2, 4), [1, 3, 2, 1], "VALID")
    assert_conv2d(student, numbers(308, 1, 10, 5, 2), numbers(309, 3, 2, 2, 3), [1, 2, 3, 1], "SAME")
    inputs, filters = numbers(47, 2, 8, 13, 3), numbers(48, 5, 2, 3, 4)
    assert_conv2d(student, inputs, filters, [1, 2, 3, 1], "VALID")
    assert_conv2d(student, inputs, filters, [1, 2, 3, 1], "SAME")
    for padding in ("VALID", "SAME"):
        for case in corner_cases(numbers, padding, stepping=True):
            assert_conv2d(student, *case)


@graded(points=1, cell="test_conv2d", title="VALID and SAME in small letters")
def test_conv2d_any_case(student, numbers):
    assert_conv2d(student, numbers(605, 1, 5, 7, 2), numbers(606, 2, 4, 2, 2), ONE, "same")
    assert_conv2d(student, numbers(697, 2, 7, 5, 2), numbers(698, 3, 3, 2, 2), ONE, "Valid")


@graded(
    points=2,
    cell="test_conv2d",
    title="Whole numbers, float32, any order in memory; the inputs do not change",
)
def test_conv2d_kinds_of_numbers(student, numbers):
    inputs = pixels(numbers, 191, 2, 8, 7, 2)
    filters = weights(numbers, 192, 3, 4, 2, 4)
    assert_conv2d(student, inputs, filters, [1, 3, 2, 1], "SAME")
    whole = pixels(numbers, 910, 1, 11, 5, 2), pixels(numbers, 911, 3, 3, 2, 2)
    assert_conv2d(student, *whole, ONE, "VALID")
    assert_conv2d(student, *large_int32(*whole), ONE, "VALID")
    single = numbers(227, 1, 5, 8, 2, dtype="float32"), numbers(228, 3, 2, 2, 2, dtype="float32")
    assert_conv2d(student, *map(fortran, single), ONE, "VALID")
    assert_inputs_unchanged(student.conv2d, *single, ONE, "SAME")


@graded(
    points=1,
    cell="test_conv2d",
    title="Images and filters that do not fit together are refused with a ValueError",
)
def test_conv2d_refuses_misfits(student, numbers):
    inputs, filters = numbers(53, 1, 5, 6, 4), numbers(54, 3, 3, 4, 2)
    assert_refuses(student.conv2d, (inputs, filters, ONE, "VALID"), misfits(inputs, filters))


@graded(
    points=1,
    cell="test_conv2d",
    title="Strides and paddings that make no sense are refused with a ValueError",
)
def test_conv2d_refuses_strides_and_padding(student, numbers):
    inputs, filters = numbers(53, 1, 5, 6, 4), numbers(54, 3, 3, 4, 2)
    assert_refuses(student.conv2d, (inputs, filters, ONE, "VALID"), bad_settings(inputs, filters))
