"""Right functions for others to build on, in place of a student's wrong ones: see `Assignment.helpers`.

They answer as the text's own answers do where the task leaves a choice: whole numbers come back as floats, so that whoever
multiplies them need not think of overflow, and what is refused is refused with a ValueError.
"""

from collections.abc import Sequence

import numpy as np

from autograder.suite.conv2d.right import conv2d, conv2d_matmul, refuse_fractions
from solutions import reference
from solutions.reference import apply_kernel, convolve, output_size, same_padding

__all__ = [
    "apply_kernel",
    "conv2d",
    "conv2d_matmul",
    "convolve",
    "extract_patches",
    "flatten_filters",
    "output_size",
    "pad",
    "same_padding",
]

Pair = tuple[int, int]


def pad(image: np.ndarray, rows: Pair, columns: Pair) -> np.ndarray:
    """`reference.pad`, of floats."""
    return _floats(reference.pad(image, rows, columns))


def flatten_filters(filters: np.ndarray) -> np.ndarray:
    """`reference.flatten_filters`, of floats."""
    return _floats(reference.flatten_filters(filters))


def extract_patches(
    inputs: np.ndarray, filter_size: Pair, strides: Sequence[int], padding: str
) -> np.ndarray:
    """`reference.extract_patches` with a student's parameters, of floats."""
    refuse_fractions(strides)
    return _floats(reference.extract_patches(inputs, filter_size, strides, padding))


def _floats(array: np.ndarray) -> np.ndarray:
    return array if array.dtype.kind == "f" else array.astype(float)
