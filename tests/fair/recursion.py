"""Recursion: sums, sizes and paddings one step at a time; strides by dropping rows of the unstepped result."""

import numpy as np


def add_up(products):
    if len(products) == 1:
        return products[0]
    middle = len(products) // 2
    return add_up(products[:middle]) + add_up(products[middle:])


def apply_kernel(image, kernel, x, y):
    height, width = kernel.shape
    return add_up(
        [float(image[x + m, y + n]) * float(kernel[m, n]) for m in range(height) for n in range(width)]
    )


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("sizes and stride are at least 1")
    if padding > 0:
        return output_size(input_size + 2, filter_size, stride, padding - 1)
    if filter_size > input_size:
        raise ValueError("the filter is larger than what it slides over")
    if input_size - filter_size < stride:
        return 1
    return 1 + output_size(input_size - stride, filter_size, stride)


def convolve(image, kernel, stride=1):
    if not isinstance(stride, int):
        return convolve(image, kernel)[:: stride[0], :: stride[1]]
    if stride > 1:
        return convolve(image, kernel, (stride, stride))
    if kernel.size == 1:
        return image * float(kernel[0, 0])
    if kernel.shape[0] > 1:  # the first row here, the rest one row further down
        first, rest = convolve(image[: 1 - kernel.shape[0]], kernel[:1]), convolve(image[1:], kernel[1:])
    else:
        first, rest = (
            convolve(image[:, : 1 - kernel.shape[1]], kernel[:, :1]),
            convolve(image[:, 1:], kernel[:, 1:]),
        )
    return first + rest


def same_padding(input_size, filter_size, stride=1, before=0, after=0):
    wanted = (input_size + stride - 1) // stride
    if (wanted - 1) * stride + filter_size <= input_size + before + after:
        return (before, after)
    if after > before:
        return same_padding(input_size, filter_size, stride, before + 1, after)
    return same_padding(input_size, filter_size, stride, before, after + 1)


def pad(image, rows, columns):
    if rows[0]:
        image, rows = np.concatenate([0 * image[:1], image]), (rows[0] - 1, rows[1])
    elif rows[1]:
        image, rows = np.concatenate([image, 0 * image[:1]]), (rows[0], rows[1] - 1)
    elif tuple(columns) != (0, 0):
        return pad(image.T, columns, (0, 0)).T
    else:
        return image.copy()
    return pad(image, rows, columns)


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("inputs and filters")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or sorted(strides)[0] < 1:
        raise ValueError("strides")
    if any(stride % 1 for stride in strides):
        raise ValueError("strides of fractions")
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding")
    if padding.upper() == "VALID" and (
        inputs.shape[1] < filters.shape[0] or inputs.shape[2] < filters.shape[1]
    ):
        raise ValueError("filter too large")


def zeros_for(inputs, size, strides, padding):
    if padding.upper() == "VALID":
        return (0, 0), (0, 0)
    return tuple(same_padding(inputs.shape[i + 1], size[i], strides[i + 1]) for i in (0, 1))


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    if len(inputs) > 1:
        return np.concatenate(
            [conv2d(inputs[:1], filters, strides, padding), conv2d(inputs[1:], filters, strides, padding)]
        )
    if filters.shape[3] > 1:
        parts = [conv2d(inputs, each, strides, padding) for each in (filters[..., :1], filters[..., 1:])]
        return np.concatenate(parts, axis=3)
    if filters.shape[2] > 1:
        first = conv2d(inputs[..., :1], filters[:, :, :1], strides, padding)
        return first + conv2d(inputs[..., 1:], filters[:, :, 1:], strides, padding)
    rows, columns = zeros_for(inputs, filters.shape, strides, padding)
    image = pad(inputs[0, :, :, 0], rows, columns)
    return convolve(image, filters[:, :, 0, 0], (strides[1], strides[2]))[None, :, :, None]


def flatten_filters(filters):
    return (
        filters[0]
        if filters.ndim == 3 and len(filters) == 1
        else np.vstack([flatten_filters(each) if each.ndim == 3 else each for each in filters])
    )


def extract_patches(inputs, filter_size, strides, padding):
    rows, columns = zeros_for(inputs, filter_size, strides, padding)
    images = np.stack(
        [np.stack([pad(c, rows, columns) for c in np.moveaxis(i, 2, 0)], axis=2) for i in inputs]
    )
    return gather(images, tuple(filter_size), strides)


def gather(images, size, strides):
    """The patches of one row of windows after the other."""
    if images.shape[1] < size[0]:
        shape = (
            len(images),
            0,
            output_size(images.shape[2], size[1], strides[2]),
            size[0] * size[1] * images.shape[3],
        )
        return np.zeros(shape, images.dtype)
    starts = range(0, images.shape[2] - size[1] + 1, strides[2])
    line = [images[:, : size[0], y : y + size[1]].reshape(len(images), 1, 1, -1) for y in starts]
    return np.concatenate(
        [np.concatenate(line, axis=2), gather(images[:, strides[1] :], size, strides)], axis=1
    )


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    return extract_patches(inputs, filters.shape[:2], strides, padding) @ flatten_filters(filters).astype(
        float
    )


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    if len(inputs) > 1:
        first, d_first = conv2d_gradients(inputs[:1], filters, strides, padding, upstream[:1])
        rest, d_rest = conv2d_gradients(inputs[1:], filters, strides, padding, upstream[1:])
        return np.concatenate([first, rest]), d_first + d_rest
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    d_filters = (
        patches[0].reshape(-1, patches.shape[3]).T @ upstream[0].reshape(-1, upstream.shape[3])
    ).reshape(filters.shape)
    d_patches = upstream @ flatten_filters(filters).T
    (above, below), (left, right) = zeros_for(inputs, filters.shape, strides, padding)
    _, height, width, channels = inputs.shape
    d_image = np.zeros((above + height + below, left + width + right, channels))
    fh, fw = filters.shape[:2]
    for i, j in np.ndindex(*d_patches.shape[1:3]):
        x, y = i * strides[1], j * strides[2]
        d_image[x : x + fh, y : y + fw] += d_patches[0, i, j].reshape(fh, fw, channels)
    return d_image[None, above : above + height, left : left + width], d_filters
