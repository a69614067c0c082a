"""Convolution by the fast Fourier transform, with the rounding that it brings."""

import numpy as np


def correlate(images, kernels, axes):
    """Full correlation along two axes at stride 1; the caller cuts out what it needs."""
    size = [images.shape[a] + kernels.shape[a] - 1 for a in axes]
    spectrum = np.fft.rfft2(images, size, axes=axes) * np.fft.rfft2(np.flip(kernels, axes), size, axes=axes)
    return np.fft.irfft2(spectrum, size, axes=axes)


def apply_kernel(image, kernel, x, y):
    return convolve(image, kernel)[x, y]


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1 or filter_size > input_size + 2 * padding:
        raise ValueError("no place for the filter")
    return 1 + (input_size - filter_size + 2 * padding) // stride


def convolve(image, kernel, stride=1):
    rows, columns = stride if np.size(stride) == 2 else (stride, stride)
    full = correlate(image.astype(float), kernel.astype(float), (0, 1))
    h, w = kernel.shape
    return full[h - 1 : image.shape[0] : rows, w - 1 : image.shape[1] : columns]


def same_padding(input_size, filter_size, stride=1):
    total = max((-(-input_size // stride) - 1) * stride + filter_size - input_size, 0)
    return total // 2, (total + 1) // 2


def pad(image, rows, columns):
    return np.pad(image, (tuple(rows), tuple(columns)))


def check(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("rank")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels")
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding")
    if len(strides) != 4 or (strides[0], strides[3]) != (1, 1) or min(strides[1:3]) < 1:
        raise ValueError("strides")
    if any(stride != round(stride) for stride in strides):
        raise ValueError("strides of fractions")


def amounts(inputs, size, strides, padding):
    if padding.upper() == "VALID":
        for axis in (0, 1):
            output_size(inputs.shape[1 + axis], size[axis])
        return (0, 0), (0, 0)
    return (
        same_padding(inputs.shape[1], size[0], strides[1]),
        same_padding(inputs.shape[2], size[1], strides[2]),
    )


def conv2d(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    fh, fw = filters.shape[:2]
    rows, columns = amounts(inputs, (fh, fw), strides, padding)
    images = np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))
    size = (images.shape[1] + fh - 1, images.shape[2] + fw - 1)
    a = np.fft.rfft2(images, size, axes=(1, 2))
    k = np.fft.rfft2(filters[::-1, ::-1].astype(float), size, axes=(0, 1))
    full = np.fft.irfft2(np.einsum("bxyc,xyco->bxyo", a, k, optimize=True), size, axes=(1, 2))
    return full[:, fh - 1 : images.shape[1] : strides[1], fw - 1 : images.shape[2] : strides[2]]


def flatten_filters(filters):
    return filters.reshape(-1, filters.shape[3]).copy()


def extract_patches(inputs, filter_size, strides, padding):
    """Patches are a convolution with filters that each pick one number; rounded back for whole numbers."""
    fh, fw, channels = *filter_size, inputs.shape[3]
    pick = np.eye(fh * fw * channels).reshape(fh, fw, channels, -1)
    return conv2d(inputs, pick, strides, padding)


def conv2d_matmul(inputs, filters, strides, padding):
    check(inputs, filters, strides, padding)
    rows, columns = amounts(inputs, filters.shape[:2], strides, padding)
    images = np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(images, filters.shape[:2], axis=(1, 2))
    view = view[:, :: strides[1], :: strides[2]].transpose(0, 1, 2, 4, 5, 3)
    product = view.reshape(-1, filters[..., 0].size) @ flatten_filters(filters)
    return product.reshape(*view.shape[:3], -1)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    fh, fw = filters.shape[:2]
    rows, columns = amounts(inputs, (fh, fw), strides, padding)
    images = np.pad(inputs, ((0, 0), rows, columns, (0, 0)))
    height, width = images.shape[1:3]
    # upstream with zeros between its numbers: the gradient at stride 1
    spread = np.zeros((len(inputs), height - fh + 1, width - fw + 1, filters.shape[3]))
    spread[:, :: strides[1], :: strides[2]] = upstream
    size = (height, width)
    a, u = np.fft.rfft2(images, size, axes=(1, 2)), np.fft.rfft2(spread, size, axes=(1, 2))
    k = np.fft.rfft2(filters, size, axes=(0, 1))
    d_images = np.fft.irfft2(np.einsum("bxyo,xyco->bxyc", u, k), size, axes=(1, 2))
    d_filters = np.fft.irfft2(np.einsum("bxyc,bxyo->xyco", a, u.conj()), size, axes=(0, 1))[:fh, :fw]
    top, left = rows[0], columns[0]
    return d_images[:, top : top + inputs.shape[1], left : left + inputs.shape[2]], d_filters
