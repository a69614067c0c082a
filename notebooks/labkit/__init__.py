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
from notebooks.labkit.learning import draw_losses, draw_steps, draw_strongest
from notebooks.labkit.matrices import draw_layer, draw_matrices
from notebooks.labkit.networks import confusion, draw_confusion, draw_curves, draw_strongest_kernels
from notebooks.labkit.own import own_functions
from notebooks.labkit.pace import FAST, how_many, slowness
from notebooks.labkit.questions import predict
from notebooks.labkit.standins import stand_in

__all__ = [
    "FAST",
    "confusion",
    "draw_before_after",
    "draw_confusion",
    "draw_curves",
    "draw_images",
    "draw_kernels",
    "draw_layer",
    "draw_losses",
    "draw_matrices",
    "draw_one_filter",
    "draw_responses",
    "draw_steps",
    "draw_strongest",
    "draw_strongest_kernels",
    "draw_windows",
    "how_many",
    "own_functions",
    "predict",
    "show",
    "slowness",
    "stand_in",
]
