"""Ten right functions as beginners write them, and mistakes as edits of their texts."""

from collections.abc import Iterator
from dataclasses import dataclass

RIGHT = {
    "apply_kernel": """\
def apply_kernel(image, kernel, x, y):
    rows, columns = kernel.shape
    window = image[x:x + rows, y:y + columns].astype(float)
    return np.sum(window * kernel)
""",
    "output_size": """\
def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("sizes and strides must be positive")
    room = input_size + 2 * padding - filter_size
    if room < 0:
        raise ValueError("the filter does not fit")
    return room // stride + 1
""",
    "convolve": """\
def convolve(image, kernel, stride=1):
    if isinstance(stride, int):
        stride = (stride, stride)
    rows = output_size(image.shape[0], kernel.shape[0], stride[0])
    columns = output_size(image.shape[1], kernel.shape[1], stride[1])
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            output[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])
    return output
""",
    "same_padding": """\
import math


def same_padding(input_size, filter_size, stride=1):
    windows = math.ceil(input_size / stride)
    total = max((windows - 1) * stride + filter_size - input_size, 0)
    before = total // 2
    return before, total - before
""",
    "pad": """\
def pad(image, rows, columns):
    top, bottom = rows
    left, right = columns
    height, width = image.shape
    padded = np.zeros((top + height + bottom, left + width + right))
    padded[top:top + height, left:left + width] = image
    return padded
""",
    "conv2d": """\
def conv2d(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4:
        raise ValueError("four axes are needed")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("the channels do not match")
    if len(strides) != 4 or strides[0] != 1 or strides[3] != 1 or min(strides) < 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding must be SAME or VALID")
    batch, height, width, channels = inputs.shape
    f_rows, f_columns, _, count = filters.shape
    rows, columns = (0, 0), (0, 0)
    if padding.upper() == "SAME":
        rows = same_padding(height, f_rows, strides[1])
        columns = same_padding(width, f_columns, strides[2])
    padded = np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))
    out_rows = output_size(padded.shape[1], f_rows, strides[1])
    out_columns = output_size(padded.shape[2], f_columns, strides[2])
    output = np.zeros((batch, out_rows, out_columns, count))
    for n in range(batch):
        for f in range(count):
            for i in range(out_rows):
                for j in range(out_columns):
                    x, y = i * strides[1], j * strides[2]
                    window = padded[n, x:x + f_rows, y:y + f_columns, :]
                    output[n, i, j, f] = np.sum(window * filters[:, :, :, f])
    return output
""",
    "flatten_filters": """\
def flatten_filters(filters):
    rows, columns, channels, count = filters.shape
    return filters.reshape(rows * columns * channels, count)
""",
    "extract_patches": """\
def extract_patches(inputs, filter_size, strides, padding):
    if padding.upper() not in ("SAME", "VALID"):
        raise ValueError("padding must be SAME or VALID")
    batch, height, width, channels = inputs.shape
    f_rows, f_columns = filter_size
    rows, columns = (0, 0), (0, 0)
    if padding.upper() == "SAME":
        rows = same_padding(height, f_rows, strides[1])
        columns = same_padding(width, f_columns, strides[2])
    padded = np.pad(inputs, ((0, 0), rows, columns, (0, 0)))
    out_rows = output_size(padded.shape[1], f_rows, strides[1])
    out_columns = output_size(padded.shape[2], f_columns, strides[2])
    patches = np.zeros((batch, out_rows, out_columns, f_rows * f_columns * channels))
    for i in range(out_rows):
        for j in range(out_columns):
            x, y = i * strides[1], j * strides[2]
            window = padded[:, x:x + f_rows, y:y + f_columns, :]
            patches[:, i, j, :] = window.reshape(batch, -1)
    return patches
""",
    "conv2d_matmul": """\
def conv2d_matmul(inputs, filters, strides, padding):
    if inputs.ndim != 4 or filters.ndim != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("axes or channels do not match")
    if list(strides[::3]) != [1, 1] or min(strides) < 1:
        raise ValueError("strides must be [1, rows, columns, 1]")
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    batch, rows, columns, size = patches.shape
    product = patches.reshape(batch * rows * columns, size) @ flatten_filters(filters)
    return product.reshape(batch, rows, columns, filters.shape[3])
""",
    "conv2d_gradients": """\
def conv2d_gradients(inputs, filters, strides, padding, upstream):
    height, width = inputs.shape[1:3]
    f_rows, f_columns = filters.shape[:2]
    rows, columns = (0, 0), (0, 0)
    if padding.upper() == "SAME":
        rows = same_padding(height, f_rows, strides[1])
        columns = same_padding(width, f_columns, strides[2])
    padded = np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))
    d_padded = np.zeros(padded.shape)
    d_filters = np.zeros(filters.shape)
    batch, out_rows, out_columns, count = upstream.shape
    for n in range(batch):
        for i in range(out_rows):
            for j in range(out_columns):
                for f in range(count):
                    x, y = i * strides[1], j * strides[2]
                    d = upstream[n, i, j, f]
                    d_filters[:, :, :, f] += d * padded[n, x:x + f_rows, y:y + f_columns, :]
                    d_padded[n, x:x + f_rows, y:y + f_columns, :] += d * filters[:, :, :, f]
    d_inputs = d_padded[:, rows[0]:rows[0] + height, columns[0]:columns[0] + width, :]
    return d_inputs, d_filters
""",
}

