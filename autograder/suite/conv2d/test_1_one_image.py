"""One image and one kernel: apply_kernel, output_size, convolve, same_padding and pad."""

import itertools

import numpy as np

from autograder.judge import assert_agrees, assert_inputs_unchanged, assert_same, graded
from autograder.suite.conv2d.inputs import assert_refuses, fortran, large_int32, pixels, unforeseen_sizes
from autograder.suite.conv2d.picture import PicturedWindow
from solutions import reference


def assert_apply_kernel(student, image, kernel, *positions):
    """The student's apply_kernel agrees with the reference's at these positions."""
    for position in positions:
        assert_agrees(student.apply_kernel, reference.apply_kernel, image, kernel, *position)


def assert_convolve(student, image, kernel, *stride):
    """The student's convolve agrees with the reference's; `stride` may be left out."""
    strides = np.broadcast_to(stride[0] if stride else 1, 2).tolist()
    window = PicturedWindow(image.shape, kernel.shape, tuple(strides))
    assert_agrees(student.convolve, reference.convolve, image, kernel, *stride, origin=window)


@graded(points=4, cell="test_apply_kernel", title="The sum of products at every position of an image")
def test_apply_kernel_everywhere(student, numbers):
    positions = [(2, 1), *((x, y) for x in range(4) for y in range(6))]
    assert_apply_kernel(student, numbers(11, 7, 9), numbers(12, 4, 4), *positions)


@graded(points=2, cell="test_apply_kernel", title="A kernel with an even number of rows, wider than high")
def test_apply_kernel_even_kernel(student, numbers):
    assert_apply_kernel(student, numbers(13, 5, 8), numbers(14, 2, 5), (3, 3), (0, 0), (1, 2))
    assert_apply_kernel(student, numbers(19, 1, 5), numbers(20, 1, 3), (0, 2))
    assert_apply_kernel(student, numbers(19, 4, 5), numbers(20, 1, 1), (3, 4))


@graded(
    points=2, cell="test_apply_kernel", title="Whole-number images do not overflow; the inputs do not change"
)
def test_apply_kernel_integers(student, numbers):
    image = pixels(numbers, 15, 6, 7)
    kernels = [
        numbers(16, 3, 2, low=0.5),
        pixels(numbers, 18, 3, 2),
        numbers(17, 3, 2, dtype="int64", low=-128, high=-1),
    ]
    for kernel in kernels:
        assert_apply_kernel(student, image, kernel, (2, 4))
    assert_apply_kernel(student, *large_int32(image, kernels[1]), (2, 4))
    assert_inputs_unchanged(student.apply_kernel, image, kernels[0], 2, 4)


@graded(points=4, cell="test_output_size", title="The size for many sizes, strides and paddings")
def test_output_size_formula(student, numbers):
    telling = [(6, 3, 3, 2), (8, 4, 3, 2), (12, 2, 4, 0), (2, 4, 2, 1)]
    just_fitting = [(1, 1, 1, 0), (4, 6, 1, 1), (6, 8, 1, 1), (4, 10, 1, 3), (5, 5, 1, 0)]
    many = itertools.product((5, 8, 28), (1, 2, 5), (1, 2, 3), (0, 1, 2))
    for arguments in itertools.chain(telling, many, just_fitting, unforeseen_sizes(numbers, 37)):
        assert_same(student.output_size(*arguments), reference.output_size(*arguments))


@graded(points=1, cell="test_output_size", title="Stride 1 and no padding where nothing else is said")
def test_output_size_defaults(student, numbers):
    for arguments in [
        (9, 4),
        (2, 2),
        (9, 4, 2),
        (5, 1, 3),
        *(each[:3] for each in unforeseen_sizes(numbers, 38)),
    ]:
        assert_same(student.output_size(*arguments), reference.output_size(*arguments))


@graded(points=3, cell="test_output_size", title="Sizes that are impossible are refused with a ValueError")
def test_output_size_refuses(student, numbers):
    refused = {
        "the filter is larger than the padded input": (4, 9, 1, 1),
        "the stride is 0": (9, 3, 0, 0),
        "the stride is negative": (9, 3, -2, 0),
        "the input size is 0": (0, 1, 1, 1),
        "the filter size is 0": (9, 0, 1, 0),
        "the filter is one larger than the input": (4, 5, 1, 0),
        "the filter is one larger than the padded input": (4, 7, 1, 1),
        "the filter is larger than the input with three zeros on each side": (4, 11, 1, 3),
        "the input size is negative": (-3, 1, 1, 4),
        "the filter size is negative": (9, -1, 1, 0),
    }
    (sound,) = unforeseen_sizes(numbers, 39, 1)
    assert_refuses(student.output_size, sound, refused)


