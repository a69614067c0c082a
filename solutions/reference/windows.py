"""Zeros around an image, and the windows that a filter meets as it slides over it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from solutions.reference.arguments import (
    PLANE,
    array,
    batch_strides,
    explicit_padding,
    not_empty,
    padding_rule,
    pair,
)
from solutions.reference.shapes import (
    Array,
    Images,
    Padding,
    Pair,
    PairLike,
    Plane,
    PlaneLike,
    Strides,
    Zeros,
    two,
)
from solutions.reference.sizes import same_zeros


def pad(image: PlaneLike, rows: PairLike, columns: PairLike) -> Plane:
    """Return the 2-D image, of any accepted dtype, with zeros around it.

    `rows` is the pair (above, below) and `columns` the pair (left, right). ValueError for an image of
    another rank or a negative number of zeros.
    """
    image = array("image", image, PLANE)
    rows = pair("rows", rows, 0, "a pair (before, after)")
    columns = pair("columns", columns, 0, "a pair (before, after)")
    return np.pad(image, (rows, columns))


def padding_amounts(image_size: Pair, filter_size: Pair, strides: Pair, padding: str | Zeros) -> Zeros:
    """Return the zeros ((above, below), (left, right)) that a padding puts around an image.

    `image_size`, `filter_size` (with the gaps of a dilation) and `strides` are pairs (rows, columns). `padding` is
    "SAME", "VALID" or the two pairs themselves. ValueError for another padding, or a filter that is larger than the
    padded image; on one without rows, a filter of one row has no position, but is not too large.
    """
    if not isinstance(padding, str):
        amounts = padding
    elif padding_rule("padding", padding) == "SAME":
        return two(map(same_zeros, image_size, filter_size, strides))
    else:
        amounts = (0, 0), (0, 0)
    padded = two(size + sum(zeros) for size, zeros in zip(image_size, amounts, strict=True))
    if any(f > max(w, 1) for w, f in zip(padded, filter_size, strict=True)):
        raise ValueError(
            f"without SAME padding a filter must not be larger than the image and its zeros, but the filter has "
            f"{_rows_by_columns(filter_size)} and the image {_rows_by_columns(padded)}"
        )
    return amounts


def windows_of(inputs: Images, filter_size: Pair, strides: Strides, padding: Padding) -> tuple[Array, Zeros]:
    """Return every window that a filter meets and the zeros around the images.

    The windows are a read-only view `[batch, out_height, out_width, in_channels, filter_height,
    filter_width]` on the images or on a padded copy of them, so they cost no memory of their own.
    """
    not_empty("inputs", inputs.shape[1:3], inputs.shape)
    strides = batch_strides("strides", strides)
    if not isinstance(padding, str):
        padding = explicit_padding("padding", padding)
    amounts = padding_amounts(inputs.shape[1:3], filter_size, strides, padding)
    if np.any(amounts):
        inputs = np.pad(inputs, ((0, 0), *amounts, (0, 0)))
    windows = sliding_window_view(inputs, filter_size, axis=(1, 2))[:, :: strides[0], :: strides[1]]
    return windows, amounts


def _rows_by_columns(size: Pair) -> str:
    return f"{size[0]} × {size[1]} (rows × columns)"
