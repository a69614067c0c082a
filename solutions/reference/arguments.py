"""What the reference accepts: each kind of argument is checked here, once, in the same words everywhere."""

import operator
from collections.abc import Sequence
from reprlib import repr as short
from typing import Any, TypeGuard

import numpy as np

from solutions.reference.shapes import Array, DType, Filters, Images, Pair, Plane, Shape, Zeros, two

PLANE = "[rows, columns]"
IMAGES = "[batch, height, width, channels]"
BATCHES = {"NHWC": "[..., height, width, channels]", "NCHW": "[..., channels, height, width]"}
FILTERS = "[height, width, in_channels, out_channels]"

# For each order of the images' axes: where rows and columns are, and TensorFlow's lists along the four axes.
PLANE_AXES = {"NHWC": (1, 2), "NCHW": (2, 3)}
LISTS = {"NHWC": "[1, rows, columns, 1]", "NCHW": "[1, 1, rows, columns]"}
PADDINGS = {
    "NHWC": "[[0, 0], [above, below], [left, right], [0, 0]]",
    "NCHW": "[[0, 0], [0, 0], [above, below], [left, right]]",
}


def integer(name: str, value: Any, minimum: int) -> int:
    """Return `value` as a Python int of at least `minimum`; NumPy's integers are welcome, bools are not."""
    if type(value) is int and value >= minimum:  # nearly always: an answer without delay
        return value
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, but it is {short(value)} ({_type(value)})") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, but it is {number}")
    return number


def thread_count(name: str, value: object) -> int | None:
    """Return a number of threads, at least 1; None, which leaves it to the engine, stays None."""
    return None if value is None else integer(name, value, 1)


def pair(name: str, value: object, minimum: int, form: str = "a pair (rows, columns)") -> Pair:
    """Return the two integers of a tuple, a list or an array, each at least `minimum`."""
    if not _is_sequence(value):
        raise TypeError(f"{name} must be {form}, but it is {short(value)} ({_type(value)})")
    if len(value) != 2:
        raise ValueError(f"{name} must be {form}, but it is {short(value)}")
    return two(integer(f"{name}[{i}]", entry, minimum) for i, entry in enumerate(value))


def plane_stride(name: str, value: object, form: str = "an int or a pair (rows, columns)") -> Pair:
    """Return the strides (rows, columns) of an int, which counts for both, or of a pair."""
    if isinstance(value, (int, np.integer)):
        return (integer(name, value, 1),) * 2
    return pair(name, value, 1, form)


def batch_strides(name: str, value: object, data_format: str = "NHWC") -> Pair:
    """Return (rows, columns) of an int, a pair, or TensorFlow's list of four, which has a 1 for batch and channels.

    The list is `[1, rows, columns, 1]`, or `[1, 1, rows, columns]` for NCHW. Dilations take the same forms.
    """
    if type(value) is int and value >= 1:  # as in `integer`
        return value, value
    if not (_is_sequence(value) and len(value) == 4):
        return plane_stride(name, value, f"an int, a pair (rows, columns) or a list {LISTS[data_format]}")
    entries = [integer(f"{name}[{i}]", v, 1) for i, v in enumerate(value)]
    plane = PLANE_AXES[data_format]
    if any(entry != 1 for axis, entry in enumerate(entries) if axis not in plane):
        raise ValueError(
            f"{name} must be 1 along batch and channels, as in {LISTS[data_format]}, but it is {short(value)}"
        )
    return two(entries[axis] for axis in plane)


def padding_rule(name: str, value: str) -> str:
    """Return "SAME" or "VALID"; any case is accepted, as in Keras (`tf.nn.conv2d` itself wants capitals)."""
    rule = value.upper()
    if rule not in ("SAME", "VALID"):
        raise ValueError(f"{name} must be 'SAME', 'VALID' or a list of four pairs, but it is {short(value)}")
    return rule


