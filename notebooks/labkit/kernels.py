"""Kernels made by hand: edges, lines and waves in any direction, and a few that have none.

x counts rows downwards and y columns to the right, as everywhere in the kit; (0, 0) is the middle of the kernel.
"""

import numpy as np


def edge(degrees: float, size: int = 5) -> np.ndarray:
    """Return a kernel (size, size) that is positive towards one direction: 0 is right, 90 is up, 180 is left, 270 down.

    The sizes of its weights add up to 1, as for all kernels here that have a direction.
    """
    x, y = _places(size)
    angle = np.radians(degrees)
    return _balanced((y * np.cos(angle) - x * np.sin(angle)) * _fading(size, 4))


def line(degrees: float, size: int = 5) -> np.ndarray:
    """Return a kernel (size, size) with a positive line in one direction: 0 lies flat, 90 stands upright."""
    return _balanced((1 - _across(degrees, size) ** 2) * _fading(size, 4))


def gabor(
    degrees: float, phase: float, wavelength: float = 5.0, sigma: float = 2.0, size: int = 7
) -> np.ndarray:
    """Return a wave (size, size) in one direction that fades out: 0 lies flat, 90 stands upright.

    phase: in degrees, what is in the middle: 0 is a crest, 90 the slope between crest and trough.
    wavelength, sigma: in pixels, how wide the stripes are, and how far the kernel reaches.
    """
    wave = np.cos(2 * np.pi * _across(degrees, size) / wavelength - np.radians(phase))
    return _balanced(wave * _fading(size, 2 * sigma**2))


def copy(size: int = 5) -> np.ndarray:
    """Return a kernel (size, size) of a single 1 in the middle."""
    x, y = _places(size)
    return np.where((x == 0) & (y == 0), 1.0, 0.0)


def blur(size: int = 5) -> np.ndarray:
    """Return a hill (size, size) whose weights add up to 1."""
    hill = _fading(size, 2)
    return hill / hill.sum()


def _places(size: int) -> np.ndarray:
    """The places x and y of each weight, as two arrays (size, size)."""
    half = size // 2
    return np.mgrid[-half : size - half, -half : size - half]


def _across(degrees: float, size: int) -> np.ndarray:
    """How far each weight lies across a line of this direction through the middle."""
    x, y = _places(size)
    angle = np.radians(degrees)
    return y * np.sin(angle) + x * np.cos(angle)


def _fading(size: int, width: float) -> np.ndarray:
    x, y = _places(size)
    return np.exp(-(x**2 + y**2) / width)


def _balanced(kernel: np.ndarray) -> np.ndarray:
    """The kernel with the sum 0, so that a flat window gives 0, and with sizes of weights that add up to 1."""
    kernel = kernel - kernel.mean()
    return kernel / np.abs(kernel).sum()
