"""conv2d_matmul is written first; everything else is a special case of it."""

import numpy as np


def flatten_filters(filters):
    return filters.reshape(-1, filters.shape[-1])


def same_padding(input_size, filter_size, stride=1):
    total = max((int(np.ceil(input_size / stride)) - 1) * stride + filter_size - input_size, 0)
    return (int(total / 2), total - int(total / 2))


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("output_size takes positive sizes")
    if filter_size > input_size + padding * 2:
        raise ValueError("filter_size")
    return (input_size - filter_size + padding * 2) // stride + 1


def indices(inputs, filter_size, strides, padding):
    """For every window the flat places of its pixels; place 0 is a pixel that is always zero."""
    if padding not in ("SAME", "VALID"):
        raise ValueError("padding")
    _, height, width, _ = inputs.shape
    places = np.arange(1, height * width + 1).reshape(height, width)
    if padding == "SAME":
        places = pad(
            places,
            same_padding(height, filter_size[0], strides[1]),
            same_padding(width, filter_size[1], strides[2]),
        )
    rows = output_size(places.shape[0], filter_size[0], strides[1])
    columns = output_size(places.shape[1], filter_size[1], strides[2])
    x = strides[1] * np.arange(rows)[:, None] + np.arange(filter_size[0])
    y = strides[2] * np.arange(columns)[:, None] + np.arange(filter_size[1])
    return places[x[:, None, :, None], y[None, :, None, :]].reshape(rows, columns, -1)


def pixels(inputs):
    flat = inputs.reshape(len(inputs), -1, inputs.shape[3])
    return np.concatenate([np.zeros_like(flat[:, :1]), flat], axis=1)


def extract_patches(inputs, filter_size, strides, padding):
    places = indices(inputs, filter_size, strides, padding.upper())
    patches = np.take(pixels(inputs), places, axis=1)
    return patches.reshape(len(inputs), *places.shape[:2], -1)


def conv2d_matmul(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("both need four axes")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels")
    if list(strides[:1]) + list(strides[3:]) != [1, 1] or strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides")
    if [int(stride) for stride in strides] != list(strides):
        raise ValueError("strides of fractions")
    if inputs.dtype.kind != "f":
        inputs = inputs.astype(np.float64)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    product = patches.reshape(-1, patches.shape[3]) @ flatten_filters(filters).astype(inputs.dtype)
    return product.reshape(*patches.shape[:3], filters.shape[3])


def conv2d(inputs, filters, strides, padding):
    return conv2d_matmul(inputs, filters, strides, padding)


def convolve(image, kernel, stride=1):
    rows, columns = (stride, stride) if type(stride) is int else stride
    kernel = kernel.astype(np.float64)
    return conv2d_matmul(
        image[None, ..., None], kernel[..., None, None], [1, rows, columns, 1], "VALID"
    ).squeeze((0, 3))


def apply_kernel(image, kernel, x, y):
    window = image[x:, y:][: kernel.shape[0], : kernel.shape[1]]
    return convolve(window, kernel)[0, 0]


def pad(image, rows, columns):
    result = np.r_[np.zeros((rows[0], image.shape[1])), image, np.zeros((rows[1], image.shape[1]))]
    result = np.c_[np.zeros((len(result), columns[0])), result, np.zeros((len(result), columns[1]))]
    return result.astype(image.dtype)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    places = indices(inputs, filters.shape[:2], strides, padding.upper())
    patches = np.take(pixels(inputs), places, axis=1).reshape(-1, filters[..., 0].size)
    flat = upstream.reshape(-1, filters.shape[3])
    d_filters = (patches.T @ flat).reshape(filters.shape)
    d_patches = (flat @ flatten_filters(filters).T).reshape(len(inputs), -1, inputs.shape[3])
    d_inputs = np.zeros(pixels(inputs).shape)
    np.add.at(d_inputs, (slice(None), places.ravel()), d_patches)
    return d_inputs[:, 1:].reshape(inputs.shape), d_filters