def explicit_padding(name: str, value: object, data_format: str = "NHWC") -> Zeros:
    """Return the zeros ((above, below), (left, right)) of TensorFlow's list of four pairs.

    It is `[[0, 0], [above, below], [left, right], [0, 0]]`, or with the pairs of zeros in front for NCHW.
    """
    form = f"'SAME', 'VALID' or a list {PADDINGS[data_format]}"
    if not _is_sequence(value):
        raise TypeError(f"{name} must be {form}, but it is {short(value)} ({_type(value)})")
    if len(value) != 4:
        raise ValueError(f"{name} must be {form}, but it is {short(value)}")
    pairs = [pair(f"{name}[{i}]", each, 0, "a pair (before, after)") for i, each in enumerate(value)]
    plane = PLANE_AXES[data_format]
    if any(any(each) for axis, each in enumerate(pairs) if axis not in plane):
        raise ValueError(f"{name} must have no zeros around batch and channels, but it is {short(value)}")
    return two(pairs[axis] for axis in plane)


def layout(name: str, value: object) -> str:
    """Return "NHWC" or "NCHW", the order of the images' axes."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be 'NHWC' or 'NCHW', but it is {short(value)} ({_type(value)})")
    if value not in LISTS:
        raise ValueError(f"{name} must be 'NHWC' or 'NCHW', but it is {short(value)}")
    return value


def array(name: str, value: object, form: str) -> Array:
    """Return `value` as an ndarray of the rank that `form` shows, without copying where NumPy needs none.

    The dots of `[..., height, width, channels]` stand for one axis or more.
    """
    rank = form.count(",") + 1
    if type(value) is np.ndarray and value.dtype.char in "fd" and value.ndim == rank:
        return value
    try:
        result = np.asarray(value)
    except (ValueError, TypeError):
        raise TypeError(f"{name} must be an array of numbers, but it is {short(value)}") from None
    if not (_is_integer(result) or result.dtype.type in (np.float32, np.float64)):
        raise TypeError(f"{name} must hold integers, float32 or float64, but its dtype is {result.dtype}")
    several = "..." in form and "at least "
    if result.ndim < rank or (result.ndim > rank and not several):
        raise ValueError(
            f"{name} must have {several or ''}{rank} axes {form}, but its shape is {result.shape}"
        )
    return result


def in_common_dtype(*arrays: Array) -> list[Array]:
    """Return the arrays in the type to calculate in: int64 for integers alone, else NumPy's common type."""
    common = common_dtype(*arrays)
    return [each.astype(common, copy=False) for each in arrays]


def common_dtype(*arrays: Array) -> DType:
    """Return the type to calculate in: int64 for integers alone, else NumPy's common type, in the CPU's byte order."""
    first = arrays[0].dtype
    if first.kind == "f" and first.isnative and not [each for each in arrays if each.dtype != first]:
        return first
    return np.dtype(np.int64) if all(map(_is_integer, arrays)) else np.result_type(*arrays)


def plane_and_kernel(image: object, kernel: object) -> tuple[Plane, Plane]:
    """Check a 2-D image and a 2-D kernel; return both in their common type."""
    image, kernel = array("image", image, PLANE), array("kernel", kernel, PLANE)
    not_empty("image", image.shape, image.shape)
    not_empty("kernel", kernel.shape, kernel.shape)
    image, kernel = in_common_dtype(image, kernel)
    return image, kernel


def images_and_filters(inputs: object, filters: object) -> tuple[Images, Filters]:
    """Check a batch and its filters, which must agree in channels; return both in their common type."""
    inputs, filters = array("inputs", inputs, IMAGES), array("filters", filters, FILTERS)
    not_empty("filters", filters.shape[:2], filters.shape)
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError(
            f"inputs and filters must have the same number of channels, but inputs have {inputs.shape[3]} "
            f"(shape {inputs.shape}) and filters {filters.shape[2]} (shape {filters.shape})"
        )
    inputs, filters = in_common_dtype(inputs, filters)
    return inputs, filters


def not_empty(name: str, sizes: Shape, shape: Shape) -> None:
    """Refuse an array whose rows or columns are none."""
    if min(sizes) < 1:
        raise ValueError(f"{name} must have at least one row and one column, but the shape is {shape}")


def _is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _is_integer(each: Array) -> bool:
    # uint64 is the one integer type whose values int64 cannot hold.
    return each.dtype.kind in "iu" and np.can_cast(each.dtype, np.int64)


def _type(value: object) -> str:
    return type(value).__name__
