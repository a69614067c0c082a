"""A careful programmer: refuses whatever the text does not promise, by type and by value, before anything is computed."""

from numbers import Integral, Real

import numpy as np


def demand(fine, error, message):
    if not fine:
        raise error(message)


def whole(value, name, least):
    """An int of at least `least`. True is an int for Python, but no size."""
    demand(isinstance(value, Real) and not isinstance(value, bool), TypeError, f"{name}: no number")
    demand(isinstance(value, Integral), ValueError, f"{name}: no integer")
    demand(value >= least, ValueError, f"{name}: {value} is below {least}")
    return int(value)


def two(value, name, least):
    demand(isinstance(value, (tuple, list)), TypeError, f"{name}: neither tuple nor list")
    demand(len(value) == 2, ValueError, f"{name}: not two numbers")
    return whole(value[0], name, least), whole(value[1], name, least)


def floats(array, name, rank):
    demand(type(array) is np.ndarray, TypeError, f"{name}: no array")
    demand(array.dtype.kind in "fiu", TypeError, f"{name}: no numbers")
    demand(array.ndim == rank, ValueError, f"{name}: {array.ndim} axes instead of {rank}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def output_size(input_size, filter_size, stride=1, padding=0):
    room = whole(input_size, "input_size", 1) + 2 * whole(padding, "padding", 0)
    room -= whole(filter_size, "filter_size", 1)
    demand(room >= 0, ValueError, "the filter is larger than the padded input")
    return 1 + room // whole(stride, "stride", 1)


def same_padding(input_size, filter_size, stride=1):
    size, stride = whole(input_size, "input_size", 1), whole(stride, "stride", 1)
    last = (size - 1) // stride * stride  # where the last window begins, before any zeros
    total = max(last + whole(filter_size, "filter_size", 1) - size, 0)
    return total // 2, (total + 1) // 2


def pad(image, rows, columns):
    floats(image, "image", 2)
    (above, below), (left, right) = two(rows, "rows", 0), two(columns, "columns", 0)
    wide = np.hstack(
        [np.zeros((len(image), left), image.dtype), image, np.zeros((len(image), right), image.dtype)]
    )
    return np.vstack(
        [np.zeros((above, wide.shape[1]), image.dtype), wide, np.zeros((below, wide.shape[1]), image.dtype)]
    )


def apply_kernel(image, kernel, x, y):
    image, kernel = floats(image, "image", 2), floats(kernel, "kernel", 2)
    window = image[whole(x, "x", 0) :][: len(kernel), whole(y, "y", 0) :][:, : kernel.shape[1]]
    demand(window.shape == kernel.shape, ValueError, "the window is not inside the image")
    return float(np.einsum("mn,mn", window, kernel))


def convolve(image, kernel, stride=1):
    image, kernel = floats(image, "image", 2), floats(kernel, "kernel", 2)
    steps = (
        two(stride, "stride", 1) if isinstance(stride, (tuple, list)) else (whole(stride, "stride", 1),) * 2
    )
    sizes = tuple(map(output_size, image.shape, kernel.shape, steps))
    result = np.zeros(sizes)
    for place, weight in np.ndenumerate(kernel):
        result += weight * image[met(place, sizes, steps)]
    return result


def met(place, sizes, steps):
    """Along rows and columns, the pixels that the kernel's value at `place` meets, one for each position."""
    return tuple(
        slice(p, p + (size - 1) * step + 1, step) for p, size, step in zip(place, sizes, steps, strict=True)
    )


def layout(inputs, filter_size, strides, padding):
    """The zeros around the images, and the steps; refuses what conv2d does not know."""
    demand(isinstance(strides, (tuple, list)), TypeError, "strides: neither tuple nor list")
    demand(len(strides) == 4, ValueError, "strides: not four numbers")
    outer, rows, columns, inner = (whole(stride, "strides", 1) for stride in strides)
    demand(outer == inner == 1, ValueError, "strides: batch and channels are not stepped over")
    demand(isinstance(padding, str), TypeError, "padding: no text")
    demand(padding.upper() in ("SAME", "VALID"), ValueError, f"padding: {padding}")
    sizes = inputs.shape[1:3]
    if padding.upper() == "SAME":
        return tuple(map(same_padding, sizes, filter_size, (rows, columns))), (rows, columns)
    demand(
        all(f <= size for f, size in zip(filter_size, sizes, strict=True)),
        ValueError,
        "the filter is larger than the image",
    )
    return ((0, 0), (0, 0)), (rows, columns)


def in_agreement(inputs, filters):
    inputs, filters = floats(inputs, "inputs", 4), floats(filters, "filters", 4)
    demand(inputs.shape[3] == filters.shape[2], ValueError, "inputs and filters differ in channels")
    return inputs, filters


def extract_patches(inputs, filter_size, strides, padding):
    floats(inputs, "inputs", 4)
    size = two(filter_size, "filter_size", 1)
    zeros, steps = layout(inputs, size, strides, padding)
    padded = np.pad(inputs, ((0, 0), *zeros, (0, 0)))
    sizes = tuple(map(output_size, padded.shape[1:3], size, steps))
    # All patches' first pixel, then all their second one, and so on.
    pixels = [padded[(slice(None), *met(place, sizes, steps))] for place in np.ndindex(size)]
    return np.concatenate(pixels, axis=3)


def flatten_filters(filters):
    floats(filters, "filters", 4)
    return np.stack([filters[..., each].ravel() for each in range(filters.shape[3])], axis=1)


def conv2d_matmul(inputs, filters, strides, padding):
    inputs, filters = in_agreement(inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    product = patches.reshape(-1, patches.shape[3]) @ flatten_filters(filters)
    return product.reshape(*patches.shape[:3], filters.shape[3])


def conv2d(inputs, filters, strides, padding):
    return conv2d_matmul(inputs, filters, strides, padding)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    inputs, filters = in_agreement(inputs, filters)
    upstream = floats(upstream, "upstream", 4)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    demand(
        upstream.shape == (*patches.shape[:3], filters.shape[3]), ValueError, "upstream: not conv2d's shape"
    )
    d_filters = np.einsum("bxyp,bxyo->po", patches, upstream).reshape(filters.shape)
    zeros, steps = layout(inputs, filters.shape[:2], strides, padding)
    d_padded = np.zeros(np.pad(inputs, ((0, 0), *zeros, (0, 0))).shape)
    for place in np.ndindex(filters.shape[:2]):
        d_padded[(slice(None), *met(place, upstream.shape[1:3], steps))] += upstream @ filters[place].T
    (above, below), (left, right) = zeros
    rows, columns = d_padded.shape[1:3]
    return d_padded[:, above : rows - below, left : columns - right], d_filters
