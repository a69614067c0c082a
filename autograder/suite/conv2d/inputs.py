"""Hidden inputs: seeded, asymmetric, never square, the same for every student."""

import numpy as np


def numbers(seed: int, *shape: int, dtype: str = "float64") -> np.ndarray:
    """Numbers without a pattern, from -1 to 1; from 0 to 255 for an integer dtype."""
    generator = np.random.default_rng(seed)
    if np.dtype(dtype).kind in "iu":
        return generator.integers(0, 256, shape).astype(dtype)
    return generator.uniform(-1.0, 1.0, shape).astype(dtype)
