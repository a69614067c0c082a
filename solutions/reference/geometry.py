"""How the filters lie on the images: what shapes, strides, padding and dilations say together, checked once."""

from typing import NamedTuple

import numpy as np

from solutions.reference.arguments import (
    FILTERS,
    IMAGES,
    IMAGES_NCHW,
    array,
    batch_strides,
    layout,
    not_empty,
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

    filter_size: tuple[int, int]
    strides: tuple[int, int]
    dilations: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    output_size: tuple[int, int]
    groups: int

    def rows_met(self, positions):
        """How many rows of the padded image so many positions of the filter, one below the other, meet."""
        return (positions - 1) * self.strides[0] + (self.filter_size[0] - 1) * self.dilations[0] + 1


def channels_last(images, data_format):
    """Return a view of the images as `[batch, height, width, channels]`."""
    return images.transpose(0, 2, 3, 1) if data_format == "NCHW" else images


def as_given(images, data_format):
    """Return a view of `[batch, height, width, channels]` in the order of axes that the caller uses."""
    return images.transpose(0, 3, 1, 2) if data_format == "NCHW" else images


def shape_as_given(shape, data_format):
    """Return a shape `[batch, height, width, channels]` in the order of axes that the caller uses."""
    batch, height, width, channels = shape
    return (batch, channels, height, width) if data_format == "NCHW" else shape


def new_images(shape, dtype, data_format, new=np.empty):
    """Return an array `[batch, height, width, channels]` that lies in memory in the caller's order of axes."""
    return channels_last(new(shape_as_given(shape, data_format), dtype), data_format)


def prepared(inputs, filters, strides, padding, data_format, dilations):
    """Check `conv2d`'s arguments; return the images as NHWC, the filters, and a Geometry.

    The arrays may be the arguments themselves or views on them.
    """
    form = IMAGES_NCHW if layout("data_format", data_format) == "NCHW" else IMAGES
    inputs, filters = array("inputs", inputs, form), array("filters", filters, FILTERS)
    not_empty("filters", filters.shape[:2], filters.shape)
    inputs = channels_last(inputs, data_format)
    image_size, filter_size = inputs.shape[1:3], filters.shape[:2]
    strides = batch_strides("strides", strides, data_format)
    dilations = batch_strides("dilations", dilations, data_format)
    reach = tuple((f - 1) * d + 1 for f, d in zip(filter_size, dilations, strict=True))
    padding = padding_amounts(image_size, reach, strides, padding, data_format)
    output_size = tuple(
        (w + sum(zeros) - r) // s + 1
        for w, zeros, r, s in zip(image_size, padding, reach, strides, strict=True)
    )
    groups = groups_of(inputs.shape[3], filters)
    return inputs, filters, Geometry(filter_size, strides, dilations, padding, output_size, groups)


def groups_of(channels, filters):
    """Return into how many groups the channels fall, as TensorFlow infers it from the shapes."""
    in_channels, out_channels = filters.shape[2:]
    if channels == in_channels:
        return 1
    if in_channels == 0 or channels == 0 or channels % in_channels:
        raise ValueError(
            f"inputs must have as many channels as the filters, or a multiple of them (groups), but inputs have "
            f"{channels} and filters {in_channels} (shape {filters.shape})"
        )
    groups = channels // in_channels
    if out_channels % groups:
        raise ValueError(
            f"the number of filters must be a multiple of the {groups} groups ({channels} channels in inputs, "
            f"{in_channels} in filters), but it is {out_channels} (shape {filters.shape})"
        )
    return groups


def each_group(groups, *arrays):
    """Return, for each group, its part of the arrays' last axis."""
    if groups == 1:
        return [arrays]
    return zip(*(np.split(each, groups, axis=-1) for each in arrays), strict=True)
