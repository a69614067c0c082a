"""The order of the numbers in columns, rows and products."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes.sections import COLUMNS, MULTIPLY, ROWS


def of_filters(sentence):
    return mistake("flatten_filters", sentence=sentence, lecture=COLUMNS)


@of_filters(
    "Your matrix has a row for each filter. Each filter should be a column: [height · width · "
    "in_channels, out_channels]."
)
def filters_as_rows(right, filters):
    return right(filters).T


@of_filters(
    "The channels come first in your columns: all pixels of channel 0, then all of channel 1. The order "
    "is row, column, channel, the channel changing fastest."
)
def channels_slowest(right, filters):
    return filters.transpose(2, 0, 1, 3).reshape(-1, filters.shape[3])


@of_filters(
    "Columns come before rows in your order. The order is row, column, channel, the channel changing fastest."
)
def columns_before_rows(right, filters):
    return filters.transpose(1, 0, 2, 3).reshape(-1, filters.shape[3])


@of_filters(
    "Your order is channel, column, row with the row changing fastest (Fortran order). It should be row, "
    "column, channel, the channel changing fastest."
)
def fortran_order(right, filters):
    return filters.reshape(-1, filters.shape[3], order="F")


@of_filters(
    "Rows and columns are right, but channels change before columns in your order. The order is row, "
    "column, channel, the channel changing fastest."
)
def channel_before_column(right, filters):
    return filters.transpose(0, 2, 1, 3).reshape(-1, filters.shape[3])


@of_filters(
    "The array is reshaped to (out_channels, …) and then transposed, which mixes the filters up. The "
    "filters are the last axis already: reshape to (…, out_channels)."
)
def reshaped_filters_first(right, filters):
    return filters.reshape(filters.shape[3], -1).T


@of_filters(
    "The array is reshaped to (out_channels, …), which mixes the filters up. The filters are the last "
    "axis already: reshape to (…, out_channels)."
)
def reshaped_to_rows(right, filters):
    return filters.reshape(filters.shape[3], -1)


@of_filters("Your result has one axis. It should be a matrix with one column for each filter.")
def raveled(right, filters):
    return filters.ravel()


@of_filters(
    "Your result has a row for each place of the filter and a column for each channel and filter. "
    "Channels belong to the rows."
)
def channels_beside_filters(right, filters):
    return filters.reshape(filters.shape[0] * filters.shape[1], -1)


@of_filters(
    "Your result still has the channels as an axis of their own. It should be a matrix: [height · width "
    "· in_channels, out_channels]."
)
def channels_apart(right, filters):
    return filters.reshape(-1, *filters.shape[2:])


@of_filters("Only the first channel is in your columns. All of them belong there.")
def first_channel_flattened(right, filters):
    return right(filters[:, :, :1])


@of_filters("The channels are added up. Each keeps its own number in the column.")
def channels_added_up(right, filters):
    return filters.sum(axis=2).reshape(-1, filters.shape[3])


@of_filters("Only the first filter is in your matrix. Each filter has a column.")
def first_filter_flattened(right, filters):
    return right(filters)[:, :1]


@of_filters("The fractions of the weights are cut off: the matrix is made of whole numbers.")
def weights_cut_to_whole_numbers(right, filters):
    return right(filters).astype(np.int64)


@of_filters(
    "Your matrix depends on how the filters lie in memory (order 'K' or 'A'). Leave out the order, or "
    "use 'C'."
)
def weights_in_memory_order(right, filters):
    return filters.ravel(order="K").reshape(-1, filters.shape[3])


@of_filters("Columns and their order are right, but the filters are in reverse order.")
def filters_backwards(right, filters):
    return right(filters)[:, ::-1]


def of_patches(sentence):
    return mistake("extract_patches", sentence=sentence, lecture=ROWS)


def windows(right, inputs, filter_size, strides, padding):
    rows = right(inputs, filter_size, strides, padding)
    return rows.reshape(*rows.shape[:3], *filter_size, inputs.shape[3])


def flat(patches, *order):
    patches = patches.transpose(0, 1, 2, *order)
    return patches.reshape(*patches.shape[:3], -1)


@of_patches(
    "The channels come first in your rows: all pixels of channel 0, then all of channel 1. All channels "
    "of the first pixel come first, as sliding_window_view's result does not have them: transpose it."
)
def patches_channels_slowest(right, *arguments):
    return flat(windows(right, *arguments), 5, 3, 4)


@of_patches("In your rows, columns come before rows: the window is read downwards. Read it row by row.")
def patches_columns_before_rows(right, *arguments):
    return flat(windows(right, *arguments), 4, 3, 5)


@of_patches(
    "In your rows, the channels change before the columns. The order is row, column, channel, the "
    "channel changing fastest."
)
def patches_channel_before_column(right, *arguments):
    return flat(windows(right, *arguments), 3, 5, 4)


@of_patches(
    "Your windows are not flattened. The last axis should hold all numbers of a window: reshape it to "
    "filter_height · filter_width · in_channels."
)
def windows_not_flattened(right, *arguments):
    return windows(right, *arguments)


@of_patches(
    "All windows are in one matrix. Keep batch, rows and columns as axes of their own: four axes in all."
)
def one_matrix(right, *arguments):
    rows = right(*arguments)
    return rows.reshape(-1, rows.shape[3])


@of_patches(
    "The windows of an image are on one axis. Keep rows and columns apart: [batch, rows, columns, …]."
)
def positions_in_one_axis(right, *arguments):
    rows = right(*arguments)
    return rows.reshape(len(rows), -1, rows.shape[3])


@of_patches("The channels are added up. Each keeps its own number in the row.")
def patches_channels_added_up(right, *arguments):
    return flat(windows(right, *arguments).sum(axis=5, keepdims=True), 3, 4, 5)


@of_patches("Each row holds only the first pixel of its window. It should hold all of them.")
def first_pixels_only(right, inputs, filter_size, strides, padding):
    return windows(right, inputs, filter_size, strides, padding)[:, :, :, 0, 0]


def of_product(sentence):
    return mistake("conv2d_matmul", sentence=sentence, lecture=MULTIPLY)


def reordered(right, inputs, filters, strides, padding, *order):
    """The product if the filters' columns were in another order than the patches' rows."""
    shape = filters.shape
    matrix = filters.transpose(*order, 3).reshape(-1, shape[3])
    return right(inputs, matrix.reshape(shape), strides, padding)


@of_product(
    "The rows of patches and the columns of filters are in different orders: in one of them the channels "
    "come first. Both must have the order row, column, channel."
)
def channels_slowest_in_filters(right, inputs, filters, *rest):
    return reordered(right, inputs, filters, *rest, 2, 0, 1)


@of_product(
    "The rows of patches and the columns of filters are in different orders: the patches have the "
    "channels first. Both must have the order row, column, channel."
)
def channels_slowest_in_patches(right, inputs, filters, *rest):
    height, width, channels, out = filters.shape
    matched = filters.reshape(channels, height, width, out).transpose(1, 2, 0, 3)
    return right(inputs, matched, *rest)


@of_product(
    "The rows of patches and the columns of filters are in different orders: one of them reads its "
    "windows downwards. Both must have the order row, column, channel."
)
def columns_before_rows_in_filters(right, inputs, filters, *rest):
    return reordered(right, inputs, filters, *rest, 1, 0, 2)


@of_product(
    "The rows of patches and the columns of filters are in different orders: the patches read their "
    "windows downwards. Both must have the order row, column, channel."
)
def columns_before_rows_in_patches(right, inputs, filters, *rest):
    height, width, channels, out = filters.shape
    return right(inputs, filters.reshape(width, height, channels, out).swapaxes(0, 1), *rest)


@of_product(
    "The filters are reshaped to (out_channels, …) and then transposed, which mixes them up. They are "
    "the last axis already: reshape to (…, out_channels)."
)
def filters_reshaped_first(right, inputs, filters, *rest):
    return right(inputs, filters.reshape(filters.shape[3], -1).T.reshape(filters.shape), *rest)


@of_product(
    "The product is reshaped with the channels before rows and columns. It has a row for each position: "
    "reshape it to (batch, rows, columns, out_channels)."
)
def product_reshaped_channels_first(right, *arguments):
    out = right(*arguments)
    batch, rows, columns, channels = out.shape
    return np.moveaxis(out.reshape(batch, channels, rows, columns), 1, 3)


@of_product(
    "The product is reshaped with rows and columns swapped. Reshape it to (batch, rows, columns, "
    "out_channels)."
)
def product_reshaped_columns_first(right, *arguments):
    out = right(*arguments)
    return out.reshape(len(out), out.shape[2], out.shape[1], out.shape[3])


@of_product(
    "The transposed product is reshaped as if it were not: its numbers end up at the wrong places. "
    "Transpose it back first."
)
def transposed_product_reshaped(right, *arguments):
    out = right(*arguments)
    return np.moveaxis(out, 3, 0).reshape(out.shape)


@of_product(
    "The product is not reshaped. The result should have the axes [batch, rows, columns, out_channels]."
)
def product_left_flat(right, *arguments):
    out = right(*arguments)
    return out.reshape(-1, out.shape[3])
