"""One image and one kernel: apply_kernel, output_size, convolve, same_padding and pad."""

from autograder.suite import assert_inputs_unchanged, assert_raises, assert_same, graded
from autograder.suite.conv2d.inputs import numbers
from solutions import reference
from solutions.source.conv2d.checks import Geometry


@graded(points=4, cell="test_apply_kernel", title="The sum of products at every position of an image")
def test_apply_kernel_everywhere(student):
    image, kernel = numbers(11, 6, 9), numbers(12, 3, 3)
    for x in range(4):
        for y in range(7):
            assert_same(
                student.apply_kernel(image, kernel, x, y), reference.apply_kernel(image, kernel, x, y)
            )


@graded(points=2, cell="test_apply_kernel", title="A kernel with an even number of rows, wider than high")
def test_apply_kernel_even_kernel(student):
    image, kernel = numbers(13, 5, 8), numbers(14, 2, 5)
    for x, y in [(0, 0), (3, 3), (1, 2)]:
        assert_same(student.apply_kernel(image, kernel, x, y), reference.apply_kernel(image, kernel, x, y))


@graded(points=2, cell="test_apply_kernel", title="Whole-number images do not overflow")
def test_apply_kernel_integers(student):
    image = numbers(15, 5, 7, dtype="uint8")
    for kernel in (numbers(16, 3, 2), numbers(17, 3, 2, dtype="int64") - 128):
        assert_same(student.apply_kernel(image, kernel, 2, 4), reference.apply_kernel(image, kernel, 2, 4))


@graded(points=4, cell="test_output_size", title="The size for many sizes, strides and paddings")
def test_output_size_formula(student):
    for size in (5, 8, 28):
        for filter_size in (1, 2, 5):
            for stride in (1, 2, 3):
                for padding in (0, 1, 2):
                    arguments = (size, filter_size, stride, padding)
                    assert_same(student.output_size(*arguments), reference.output_size(*arguments))


@graded(points=1, cell="test_output_size", title="Stride 1 and no padding where nothing else is said")
def test_output_size_defaults(student):
    assert_same(student.output_size(9, 4), reference.output_size(9, 4))
    assert_same(student.output_size(9, 4, 2), reference.output_size(9, 4, 2))
    assert_same(student.output_size(9, 4, padding=3), reference.output_size(9, 4, padding=3))


@graded(points=3, cell="test_output_size", title="Sizes that are impossible are refused with a ValueError")
def test_output_size_refuses(student):
    refused = {
        "the filter is larger than the padded input": (4, 7, 1, 1),
        "the stride is 0": (9, 3, 0, 0),
        "the stride is negative": (9, 3, -2, 0),
        "the input size is 0": (0, 1, 1, 1),
        "the filter size is 0": (9, 0, 1, 0),
    }
    for because, arguments in refused.items():
        assert_raises(ValueError, student.output_size, *arguments, because=because)


@graded(
    points=4, cell="test_convolve", title="Every valid position of an image, rows and columns not mixed up"
)
def test_convolve_valid(student):
    image, kernel = numbers(21, 7, 10), numbers(22, 3, 4)
    geometry = Geometry(image=(7, 10), filter=(3, 4))
    assert_same(student.convolve(image, kernel), reference.convolve(image, kernel), geometry=geometry)


@graded(points=3, cell="test_convolve", title="One stride for rows and columns")
def test_convolve_stride(student):
    image, kernel = numbers(23, 8, 11), numbers(24, 3, 2)
    geometry = Geometry(image=(8, 11), filter=(3, 2), strides=(2, 2))
    assert_same(student.convolve(image, kernel, 2), reference.convolve(image, kernel, 2), geometry=geometry)


@graded(points=3, cell="test_convolve", title="Different strides for rows and columns")
def test_convolve_unequal_strides(student):
    image, kernel = numbers(25, 9, 12), numbers(26, 2, 3)
    for strides in ((2, 3), (3, 1)):
        geometry = Geometry(image=(9, 12), filter=(2, 3), strides=strides)
        expected = reference.convolve(image, kernel, strides)
        assert_same(student.convolve(image, kernel, strides), expected, geometry=geometry)


@graded(points=2, cell="test_convolve", title="Whole-number images with a kernel of fractions")
def test_convolve_integer_image(student):
    image, kernel = numbers(27, 6, 8, dtype="uint8"), numbers(28, 3, 3)
    assert_same(student.convolve(image, kernel), reference.convolve(image, kernel))


@graded(points=2, cell="test_same_padding", title="Odd filters at stride 1 get the same on both sides")
def test_same_padding_odd_filter(student):
    for size, filter_size in [(7, 3), (28, 5), (4, 1), (9, 7)]:
        assert_same(student.same_padding(size, filter_size), reference.same_padding(size, filter_size))


@graded(points=3, cell="test_same_padding", title="Of an odd number of zeros, the odd one comes after")
def test_same_padding_odd_total(student):
    for arguments in [(7, 2), (8, 4), (28, 5, 2), (5, 6, 1)]:
        assert_same(student.same_padding(*arguments), reference.same_padding(*arguments))


@graded(points=3, cell="test_same_padding", title="Strides count: the output is ceil(size / stride) long")
def test_same_padding_strides(student):
    for size in (5, 8, 13, 32):
        for filter_size in (1, 3, 4):
            for stride in (2, 3, 5):
                arguments = (size, filter_size, stride)
                assert_same(student.same_padding(*arguments), reference.same_padding(*arguments))


@graded(points=3, cell="test_pad", title="Different zeros on all four sides")
def test_pad_four_sides(student):
    image = numbers(31, 4, 6)
    assert_same(student.pad(image, (1, 2), (3, 0)), reference.pad(image, (1, 2), (3, 0)))


@graded(points=1, cell="test_pad", title="No padding leaves the image as it is")
def test_pad_nothing(student):
    image = numbers(32, 3, 5)
    assert_same(student.pad(image, (0, 0), (0, 0)), reference.pad(image, (0, 0), (0, 0)))


@graded(points=2, cell="test_pad", title="The image that was given does not change")
def test_pad_leaves_its_input(student):
    image = numbers(33, 4, 3, dtype="int64")
    assert_same(student.pad(image, (2, 1), (0, 1)), reference.pad(image, (2, 1), (0, 1)))
    assert_inputs_unchanged(student.pad, image, (2, 1), (0, 1))
