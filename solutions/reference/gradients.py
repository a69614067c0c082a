"""The gradients of Σ(upstream · conv2d(inputs, filters)) with respect to the inputs and the filters."""

import numpy as np

from solutions.reference.arguments import IMAGES, array, batch_strides, images_and_filters, in_common_dtype
from solutions.reference.windows import windows_of


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    """Return `(d_inputs, d_filters)`, in the shapes of `inputs` and `filters`.

    `upstream` has the shape of `conv2d`'s output; ValueError where it has another. The other arguments and
    errors are those of `conv2d`. By the chain rule on

        V(b, x, y, o) = Σm Σn Σc I(b, s·x + m, t·y + n, c) K(m, n, c, o)

    each K(m, n, c, o) collects the pixels it met, and each pixel the filter values that met it, both
    weighted by the upstream value there.
    """
    inputs, filters = images_and_filters(inputs, filters)
    upstream = array("upstream", upstream, IMAGES)
    inputs, filters, upstream = in_common_dtype(inputs, filters, upstream)
    windows, amounts = windows_of(inputs, filters.shape[:2], strides, padding)
    expected = (*windows.shape[:3], filters.shape[3])
    if upstream.shape != expected:
        raise ValueError(f"upstream must have conv2d's output shape {expected}, but it has {upstream.shape}")
    d_filters = np.tensordot(windows, upstream, axes=([0, 1, 2], [0, 1, 2]))  # the sums over b, x and y
    strides = batch_strides("strides", strides)
    d_inputs = _gradient_of_inputs(inputs.shape, filters, strides, amounts, upstream)
    return d_inputs, np.ascontiguousarray(d_filters.transpose(1, 2, 0, 3))  # [c, m, n, o] to [m, n, c, o]


def _gradient_of_inputs(shape, filters, strides, amounts, upstream):
    """Add up what each filter value K(m, n) sends back to the pixels it met, then cut off the padding."""
    batch, height, width, channels = shape
    (above, below), (left, right) = amounts
    padded = np.zeros((batch, above + height + below, left + width + right, channels), upstream.dtype)
    met_rows, met_columns = _met(upstream.shape[1], strides[0]), _met(upstream.shape[2], strides[1])
    for m, n in np.ndindex(filters.shape[:2]):
        padded[:, m:, n:][:, met_rows, met_columns] += upstream @ filters[m, n].T
    return padded[:, above : above + height, left : left + width].copy()


def _met(positions, stride):
    """The pixels that the filter's first value meets along one axis: one for each position."""
    return slice(0, (positions - 1) * stride + 1, stride)
