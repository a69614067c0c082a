"""Plain Python lists and floats; NumPy only to make the array that is returned."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    image, kernel = image.tolist(), kernel.tolist()
    total = 0
    for m, row in enumerate(kernel):
        for n, weight in enumerate(row):
            total += image[x + m][y + n] * weight
    return total


def output_size(input_size, filter_size, stride=1, padding=0):
    if input_size < 1 or filter_size < 1 or stride < 1:
        raise ValueError("must be positive")
    whole = input_size + padding + padding
    if whole < filter_size:
        raise ValueError("does not fit")
    return len(range(0, whole - filter_size + 1, stride))


def convolve(image, kernel, stride=1):
    sr, sc = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    rows = range(0, image.shape[0] - kernel.shape[0] + 1, sr)
    columns = range(0, image.shape[1] - kernel.shape[1] + 1, sc)
    return np.array([[apply_kernel(image, kernel, x, y) for y in columns] for x in rows])


def same_padding(input_size, filter_size, stride=1):
    # what the last window needs beyond the image
    last = max(range(0, input_size, stride))
    total = max(last + filter_size - input_size, 0)
    return [total // 2, total - total // 2]


def pad(image, rows, columns):
    width = image.shape[1] + sum(columns)
    result = [[0] * width for _ in range(rows[0])]
    for line in image.tolist():
        result.append([0] * columns[0] + line + [0] * columns[1])
    result.extend([0] * width for _ in range(rows[1]))
    return np.array(result)


def _check(inputs, filters, strides, padding):
    if len(inputs.shape) != 4 or len(filters.shape) != 4:
        raise ValueError("four axes each, please")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError("channels")
    if len(strides) != 4 or [strides[0], strides[3]] != [1, 1] or strides[1] < 1 or strides[2] < 1:
        raise ValueError("strides")
    if not all(float(stride).is_integer() for stride in strides):
        raise ValueError("strides of fractions")
    if padding.upper() not in ["SAME", "VALID"]:
        raise ValueError("padding")
    if padding.upper() == "VALID" and any(
        f > w for w, f in zip(inputs.shape[1:3], filters.shape[:2], strict=True)
    ):
        raise ValueError("filter too large")


def _positions(size, filter_size, stride, padding):
    """Where windows begin along one axis, in the image's own numbering."""
    if padding.upper() == "VALID":
        return list(range(0, size - filter_size + 1, stride))
    before, _ = same_padding(size, filter_size, stride)
    return [start - before for start in range(0, size, stride)]


def _patches(inputs, size, strides, padding):
    height, width = inputs.shape[1:3]
    nothing = [0] * inputs.shape[3]
    rows = _positions(height, size[0], strides[1], padding)
    columns = _positions(width, size[1], strides[2], padding)
    batch = []
    for image in inputs.tolist():
        plane = []
        for x in rows:
            line = []
            for y in columns:
                patch = []
                for i in range(x, x + size[0]):
                    for j in range(y, y + size[1]):
                        patch += image[i][j] if 0 <= i < height and 0 <= j < width else nothing
                line.append(patch)
            plane.append(line)
        batch.append(plane)
    return batch


def conv2d(inputs, filters, strides, padding):
    _check(inputs, filters, strides, padding)
    columns = list(zip(*flatten_filters(filters).tolist(), strict=True))
    patches = _patches(inputs, filters.shape[:2], strides, padding)
    return np.array(
        [
            [[[sum(map(float.__mul__, map(float, p), map(float, f))) for f in columns] for p in l] for l in i]
            for i in patches
        ]
    )


def flatten_filters(filters):
    return np.array([numbers for row in filters.tolist() for pixel in row for numbers in pixel])


def extract_patches(inputs, filter_size, strides, padding):
    return np.array(_patches(inputs, filter_size, strides, padding))


def conv2d_matmul(inputs, filters, strides, padding):
    return conv2d(inputs, filters, strides, padding)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    b, height, width, c = inputs.shape
    fh, fw, _, o = filters.shape
    images, weights, ups = inputs.tolist(), filters.tolist(), upstream.tolist()
    d_inputs = [[[[0.0] * c for _ in range(width)] for _ in range(height)] for _ in range(b)]
    d_filters = [[[[0.0] * o for _ in range(c)] for _ in range(fw)] for _ in range(fh)]
    rows = _positions(height, fh, strides[1], padding)
    columns = _positions(width, fw, strides[2], padding)
    for k in range(b):
        for p, x in enumerate(rows):
            for q, y in enumerate(columns):
                for m in range(fh):
                    for n in range(fw):
                        if 0 <= x + m < height and 0 <= y + n < width:
                            for i in range(c):
                                for j in range(o):
                                    d_inputs[k][x + m][y + n][i] += ups[k][p][q][j] * weights[m][n][i][j]
                                    d_filters[m][n][i][j] += ups[k][p][q][j] * images[k][x + m][y + n][i]
    return [np.array(d_inputs), np.array(d_filters)]
