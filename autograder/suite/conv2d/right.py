"""The right functions as the assignment's text wants them, where the reference does otherwise."""

from collections.abc import Sequence

import numpy as np

from solutions import reference

Strides = Sequence[int]


def refuse_fractions(strides: Sequence[float]) -> None:
    """A stride of 1.5 is a ValueError to students; the reference, as libraries do, calls it a TypeError."""
    if any(stride != int(stride) for stride in strides):
        raise ValueError("strides are whole numbers")


def conv2d(inputs: np.ndarray, filters: np.ndarray, strides: Strides, padding: str) -> np.ndarray:
    """`reference.conv2d` with a student's parameters, and one batch axis: the reference, as TensorFlow does, takes any number."""
    refuse_fractions(strides)
    if np.ndim(inputs) != 4:
        raise ValueError("inputs have four axes")
    return reference.conv2d(inputs, filters, strides, padding)


def conv2d_matmul(inputs: np.ndarray, filters: np.ndarray, strides: Strides, padding: str) -> np.ndarray:
    """`reference.conv2d_matmul` with a student's parameters."""
    refuse_fractions(strides)
    return reference.conv2d_matmul(inputs, filters, strides, padding)
