"""How the filters lie on the images: what shapes, strides, padding and dilations say together, checked once."""

import functools
import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from solutions.reference.arguments import (
    BATCHES,
    FILTERS,
    array,
    batch_strides,
    explicit_padding,
    layout,
    not_empty,
)
from solutions.reference.shapes import (
    Array,
    DType,
    Filters,
    FiltersLike,
    Images,
    ImagesLike,
    Padding,
    Pair,
    Shape,
    Strides,
    Zeros,
    two,
)
from solutions.reference.windows import padding_amounts


class Geometry(NamedTuple):
    """Where the filters meet the images. All pairs are (rows, columns).

    Attributes:
        filter_size: rows and columns of a filter, without the gaps of a dilation.
        strides: pixels from one position of the filter to the next.
        dilations: pixels from one filter value to the next; 1 leaves no gap.
        padding: zeros ((above, below), (left, right)) around an image.
        output_size: how many positions the filter takes.
        groups: the channels fall into so many groups of equal size, and so do the filters; each group of
            filters meets its own group of channels.
    """

    filter_size: Pair
    strides: Pair
    dilations: Pair
    padding: Zeros
    output_size: Pair
    groups: int

    def rows_met(self, positions: int) -> int:
        """How many rows of the padded image so many positions of the filter, one below the other, meet."""
        return (positions - 1) * self.strides[0] + (self.filter_size[0] - 1) * self.dilations[0] + 1


def channels_last(images: Images, data_format: str) -> Images:
    """Return the images as `[batch, height, width, channels]`: all axes before these three as one."""
    if images.ndim > 4:
        images = images.reshape(math.prod(images.shape[:-3]), *images.shape[-3:])
    return images.transpose(0, 2, 3, 1) if data_format == "NCHW" else images


def as_given(images: Images, data_format: str, batch: Shape) -> Images:
    """Return a view of `[batch, height, width, channels]` in the order of axes, and with the batch's, that the caller uses."""
    if data_format == "NCHW":
        images = images.transpose(0, 3, 1, 2)
    return images if len(batch) == 1 else images.reshape(*batch, *images.shape[1:])


def shape_as_given(shape: Shape, data_format: str) -> Shape:
    """Return a shape `[batch, height, width, channels]` in the order of axes that the caller uses."""
    batch, height, width, channels = shape
    return (batch, channels, height, width) if data_format == "NCHW" else shape


def new_images(shape: Shape, dtype: DType, data_format: str, new: Callable[..., Array] = np.empty) -> Images:
    """Return an array `[batch, height, width, channels]` that lies in memory in the caller's order of axes."""
    return channels_last(new(shape_as_given(shape, data_format), dtype), data_format)


def prepared(
    inputs: ImagesLike,
    filters: FiltersLike,
    strides: Strides,
    padding: Padding,
    data_format: str,
    dilations: Strides,
) -> tuple[Images, Filters, Geometry]:
    """Check `conv2d`'s arguments; return the images as one batch in NHWC, the filters, and a Geometry.

    The arrays may be the arguments themselves or views on them.
    """
    inputs = array("inputs", inputs, BATCHES[layout("data_format", data_format)])
    filters = array("filters", filters, FILTERS)
    inputs = channels_last(inputs, data_format)
    strides = batch_strides("strides", strides, data_format)
    dilations = batch_strides("dilations", dilations, data_format)
    if not isinstance(padding, str):
        padding = explicit_padding("padding", padding, data_format)
    return inputs, filters, geometry_of(inputs.shape[1:], filters.shape, strides, dilations, padding)


@functools.lru_cache(maxsize=256)  # a network asks for the same few again and again
def geometry_of(
    image_shape: Shape, filter_shape: Shape, strides: Pair, dilations: Pair, padding: str | Zeros
) -> Geometry:
    """Return the Geometry of shapes `[height, width, channels]` and `[height, width, in_channels, out_channels]`.

    `strides` and `dilations` are pairs of integers; `padding` is "SAME", "VALID" or two pairs of integers.

    >>> geometry = geometry_of((28, 28, 1), (5, 5, 1, 16), (2, 2), (1, 1), "SAME")
    >>> geometry.padding, geometry.output_size
    (((1, 2), (1, 2)), (14, 14))
    """
    not_empty("filters", filter_shape[:2], filter_shape)
    image_size, channels, filter_size = two(image_shape[:2]), image_shape[2], two(filter_shape[:2])
    reach = two((f - 1) * d + 1 for f, d in zip(filter_size, dilations, strict=True))
    zeros = padding_amounts(image_size, reach, strides, padding)
    output_size = two(
        (w + sum(each) - r) // s + 1 for w, each, r, s in zip(image_size, zeros, reach, strides, strict=True)
    )
    groups = groups_of(channels, filter_shape)
    return Geometry(filter_size, strides, dilations, zeros, output_size, groups)


def groups_of(channels: int, filter_shape: Shape) -> int:
    """Return into how many groups the channels fall, as TensorFlow infers it from the shapes."""
    in_channels, out_channels = filter_shape[2:]
    if not (channels and in_channels):
        raise ValueError(
            f"inputs and filters must have at least one channel, but inputs have {channels} and filters {in_channels} "
            f"(shape {filter_shape}); images of one channel need an axis of length 1 for it"
        )
    if channels == in_channels:
        return 1
    if channels % in_channels:
        raise ValueError(
            f"inputs must have as many channels as the filters, or a multiple of them (groups), but inputs have "
            f"{channels} and filters {in_channels} (shape {filter_shape})"
        )
    groups = channels // in_channels
    if out_channels % groups:
        raise ValueError(
            f"the number of filters must be a multiple of the {groups} groups ({channels} channels in inputs, "
            f"{in_channels} in filters), but it is {out_channels} (shape {filter_shape})"
        )
    return groups


def each_group(groups: int, *arrays: Array) -> Iterable[tuple[Array, ...]]:
    """Return, for each group, its part of the arrays' last axis."""
    if groups == 1:
        return [arrays]
    return zip(*(np.split(each, groups, axis=-1) for each in arrays), strict=True)
