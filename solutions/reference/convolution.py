"""The convolution of the lecture.

    V(x, y) = Σm Σn I(x + m, y + n) K(m, n)

x and m count rows, y and n columns. A batch of images adds an index b, channels add a sum over c, and several
filters an index o of their own; strides (s, t) let the filter step over some positions:

    V(b, x, y, o) = Σm Σn Σc I(b, s·x + m, t·y + n, c) K(m, n, c, o)

The letters in the comments and in the einsum call below are the ones of these formulas.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from solutions.reference.arguments import images_and_filters, integer, plane_and_kernel, plane_stride
from solutions.reference.sizes import output_size
from solutions.reference.windows import windows_of


def apply_kernel(image, kernel, x, y):
    """Return V(x, y), a NumPy scalar: one window of a 2-D image times a 2-D kernel, summed.

    The window's upper left corner is row x, column y. ValueError where the window is not inside the image.
    """
    image, kernel = plane_and_kernel(image, kernel)
    x, y = integer("x", x, 0), integer("y", y, 0)
    window = image[x : x + kernel.shape[0], y : y + kernel.shape[1]]
    if window.shape != kernel.shape:
        raise ValueError(
            f"the window at x={x}, y={y} must be inside the image, but the kernel has shape {kernel.shape} "
            f"and the image {image.shape}"
        )
    return np.sum(window * kernel)


def convolve(image, kernel, stride=1):
    """Return V at every valid position of a 2-D image, `[out_rows, out_columns]`.

    `stride` is an int or a pair (rows, columns). ValueError for a kernel that is larger than the image.
    """
    image, kernel = plane_and_kernel(image, kernel)
    rows, columns = plane_stride("stride", stride)
    for size, kernel_size in zip(image.shape, kernel.shape, strict=True):
        output_size(size, kernel_size)  # refuses a kernel that does not fit
    windows = sliding_window_view(image, kernel.shape)[::rows, ::columns]
    return np.einsum("xymn,mn->xy", windows, kernel)


def conv2d(inputs, filters, strides=1, padding="VALID"):
    """Return the convolution of a batch, `[batch, out_height, out_width, out_channels]`.

    `inputs` is `[batch, height, width, in_channels]` (an empty batch is welcome), `filters` is
    `[filter_height, filter_width, in_channels, out_channels]`. `strides` is an int, a pair (rows, columns)
    or `[1, rows, columns, 1]`; `padding` is "SAME" or "VALID" in any case, by TensorFlow's rule. ValueError
    for ranks, channels, strides or a padding that do not fit, and for a filter larger than the image under
    VALID.
    """
    inputs, filters = images_and_filters(inputs, filters)
    windows, _ = windows_of(inputs, filters.shape[:2], strides, padding)
    return np.tensordot(windows, filters, axes=([4, 5, 3], [0, 1, 2]))  # the sums over m, n and c
