"""One large matrix that holds the whole convolution (doubly blocked Toeplitz); gradients are its transpose."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    spread = np.zeros(image.shape)
    spread[x : x + kernel.shape[0], y : y + kernel.shape[1]] = kernel
    return float(spread.ravel() @ image.ravel())


def output_size(input_size, filter_size, stride=1, padding=0):
    for value in (input_size, filter_size, stride):
        if value <= 0:
            raise ValueError(f"{value} is not positive")
    if filter_size > 2 * padding + input_size:
        raise ValueError("the filter does not fit")
    return (2 * padding + input_size - filter_size + stride) // stride


def band(size, filter_size, stride, before, count):
    """0/1 tensor [out, tap, in]: tap m of position x meets pixel s x + m - before, if there is one."""
    x, m, i = np.ogrid[:count, :filter_size, :size]
    return (x * stride + m - before == i).astype(float)


def convolve(image, kernel, stride=1):
    s, t = np.ones(2, int) * stride
    rows = band(image.shape[0], kernel.shape[0], s, 0, output_size(image.shape[0], kernel.shape[0], s))
    columns = band(image.shape[1], kernel.shape[1], t, 0, output_size(image.shape[1], kernel.shape[1], t))
    matrix = np.einsum("xmi,ynj,mn->xyij", rows, columns, kernel, optimize=True)
    return (matrix.reshape(-1, image.size) @ image.ravel()).reshape(matrix.shape[:2])


def same_padding(input_size, filter_size, stride=1):
    total = max(((input_size - 1) // stride) * stride + filter_size - input_size, 0)
    before, rest = divmod(total, 2)
    return before, before + rest


def pad(image, rows, columns):
    left = np.eye(sum(rows) + image.shape[0], image.shape[0], -rows[0])
    right = np.eye(image.shape[1], sum(columns) + image.shape[1], columns[0])
    return left @ image @ right


def bands(inputs, size, strides, padding):
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides")
    if np.any(np.mod(strides, 1)):
        raise ValueError("strides of fractions")
    both = []
    for axis in (0, 1):
        length, window, step = inputs.shape[axis + 1], size[axis], strides[axis + 1]
        if padding.upper() == "SAME":
            both.append(band(length, window, step, same_padding(length, window, step)[0], -(-length // step)))
        else:
            both.append(band(length, window, step, 0, output_size(length, window, step)))
    return both


def check(inputs, filters):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("shapes")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters)
    rows, columns = bands(inputs, filters.shape, strides, padding)
    matrix = np.einsum("xmi,ynj,mnco->xyoijc", rows, columns, filters, optimize=True)
    output = inputs.reshape(len(inputs), -1) @ matrix.reshape(-1, inputs[0].size).T
    return output.reshape(len(inputs), *matrix.shape[:3])


def flatten_filters(filters):
    return filters.transpose(3, 0, 1, 2).reshape(filters.shape[3], -1).T


def extract_patches(inputs, filter_size, strides, padding):
    rows, columns = bands(inputs, filter_size, strides, padding)
    patches = np.einsum("xmi,ynj,bijc->bxymnc", rows, columns, inputs, optimize=True)
    return patches.reshape(*patches.shape[:3], -1)


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters)
    rows, columns = bands(inputs, filters.shape, strides, padding)
    # rows and columns are picked by index, not multiplied: the large arrays stay small
    x, y = rows.argmax(2), columns.argmax(2)
    windows = inputs[:, x][:, :, :, y].transpose(0, 1, 3, 2, 4, 5)  # b x y m n c
    windows = windows * (rows.any(2)[:, None, :, None] & columns.any(2)[None, :, None, :])[..., None]
    product = windows.reshape(-1, filters[..., 0].size) @ flatten_filters(filters).astype(float)
    return product.reshape(*windows.shape[:3], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    rows, columns = bands(inputs, filters.shape, strides, padding)
    d_inputs = np.einsum("xmi,ynj,mnco,bxyo->bijc", rows, columns, filters, upstream, optimize=True)
    d_filters = np.einsum("xmi,ynj,bijc,bxyo->mnco", rows, columns, inputs, upstream, optimize=True)
    return d_inputs, d_filters
