"""A `conv2d` for the labs until the student's own is right, by a road that the assignment does not take."""

import numpy as np


def conv2d(inputs, filters, strides, padding):
    """Return what the assignment's `conv2d` must return, as a product of spectra (np.fft), in float64."""
    sizes, lengths = inputs.shape[1:3], filters.shape[:2]
    periods = [size + length - 1 for size, length in zip(sizes, lengths, strict=True)]
    spectra = np.fft.rfft2(inputs, periods, axes=(1, 2))
    answers = np.conj(np.fft.rfft2(filters, periods, axes=(0, 1)))
    everywhere = np.fft.irfft2(np.einsum("nxyi,xyio->nxyo", spectra, answers), periods, axes=(1, 2))
    rows, columns = (
        window_starts(*along, padding) for along in zip(sizes, lengths, strides[1:3], strict=True)
    )
    # A window that starts before the picture stands at the end of the period.
    return everywhere[:, rows % periods[0]][:, :, columns % periods[1]]


def window_starts(size, length, stride, padding):
    """Return where the windows start along one axis; 0 is the picture's first pixel."""
    if padding.upper() == "VALID":
        return np.arange(0, size - length + 1, stride)
    starts = np.arange(0, size, stride)
    return starts - max(starts[-1] + length - size, 0) // 2
