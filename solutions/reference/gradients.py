"""The gradients of Σ(upstream · conv2d(inputs, filters)) with respect to the inputs and the filters."""

import numpy as np

from solutions.reference import engine
from solutions.reference.arguments import BATCHES, array, common_dtype, thread_count
from solutions.reference.geometry import (
    as_given,
    channels_last,
    each_group,
    new_images,
    prepared,
    shape_as_given,
)
from solutions.reference.shapes import Filters, FiltersLike, Images, ImagesLike, Padding, Strides


def conv2d_gradients(
    inputs: ImagesLike,
    filters: FiltersLike,
    strides: Strides,
    padding: Padding,
    upstream: ImagesLike,
    *,
    data_format: str = "NHWC",
    dilations: Strides = 1,
    threads: int | None = None,
) -> tuple[Images, Filters]:
    """Return `(d_inputs, d_filters)`, in the shapes of `inputs` and `filters`.

    `upstream` has the shape of `conv2d`'s output; ValueError where it has another. The other arguments and
    errors are those of `conv2d`. By the chain rule on

        V(b, x, y, o) = Σm Σn Σc I(b, s·x + m, t·y + n, c) K(m, n, c, o)

    each K(m, n, c, o) collects the pixels it met, and each pixel the filter values that met it, both
    weighted by the upstream value there.
    """
    images, filters, geometry = prepared(inputs, filters, strides, padding, data_format, dilations)
    threads = thread_count("threads", threads)
    upstream = array("upstream", upstream, BATCHES[data_format])
    batch = np.shape(inputs)[:-3]
    _, *sizes = shape_as_given((len(images), *geometry.output_size, filters.shape[3]), data_format)
    expected = (*batch, *sizes)
    if upstream.shape != expected:
        raise ValueError(f"upstream must have conv2d's output shape {expected}, but it has {upstream.shape}")
    upstream = channels_last(upstream, data_format)
    dtype = common_dtype(images, filters, upstream)
    d_inputs = new_images(images.shape, dtype, data_format, np.zeros)
    d_filters = np.empty(filters.shape, dtype)
    for channels, some_filters, some_upstream, d_channels, d_some_filters in each_group(
        geometry.groups, images, filters, upstream, d_inputs, d_filters
    ):
        engine.gradient_of_inputs(some_filters, some_upstream, geometry, d_channels, threads)
        engine.gradient_of_filters(channels, some_upstream, geometry, d_some_filters, threads)
    return as_given(d_inputs, data_format, batch), d_filters
