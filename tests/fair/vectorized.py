"""A library's author: windows as views, sums by tensordot, every argument checked, messages that name it."""

import math
import operator
from reprlib import repr as short

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

PLANE = "[rows, columns]"
IMAGES = "[batch, height, width, channels]"
FILTERS = "[height, width, in_channels, out_channels]"


def integer(name, value, minimum):
    """Return `value` as a Python int of at least `minimum`; NumPy's integers are welcome, bools are not."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be an integer, but it is {short(value)} ({_type(value)})") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, but it is {number}")
    return number


def pair(name, value, minimum, form="a pair (rows, columns)"):
    """Return the two integers of a tuple, a list or an array, each at least `minimum`."""
    if not _is_sequence(value):
        raise TypeError(f"{name} must be {form}, but it is {short(value)} ({_type(value)})")
    if len(value) != 2:
        raise ValueError(f"{name} must be {form}, but it is {short(value)}")
    return tuple(integer(f"{name}[{i}]", entry, minimum) for i, entry in enumerate(value))


def plane_stride(name, value, form="an int or a pair (rows, columns)"):
    """Return the strides (rows, columns) of an int, which counts for both, or of a pair."""
    if isinstance(value, (int, np.integer)):
        return (integer(name, value, 1),) * 2
    return pair(name, value, 1, form)


def batch_strides(name, value):
    """Return the strides (rows, columns) of an int, a pair, or TensorFlow's list `[1, rows, columns, 1]`."""
    if not (_is_sequence(value) and len(value) == 4):
        return plane_stride(name, value, "an int, a pair (rows, columns) or a list [1, rows, columns, 1]")
    batch, rows, columns, channels = (integer(f"{name}[{i}]", v, 1) for i, v in enumerate(value))
    if batch != 1 or channels != 1:
        raise ValueError(f"{name} must begin and end with 1 (batch and channels), but it is {short(value)}")
    return rows, columns


def padding_rule(name, value):
    """Return "SAME" or "VALID"; any case is accepted, as in Keras (`tf.nn.conv2d` itself wants capitals)."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be 'SAME' or 'VALID', but it is {short(value)} ({_type(value)})")
    if value.upper() not in ("SAME", "VALID"):
        raise ValueError(f"{name} must be 'SAME' or 'VALID', but it is {short(value)}")
    return value.upper()


def array(name, value, form):
    """Return `value` as an ndarray of the rank that `form` shows, without copying where NumPy needs none."""
    try:
        result = np.asarray(value)
    except (ValueError, TypeError):
        raise TypeError(f"{name} must be an array of numbers, but it is {short(value)}") from None
    if not (_is_integer(result) or result.dtype.type in (np.float32, np.float64)):
        raise TypeError(f"{name} must hold integers, float32 or float64, but its dtype is {result.dtype}")
    rank = form.count(",") + 1
    if result.ndim != rank:
        raise ValueError(f"{name} must have {rank} axes {form}, but its shape is {result.shape}")
    return result


def in_common_dtype(*arrays):
    """Return the arrays in the type to calculate in: int64 for integers alone, else NumPy's common type."""
    common = np.int64 if all(map(_is_integer, arrays)) else np.result_type(*arrays)
    return [each.astype(common, copy=False) for each in arrays]


def plane_and_kernel(image, kernel):
    """Check a 2-D image and a 2-D kernel; return both in their common type."""
    image, kernel = array("image", image, PLANE), array("kernel", kernel, PLANE)
    not_empty("image", image.shape, image.shape)
    not_empty("kernel", kernel.shape, kernel.shape)
    return in_common_dtype(image, kernel)


def images_and_filters(inputs, filters):
    """Check a batch and its filters, which must agree in channels; return both in their common type."""
    inputs, filters = array("inputs", inputs, IMAGES), array("filters", filters, FILTERS)
    not_empty("filters", filters.shape[:2], filters.shape)
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError(
            f"inputs and filters must have the same number of channels, but inputs have {inputs.shape[3]} "
            f"(shape {inputs.shape}) and filters {filters.shape[2]} (shape {filters.shape})"
        )
    return in_common_dtype(inputs, filters)


