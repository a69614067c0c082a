"""A sum over the taps of the filter, everything in float32."""

import numpy as np

F = np.float32


def apply_kernel(image, kernel, x, y):
    total = F(0)
    for m, n in np.ndindex(*kernel.shape):
        total += F(image[x + m, y + n]) * F(kernel[m, n])
    return total


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size <= 0 or filter_size <= 0 or stride <= 0 or filter_size - 2 * padding > input_size:
        raise ValueError(
            f"cannot place {filter_size} on {input_size} with stride {stride}, padding {padding}"
        )
    return int((input_size - filter_size + 2 * padding) / stride + 1)


def convolve(image, kernel, stride=1):
    try:
        rows, columns = stride
    except TypeError:
        rows = columns = stride
    height = output_size(image.shape[0], kernel.shape[0], rows)
    width = output_size(image.shape[1], kernel.shape[1], columns)
    result = np.zeros((height, width), F)
    for m, n in np.ndindex(*kernel.shape):
        taken = image[m : m + (height - 1) * rows + 1 : rows, n : n + (width - 1) * columns + 1 : columns]
        result += taken.astype(F) * F(kernel[m, n])
    return result


def same_padding(input_size, filter_size, stride=1):
    total = filter_size - stride if input_size % stride == 0 else filter_size - input_size % stride
    total = 0 if total < 0 else total
    before = total // 2
    return (before, total - before)


def pad(image, rows, columns):
    above, below = (np.zeros((n, image.shape[1]), F) for n in rows)
    tall = np.vstack([above, image, below])
    left, right = (np.zeros((tall.shape[0], n), F) for n in columns)
    return np.hstack([left, tall, right]).astype(F)


def checked(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("NHWC and HWIO, please")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels differ")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or any(s < 1 or s % 1 for s in strides):
        raise ValueError("bad strides")
    if padding.upper() not in ("VALID", "SAME"):
        raise ValueError("bad padding")


def padded(inputs, size, strides, padding):
    inputs = inputs.astype(F)
    if padding.upper() == "VALID":
        return inputs, (0, 0)
    rows = same_padding(inputs.shape[1], size[0], strides[1])
    columns = same_padding(inputs.shape[2], size[1], strides[2])
    batch, height, width, channels = inputs.shape
    result = np.zeros((batch, height + rows[0] + rows[1], width + columns[0] + columns[1], channels), F)
    result[:, rows[0] : rows[0] + height, columns[0] : columns[0] + width, :] = inputs
    return result, (rows[0], columns[0])


def taps(images, size, strides):
    """For every tap (m, n) the pixels that it meets, as a view."""
    height = output_size(images.shape[1], size[0], strides[1])
    width = output_size(images.shape[2], size[1], strides[2])
    for m, n in np.ndindex(*size):
        rows = slice(m, m + (height - 1) * strides[1] + 1, strides[1])
        columns = slice(n, n + (width - 1) * strides[2] + 1, strides[2])
        yield m, n, images[:, rows, columns]


def conv2d(inputs, filters, strides, padding):
    checked(inputs, filters, strides, padding)
    images, _ = padded(inputs, filters.shape[:2], strides, padding)
    return sum(pixels @ filters[m, n].astype(F) for m, n, pixels in taps(images, filters.shape[:2], strides))


def flatten_filters(filters):
    return np.concatenate([filters[m, n] for m, n in np.ndindex(*filters.shape[:2])]).astype(F)


def extract_patches(inputs, filter_size, strides, padding):
    images, _ = padded(inputs, filter_size, strides, padding)
    return np.concatenate([pixels for _, _, pixels in taps(images, tuple(filter_size), strides)], axis=-1)


def conv2d_matmul(inputs, filters, strides, padding):
    checked(inputs, filters, strides, padding)
    return extract_patches(inputs, filters.shape[:2], strides, padding) @ flatten_filters(filters)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    size, upstream = filters.shape[:2], upstream.astype(F)
    images, (top, left) = padded(inputs, size, strides, padding)
    d_images, d_filters = np.zeros_like(images), np.zeros(filters.shape, F)
    for (m, n, pixels), (_, _, back) in zip(
        taps(images, size, strides), taps(d_images, size, strides), strict=True
    ):
        d_filters[m, n] = np.tensordot(pixels, upstream, axes=([0, 1, 2], [0, 1, 2]))
        back += upstream @ filters[m, n].astype(F).T
    height, width = inputs.shape[1:3]
    return d_images[:, top : top + height, left : left + width], d_filters
