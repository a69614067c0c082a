"""The convolution as textbooks write it, in two ways: loops, and one matrix product (im2col).

Both take `inputs` [batch, height, width, in_channels], `filters` [rows, columns, in_channels, out_channels],
`strides` [1, rows, columns, 1] and `padding` "SAME" or "VALID", and check nothing. This file imports NumPy
alone, so that its text can run anywhere as the baseline that other versions are timed against; hence it says
the rule for SAME for itself, as `sizes.same_padding` does for the rest of the reference.
"""

import numpy as np


def conv2d_loops(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> np.ndarray:
    """The definition, term by term, in plain Python: slow, and hard to get wrong."""
    images, (out_height, out_width) = _padded(inputs, filters, strides, padding)
    _, row_stride, column_stride, _ = strides
    height, width, channels, out_channels = filters.shape
    output = np.zeros((len(inputs), out_height, out_width, out_channels), images.dtype)
    for b in range(len(inputs)):
        for x in range(out_height):
            for y in range(out_width):
                for o in range(out_channels):
                    total = 0
                    for m in range(height):
                        for n in range(width):
                            for c in range(channels):
                                pixel = images[b, x * row_stride + m, y * column_stride + n, c]
                                total += pixel * filters[m, n, c, o]
                    output[b, x, y, o] = total
    return output


def conv2d_im2col(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> np.ndarray:
    """Each window becomes a row of one matrix, each filter a column of another; one product does the rest."""
    images, (out_height, out_width) = _padded(inputs, filters, strides, padding)
    _, row_stride, column_stride, _ = strides
    height, width, channels, out_channels = filters.shape
    windows = np.lib.stride_tricks.sliding_window_view(images, (height, width), axis=(1, 2))
    windows = windows[:, ::row_stride, ::column_stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(len(inputs) * out_height * out_width, height * width * channels)
    product = patches @ filters.reshape(height * width * channels, out_channels)
    return product.reshape(len(inputs), out_height, out_width, out_channels)


def _padded(
    inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str
) -> tuple[np.ndarray, list[int]]:
    """Return the images with the zeros of SAME or VALID around them, and the output's height and width."""
    dtype = np.result_type(inputs, filters)
    images = inputs.astype(dtype if dtype.kind == "f" else np.int64)  # uint8 would wrap around
    sizes = zip(inputs.shape[1:3], filters.shape[:2], strides[1:3], strict=True)
    amounts, out_sizes = [], []
    for size, filter_size, stride in sizes:
        if padding.upper() == "SAME":
            out_size = -(-size // stride)  # ceil(size / stride)
            total = max((out_size - 1) * stride + filter_size - size, 0)
        else:
            out_size = (size - filter_size) // stride + 1
            total = 0
        amounts.append((total // 2, total - total // 2))
        out_sizes.append(out_size)
    return np.pad(images, ((0, 0), *amounts, (0, 0))), out_sizes
