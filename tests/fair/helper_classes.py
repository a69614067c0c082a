"""Classes that hold the geometry, with type annotations; computed window by window with broadcasting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Padding(Enum):
    SAME = "SAME"
    VALID = "VALID"

    @classmethod
    def parse(cls, text: str) -> Padding:
        return cls(text.upper())  # ValueError for anything else


class Amounts(NamedTuple):
    before: int
    after: int


@dataclass(frozen=True)
class Axis:
    """One axis of the image."""

    size: int
    window: int
    stride: int = 1

    def __post_init__(self) -> None:
        if self.size < 1 or self.window < 1 or self.stride < 1:
            raise ValueError(f"{self} is impossible")

    def amounts(self, padding: Padding) -> Amounts:
        if padding is Padding.VALID:
            return Amounts(0, 0)
        wanted = -(-self.size // self.stride)
        total = max(0, (wanted - 1) * self.stride + self.window - self.size)
        return Amounts(total // 2, total - total // 2)

    def positions(self, extra: int = 0) -> range:
        room = self.size + extra - self.window
        if room < 0:
            raise ValueError(f"{self} does not fit")
        return range(0, room + 1, self.stride)


class Layer:
    """The geometry of one convolution."""

    def __init__(self, inputs: np.ndarray, size: tuple[int, int], strides: list[int], padding: str):
        if inputs.ndim != 4:
            raise ValueError("inputs must be a batch")
        if len(strides) != 4 or strides[0] != 1 or strides[3] != 1:
            raise ValueError("strides")
        if any(int(stride) != stride for stride in strides):
            raise ValueError("strides of fractions")
        rule = Padding.parse(padding)
        self.axes = [Axis(inputs.shape[i + 1], size[i], strides[i + 1]) for i in (0, 1)]
        self.zeros = [axis.amounts(rule) for axis in self.axes]
        self.images: Array = np.pad(inputs.astype(np.float64), ((0, 0), *self.zeros, (0, 0)))
        self.positions = [a.positions(sum(z)) for a, z in zip(self.axes, self.zeros, strict=True)]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.images), len(self.positions[0]), len(self.positions[1])

    def windows(self, images: Array) -> Iterator[tuple[int, int, Array]]:
        for i, x in enumerate(self.positions[0]):
            for j, y in enumerate(self.positions[1]):
                yield i, j, images[:, x : x + self.axes[0].window, y : y + self.axes[1].window]

    def crop(self, images: Array) -> Array:
        (top, _), (left, _) = self.zeros
        return images[:, top : top + self.axes[0].size, left : left + self.axes[1].size]


def apply_kernel(image: np.ndarray, kernel: np.ndarray, x: int, y: int) -> np.ndarray:
    return np.array(
        (image[x : x + kernel.shape[0], y : y + kernel.shape[1]] * kernel.astype(float)).sum()
    )  # 0-d


def output_size(input_size: int, filter_size: int, stride: int = 1, padding: int = 0) -> int:
    return len(Axis(input_size, filter_size, stride).positions(2 * padding))


def convolve(image: np.ndarray, kernel: np.ndarray, stride: int | tuple[int, int] = 1) -> Array:
    steps = [stride] * 2 if isinstance(stride, int) else list(stride)
    return conv2d(image[None, :, :, None], kernel[:, :, None, None], [1, *steps, 1], "VALID")[0, :, :, 0]


def same_padding(input_size: int, filter_size: int, stride: int = 1) -> Amounts:
    return tuple(Axis(input_size, filter_size, stride).amounts(Padding.SAME))


def pad(image: np.ndarray, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    return np.pad(image, (rows, columns))


def check(inputs: np.ndarray, filters: np.ndarray) -> None:
    if filters.ndim != 4 or inputs.shape[-1] != filters.shape[2]:
        raise ValueError("filters do not belong to these inputs")


def conv2d(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> Array:
    check(inputs, filters)
    layer = Layer(inputs, filters.shape[:2], strides, padding)
    output = np.empty((*layer.shape, filters.shape[3]))
    for i, j, window in layer.windows(layer.images):
        output[:, i, j] = (window[..., None] * filters).sum(axis=(1, 2, 3))
    return output


def flatten_filters(filters: np.ndarray) -> np.ndarray:
    return filters.reshape(int(np.prod(filters.shape[:3])), filters.shape[3])


def extract_patches(
    inputs: np.ndarray, filter_size: tuple[int, int], strides: list[int], padding: str
) -> Array:
    layer = Layer(inputs, filter_size, strides, padding)
    output = np.empty((*layer.shape, filter_size[0] * filter_size[1] * inputs.shape[3]))
    for i, j, window in layer.windows(layer.images):
        output[:, i, j] = window.reshape(len(inputs), -1)
    return output


def conv2d_matmul(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> Array:
    check(inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    return np.matmul(patches, flatten_filters(filters))


def conv2d_gradients(
    inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str, upstream: np.ndarray
) -> tuple[Array, Array]:
    upstream = upstream.astype(float)
    layer = Layer(inputs, filters.shape[:2], strides, padding)
    d_images, d_filters = np.zeros_like(layer.images), np.zeros(filters.shape)
    both = zip(layer.windows(layer.images), layer.windows(d_images), strict=True)
    for (i, j, window), (_, _, d_window) in both:
        d_window += np.einsum("bo,mnco->bmnc", upstream[:, i, j], filters)
        d_filters += np.einsum("bo,bmnc->mnco", upstream[:, i, j], window)
    return layer.crop(d_images), d_filters
