"""Two neighbours of an output row at once: a window that is one stride wider serves both.

Few filters leave the multiplications waiting for the windows to be copied. Here a window is wider, but there are half as many:
a fifth to a half less to copy, in longer runs. Each filter stands twice in the wider one, at the left and one stride to the
right, with zeros beside it:

    a b c .      gives the first output of a pair,
    . a b c      the second.

Both outputs lie next to each other in memory, so that a pair is one output with twice as many channels.
"""

import numpy as np

# Measured on shapes of 1 to 16 channels and 1 to 64 filters: beyond these the zeros cost more than the copying that they save.
MOST_FILTERS = 24
FEW_CHANNELS = 8


def worthwhile(filters, geometry, outputs):
    """Whether pairs are possible and faster; `outputs`, `[batch, out_height, out_width, out_channels]`, are what to pair."""
    _, width, channels, out_channels = filters.shape
    stride = geometry.strides[1]
    if channels == 1 and stride > 1:  # whole rows are copied there, and the stride would break them up
        return False
    gains = out_channels <= MOST_FILTERS and (channels <= FEW_CHANNELS or 2 * stride < width)
    return gains and outputs.shape[2] % 2 == 0 and geometry.dilations[1] == 1 and outputs.flags.c_contiguous


def all_finite(array):
    """Whether no number is infinite or nan: times the zeros of a paired filter, such a one would spoil its neighbours."""
    if array.dtype.kind != "f":
        return True
    largest, least = (each.reduce(array, None) for each in (np.maximum, np.minimum))
    return bool(np.isfinite([largest, least]).all())  # the maximum and the minimum of nan and others are nan


def paired(geometry):
    """The same for pairs: wider filters, that step twice as far."""
    (height, width), (down, right) = geometry.filter_size, geometry.strides
    rows, columns = geometry.output_size
    return geometry._replace(
        filter_size=(height, width + right), strides=(down, 2 * right), output_size=(rows, columns // 2)
    )


def paired_shape(shape, stride):
    """The shape `[height, width + stride, channels, 2 · out_channels]` of paired filters, from that of the filters."""
    height, width, channels, out_channels = shape
    return height, width + stride, channels, 2 * out_channels


def paired_filters(filters, stride):
    """The filters twice, with zeros beside them."""
    pairs = np.zeros(paired_shape(filters.shape, stride), filters.dtype)
    for filters_there in _both(pairs, filters.shape, stride):
        filters_there[...] = filters
    return pairs


def paired_outputs(outputs):
    """A view `[batch, out_height, out_width / 2, 2 · out_channels]`."""
    batch, rows, columns, out_channels = outputs.shape
    return outputs.reshape(batch, rows, columns // 2, 2 * out_channels)


def add_both(d_pairs, d_filters, stride):
    """Write the gradient of the filters, which stand twice in the paired ones of which `d_pairs` is the gradient."""
    np.add(*_both(d_pairs, d_filters.shape, stride), out=d_filters)


def _both(pairs, shape, stride):
    """Views of the two places in paired filters where filters of that shape stand."""
    width, out_channels = shape[1], shape[3]
    return pairs[:, :width, :, :out_channels], pairs[:, stride:, :, out_channels:]
