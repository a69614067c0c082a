"""The kernel or the window lies the wrong way round."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import BATCH, COLUMNS, GRADIENTS, ROWS, SLIDE, SUMS


@mistake(
    *SUMS,
    sentence="Your kernel is rotated by 180° before it is used, as mathematicians do. Here it is laid on "
    "the image as it is: K(0, 0) meets the window's top left pixel.",
    lecture=SLIDE,
)
def flipped(right, image, kernel, *rest):
    return right(image, kernel[::-1, ::-1], *rest)


@mistake(
    *SUMS,
    sentence="Your kernel is mirrored left to right. Column n of the kernel belongs to column y + n of "
    "the image.",
    lecture=SLIDE,
)
def mirrored(right, image, kernel, *rest):
    return right(image, kernel[:, ::-1], *rest)


@mistake(
    *SUMS,
    sentence="Your kernel is used upside down. Row m of the kernel belongs to row x + m of the image.",
    lecture=SLIDE,
)
def upside_down(right, image, kernel, *rest):
    return right(image, kernel[::-1], *rest)


@mistake(
    *SUMS,
    sentence="Your kernel is transposed: its rows are used as columns. Axis 0 is the rows, of the kernel "
    "as of the image.",
    lecture=SLIDE,
)
def transposed(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    return right(image, kernel.swapaxes(0, 1), *rest)


@mistake(
    *SUMS,
    sentence="Your kernel is transposed inside the window: kernel row m and column n meet image row n "
    "and column m. Use m for the rows of both and n for the columns of both.",
    lecture=SLIDE,
)
def transposed_in_the_sum(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    if kernel.shape[0] != kernel.shape[1]:
        raise IndexError("a kernel that is not square has no such place")
    return right(image, kernel.swapaxes(0, 1), *rest)


@mistake(
    "flatten_filters",
    sentence="The filters are rotated by 180° before they become columns. Keep them as they are.",
    lecture=COLUMNS,
)
def flipped_filters(right, filters):
    return right(filters[::-1, ::-1])


@mistake(
    "extract_patches",
    sentence="Each window is rotated by 180° before it becomes a row. Keep its pixels in the order of "
    "the image.",
    lecture=ROWS,
)
def flipped_windows(right, inputs, filter_size, strides, padding):
    rows = right(inputs, filter_size, strides, padding)
    pixels = rows.reshape(*rows.shape[:3], -1, inputs.shape[3])
    return pixels[:, :, :, ::-1].reshape(rows.shape)


@mistake(
    "conv2d_gradients",
    sentence="d_inputs is made with the filters rotated by 180°. Each upstream number adds the filter as "
    "it is to its window. (The textbooks' rotation belongs to another way, which convolves the upstream "
    "gradients.)",
    lecture=GRADIENTS,
)
def flipped_in_d_inputs(right, inputs, filters, *rest):
    return right(inputs, filters[::-1, ::-1], *rest)


@mistake(
    "conv2d_gradients",
    sentence="d_filters comes out rotated by 180°. The gradient of weight (m, n) stands at row m, column n.",
    lecture=GRADIENTS,
)
def flipped_d_filters(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters[::-1, ::-1]


@mistake(
    "conv2d_gradients",
    sentence="Both gradients are those of a convolution that rotates its filters by 180°. Here filters "
    "are used as they are.",
    lecture=GRADIENTS,
)
def flipped_throughout(right, inputs, filters, *rest):
    d_inputs, d_filters = right(inputs, filters[::-1, ::-1], *rest)
    return d_inputs, d_filters[::-1, ::-1]


@mistake(
    "conv2d_gradients",
    sentence="d_filters has its rows and columns swapped. Row m of a filter's gradient belongs to row m "
    "of the filter.",
    lecture=GRADIENTS,
)
def transposed_d_filters(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters.swapaxes(0, 1)


@mistake(
    "convolve",
    sentence="Rows and columns of your output are swapped. out[i, j] belongs to the window at row i · "
    "(row stride), column j · (column stride).",
    lecture=SLIDE,
)
def transposed_output(right, *arguments):
    return right(*arguments).T


@mistake(
    *BATCH,
    "extract_patches",
    sentence="Rows and columns of your output are swapped. Its axes are batch, rows, columns, and then "
    "the numbers of one place.",
    lecture=SLIDE,
)
def transposed_outputs(right, *arguments):
    return right(*arguments).swapaxes(1, 2)


@mistake(
    *SUMS,
    sentence="The window is transposed: image row and column are swapped. x counts rows and is the first "
    "index, y counts columns and is the second.",
    lecture=SLIDE,
)
def transposed_image(right, image, kernel, *rest):
    knobs.refuse(image, kernel, *rest)
    plane = (0, 1) if image.ndim == 2 else (1, 2)
    return right(np.swapaxes(image, *plane), kernel, *rest)


@mistake(
    "extract_patches",
    sentence="The images are transposed: image row and column are swapped. In a batch, axis 1 is the "
    "rows and axis 2 the columns.",
    lecture=ROWS,
)
def transposed_images(right, inputs, *rest):
    return right(inputs.swapaxes(1, 2), *rest)
