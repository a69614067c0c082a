"""np.vectorize for single numbers, boolean masks in place of padding and of if."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    rows, columns = np.indices(image.shape)
    mask = (rows >= x) & (rows < x + kernel.shape[0]) & (columns >= y) & (columns < y + kernel.shape[1])
    return np.sum(image[mask] * kernel.ravel().astype(float))


def output_size(input_size, filter_size, stride=1, padding=0):
    if not (input_size > 0 and filter_size > 0 and stride > 0):
        raise ValueError("not positive")
    corners = np.arange(-padding, input_size + padding)
    inside = corners + filter_size <= input_size + padding
    if not inside.any():
        raise ValueError("too large a filter")
    return np.count_nonzero(inside[::stride])


def convolve(image, kernel, stride=1):
    rows, columns = (stride, stride) if np.isscalar(stride) else stride
    x, y = np.meshgrid(
        np.arange(0, image.shape[0] - kernel.shape[0] + 1, rows),
        np.arange(0, image.shape[1] - kernel.shape[1] + 1, columns),
        indexing="ij",
    )
    return np.vectorize(lambda i, j: apply_kernel(image, kernel, i, j), otypes=[float])(x, y)


def same_padding(input_size, filter_size, stride=1):
    totals = np.arange(input_size + filter_size)
    enough = (input_size + totals - filter_size) // stride + 1 >= np.ceil(input_size / stride)
    total = np.argmax(enough & (input_size + totals >= filter_size))
    return np.uint8(total // 2), np.uint8(total - total // 2)


def pad(image, rows, columns):
    mask = np.zeros((sum(rows) + image.shape[0], sum(columns) + image.shape[1]), bool)
    mask[rows[0] : rows[0] + image.shape[0], columns[0] : columns[0] + image.shape[1]] = True
    result = np.zeros(mask.shape, image.dtype)
    result[mask] = image.ravel()
    return result


def gathered(inputs, size, strides, padding):
    """Row and column of every number of every window, `[out, size]` each, and where these lie in the image."""
    if padding.upper() not in ("SAME", "VALID") or min(strides) < 1:
        raise ValueError("padding or strides")
    indices, masks = [], []
    for axis in (0, 1):
        length, window, step = inputs.shape[axis + 1], size[axis], strides[axis + 1]
        if padding.upper() == "SAME":
            first = np.arange(0, length, step) - int(same_padding(length, window, step)[0])
        else:
            first = np.arange(0, length - window + 1, step)
        if not first.size:
            raise ValueError("the image is smaller than the filter")
        index = first[:, None] + np.arange(window)
        indices.append(np.clip(index, 0, length - 1))
        masks.append((index >= 0) & (index < length))
    mask = masks[0][:, None, :, None] & masks[1][None, :, None, :]
    return indices[0][:, None, :, None], indices[1][None, :, None, :], mask[..., None]


def check(inputs, filters, strides):
    if inputs.ndim + filters.ndim != 8 or inputs.ndim != 4 or inputs.shape[3] - filters.shape[2]:
        raise ValueError("shapes")
    if len(strides) != 4 or strides[0] * strides[3] != 1 or strides[0] != 1:
        raise ValueError("strides")
    if not np.equal(strides, np.floor(strides)).all():
        raise ValueError("strides of fractions")


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    rows, columns, mask = gathered(inputs, filters.shape, strides, padding)
    windows = np.where(mask, inputs[:, rows, columns], 0.0)
    return np.einsum("bxymnc,mnco->bxyo", windows, filters)


def flatten_filters(filters):
    return np.stack([filters[..., o].flatten() for o in range(filters.shape[-1])], axis=1)


def extract_patches(inputs, filter_size, strides, padding):
    rows, columns, mask = gathered(inputs, filter_size, strides, padding)
    windows = inputs[:, rows, columns] * mask
    return windows.reshape(*windows.shape[:3], -1)


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    flat = patches.reshape(
        -1, patches.shape[-1]
    )  # np.dot of more than two axes does not use the fast product
    return np.dot(flat, flatten_filters(filters).astype(float)).reshape(*patches.shape[:-1], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    rows, columns, mask = gathered(inputs, filters.shape, strides, padding)
    d_filters = np.einsum("bxymnc,bxyo->mnco", inputs[:, rows, columns] * mask, upstream)
    d_windows = np.einsum("bxyo,mnco->bxymnc", upstream, filters) * mask
    d_inputs = np.zeros(inputs.shape)
    for b in range(len(inputs)):
        np.add.at(d_inputs[b], (rows, columns), d_windows[b])
    return d_inputs, d_filters
