"""Each function is a right conv2d_matmul for strides of 1 and VALID, without a loop over windows."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def shape_of(inputs, filters):
    """The output's shape."""
    rows, columns = np.subtract(inputs.shape[1:3], filters.shape[:2]) + 1
    return len(inputs), rows, columns, filters.shape[3]


def windows_of(inputs, filters):
    """A view, [batch, row, column, filter row, filter column, channel]."""
    view = sliding_window_view(inputs, filters.shape[:2], axis=(1, 2))
    return view.transpose(0, 1, 2, 4, 5, 3)


def taps_of(inputs, filters):
    """Each place of the filter with what it meets in all images at once."""
    _, height, width, _ = shape_of(inputs, filters)
    for m, n in np.ndindex(filters.shape[:2]):
        yield inputs[:, m : m + height, n : n + width], filters[m, n]


def im2col(inputs, filters, strides, padding):
    patches = windows_of(inputs, filters).reshape(-1, filters[..., 0].size)
    return (patches @ filters.reshape(-1, filters.shape[3])).reshape(*shape_of(inputs, filters)[:3], -1)


def im2col_in_float64(inputs, filters, strides, padding):
    return im2col(inputs.astype(float), filters.astype(float), strides, padding)


def strided_view(inputs, filters, strides, padding):
    b, x, y, c = inputs.strides
    shape = (*shape_of(inputs, filters)[:3], *filters.shape[:3])
    patches = as_strided(inputs, shape, (b, x, y, x, y, c)).reshape(*shape_of(inputs, filters)[:3], -1)
    return patches @ filters.reshape(-1, filters.shape[3])


def patches_by_taps(inputs, filters, strides, padding):
    patches = np.concatenate([met for met, _ in taps_of(inputs, filters)], axis=3)
    return np.dot(patches, filters.reshape(-1, filters.shape[3]))


def patches_by_index(inputs, filters, strides, padding):
    _, height, width, _ = shape_of(inputs, filters)
    rows = np.arange(height)[:, None] + np.arange(filters.shape[0])
    columns = np.arange(width)[:, None] + np.arange(filters.shape[1])
    patches = inputs[:, rows[:, None, :, None], columns[None, :, None, :]]
    return patches.reshape(*shape_of(inputs, filters)[:3], -1) @ filters.reshape(-1, filters.shape[3])


def patches_by_take(inputs, filters, strides, padding):
    places = np.arange(inputs[0, ..., 0].size).reshape(inputs.shape[1:3])
    places = sliding_window_view(places, filters.shape[:2])
    patches = np.take(inputs.reshape(len(inputs), -1, inputs.shape[3]), places, axis=1)
    return patches.reshape(*shape_of(inputs, filters)[:3], -1) @ filters.reshape(-1, filters.shape[3])


def sum_over_taps(inputs, filters, strides, padding):
    return sum(met @ weights for met, weights in taps_of(inputs, filters))


def sum_over_taps_by_broadcasting(inputs, filters, strides, padding):
    output = np.zeros(shape_of(inputs, filters))
    for met, weights in taps_of(inputs, filters):
        for channel in range(filters.shape[2]):
            output += met[..., channel, None] * weights[channel]
    return output


def sum_over_taps_by_einsum(inputs, filters, strides, padding):
    return sum(np.einsum("bxyc,co->bxyo", met, weights) for met, weights in taps_of(inputs, filters))


def einsum(inputs, filters, strides, padding):
    return np.einsum("bxymnc,mnco->bxyo", windows_of(inputs, filters), filters)


def einsum_optimized(inputs, filters, strides, padding):
    return np.einsum("bxymnc,mnco->bxyo", windows_of(inputs, filters), filters, optimize=True)


def tensordot(inputs, filters, strides, padding):
    return np.tensordot(windows_of(inputs, filters), filters, axes=3)


def one_filter_at_a_time(inputs, filters, strides, padding):
    windows = windows_of(inputs, filters)
    each = [(windows * filters[..., o]).sum(axis=(3, 4, 5)) for o in range(filters.shape[3])]
    return np.stack(each, axis=3)


def fourier(inputs, filters, strides, padding):
    _, height, width, _ = shape_of(inputs, filters)
    size = inputs.shape[1:3]
    spectrum = np.fft.rfft2(inputs, axes=(1, 2))
    kernels = np.fft.rfft2(filters[::-1, ::-1], size, axes=(0, 1))
    product = np.einsum("bxyc,xyco->bxyo", spectrum, kernels)
    output = np.fft.irfft2(product, size, axes=(1, 2))
    return output[:, filters.shape[0] - 1 :, filters.shape[1] - 1 :][:, :height, :width]


def fourier_of_complex_numbers(inputs, filters, strides, padding):
    _, height, width, _ = shape_of(inputs, filters)
    size = [length + more - 1 for length, more in zip(inputs.shape[1:3], filters.shape, strict=False)]
    spectrum = np.fft.fft2(inputs, size, axes=(1, 2))
    kernels = np.fft.fft2(filters[::-1, ::-1], size, axes=(0, 1))
    output = np.fft.ifft2((spectrum[..., None] * kernels[None]).sum(axis=3), axes=(1, 2)).real
    return output[:, filters.shape[0] - 1 :, filters.shape[1] - 1 :][:, :height, :width]


def one_row_at_a_time(inputs, filters, strides, padding):
    matrix = filters.reshape(-1, filters.shape[3])
    output = np.zeros(shape_of(inputs, filters))
    windows = windows_of(inputs, filters)
    for x in range(output.shape[1]):
        output[:, x] = (
            windows[:, x].reshape(-1, len(matrix)).dot(matrix).reshape(len(inputs), -1, matrix.shape[1])
        )
    return output


STYLES = (
    *(im2col, im2col_in_float64, strided_view, patches_by_taps, patches_by_index, patches_by_take),
    *(sum_over_taps, sum_over_taps_by_broadcasting, sum_over_taps_by_einsum, einsum, einsum_optimized),
    *(tensordot, one_filter_at_a_time, fourier, fourier_of_complex_numbers, one_row_at_a_time),
)