def not_empty(name, sizes, shape):
    """Refuse an array whose rows or columns are none."""
    if min(sizes) < 1:
        raise ValueError(f"{name} must have at least one row and one column, but the shape is {shape}")


def _is_sequence(value):
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _is_integer(each):
    # uint64 is the one integer type whose values int64 cannot hold.
    return each.dtype.kind in "iu" and np.can_cast(each.dtype, np.int64)


def _type(value):
    return type(value).__name__


def output_size(input_size, filter_size, stride=1, padding=0):
    """Return how many positions a filter takes along one axis, floor((w - f + 2p) / s) + 1.

    The lecture's formula, with the floor that it leaves out: a last step that would leave the image is not
    taken. `padding` is the number of zeros on each side. All are integers. ValueError where a size or the
    stride is below 1, the padding is negative, or the filter is larger than the padded input.
    """
    input_size = integer("input_size", input_size, 1)
    filter_size = integer("filter_size", filter_size, 1)
    stride = integer("stride", stride, 1)
    padding = integer("padding", padding, 0)
    room = input_size - filter_size + 2 * padding
    if room < 0:
        raise ValueError(
            f"filter_size must be at most input_size + 2 · padding = {input_size + 2 * padding}, "
            f"but it is {filter_size}"
        )
    return room // stride + 1


