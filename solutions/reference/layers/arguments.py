"""What the layers accept beyond the arguments of `conv2d`: data formats, dtypes, factors, input shapes."""

import math
from collections.abc import Sequence
from numbers import Real
from reprlib import repr as short
from typing import Any

import numpy as np

from solutions.reference.arguments import integer
from solutions.reference.shapes import DType, Shape

DATA_FORMATS = ("channels_last", "channels_first")
PADDINGS = ("valid", "same")
DTYPES = ("float32", "float64")


def one_of(name: str, value: object, choices: Sequence[str]) -> str:
    """Return the choice that `value` is, in any case; TypeError for no string, ValueError for another one."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(choices)}, but it is {short(value)}")
    if value.lower() not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, but it is {value!r}")
    return value.lower()


def data_format(value: str | None) -> str:
    """Return "channels_last", which None means too, or "channels_first"; any case is accepted, as in Keras."""
    return DATA_FORMATS[0] if value is None else one_of("data_format", value, DATA_FORMATS)


def dtype(value: Any) -> DType:
    """Return the NumPy dtype that a layer computes in: float32 or float64."""
    try:
        result = np.dtype(value)
    except TypeError:
        raise TypeError(f"dtype must be float32 or float64, but it is {short(value)}") from None
    if result.name not in DTYPES:
        raise ValueError(f"dtype must be float32 or float64, but it is {result.name}")
    return result


def factor(name: str, value: Any, minimum: float = 0.0, maximum: float = math.inf) -> float:
    """Return `value` as a float between the limits; NaN is not a number here."""
    if not _is_real(value):
        raise TypeError(f"{name} must be a number, but it is {short(value)} ({type(value).__name__})")
    if not minimum <= value <= maximum:
        limits = f"at least {minimum:g}" if maximum == math.inf else f"from {minimum:g} to {maximum:g}"
        raise ValueError(f"{name} must be {limits}, but it is {value}")
    return float(value)


def input_shape(value: object) -> Shape:
    """Return the shape of one input, without the batch, as a tuple of positive ints."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"input_shape must be a tuple such as (28, 28, 1), but it is {short(value)}")
    return tuple(integer(f"input_shape[{i}]", size, 1) for i, size in enumerate(value))


def image_shape(shape: Shape) -> Shape:
    """Return the shape of one image; ValueError, with the cure, where it has not three axes."""
    if len(shape) != 3:
        cure = "; give images without channels one, by images[..., np.newaxis]" if len(shape) == 2 else ""
        raise ValueError(f"an image must have 3 axes, as in (28, 28, 1), but its shape is {shape}{cure}")
    return shape


def channels_last(shape: Shape, format_: str) -> Shape:
    """Return the (height, width, channels) of one image in the given data format."""
    image_shape(shape)
    return shape if format_ == "channels_last" else (*shape[1:], shape[0])


def _is_real(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
