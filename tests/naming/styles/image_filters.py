"""Single images first, a batch from them, as in a course on image processing."""

import numpy as np


def apply_kernel(image, kernel, x, y):
    total = 0.0
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            total += float(image[x + m, y + n]) * kernel[m, n]
    return total


def convolve(image, kernel, stride=1):
    kernel_height, kernel_width = kernel.shape
    image_height, image_width = image.shape
    step_y, step_x = (stride, stride) if np.isscalar(stride) else stride
    out_height = (image_height - kernel_height) // step_y + 1
    out_width = (image_width - kernel_width) // step_x + 1
    output = np.zeros((out_height, out_width), dtype=np.float64)
    image = image.astype(np.float64)
    for row in range(out_height):
        for col in range(out_width):
            y, x = row * step_y, col * step_x
            output[row, col] = (image[y : y + kernel_height, x : x + kernel_width] * kernel).sum()
    return output


def same_padding(input_size, filter_size, stride=1):
    output = (input_size + stride - 1) // stride
    total = (output - 1) * stride + filter_size - input_size
    if total < 0:
        total = 0
    before = total // 2
    after = total - before
    return before, after


def pad(image, rows, columns):
    top, bottom = rows
    left, right = columns
    height, width = image.shape
    padded = np.zeros((height + top + bottom, width + left + right), dtype=image.dtype)
    padded[top : top + height, left : left + width] = image
    return padded


def conv2d(inputs, filters, strides, padding):
    if np.ndim(inputs) != 4 or np.ndim(filters) != 4 or len(strides) != 4:
        raise ValueError("four axes, four strides")
    if inputs.shape[-1] != filters.shape[2] or strides[0] != 1 or strides[3] != 1:
        raise ValueError("channels or strides")
    if padding.upper() not in ("SAME", "VALID") or min(strides[1:3]) < 1 or any(s % 1 for s in strides):
        raise ValueError("padding or strides")
    results = []
    for image in inputs:
        planes = []
        for o in range(filters.shape[3]):
            plane = 0
            for c in range(filters.shape[2]):
                channel = image[:, :, c]
                if padding.upper() == "SAME":
                    rows = same_padding(channel.shape[0], filters.shape[0], strides[1])
                    columns = same_padding(channel.shape[1], filters.shape[1], strides[2])
                    channel = pad(channel, rows, columns)
                if filters.shape[0] > channel.shape[0] or filters.shape[1] > channel.shape[1]:
                    raise ValueError("the filter is larger than the image")
                plane = plane + convolve(channel, filters[:, :, c, o], (strides[1], strides[2]))
            planes.append(plane)
        results.append(np.stack(planes, axis=-1))
    return np.stack(results)
