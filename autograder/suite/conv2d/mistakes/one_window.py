"""What can go wrong in the sum over one window."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes.sections import ONE_WINDOW, SLIDE, SLIDING


def window_of(image, kernel, x, y):
    """The window, or ValueError where slices would be too short."""
    rows, columns = kernel.shape
    window = image[x : x + rows, y : y + columns]
    if window.shape != kernel.shape:
        raise ValueError("operands could not be broadcast together")
    return window


@mistake(
    "apply_kernel",
    sentence="x and y are swapped: x is the row, y the column, so the window starts at image[x, y].",
    lecture=ONE_WINDOW,
)
def position_swapped(right, image, kernel, x, y):
    return right(image, kernel, y, x)


@mistake(
    "apply_kernel",
    sentence="The window lies with its centre on (x, y). Its top left corner belongs there.",
    lecture=ONE_WINDOW,
)
def centred(right, image, kernel, x, y):
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows, rows), (columns, columns)))
    return right(padded, kernel, x + rows - rows // 2, y + columns - columns // 2)


@mistake(
    "apply_kernel",
    sentence="The window lies with its centre on (x, y), and negative indices take pixels from the other "
    "side of the image. Its top left corner belongs on (x, y).",
    lecture=ONE_WINDOW,
)
def centred_and_wrapped(right, image, kernel, x, y):
    rows, columns = kernel.shape
    rolled = np.roll(image, (rows // 2, columns // 2), (0, 1))
    return right(rolled, kernel, x, y)


@mistake(
    "apply_kernel",
    sentence="The window starts one row and one column too late. Python counts from 0: the window starts at "
    "image[x, y].",
    lecture=ONE_WINDOW,
)
def counted_from_one(right, image, kernel, x, y):
    return np.sum(window_of(image, kernel, x + 1, y + 1).astype(float) * kernel)


@mistake(
    "apply_kernel",
    sentence="Your function looks at the top left corner of the image only; x and y should say where the "
    "window starts.",
    lecture=ONE_WINDOW,
)
def position_ignored(right, image, kernel, x, y):
    return right(image, kernel, 0, 0)


@mistake(
    "apply_kernel",
    sentence="The kernel's last row and last column are left out. range(rows) already ends before rows.",
    lecture=ONE_WINDOW,
)
def last_weights_missed(right, image, kernel, x, y):
    return right(image, np.pad(kernel[:-1, :-1], ((0, 1), (0, 1))), x, y)


@mistake(
    "apply_kernel",
    sentence="The kernel's first row and first column are left out. range(rows) starts at 0 and so do "
    "indices.",
    lecture=ONE_WINDOW,
)
def first_weights_missed(right, image, kernel, x, y):
    return right(image, np.pad(kernel[1:, 1:], ((1, 0), (1, 0))), x, y)


@mistake(
    "apply_kernel",
    sentence="The kernel's number of rows is used for its columns as well. A kernel need not be square: "
    "use both numbers of kernel.shape.",
    lecture=ONE_WINDOW,
)
def square_by_rows(right, image, kernel, x, y):
    return _square(right, image, kernel, x, y, kernel.shape[0])


@mistake(
    "apply_kernel",
    sentence="The kernel's number of columns is used for its rows as well. A kernel need not be square: "
    "use both numbers of kernel.shape.",
    lecture=ONE_WINDOW,
)
def square_by_columns(right, image, kernel, x, y):
    return _square(right, image, kernel, x, y, kernel.shape[1])


@mistake(
    "apply_kernel",
    sentence="Your sum always covers 3×3 places. Take the size from kernel.shape.",
    lecture=ONE_WINDOW,
)
def three_by_three(right, image, kernel, x, y):
    return _square(right, image, kernel, x, y, 3)


def _square(right, image, kernel, x, y, size):
    if size > min(kernel.shape):
        raise IndexError("the kernel has no such place")
    return right(image, kernel[:size, :size], x, y)


@mistake(
    "apply_kernel",
    sentence="Only the first product is returned: the `return` stands inside the loops. It belongs after "
    "them.",
    lecture=ONE_WINDOW,
)
def returned_at_once(right, image, kernel, x, y):
    return right(image, kernel[:1, :1], x, y)


@mistake(
    "apply_kernel",
    sentence="Only the kernel's first row is added up: the `return` stands inside the outer loop. It "
    "belongs after both loops.",
    lecture=ONE_WINDOW,
)
def returned_after_a_row(right, image, kernel, x, y):
    return right(image, kernel[:1], x, y)


@mistake(
    "apply_kernel",
    sentence="Only the last product is left: each one replaces the sum. Add with `+=`.",
    lecture=ONE_WINDOW,
)
def last_product_only(right, image, kernel, x, y):
    rows, columns = kernel.shape
    return right(image, kernel[-1:, -1:], x + rows - 1, y + columns - 1)


@mistake(
    "apply_kernel",
    sentence="The window's pixels are added up without the kernel. Multiply each one by its weight first.",
    lecture=ONE_WINDOW,
)
def kernel_ignored(right, image, kernel, x, y):
    return right(image, np.ones_like(kernel), x, y)


@mistake(
    "apply_kernel",
    sentence="Window and kernel are multiplied as matrices. Here each pixel is multiplied by the weight "
    "on top of it: use `*`, not `@` or np.dot.",
    lecture=ONE_WINDOW,
)
def matrix_product(right, image, kernel, x, y):
    return np.sum(window_of(image, kernel, x, y).astype(float) @ kernel)


@mistake(
    "apply_kernel",
    sentence="The products are returned as an array. Add them up to one number.",
    lecture=ONE_WINDOW,
)
def not_summed(right, image, kernel, x, y):
    return window_of(image, kernel, x, y).astype(float) * kernel


@mistake(
    "apply_kernel",
    sentence="Your function returns the mean of the products. V(x, y) is their sum: do not divide by "
    "their number.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def mean_of_window(right, image, kernel, x, y):
    return np.mean(window_of(image, kernel, x, y).astype(float) * kernel)


@mistake(
    "apply_kernel",
    sentence="Your function returns the largest product. V(x, y) is the sum of all.",
    lecture=ONE_WINDOW,
)
def largest_of_window(right, image, kernel, x, y):
    return np.max(window_of(image, kernel, x, y).astype(float) * kernel)


@mistake(
    *SLIDING,
    sentence="Your outputs are means of the products. Each one is their sum: do not divide by their number.",
    lecture=SLIDE,
    on_answer=True,
)
def mean(right, image, kernel, *rest):
    return right(image, kernel, *rest) / (kernel.size if kernel.ndim == 2 else kernel[..., 0].size)


@mistake(
    *SLIDING,
    sentence="Your outputs are divided by the sum of the kernel's weights. Each one is the plain sum of "
    "the products.",
    lecture=SLIDE,
)
def normalized(right, image, kernel, *rest):
    return right(image, kernel, *rest) / kernel.sum(axis=(0, 1, 2)[: max(kernel.ndim - 1, 2)])


@mistake(
    *SLIDING,
    sentence="Each output is the window's sum without the kernel. Multiply each pixel by its weight first.",
    lecture=SLIDE,
)
def kernel_unused(right, image, kernel, *rest):
    return right(image, np.ones_like(kernel), *rest)


@mistake(
    *SLIDING,
    sentence="Each output also contains all the ones before it: the running sum is never set back. Start "
    "every output number with 0.",
    lecture=SLIDE,
)
def never_reset(right, *arguments):
    out = right(*arguments)
    return np.cumsum(out).reshape(out.shape)


@mistake(
    *SLIDING,
    sentence="Each output also contains the ones to its left: the sum is set to 0 once a row only. Start "
    "every output number with 0.",
    lecture=SLIDE,
)
def reset_once_a_row(right, *arguments):
    out = right(*arguments)
    return np.cumsum(out, axis=1 if out.ndim == 2 else 2)


@mistake(
    "conv2d",
    "conv2d_matmul",
    sentence="Each filter's output also contains the ones of the filters before it. Start the sum with 0 "
    "for every filter.",
    lecture=SLIDE,
)
def not_reset_for_each_filter(right, *arguments):
    return np.cumsum(right(*arguments), axis=3)
