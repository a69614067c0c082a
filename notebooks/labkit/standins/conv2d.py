"""Stand-ins for the functions of the assignment conv2d.

They take a road that the assignment does not take: a product of spectra (np.fft), and what follows from it.
All compute in float64 and check nothing.
"""

from collections.abc import Sequence

import numpy as np

from notebooks.labkit.geometry import window_starts, zeros_around

ONE = [1, 1, 1, 1]


def conv2d(inputs: np.ndarray, filters: np.ndarray, strides: Sequence[int], padding: str) -> np.ndarray:
    """Return what the assignment's `conv2d` must return."""
    periods, rows, columns = _grid(inputs, filters, strides, padding)
    spectra = np.fft.rfft2(inputs, periods, axes=(1, 2))
    answers = np.conj(np.fft.rfft2(filters, periods, axes=(0, 1)))
    everywhere = np.fft.irfft2(np.einsum("nxyi,xyio->nxyo", spectra, answers), periods, axes=(1, 2))
    return everywhere[:, rows][:, :, columns]


def conv2d_gradients(
    inputs: np.ndarray, filters: np.ndarray, strides: Sequence[int], padding: str, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the assignment's `conv2d_gradients` must return."""
    periods, rows, columns = _grid(inputs, filters, strides, padding)
    placed = np.zeros((len(inputs), *periods, filters.shape[3]))
    placed[:, rows[:, None], columns] = upstream
    weights = np.fft.rfft2(placed, periods, axes=(1, 2))
    answers = np.fft.rfft2(filters, periods, axes=(0, 1))
    spectra = np.fft.rfft2(inputs, periods, axes=(1, 2))
    d_inputs = np.fft.irfft2(np.einsum("nxyo,xyio->nxyi", weights, answers), periods, axes=(1, 2))
    d_filters = np.fft.irfft2(np.einsum("nxyi,nxyo->xyio", spectra, weights.conj()), periods, axes=(0, 1))
    (height, width), (tall, wide) = inputs.shape[1:3], filters.shape[:2]
    return d_inputs[:, :height, :width], d_filters[:tall, :wide]


def convolve(image: np.ndarray, kernel: np.ndarray, stride: int | tuple[int, int] = 1) -> np.ndarray:
    """Return what the assignment's `convolve` must return."""
    strides = [1, *(stride if np.ndim(stride) else (stride, stride)), 1]
    planes = np.asarray(image)[None, :, :, None], np.asarray(kernel)[:, :, None, None]
    return conv2d(*planes, strides, "VALID")[0, :, :, 0]


def apply_kernel(image: np.ndarray, kernel: np.ndarray, x: int, y: int) -> float:
    """Return what the assignment's `apply_kernel` must return."""
    return convolve(image, kernel)[x, y]


def output_size(input_size: int, filter_size: int, stride: int = 1, padding: int = 0) -> int:
    """Return how many numbers `convolve` gives for a column of ones; ValueError where it gives none."""
    column, kernel = np.ones((input_size + 2 * padding, 1)), np.ones((filter_size, 1))
    size = len(convolve(column, kernel, stride))
    if size < 1:
        raise ValueError(f"a filter of {filter_size} does not fit into {len(column)}")
    return size


def same_padding(input_size: int, filter_size: int, stride: int = 1) -> tuple[int, int]:
    """Return what the assignment's `same_padding` must return."""
    return zeros_around(input_size, filter_size, stride, "SAME")


def pad(image: np.ndarray, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    """Return the image between two matrices that move its rows and its columns."""
    image = np.asarray(image)
    moves = [
        np.eye(before + size + after, size, -before, dtype=image.dtype)
        for size, (before, after) in zip(image.shape, (rows, columns), strict=True)
    ]
    return moves[0] @ image @ moves[1].T


def flatten_filters(filters: np.ndarray) -> np.ndarray:
    """Return what each filter answers to a picture with a single 1: its weight at that place."""
    places = np.prod(filters.shape[:3])
    return conv2d(np.eye(places).reshape(places, *filters.shape[:3]), filters, ONE, "VALID")[:, 0, 0]


def extract_patches(
    inputs: np.ndarray, filter_size: tuple[int, int], strides: Sequence[int], padding: str
) -> np.ndarray:
    """Return what filters with a single 1 answer: the pixel that lies under it."""
    shape = (*filter_size, inputs.shape[3])
    return conv2d(inputs, np.eye(np.prod(shape)).reshape(*shape, -1), strides, padding)


conv2d_matmul = conv2d


def _grid(
    inputs: np.ndarray, filters: np.ndarray, strides: Sequence[int], padding: str
) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Return the period along each axis, and where in it the windows start.

    A period holds picture and filter side by side, so that neither meets its own repetition; a window that
    starts before the picture stands at the end of the period.
    """
    sizes, lengths = inputs.shape[1:3], filters.shape[:2]
    periods = [size + length - 1 for size, length in zip(sizes, lengths, strict=True)]
    axes = list(zip(sizes, lengths, strides[1:3], strict=True))
    starts = [window_starts(*axis, zeros_around(*axis, padding.upper())) for axis in axes]
    rows, columns = (start % period for start, period in zip(starts, periods, strict=True))
    return periods, rows, columns