def same_padding(input_size, filter_size, stride=1):
    """Return the zeros `(before, after)` one axis that make the output ceil(w / s) long.

    TensorFlow's rule: total = max((ceil(w / s) - 1) · s + f - w, 0), half of it before, and of an odd total
    the odd one after. All are integers. ValueError where one is below 1.
    """
    input_size = integer("input_size", input_size, 1)
    filter_size = integer("filter_size", filter_size, 1)
    stride = integer("stride", stride, 1)
    positions = -(-input_size // stride)
    total = max((positions - 1) * stride + filter_size - input_size, 0)
    before = total // 2
    return before, total - before


def pad(image, rows, columns):
    """Return the 2-D image, of any accepted dtype, with zeros around it.

    `rows` is the pair (above, below) and `columns` the pair (left, right). ValueError for an image of
    another rank or a negative number of zeros.
    """
    image = array("image", image, PLANE)
    rows = pair("rows", rows, 0, "a pair (before, after)")
    columns = pair("columns", columns, 0, "a pair (before, after)")
    return np.pad(image, (rows, columns))


def padding_amounts(image_size, filter_size, strides, padding):
    """Return the zeros ((above, below), (left, right)) that "SAME" or "VALID" puts around an image.

    `image_size`, `filter_size` and `strides` are pairs (rows, columns). ValueError for another padding, an
    image without pixels, or a filter that is larger than the image under VALID.
    """
    if min(image_size) < 1:
        raise ValueError(f"inputs must have at least one row and one column, but they have {image_size}")
    if padding_rule("padding", padding) == "SAME":
        return tuple(map(same_padding, image_size, filter_size, strides))
    if any(f > w for w, f in zip(image_size, filter_size, strict=True)):
        raise ValueError(
            f"with VALID padding a filter must not be larger than the image, but the filter has "
            f"{_rows_by_columns(filter_size)} and the image {_rows_by_columns(image_size)}"
        )
    return (0, 0), (0, 0)


def windows_of(inputs, filter_size, strides, padding):
    """Return every window that a filter meets and the zeros around the images.

    The windows are a read-only view `[batch, out_height, out_width, in_channels, filter_height,
    filter_width]` on the images or on a padded copy of them, so they cost no memory of their own.
    """
    strides = batch_strides("strides", strides)
    amounts = padding_amounts(inputs.shape[1:3], filter_size, strides, padding)
    if np.any(amounts):
        inputs = np.pad(inputs, ((0, 0), *amounts, (0, 0)))
    windows = sliding_window_view(inputs, filter_size, axis=(1, 2))[:, :: strides[0], :: strides[1]]
    return windows, amounts


def _rows_by_columns(size):
    return f"{size[0]} × {size[1]} (rows × columns)"


def apply_kernel(image, kernel, x, y):
    """Return V(x, y), a NumPy scalar: one window of a 2-D image times a 2-D kernel, summed.

    The window's upper left corner is row x, column y. ValueError where the window is not inside the image.
    """
    image, kernel = plane_and_kernel(image, kernel)
    x, y = integer("x", x, 0), integer("y", y, 0)
    window = image[x : x + kernel.shape[0], y : y + kernel.shape[1]]
    if window.shape != kernel.shape:
        raise ValueError(
            f"the window at x={x}, y={y} must be inside the image, but the kernel has shape {kernel.shape} "
            f"and the image {image.shape}"
        )
    return np.sum(window * kernel)


def convolve(image, kernel, stride=1):
    """Return V at every valid position of a 2-D image, `[out_rows, out_columns]`.

    `stride` is an int or a pair (rows, columns). ValueError for a kernel that is larger than the image.
    """
    image, kernel = plane_and_kernel(image, kernel)
    rows, columns = plane_stride("stride", stride)
    for size, kernel_size in zip(image.shape, kernel.shape, strict=True):
        output_size(size, kernel_size)  # refuses a kernel that does not fit
    windows = sliding_window_view(image, kernel.shape)[::rows, ::columns]
    return np.einsum("xymn,mn->xy", windows, kernel)


def conv2d(inputs, filters, strides=1, padding="VALID"):
    """Return the convolution of a batch, `[batch, out_height, out_width, out_channels]`.

    `inputs` is `[batch, height, width, in_channels]` (an empty batch is welcome), `filters` is
    `[filter_height, filter_width, in_channels, out_channels]`. `strides` is an int, a pair (rows, columns)
    or `[1, rows, columns, 1]`; `padding` is "SAME" or "VALID" in any case, by TensorFlow's rule. ValueError
    for ranks, channels, strides or a padding that do not fit, and for a filter larger than the image under
    VALID.
    """
    inputs, filters = images_and_filters(inputs, filters)
    windows, _ = windows_of(inputs, filters.shape[:2], strides, padding)
    return np.tensordot(windows, filters, axes=([4, 5, 3], [0, 1, 2]))  # the sums over m, n and c


def flatten_filters(filters):
    """Return the filters as a matrix `[filter_height · filter_width · in_channels, out_channels]`."""
    filters = array("filters", filters, FILTERS)
    height, width, in_channels, out_channels = filters.shape
    return filters.reshape(height * width * in_channels, out_channels).copy()


def extract_patches(inputs, filter_size, strides, padding):
    """Return every window, flattened in the order of `flatten_filters`, in the inputs' dtype.

    The result is `[batch, out_height, out_width, filter_height · filter_width · in_channels]`, as
    `tf.image.extract_patches` gives it. `filter_size` is the pair (rows, columns); `strides`, `padding` and
    the errors are those of `conv2d`.
    """
    inputs = array("inputs", inputs, IMAGES)
    filter_size = pair("filter_size", filter_size, 1)
    windows, _ = windows_of(inputs, filter_size, strides, padding)
    batch, height, width, channels = windows.shape[:4]
    # A copy in any case: 1 × 1 windows could be reshaped in place, and would then alias the inputs.
    patches = np.array(windows.transpose(0, 1, 2, 4, 5, 3), order="C")
    return patches.reshape(batch, height, width, filter_size[0] * filter_size[1] * channels)


def conv2d_matmul(inputs, filters, strides=1, padding="VALID"):
    """Return what `conv2d` returns, as one matrix product: patches times flattened filters."""
    inputs, filters = images_and_filters(inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    *positions, length = patches.shape
    # As one tall matrix: NumPy would multiply a 4-D array row of windows by row of windows.
    product = patches.reshape(math.prod(positions), length) @ flatten_filters(filters)
    return product.reshape(*positions, filters.shape[3])


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
