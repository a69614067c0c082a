"""What the labs share: the student's own functions, and pictures that everybody can read."""

from notebooks.labkit.figures import (
    draw_before_after,
    draw_images,
    draw_kernels,
    draw_one_filter,
    draw_responses,
    draw_windows,
    show,
)
from notebooks.labkit.own import own_functions

__all__ = [
    "draw_before_after",
    "draw_images",
    "draw_kernels",
    "draw_one_filter",
    "draw_responses",
    "draw_windows",
    "own_functions",
    "show",
]
