"""as_strided on the array as it lies in memory, whatever its order; results are views where they can be."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def windows_2d(image, size, steps):
    """All windows of the first two axes of an array of any memory layout."""
    h = (image.shape[0] - size[0]) // steps[0] + 1
    w = (image.shape[1] - size[1]) // steps[1] + 1
    a, b, *rest = image.strides
    return as_strided(
        image,
        (h, w, *size, *image.shape[2:]),
        (a * steps[0], b * steps[1], a, b, *rest),
        writeable=False,
    )


def apply_kernel(image, kernel, x, y):
    values = as_strided(image[x:, y:], kernel.shape, image.strides)
    return np.vdot(values.astype(float).ravel(), kernel.ravel())


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError
    if (room := input_size + 2 * padding - filter_size) < 0:
        raise ValueError
    return divmod(room, stride)[0] + 1


def convolve(image, kernel, stride=1):
    steps = (stride, stride) if isinstance(stride, int) else tuple(stride)
    image = np.asfortranarray(image)
    return (windows_2d(image, kernel.shape, steps) * kernel.astype(float)).sum(axis=(2, 3))


def same_padding(input_size, filter_size, stride=1):
    rest = input_size % stride
    total = max(filter_size - (rest or stride), 0)
    return total >> 1, total - (total >> 1)


def pad(image, rows, columns):
    canvas = np.zeros(
        (image.shape[1] + sum(columns), image.shape[0] + sum(rows)), image.dtype
    ).T  # Fortran order
    canvas[rows[0] : rows[0] + image.shape[0], columns[0] : columns[0] + image.shape[1]] = image
    return canvas


def batch_windows(inputs, size, strides, padding):
    batch, height, width, channels = inputs.shape
    _, sr, sc, _ = strides
    if padding.upper() == "SAME":
        rows, columns = same_padding(height, size[0], sr), same_padding(width, size[1], sc)
        inputs = np.pad(inputs, ((0, 0), rows, columns, (0, 0)))
        height, width = inputs.shape[1:3]
    out = output_size(height, size[0], sr), output_size(width, size[1], sc)
    n, r, c, k = inputs.strides
    return as_strided(inputs, (batch, *out, *size, channels), (n, r * sr, c * sc, r, c, k), writeable=False)


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("rank")
    if inputs.shape[-1] != filters.shape[2]:
        raise ValueError("channels")
    if padding.lower() not in ("same", "valid"):
        raise ValueError("padding")
    if len(strides) != 4 or not (strides[0] == strides[3] == 1) or min(strides) < 1:
        raise ValueError("strides")
    if list(map(round, strides)) != list(strides):
        raise ValueError("strides of fractions")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    windows = batch_windows(np.asfortranarray(inputs), filters.shape[:2], strides, padding)
    product = np.einsum("bxymnc,omnc->obxy", windows, np.moveaxis(filters, 3, 0).astype(float), optimize=True)
    return np.moveaxis(product, 0, 3)  # not contiguous


def flatten_filters(filters):
    return np.asfortranarray(filters.reshape(-1, filters.shape[-1]))


def extract_patches(inputs, filter_size, strides, padding):
    windows = batch_windows(inputs, tuple(filter_size), strides, padding)
    flat = windows.reshape(*windows.shape[:3], -1)
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(flat, 3, 0)), 0, 3)  # a view, patches outermost


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    columns = flatten_filters(filters).astype(float)
    product = patches.reshape(-1, len(columns)) @ columns
    return np.asfortranarray(product).reshape(*patches.shape[:3], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    fh, fw = filters.shape[:2]
    windows = batch_windows(inputs, (fh, fw), strides, padding)
    d_filters = np.einsum("bxymnc,bxyo->ocnm", windows, upstream).T  # a view in Fortran order
    rows = columns = (0, 0)
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], fh, strides[1])
        columns = same_padding(inputs.shape[2], fw, strides[2])
    batch, height, width, channels = inputs.shape
    whole = np.zeros((batch, height + sum(rows), width + sum(columns), channels))
    n, r, c, k = whole.strides
    spots = as_strided(
        whole,
        (batch, *upstream.shape[1:3], fh, fw, channels),
        (n, r * strides[1], c * strides[2], r, c, k),
    )
    for m in range(fh):  # windows overlap, the places of one tap do not
        for j in range(fw):
            spots[:, :, :, m, j] += np.einsum("bxyo,co->bxyc", upstream, filters[m, j])
    return whole[:, rows[0] :, columns[0] :][:, :height, :width], d_filters
