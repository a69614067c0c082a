"""Where windows start along one axis of a picture, and how many zeros lie around it."""

from __future__ import annotations

import numpy as np


def zeros_around(size: int, length: int, stride: int, padding: str | int) -> tuple[int, int]:
    """Return the zeros (before, after) `size` pixels under windows of `length`.

    `padding` is "VALID", "SAME" (one window for every stride begun) or a number of zeros on either side.
    """
    if padding == "SAME":
        starts = np.arange(0, size, stride)
        starts -= max(starts[-1] + length - size, 0) // 2  # half of what the last window lacks, rounded down
        return int(-starts[0]), max(int(starts[-1]) + length - size, 0)
    count = 0 if padding == "VALID" else padding
    return count, count


def window_starts(size: int, length: int, stride: int, zeros: tuple[int, int]) -> np.ndarray:
    """Return where the windows start; 0 is the first pixel, `zeros` are those (before, after) the pixels."""
    before, after = zeros
    return np.arange(-before, size + after - length + 1, stride)
