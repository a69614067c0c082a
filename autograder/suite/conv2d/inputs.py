"""Hidden inputs: seeded, asymmetric, never square, the same for every student."""

import numpy as np

from solutions import reference
from solutions.source.conv2d.checks import Geometry


def numbers(seed: int, *shape: int, dtype: str = "float64") -> np.ndarray:
    """Numbers without a pattern, from -1 to 1; from 0 to 255 for an integer dtype."""
    generator = np.random.default_rng(seed)
    if np.dtype(dtype).kind in "iu":
        return generator.integers(0, 256, shape).astype(dtype)
    return generator.uniform(-1.0, 1.0, shape).astype(dtype)


def geometry(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> Geometry:
    """What a message needs to explain a wrong shape or to name a window of conv2d."""
    image, window, steps = inputs.shape[1:3], filters.shape[:2], tuple(strides[1:3])
    before = None
    if padding.upper() == "SAME":
        sizes = zip(image, window, steps, strict=True)
        before = tuple(reference.same_padding(*size)[0] for size in sizes)
    return Geometry(image, window, steps, padding.upper(), before)