# Each mistake: what is wrong, then pairs of a text and what stands in its place.
MISTAKES: dict[str, list[tuple[str, ...]]] = {
    "apply_kernel": [
        ("not started", RIGHT["apply_kernel"].split("\n", 1)[1], "    raise NotImplementedError\n"),
        ("no return", "return np.sum", "np.sum"),
        ("prints in place of return", "return np.sum(window * kernel)", "print(np.sum(window * kernel))"),
        ("round brackets for places", "image[x:x + rows, y:y + columns].astype(float)", "image(x, y)"),
        ("shape called", "rows, columns = kernel.shape", "rows = kernel.shape(0)\n    columns = kernel.shape(1)"),
        ("size called", "rows, columns = kernel.shape", "rows = columns = kernel.size()"),
        ("slice ends at the size", "x:x + rows, y:y + columns", "x:rows, y:columns"),
        ("always 3 × 3", "x:x + rows, y:y + columns", "x:x + 3, y:y + 3"),
        ("one size for both sides", "y:y + columns", "y:y + rows"),
        ("rows and columns swapped in the shape", "rows, columns = kernel.shape", "columns, rows = kernel.shape"),
        ("x and y swapped", "image[x:x + rows, y:y + columns]", "image[y:y + rows, x:x + columns]"),
        ("x and y swapped with sizes", "x:x + rows, y:y + columns", "y:y + columns, x:x + rows"),
        ("the window is centred", "x:x + rows, y:y + columns", "x - 1:x - 1 + rows, y - 1:y - 1 + columns"),
        ("kernel flipped", "window * kernel", "window * kernel[::-1, ::-1]"),
        ("kernel transposed", "window * kernel", "window * kernel.T"),
        ("matrix product", "window * kernel", "window @ kernel"),
        ("np.dot", "window * kernel", "np.dot(window, kernel)"),
        ("no sum", "np.sum(window * kernel)", "window * kernel"),
        ("the built-in sum", "np.sum(window * kernel)", "sum(window * kernel)"),
        ("mean in place of sum", "np.sum", "np.mean"),
        ("plus in place of times", "window * kernel", "window + kernel"),
        ("computed in uint8", ".astype(float)", "", "np.sum(window * kernel)", "np.sum(window * kernel, dtype=image.dtype)"),
        ("the total cut to an int", "return np.sum(window * kernel)", "return int(np.sum(window * kernel))"),
        ("returned as an array", "return np.sum(window * kernel)", "return np.array([np.sum(window * kernel)])"),
        ("returned as a text", "return np.sum(window * kernel)", "return str(np.sum(window * kernel))"),
        ("kernel.size for the rows", "rows, columns = kernel.shape", "rows = columns = kernel.size"),
        ("three names for the shape", "rows, columns = kernel.shape", "rows, columns, channels = kernel.shape"),
        ("three places", "image[x:x + rows, y:y + columns]", "image[x:x + rows, y:y + columns, 0]"),
        ("one bracket after another", "image[x:x + rows, y:y + columns]", "image[x:x + rows][y:y + columns]"),
        ("a name misspelled", "return np.sum(window * kernel)", "return np.sum(windw * kernel)"),
        ("np forgotten", "np.sum(window", "multiply(window"),
        ("a method without brackets", "np.sum(window * kernel)", "window.sum * 2"),
        ("a function that NumPy has not", "np.sum(window * kernel)", "np.convolve2d(window, kernel)"),
        ("`^` as a power", "window * kernel", "(window ^ 2) * kernel"),
        ("if on an array", "    return", "    if window == kernel:\n        return 0\n    return"),
        ("scipy", "    rows,", "    from scipy_signal import correlate2d\n    rows,"),
        ("the parameters in another list", "(image, kernel, x, y)", "(image, kernel)"),
        ("= in place of +=", "return np.sum(window * kernel)", "for i in range(rows):\n        for j in range(columns):\n            total = window[i, j] * kernel[i, j]\n    return total"),
        ("a total without a start", "return np.sum(window * kernel)", "for i in range(rows):\n        total += window[i, 0]\n    return total"),
        ("return in the loop", "return np.sum(window * kernel)", "total = 0\n    for i in range(rows):\n        total += np.sum(window[i] * kernel[i])\n        return total"),
        ("a loop over a number", "return np.sum(window * kernel)", "total = 0\n    for i in rows:\n        total += np.sum(window[i] * kernel[i])\n    return total"),
        ("a loop one too far", "return np.sum(window * kernel)", "total = 0\n    for i in range(rows + 1):\n        total += np.sum(window[i] * kernel[i])\n    return total"),
        ("a loop over range[...]", "return np.sum(window * kernel)", "total = 0\n    for i in range[rows]:\n        total += np.sum(window[i] * kernel[i])\n    return total"),
        ("exit", "    return", "    import sys\n    sys.exit()\n    return"),
        ("a call without end", "return np.sum(window * kernel)", "return apply_kernel(image, kernel, x, y)"),
        ("writes into its input", "window = image[x:x + rows, y:y + columns].astype(float)\n    return np.sum(window * kernel)", "window = image[x:x + rows, y:y + columns]\n    window *= kernel\n    return np.sum(window)"),
        ("fractions into whole numbers", ".astype(float)\n    return np.sum(window * kernel)", "\n    window *= 1.5\n    return np.sum(window * kernel)"),
    ],
    "output_size": [
        ("no check at all", "    if input_size < 1 or filter_size < 1 or stride < 1:\n        raise ValueError(\"sizes and strides must be positive\")\n", "", "    if room < 0:\n        raise ValueError(\"the filter does not fit\")\n", ""),
        ("a single slash", "room // stride", "room / stride"),
        ("np.floor", "return room // stride + 1", "return np.floor(room / stride) + 1"),
        ("rounded up", "return room // stride + 1", "return -(-room // stride) + 1"),
        ("plus one forgotten", "room // stride + 1", "room // stride"),
        ("one over the whole", "room // stride + 1", "(room + 1) // stride"),
        ("padding once", "2 * padding", "padding"),
        ("padding forgotten", " + 2 * padding", ""),
        ("minus 1 in place of the filter", "- filter_size", "- 1"),
        ("the filter may be as large only", "if room < 0", "if room <= 0"),
        ("refused before it is padded", "if room < 0", "if filter_size > input_size"),
        ("returns the error", "raise ValueError(\"the filter does not fit\")", "return ValueError(\"the filter does not fit\")"),
        ("returns None", "raise ValueError(\"the filter does not fit\")", "return None"),
        ("returns -1", "raise ValueError(\"the filter does not fit\")", "return -1"),
        ("prints the error", "raise ValueError(\"the filter does not fit\")", "print(\"the filter does not fit\")"),
        ("another error", "raise ValueError(\"the filter does not fit\")", "raise Exception(\"the filter does not fit\")"),
        ("assert", "    if room < 0:\n        raise ValueError(\"the filter does not fit\")\n", "    assert room >= 0\n"),
        ("stride 0 not refused", " or stride < 1", ""),
        ("an empty input not refused", "input_size < 1 or ", ""),
        ("returned as a text", "return room // stride + 1", "return f\"{room // stride + 1}\""),
        ("returned as a list", "return room // stride + 1", "return [room // stride + 1]"),
        ("no return", "return room", "room"),
        ("no default for the padding", "stride=1, padding=0", "stride, padding"),
        ("a name misspelled", "return room // stride", "return rooms // stride"),
        ("the stride called", "return room // stride + 1", "return room // stride(1)"),
        ("a loop that does not end", "return room // stride + 1", "while room >= 0: room = 1"),
        ("comparison with a text", "if room < 0", "if room < \"0\""),
        ("a len of a number", "input_size + 2", "len(input_size) + 2"),
        ("a place in a number", "input_size + 2", "input_size[0] + 2"),
    ],
    "convolve": [
        ("np.zeros without its brackets", "np.zeros((rows, columns))", "np.zeros(rows, columns)"),
        ("np.zeros of floats", "np.zeros((rows, columns))", "np.zeros((rows / 1, columns / 1))"),
        ("np.zeros of the image's shape", "np.zeros((rows, columns))", "np.zeros(image.shape)"),
        ("np.zeros of ints", "np.zeros((rows, columns))", "np.zeros((rows, columns), dtype=int)"),
        ("zeros_like the image", "np.zeros((rows, columns))", "np.zeros_like(image)"),
        ("np.zeros swapped", "np.zeros((rows, columns))", "np.zeros((columns, rows))"),
        ("np.array of sizes", "np.zeros((rows, columns))", "np.array((rows, columns))"),
        ("an empty list", "np.zeros((rows, columns))", "[]"),
        ("list of lists", "np.zeros((rows, columns))", "[[0] * columns] * rows"),
        ("returned as a list", "return output", "return output.tolist()"),
        ("the pair never taken apart", "stride[0])\n", "stride)\n", "    if isinstance(stride, int):\n        stride = (stride, stride)\n", ""),
        ("the stride always a pair", "    if isinstance(stride, int):\n        stride = (stride, stride)\n", ""),
        ("the stride taken apart", "    if isinstance(stride, int):\n        stride = (stride, stride)\n", "    down, right = stride\n"),
        ("stride times place, a pair", "    if isinstance(stride, int):\n        stride = (stride, stride)\n", "    size = (image.shape[0] - kernel.shape[0]) // stride + 1\n"),
        ("a pair from its sum", "    if isinstance(stride, int):\n        stride = (stride, stride)\n", "    size = image.shape[0] + stride\n"),
        ("the whole shape divided", "image.shape[0], kernel.shape[0], stride[0])", "image.shape[0], kernel.shape[0], 1)\n    test = image.shape // stride[0]"),
        ("strides swapped", "i * stride[0], j * stride[1]", "i * stride[1], j * stride[0]"),
        ("strides swapped in the sizes", "kernel.shape[0], stride[0]", "kernel.shape[0], stride[1]", "kernel.shape[1], stride[1]", "kernel.shape[1], stride[0]"),
        ("first stride for both", "j * stride[1]", "j * stride[0]"),
        ("places not stepped", "i * stride[0], j * stride[1]", "i, j"),
        ("stride for the size only", "stride[0])\n", "1)\n"),
        ("x and y swapped", "i * stride[0], j * stride[1]", "j * stride[1], i * stride[0]"),
        ("output swapped", "output[i, j] =", "output[j, i] ="),
        ("loops swapped", "for i in range(rows)", "for i in range(columns)", "for j in range(columns)", "for j in range(rows)"),
        ("one size for both", "kernel.shape[1]", "kernel.shape[0]"),
        ("the image's rows for both", "image.shape[1]", "image.shape[0]"),
        ("plus one forgotten", "for i in range(rows)", "for i in range(rows - 1)"),
        ("a loop too far", "for j in range(columns)", "for j in range(columns + 1)"),
        ("over the edge", "for i in range(rows)", "for i in range(image.shape[0])"),
        ("a third index", "output[i, j] =", "output[i, j, 0] ="),
        ("round brackets left of =", "output[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])", "output[i, j] = image(i, j)"),
        ("arguments forgotten", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "apply_kernel(image, kernel)"),
        ("the window given", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "apply_kernel(image[i:i + 2, j:j + 2], kernel, i, j)"),
        ("no sum", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "image[i:i + 2, j:j + 2] * kernel"),
        ("window as large as the stride", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "np.sum(image[i * stride[0]:i * stride[0] + stride[0], j * stride[1]:j * stride[1] + stride[1]] * kernel)"),
        ("ends at the size", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "np.sum(image[i:kernel.shape[0], j:kernel.shape[1]] * kernel)"),
        ("always 3 × 3", "apply_kernel(image, kernel, i * stride[0], j * stride[1])", "np.sum(kernel * image[i:i + 3, j:j + 3])"),
        ("float places", "i * stride[0], j * stride[1]", "i / 1, j / 1"),
        ("return in the loop", "    return output", "        return output"),
        ("return None", "return output", "return"),
        ("+= in place of =", "output[i, j] =", "output +="),
        ("np.empty, never filled", "np.zeros((rows, columns))", "np.full((rows, columns), np.nan)", "output[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])", "pass"),
        ("append to an array", "output[i, j] = apply_kernel(image, kernel, i * stride[0], j * stride[1])", "output.append(apply_kernel(image, kernel, i, j))"),
        ("ragged rows", "return output", "return np.array([[1, 2], [3]])"),
        ("np.convolve", "return output", "return np.convolve(image, kernel)"),
        ("its own name reused", "    output =", "    convolve = 3\n    convolve(image)\n    output ="),
        ("a global that is not there", "i * stride[0], j", "row * stride[0], j"),
        ("a range over a shape", "for i in range(rows)", "for i in range(image.shape)"),
        ("len of the shape's first", "for i in range(rows)", "for i in range(len(image.shape[0]))"),
    ],
    "same_padding": [
        ("math not imported", "import math\n\n\n", ""),
        ("np.ceil", "math.ceil(input_size / stride)", "np.ceil(input_size / stride)"),
        ("floor", "math.ceil(input_size / stride)", "input_size // stride"),
        ("the odd zero before", "return before, total - before", "return total - before, before"),
        ("the same on both sides", "total - before", "before"),
        ("half the filter", "before = total // 2\n    return before, total - before", "return filter_size // 2, filter_size // 2"),
        ("(f - 1) / 2", "before = total // 2\n    return before, total - before", "return (filter_size - 1) / 2, (filter_size - 1) / 2"),
        ("a single slash", "total // 2", "total / 2"),
        ("round", "total // 2", "round(total / 2)"),
        ("no max", "max((windows - 1) * stride + filter_size - input_size, 0)", "(windows - 1) * stride + filter_size - input_size"),
        ("the stride forgotten", "(windows - 1) * stride", "windows - 1"),
        ("minus one forgotten", "(windows - 1)", "windows"),
        ("the total only", "return before, total - before", "return total"),
        ("a list of three", "return before, total - before", "return before, total, before"),
        ("a pair in a pair", "return before, total - before", "return (before, total - before), 0"),
        ("stride as if it were a pair", "    windows = math.ceil(input_size / stride)", "    windows = math.ceil(input_size / stride[0])"),
        ("max of one number", "max((windows - 1) * stride + filter_size - input_size, 0)", "max((windows - 1) * stride + filter_size - input_size)"),
        ("the module called", "math.ceil(", "math("),
        ("a tuple as a number", "total - before", "total - (before, 0)"),
    ],
    "pad": [
        ("np.zeros without its brackets", "np.zeros((top + height + bottom, left + width + right))", "np.zeros(top + height + bottom, left + width + right)"),
        ("the pair not taken apart", "top + height + bottom", "height + rows"),
        ("twice the pair", "top + height + bottom", "height + 2 * rows"),
        ("rows and columns swapped", "top, bottom = rows\n    left, right = columns", "top, bottom = columns\n    left, right = rows"),
        ("before and after swapped", "top, bottom = rows", "bottom, top = rows"),
        ("minus zero", "padded[top:top + height, left:left + width]", "padded[top:-bottom, left:-right]"),
        ("the slice ends at the height", "top:top + height", "top:height"),
        ("zeros forgotten below", "top + height + bottom", "top + height"),
        ("np.ones", "np.zeros", "np.ones"),
        ("ints", "right))", "right), dtype=int)"),
        ("only the top", "left + width + right))", "width))", "left:left + width", ":"),
        ("np.pad with one pair", "return padded", "return np.pad(image, (rows, columns, (0, 0)))"),
        ("np.pad with a list too many", "return padded", "return np.pad(image, (rows, columns, rows))"),
        ("np.pad before and after crossed", "return padded", "return np.pad(image, ((rows[0], columns[0]), (rows[1], columns[1])))"),
        ("np.pad with the edge", "return padded", "return np.pad(image, (rows, columns), mode=\"edge\")"),
        ("np.pad with numbers", "return padded", "return np.pad(image, rows[0])"),
        ("negative zeros", "return padded", "return np.pad(image, ((rows[0], -1), columns))"),
        ("shape with three names", "height, width = image.shape", "height, width, depth = image.shape"),
        ("length for the shape", "height, width = image.shape", "height, width = len(image), len(image)"),
        ("the tuple's shape", "top, bottom = rows", "top, bottom = rows.shape"),
        ("returns the image", "return padded", "return image"),
        ("writes into the image", "return padded", "image[0, 0] = 0\n    return padded"),
        ("one pixel after the other, too far", "padded[top:top + height, left:left + width] = image", "for i in range(height + 1):\n        padded[top + i, left] = image[i, 0]"),
        ("concatenate", "return padded", "return np.concatenate([np.zeros((top, width + 1)), image])"),
        ("a list of a list", "return padded", "return [[0] * width] + image"),
        ("axes added", "return padded", "return padded[None]"),
        ("resized", "return padded", "return image.reshape(padded.shape)"),
        ("a size as a float", "left + width + right", "left + width + right / 1"),
    ],
    "conv2d": [
        ("one size for the filter", "f_rows, f_columns, _, count = filters.shape", "f_rows, _, _, count = filters.shape\n    f_columns = f_rows"),
        ("the window from the other size", "y:y + f_columns", "y:y + f_rows"),
        ("all filters at once", "filters[:, :, :, f]", "filters"),
        ("the channel of the filter forgotten", "filters[:, :, :, f]", "filters[:, :, f]"),
        ("filters[f]", "filters[:, :, :, f]", "filters[f]"),
        ("one channel only", "window = padded[n, x:x + f_rows, y:y + f_columns, :]", "window = padded[n, x:x + f_rows, y:y + f_columns, 0]"),
        ("the batch forgotten", "padded[n, x:x + f_rows, y:y + f_columns, :]", "padded[x:x + f_rows, y:y + f_columns, :]"),
        ("channels first", "batch, height, width, channels = inputs.shape", "batch, channels, height, width = inputs.shape"),
        ("three names", "batch, height, width, channels = inputs.shape", "height, width, channels = inputs.shape"),
        ("unpadded image", "padded[n,", "inputs[n,"),
        ("SAME without padding", "rows = same_padding(height, f_rows, strides[1])\n        columns = same_padding(width, f_columns, strides[2])", "pass"),
        ("half the filter on both sides", "rows = same_padding(height, f_rows, strides[1])\n        columns = same_padding(width, f_columns, strides[2])", "rows = (f_rows // 2, f_rows // 2)\n        columns = (f_columns // 2, f_columns // 2)"),
        ("SAME as with stride 1", "f_columns, strides[2])\n    padded", "f_columns, 1)\n    padded"),
        ("same_padding given the stride's list", "same_padding(height, f_rows, strides[1])", "same_padding(height, f_rows, strides)"),
        ("strides times a place", "i * strides[1]", "i * strides"),
        ("np.pad with two pairs", "((0, 0), rows, columns, (0, 0))", "(rows, columns)"),
        ("np.pad crossed", "((0, 0), rows, columns, (0, 0))", "((0, 0), (rows[0], columns[0]), (rows[1], columns[1]), (0, 0))"),
        ("own pad on the batch", "np.pad(inputs.astype(float), ((0, 0), rows, columns, (0, 0)))", "pad(inputs, rows, columns)"),
        ("first two strides", "strides[1], j * strides[2]", "strides[0], j * strides[1]"),
        ("strides swapped", "i * strides[1], j * strides[2]", "i * strides[2], j * strides[1]"),
        ("places not stepped", "x, y = i * strides[1], j * strides[2]", "x, y = i, j"),
        ("small letters unknown", "padding.upper() not in", "padding not in"),
        ("small letters are VALID", "if padding.upper() == \"SAME\"", "if padding == \"SAME\""),
        ("upper without brackets", "if padding.upper() == \"SAME\"", "if padding.upper == \"SAME\""),
        ("upper misspelled", "if padding.upper() == \"SAME\"", "if padding.Upper() == \"SAME\""),
        ("channels not compared", "if inputs.shape[3] != filters.shape[2]", "if False"),
        ("unknown padding let through", "if padding.upper() not in (\"SAME\", \"VALID\")", "if False"),
        ("strides that skip let through", "strides[0] != 1 or strides[3] != 1 or ", ""),
        ("axes not counted", "if inputs.ndim != 4 or filters.ndim != 4", "if False"),
        ("assert in place of raise", "if inputs.shape[3] != filters.shape[2]:\n        raise ValueError(\"the channels do not match\")", "assert inputs.shape[3] == filters.shape[2]"),
        ("another error", "raise ValueError(\"padding must be SAME or VALID\")", "raise KeyError(padding)"),
        ("channels kept apart", "np.sum(window * filters[:, :, :, f])", "np.sum(window * filters[:, :, :, f], axis=2)"),
        ("sum over two axes", "np.sum(window * filters[:, :, :, f])", "np.sum(window * filters[:, :, :, f], axis=(0, 1))"),
        ("output without filters", "np.zeros((batch, out_rows, out_columns, count))", "np.zeros((batch, out_rows, out_columns))"),
        ("output of ints", "np.zeros((batch, out_rows, out_columns, count))", "np.zeros((batch, out_rows, out_columns, count), int)"),
        ("output like the inputs", "np.zeros((batch, out_rows, out_columns, count))", "np.zeros_like(inputs)"),
        ("filters overwrite each other", "output[n, i, j, f]", "output[n, i, j]"),
        ("tensordot over the wrong axes", "np.sum(window * filters[:, :, :, f])", "np.tensordot(window, filters[:, :, :, f], axes=([0, 1, 2], [1, 0, 2]))"),
        ("einsum with too many letters", "np.sum(window * filters[:, :, :, f])", "np.einsum(\"ijkl,ijk->\", window, filters[:, :, :, f])"),
        ("convolve with swapped strides", "output[n, i, j, f] = np.sum(window * filters[:, :, :, f])", "output[n, :, :, f] += convolve(padded[n, :, :, 0], filters[:, :, 0, f], (strides[2], strides[1]))"),
        ("convolve of all channels", "output[n, i, j, f] = np.sum(window * filters[:, :, :, f])", "output[n, :, :, f] = convolve(padded[n], filters[:, :, :, f], (strides[1], strides[2]))"),
        ("flipped", "filters[:, :, :, f])", "filters[::-1, ::-1, :, f])"),
        ("the padding's letters as a function", "if padding.upper() == \"SAME\"", "if padding(\"SAME\")"),
        ("a text and a number", "rows, columns = (0, 0), (0, 0)", "rows, columns = (0, 0), (0, 0)\n    padding = padding + 1"),
    ],
    "flatten_filters": [
        ("one filter a row", "filters.reshape(rows * columns * channels, count)", "filters.reshape(count, rows * columns * channels)"),
        ("transposed afterwards", "filters.reshape(rows * columns * channels, count)", "filters.reshape(count, rows * columns * channels).T"),
        ("channels first", "filters.reshape", "filters.transpose(2, 0, 1, 3).reshape"),
        ("channels forgotten", "rows * columns * channels, count", "rows * columns, count"),
        ("flat", "filters.reshape(rows * columns * channels, count)", "filters.flatten()"),
        ("three names", "rows, columns, channels, count = filters.shape", "rows, columns, count = filters.shape"),
        ("transpose with three axes", "filters.reshape", "filters.transpose(0, 1, 2).reshape"),
        ("shape called", "filters.reshape(rows * columns * channels, count)", "filters.reshape(filters.shape(0), -1)"),
        ("a loop that overwrites", "return filters.reshape(rows * columns * channels, count)", "result = np.zeros((rows * columns * channels, count))\n    for f in range(count):\n        result[:, f] = filters[:, :, :, f]\n    return result"),
        ("Fortran's order", "channels, count)", "channels, count, order=\"F\")"),
        ("order as a number", "filters.reshape(rows * columns * channels, count)", "filters.flatten(0)"),
        ("no return", "return filters", "filters"),
    ],
    "extract_patches": [
        ("the pair's shape", "f_rows, f_columns = filter_size", "f_rows, f_columns = filter_size.shape"),
        ("the pair as a number", "f_rows, f_columns = filter_size", "f_rows = f_columns = filter_size"),
        ("one size", "f_rows, f_columns = filter_size", "f_rows = f_columns = filter_size[0]"),
        ("window swapped", "x:x + f_rows, y:y + f_columns", "y:y + f_rows, x:x + f_columns"),
        ("channels forgotten", "f_rows * f_columns * channels", "f_rows * f_columns"),
        ("channels first", "window.reshape(batch, -1)", "window.transpose(0, 3, 1, 2).reshape(batch, -1)"),
        ("one window for all", "window.reshape(batch, -1)", "window.reshape(-1)"),
        ("not flattened", "window.reshape(batch, -1)", "window"),
        ("unpadded", "window = padded", "window = inputs"),
        ("SAME as with stride 1", "f_rows, strides[1])\n        columns", "f_rows, 1)\n        columns"),
        ("unknown padding let through", "if padding.upper() not in (\"SAME\", \"VALID\")", "if False"),
        ("sliding window without axes", "    patches = np.zeros", "    np.lib.stride_tricks.sliding_window_view(padded, filter_size)\n    patches = np.zeros"),
        ("written into a view", "    patches = np.zeros((batch, out_rows, out_columns, f_rows * f_columns * channels))", "    patches = np.broadcast_to(0.0, (batch, out_rows, out_columns, f_rows * f_columns * channels))"),
        ("stack of unequal windows", "    return patches", "    return np.stack([padded[:, :1], padded[:, :2]])"),
        ("one axis too many", "    return patches", "    return patches[..., None]"),
    ],
    "conv2d_matmul": [
        ("`*` in place of `@`", ") @ flatten_filters", ") * flatten_filters"),
        ("the other way round", "patches.reshape(batch * rows * columns, size) @ flatten_filters(filters)", "flatten_filters(filters) @ patches.reshape(batch * rows * columns, size)"),
        ("np.dot of the patches unshaped", "patches.reshape(batch * rows * columns, size) @", "patches.T @"),
        ("not shaped back", "return product.reshape(batch, rows, columns, filters.shape[3])", "return product"),
        ("shaped back wrongly", "batch, rows, columns, filters.shape[3])", "batch, filters.shape[3], rows, columns)"),
        ("shaped back without filters", "batch, rows, columns, filters.shape[3])", "batch, rows, columns)"),
        ("filters unflattened", "flatten_filters(filters)", "filters"),
        ("filters flattened transposed", "flatten_filters(filters)", "flatten_filters(filters).T"),
        ("the whole shape as the window", "filters.shape[:2]", "filters.shape"),
        ("arguments forgotten", "filters.shape[:2], strides, padding)", "filters.shape[:2])"),
        ("channels not compared", " or inputs.shape[3] != filters.shape[2]", ""),
        ("strides forgotten", "strides, padding)\n    batch", "[1, 1, 1, 1], padding)\n    batch"),
        ("VALID always", "strides, padding)\n    batch", "strides, \"VALID\")\n    batch"),
    ],
    "conv2d_gradients": [
        ("one gradient only", "return d_inputs, d_filters", "return d_inputs"),
        ("the other order", "return d_inputs, d_filters", "return d_filters, d_inputs"),
        ("minus zero", "d_padded[:, rows[0]:rows[0] + height, columns[0]:columns[0] + width, :]", "d_padded[:, rows[0]:-rows[1], columns[0]:-columns[1], :]"),
        ("zeros not cut off", "d_padded[:, rows[0]:rows[0] + height, columns[0]:columns[0] + width, :]", "d_padded"),
        ("zeros cut off though none are", "d_padded[:, rows[0]:rows[0] + height, columns[0]:columns[0] + width, :]", "d_padded[:, 1:-1, 1:-1, :]"),
        ("= in place of +=, weights", "d_filters[:, :, :, f] +=", "d_filters[:, :, :, f] ="),
        ("= in place of +=, images", ":] += d * filters", ":] = d * filters"),
        ("without the stride", "x, y = i * strides[1], j * strides[2]", "x, y = i, j"),
        ("strides swapped", "i * strides[1], j * strides[2]", "i * strides[2], j * strides[1]"),
        ("flipped", "d * filters[:, :, :, f]", "d * filters[::-1, ::-1, :, f]"),
        ("upstream without its filter", "d = upstream[n, i, j, f]", "d = upstream[n, i, j]"),
        ("upstream swapped", "upstream[n, i, j, f]", "upstream[n, j, i, f]"),
        ("only the first image", "for n in range(batch)", "for n in range(1)"),
        ("mean over the batch", "return d_inputs, d_filters", "return d_inputs, d_filters / batch"),
        ("SAME is ignored", "if padding.upper() == \"SAME\"", "if False"),
        ("d_filters like the upstream", "np.zeros(filters.shape)", "np.zeros(upstream.shape)"),
        ("all filters at once", "d * filters[:, :, :, f]", "d * filters"),
        ("no upstream", "d = upstream[n, i, j, f]", "d = 1"),
        ("the windows of the unpadded image", "d * padded[n, x", "d * inputs[n, x"),
        ("upstream's shape misread", "batch, out_rows, out_columns, count = upstream.shape", "batch, count, out_rows, out_columns = upstream.shape"),
        ("output swapped loops", "for i in range(out_rows)", "for i in range(out_columns)", "for j in range(out_columns)", "for j in range(out_rows)"),
        ("inputs multiplied in place", "    height, width", "    inputs *= 1.0\n    height, width"),
        ("a parameter forgotten", ", padding, upstream)", ", upstream)"),
        ("not started", "    height, width = inputs.shape[1:3]", "    raise NotImplementedError(\"Write conv2d_gradients\")"),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Program:
    """One function with one mistake."""

    function: str
    mistake: str
    source: str


def programs() -> Iterator[Program]:
    """Every program, in the notebook's order."""
    for function, mistakes in MISTAKES.items():
        for mistake, *edits in mistakes:
            source = RIGHT[function]
            for old, new in zip(edits[::2], edits[1::2], strict=True):
                if old not in source:
                    raise AssertionError(f"{function}, {mistake}: {old!r} is not in the program")
                source = source.replace(old, new)
            yield Program(function, mistake, source)
