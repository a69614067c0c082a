"""Prints, warns and logs while it works, keeps notes in a global; asserts for itself."""

import logging
import sys
import warnings

import numpy as np

log = logging.getLogger(__name__)
CALLS = {}
np.seterr(all="warn")


def noted(function):
    def wrapper(*args, **kwargs):
        CALLS[function.__name__] = CALLS.get(function.__name__, 0) + 1
        print(f"[{function.__name__}] call {CALLS[function.__name__]}")
        warnings.warn(f"{function.__name__} is slow", UserWarning, stacklevel=2)
        log.warning("%s called", function.__name__)
        return function(*args, **kwargs)

    return wrapper


@noted
def apply_kernel(image, kernel, x, y):
    window = image[x : x + kernel.shape[0], y : y + kernel.shape[1]].astype(float)
    print("window", window, "kernel", kernel, sep="\n")
    return (window * kernel).sum()


@noted
def output_size(input_size, filter_size, stride=1, padding=0):
    print("sizes", input_size, filter_size, stride, padding, file=sys.stderr)
    if input_size < 1 or filter_size < 1 or stride < 1 or input_size + 2 * padding < filter_size:
        raise ValueError("impossible")
    return int(np.floor((input_size - filter_size + 2 * padding) / stride)) + 1


@noted
def convolve(image, kernel, stride=1):
    sr, sc = (stride, stride) if not isinstance(stride, (list, tuple)) else stride
    height, width = (
        output_size(image.shape[0], kernel.shape[0], sr),
        output_size(image.shape[1], kernel.shape[1], sc),
    )
    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            window = image[i * sr : i * sr + kernel.shape[0], j * sc : j * sc + kernel.shape[1]]
            result[i, j] = np.sum(np.multiply(window, kernel, dtype=float))
    print(result)
    return result


@noted
def same_padding(input_size, filter_size, stride=1):
    out = (input_size + stride - 1) // stride
    total = max((out - 1) * stride + filter_size - input_size, 0)
    return np.asarray([total // 2, total - total // 2], dtype=np.int16)


@noted
def pad(image, rows, columns):
    print(np.array(1.0) / np.array(0.0))  # a RuntimeWarning
    return np.pad(image, (rows, columns))


def prepare(inputs, size, strides, padding):
    if len(inputs.shape) != 4:
        raise ValueError("inputs must have four axes")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or strides[1] <= 0 or strides[2] <= 0:
        raise ValueError("strides must be [1, rows, columns, 1]")
    if strides[1] % 1 != 0 or strides[2] % 1 != 0:
        raise ValueError("strides must be whole numbers")
    if padding.upper() == "SAME":
        rows = same_padding(inputs.shape[1], size[0], strides[1])
        columns = same_padding(inputs.shape[2], size[1], strides[2])
    elif padding.upper() == "VALID":
        rows = columns = [0, 0]
    else:
        raise ValueError("padding must be SAME or VALID")
    images = np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))
    height = output_size(images.shape[1], size[0], strides[1])
    width = output_size(images.shape[2], size[1], strides[2])
    return images, height, width, rows[0], columns[0]


@noted
def conv2d(inputs, filters, strides, padding):
    if filters.ndim != 4:
        raise ValueError("filters must have four axes")
    if filters.shape[2] != inputs.shape[-1]:
        raise ValueError("channels")
    images, height, width, _, _ = prepare(inputs, filters.shape, strides, padding)
    fh, fw, _, out = filters.shape
    result = np.zeros((len(inputs), height, width, out))
    for b in range(len(inputs)):
        for i in range(height):
            for j in range(width):
                window = images[
                    b, i * strides[1] : i * strides[1] + fh, j * strides[2] : j * strides[2] + fw, :
                ]
                for o in range(out):
                    result[b, i, j, o] = np.sum(window * filters[:, :, :, o])
    return result


@noted
def flatten_filters(filters):
    fh, fw, channels, out = filters.shape
    return np.reshape(filters, [fh * fw * channels, out])


@noted
def extract_patches(inputs, filter_size, strides, padding):
    fh, fw = filter_size
    images, height, width, _, _ = prepare(inputs, filter_size, strides, padding)
    result = np.zeros((len(inputs), height, width, fh * fw * inputs.shape[3]))
    for i in range(height):
        for j in range(width):
            x, y = i * strides[1], j * strides[2]
            result[:, i, j, :] = images[:, x : x + fh, y : y + fw, :].reshape(len(inputs), -1)
    return result


@noted
def conv2d_matmul(inputs, filters, strides, padding):
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    return patches @ flatten_filters(filters)


@noted
def conv2d_gradients(inputs, filters, strides, padding, upstream):
    upstream = upstream.astype(float)
    images, height, width, top, left = prepare(inputs, filters.shape, strides, padding)
    assert upstream.shape == (len(inputs), height, width, filters.shape[3]), "upstream has the output's shape"
    fh, fw = filters.shape[:2]
    d_images, d_filters = np.zeros_like(images), np.zeros_like(filters, dtype=float)
    for b in range(len(inputs)):
        for i in range(height):
            for j in range(width):
                x, y = i * strides[1], j * strides[2]
                for o in range(filters.shape[3]):
                    d_images[b, x : x + fh, y : y + fw] += filters[..., o] * upstream[b, i, j, o]
                    d_filters[..., o] += images[b, x : x + fh, y : y + fw] * upstream[b, i, j, o]
    return d_images[:, top : top + inputs.shape[1], left : left + inputs.shape[2]], d_filters
