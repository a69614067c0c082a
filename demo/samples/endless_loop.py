"""Sample student: `output_size` counts positions and never ends for a stride below 1; all else is right and
does not use it."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    window = image[x : x + len(kernel), y : y + len(kernel[0])]
    return np.vdot(window.astype(float), kernel.astype(float))


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1:
        raise ValueError("sizes must be positive")
    end = input_size + 2 * padding
    if filter_size > end:
        raise ValueError("the filter does not fit")
    # walk over the image and count the steps
    position = 0
    count = 0
    while position + filter_size <= end:
        position += stride
        count += 1
    return count


def same_padding(input_size, filter_size, stride=1):
    outputs = (input_size - 1) // stride + 1
    total = max((outputs - 1) * stride + filter_size - input_size, 0)
    return total // 2, total - total // 2


def pad(image, rows, columns):
    return np.pad(image, (rows, columns), mode="constant")


def starts(size, filter_size, stride):
    """Where the windows begin along one axis."""
    return range(0, size - filter_size + 1, stride)


def convolve(image, kernel, stride=1):
    strides = (stride, stride) if np.ndim(stride) == 0 else stride
    rows = starts(image.shape[0], kernel.shape[0], strides[0])
    columns = starts(image.shape[1], kernel.shape[1], strides[1])
    return np.array([[apply_kernel(image, kernel, x, y) for y in columns] for x in rows])


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("not 4-D")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels differ")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or min(strides) < 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding must be SAME or VALID")
    too_large = filters.shape[0] > inputs.shape[1] or filters.shape[1] > inputs.shape[2]
    if padding.upper() == "VALID" and too_large:
        raise ValueError("VALID needs a filter that fits")


def zeros_around(inputs, filter_size, strides, padding):
    if padding.upper() == "VALID":
        return (0, 0), (0, 0)
    rows = same_padding(inputs.shape[1], filter_size[0], strides[1])
    columns = same_padding(inputs.shape[2], filter_size[1], strides[2])
    return rows, columns


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    height, width = filters.shape[:2]
    rows, columns = zeros_around(inputs, (height, width), strides, padding)
    images = np.pad(inputs, ((0, 0), rows, columns, (0, 0))).astype(float)
    xs = starts(images.shape[1], height, strides[1])
    ys = starts(images.shape[2], width, strides[2])
    out = np.zeros((len(inputs), len(xs), len(ys), filters.shape[3]))
    for i, x in enumerate(xs):
        for j, y in enumerate(ys):
            window = images[:, x : x + height, y : y + width, :]
            out[:, i, j, :] = np.einsum("bmnc,mnco->bo", window, filters)
    return out


def flatten_filters(filters):
    return filters.reshape((-1, filters.shape[3])).copy()


def extract_patches(inputs, filter_size, strides, padding):
    height, width = filter_size
    check(inputs, np.zeros((height, width, inputs.shape[-1], 1)), strides, padding)
    rows, columns = zeros_around(inputs, filter_size, strides, padding)
    images = np.pad(inputs, ((0, 0), rows, columns, (0, 0)))
    block = (1, height, width, inputs.shape[3])
    windows = np.lib.stride_tricks.sliding_window_view(images, block)
    windows = windows[:, :: strides[1], :: strides[2], 0, 0]
    return np.ascontiguousarray(windows).reshape(*windows.shape[:3], -1).copy()


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    matrix = flatten_filters(filters)
    if matrix.dtype.kind in "iu":
        matrix = matrix.astype(float)
    product = np.dot(patches.reshape((-1, patches.shape[3])), matrix)
    return product.reshape((*patches.shape[:3], filters.shape[3]))


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    check(inputs, filters, strides, padding)
    height, width = filters.shape[:2]
    rows, columns = zeros_around(inputs, (height, width), strides, padding)
    images = np.pad(inputs, ((0, 0), rows, columns, (0, 0))).astype(float)
    d_images = np.zeros_like(images)
    d_filters = np.zeros(filters.shape)
    for i, x in enumerate(starts(images.shape[1], height, strides[1])):
        for j, y in enumerate(starts(images.shape[2], width, strides[2])):
            g = upstream[:, i, j, :].astype(float)
            d_filters += np.einsum("bmnc,bo->mnco", images[:, x : x + height, y : y + width], g)
            d_images[:, x : x + height, y : y + width] += np.einsum("mnco,bo->bmnc", filters, g)
    d_inputs = d_images[:, rows[0] : rows[0] + inputs.shape[1], columns[0] : columns[0] + inputs.shape[2]]
    return d_inputs, d_filters
