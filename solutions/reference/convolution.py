"""The convolution of the lecture.

    V(x, y) = Σm Σn I(x + m, y + n) K(m, n)

x and m count rows, y and n columns. A batch of images adds an index b, channels add a sum over c, and several
filters an index o of their own; strides (s, t) let the filter step over some positions:

    V(b, x, y, o) = Σm Σn Σc I(b, s·x + m, t·y + n, c) K(m, n, c, o)

The letters in the einsum call below are the ones of these formulas. Dilations (d, e) put gaps between the filter's values, so
that m becomes d·m and n becomes e·n in I. `conv2d` leaves the sums to `engine`, which is fast; `conv2d_matmul` makes them as
the course does, and `textbook` as they stand here, term by term.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from solutions.reference import engine
from solutions.reference.arguments import common_dtype, integer, plane_and_kernel, plane_stride, thread_count
from solutions.reference.geometry import as_given, each_group, new_images, prepared
from solutions.reference.shapes import FiltersLike, Images, ImagesLike, Padding, Plane, PlaneLike, Strides
from solutions.reference.sizes import output_size


def apply_kernel(image: PlaneLike, kernel: PlaneLike, x: int, y: int) -> Any:
    """Return V(x, y), a NumPy scalar: one window of a 2-D image times a 2-D kernel, summed.

    The window's upper left corner is row x, column y. ValueError where the window is not inside the image.

    >>> image = [[1, 2, 3], [4, 5, 6]]
    >>> int(apply_kernel(image, [[1, 0], [0, 1]], 0, 1))
    8
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


def convolve(image: PlaneLike, kernel: PlaneLike, stride: Strides = 1) -> Plane:
    """Return V at every valid position of a 2-D image, `[out_rows, out_columns]`.

    `stride` is an int or a pair (rows, columns). ValueError for a kernel that is larger than the image.

    >>> convolve([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], [[1, 0], [0, 1]])
    array([[ 7,  9, 11],
           [15, 17, 19]])
    """
    image, kernel = plane_and_kernel(image, kernel)
    rows, columns = plane_stride("stride", stride)
    for size, kernel_size in zip(image.shape, kernel.shape, strict=True):
        output_size(size, kernel_size)  # refuses a kernel that does not fit
    windows = sliding_window_view(image, kernel.shape)[::rows, ::columns]
    return np.einsum("xymn,mn->xy", windows, kernel)


def conv2d(
    inputs: ImagesLike,
    filters: FiltersLike,
    strides: Strides = 1,
    padding: Padding = "VALID",
    *,
    data_format: str = "NHWC",
    dilations: Strides = 1,
    threads: int | None = None,
) -> Images:
    """Return the convolution of a batch, `[batch, out_height, out_width, out_channels]`.

    Args:
        inputs: the images, `[batch, height, width, in_channels]`, or any number of axes in the place of `batch`, which
            the output then has, too. An empty batch is welcome; so are images without rows or columns, if the filter
            fits into the zeros around them or `padding` is "SAME".
        filters: `[filter_height, filter_width, in_channels, out_channels]`, whatever the `data_format`. With only a
            g-th of the images' channels the convolution is grouped: channels and filters fall into g groups of equal
            size, and each group of filters meets its own group of channels.
        strides: an int, a pair (rows, columns), or TensorFlow's `[1, rows, columns, 1]`.
        padding: "SAME" or "VALID" in any case, by TensorFlow's rule, or the zeros around the images,
            `[[0, 0], [above, below], [left, right], [0, 0]]`.
        data_format: "NHWC", or "NCHW" for inputs and outputs `[batch, channels, height, width]`; lists of four for
            strides, dilations and padding then have the same order of axes.
        dilations: the distance between two filter values on the image, in the forms of `strides`.
        threads: how many to use; None for as many as this process has cores, and for one where the work is small.

    ValueError for ranks, channels, strides, dilations or a padding that do not fit, for no channels, and for a filter
    larger than the padded image; TypeError for arguments that are no numbers.

    >>> conv2d(np.ones((10, 28, 28, 1)), np.ones((5, 5, 1, 16)), strides=2, padding="SAME").shape
    (10, 14, 14, 16)
    """
    images, filters, geometry = prepared(inputs, filters, strides, padding, data_format, dilations)
    shape = (len(images), *geometry.output_size, filters.shape[3])
    output = new_images(shape, common_dtype(images, filters), data_format)
    threads = thread_count("threads", threads)
    for channels, some_filters, some_output in each_group(geometry.groups, images, filters, output):
        engine.forward(channels, some_filters, geometry, some_output, threads)
    return as_given(output, data_format, np.shape(inputs)[:-3])