@graded(
    points=4, cell="test_convolve", title="Every valid position of an image, rows and columns not mixed up"
)
def test_convolve_valid(student, numbers):
    assert_convolve(student, numbers(118, 5, 6), numbers(119, 3, 4))
    assert_convolve(student, numbers(694, 6, 5), numbers(695, 2, 2))
    assert_convolve(student, numbers(21, 7, 10), numbers(22, 4, 3))
    for image, kernel in [((3, 4), (3, 4)), ((1, 6), (1, 2)), ((6, 1), (2, 1)), ((3, 6), (3, 2))]:
        assert_convolve(student, numbers(29, *image), numbers(30, *kernel))


@graded(points=3, cell="test_convolve", title="One stride for rows and columns")
def test_convolve_stride(student, numbers):
    assert_convolve(student, numbers(567, 5, 8), numbers(568, 2, 4), 2)
    assert_convolve(student, numbers(23, 8, 11), numbers(24, 3, 2), 3)
    assert_convolve(student, numbers(25, 9, 8), numbers(26, 2, 1), (3, 3))
    assert_convolve(student, numbers(27, 1, 9), numbers(28, 1, 3), 4)


@graded(points=3, cell="test_convolve", title="Different strides for rows and columns")
def test_convolve_unequal_strides(student, numbers):
    assert_convolve(student, numbers(571, 6, 5), numbers(572, 2, 2), (2, 1))
    assert_convolve(student, numbers(606, 5, 6), numbers(607, 2, 3), (2, 3))


@graded(
    points=2,
    cell="test_convolve",
    title="Whole numbers, float32, any order in memory; the inputs do not change",
)
def test_convolve_integer_image(student, numbers):
    assert_convolve(student, pixels(numbers, 677, 6, 7), numbers(678, 3, 2, low=0.5))
    whole = pixels(numbers, 174, 5, 6), pixels(numbers, 175, 3, 3)
    assert_convolve(student, *whole)
    assert_convolve(student, *large_int32(*whole))
    image, kernel = numbers(128, 5, 6, dtype="float32"), numbers(129, 2, 2, dtype="float32")
    assert_convolve(student, fortran(image), kernel)
    assert_inputs_unchanged(student.convolve, image, kernel)


@graded(points=2, cell="test_same_padding", title="Odd filters at stride 1 get the same on both sides")
def test_same_padding_odd_filter(student, numbers):
    unforeseen = [(size, 2 * half + 1) for size, half, *_ in unforeseen_sizes(numbers, 100)]
    for size, filter_size in [(18, 3), (31, 5), (4, 1), (9, 7), *unforeseen]:
        assert_same(student.same_padding(size, filter_size), reference.same_padding(size, filter_size))


@graded(points=3, cell="test_same_padding", title="Of an odd number of zeros, the odd one comes after")
def test_same_padding_odd_total(student, numbers):
    unforeseen = [(size, 2 * half) for size, half, *_ in unforeseen_sizes(numbers, 101)]
    for arguments in [(9, 2), (30, 4), (28, 5, 2), (5, 6, 1), *unforeseen]:
        assert_same(student.same_padding(*arguments), reference.same_padding(*arguments))


@graded(points=3, cell="test_same_padding", title="Strides count: the output is ceil(size / stride) long")
def test_same_padding_strides(student, numbers):
    telling = [(14, 4, 3), (4, 5, 4), (18, 2, 3)]
    many = itertools.product((5, 8, 13, 32), (1, 3, 4), (2, 3, 5))
    small = [(1, 1, 1), (1, 3, 1), (1, 4, 3), (2, 2, 2)]
    unforeseen = (each[:3] for each in unforeseen_sizes(numbers, 102))
    for arguments in itertools.chain(telling, many, small, unforeseen):
        assert_same(student.same_padding(*arguments), reference.same_padding(*arguments))


@graded(points=3, cell="test_pad", title="Different zeros on all four sides")
def test_pad_four_sides(student, numbers):
    image = numbers(31, 4, 6)
    assert_agrees(student.pad, reference.pad, image, (1, 2), (3, 0))
    assert_agrees(student.pad, reference.pad, numbers(34, 5, 7), (1, 2), (3, 2))
    for rows, columns in [((2, 1), (0, 0)), ((0, 0), (1, 3)), ((2, 0), (1, 0)), ((0, 1), (0, 2))]:
        assert_agrees(student.pad, reference.pad, image, rows, columns)
    assert_agrees(student.pad, reference.pad, numbers(35, 1, 4), (1, 2), (0, 1))
    assert_agrees(student.pad, reference.pad, numbers(36, 3, 1), (2, 0), (1, 3))


@graded(points=1, cell="test_pad", title="No padding leaves the image as it is")
def test_pad_nothing(student, numbers):
    image = numbers(32, 3, 5)
    assert_agrees(student.pad, reference.pad, image, (0, 0), (0, 0))


@graded(points=2, cell="test_pad", title="The image that was given does not change")
def test_pad_leaves_its_input(student, numbers):
    image = numbers(33, 4, 3, dtype="int64", low=256, high=900) - [0, 1200, 0]  # no number fits into a byte
    assert_agrees(student.pad, reference.pad, image, (2, 1), (0, 1))
    assert_inputs_unchanged(student.pad, image, (2, 1), (0, 1))
