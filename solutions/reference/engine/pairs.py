"""Two neighbours of an output row at once: a window that is one stride wider serves both.

Few filters leave the multiplications waiting for the windows to be copied. Here a window is wider, but there
are half as many: a fifth to a half less to copy, in longer runs. Each filter stands twice in the wider one,
at the left and one stride to the right, with zeros beside it:

    a b c .      gives the first output of a pair,
    . a b c      the second.

Both outputs lie next to each other in memory, so that a pair is one output with twice as many channels. On
one row of an image, with two outputs of a window of three:

    pixels:   p q r s            p q r s
    filters:  a b c .            . a b c
    outputs:  pa + qb + rc       qa + rb + sc
"""

import numpy as np

from solutions.reference.engine.products import has_avx512
from solutions.reference.engine.tuning import PAIRED_CHANNELS, PAIRED_FILTERS, PAIRED_WIDER
from solutions.reference.geometry import Geometry
from solutions.reference.shapes import Array, Filters, Images, Shape


def worthwhile(filters: Filters, geometry: Geometry, outputs: Images) -> bool:
    """Whether pairs are possible and faster; `outputs`, `[batch, out_height, out_width, out_channels]`, are what to pair."""
    _, width, channels, out_channels = filters.shape
    stride = geometry.strides[1]
    # With one channel whole rows of the output are copied, and a stride of pairs, twice as large, would deal
    # them out to twice as many planes. With a stride of 1 that still pays.
    if channels == 1 and stride > 1:
        return False
    # The wider window has more to multiply, which without AVX-512 takes longer than what it saves.
    if stride > PAIRED_WIDER * width and not has_avx512():
        return False
    # Pairs save the overlap of two neighbours: much of a wide window and a small step, little of others.
    gains = out_channels <= PAIRED_FILTERS and (channels <= PAIRED_CHANNELS or 2 * stride < width)
    return gains and outputs.shape[2] % 2 == 0 and geometry.dilations[1] == 1 and outputs.flags.c_contiguous


def all_finite(array: Array) -> bool:
    """Whether no number is infinite or nan: times the zeros of a paired filter, such a one would spoil its neighbours."""
    if array.dtype.kind != "f":
        return True
    largest, least = (each.reduce(array, None, initial=0) for each in (np.maximum, np.minimum))
    # The maximum and the minimum of nan and others are nan. Two reductions need no array of bools.
    return bool(np.isfinite([largest, least]).all())


def paired(geometry: Geometry) -> Geometry:
    """The geometry of pairs: filters one stride wider, which step twice as far.

    >>> geometry = Geometry((5, 5), (2, 2), (1, 1), ((0, 0), (0, 0)), (10, 10), 1)
    >>> paired(geometry)[:2], paired(geometry).output_size
    (((5, 7), (2, 4)), (10, 5))
    """
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    rows, columns = geometry.output_size
    return geometry._replace(
        filter_size=(height, width + right), strides=(down, 2 * right), output_size=(rows, columns // 2)
    )


def paired_shape(shape: Shape, stride: int) -> Shape:
    """The shape `[height, width + stride, channels, 2 · out_channels]` of paired filters, from that of the filters."""
    height, width, channels, out_channels = shape
    return height, width + stride, channels, 2 * out_channels


def paired_filters(filters: Filters, stride: int) -> Filters:
    """The filters twice, with zeros beside them.

    >>> filter = np.array([[1, 2, 3]]).reshape(1, 3, 1, 1)
    >>> first, second = np.moveaxis(paired_filters(filter, 1), 3, 0)
    >>> first.ravel(), second.ravel()
    (array([1, 2, 3, 0]), array([0, 1, 2, 3]))
    """
    pairs = np.zeros(paired_shape(filters.shape, stride), filters.dtype)
    for filters_there in _both(pairs, filters.shape, stride):
        filters_there[...] = filters
    return pairs


def paired_outputs(outputs: Images) -> Images:
    """A view `[batch, out_height, out_width / 2, 2 · out_channels]`."""
    batch, rows, columns, out_channels = outputs.shape
    return outputs.reshape(batch, rows, columns // 2, 2 * out_channels)


def add_both(d_pairs: Filters, d_filters: Filters, stride: int) -> None:
    """Write the gradient of the filters, which stand twice in the paired ones of which `d_pairs` is the gradient."""
    np.add(*_both(d_pairs, d_filters.shape, stride), out=d_filters)


def _both(pairs: Filters, shape: Shape, stride: int) -> tuple[Filters, Filters]:
    """Views of the two places in paired filters where filters of that shape stand."""
    width, out_channels = shape[1], shape[3]
    return pairs[:, :width, :, :out_channels], pairs[:, stride:, :, out_channels:]
