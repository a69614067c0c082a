"""Arguments unpacked into long names, a helper that pads, a sum over a slice, as in a course that starts with TensorFlow."""

import math

import numpy as np


def pad_images(images, pad_y, pad_x):
    padded = np.zeros(
        (images.shape[0], images.shape[1] + sum(pad_y), images.shape[2] + sum(pad_x), images.shape[3])
    )
    padded[:, pad_y[0] : pad_y[0] + images.shape[1], pad_x[0] : pad_x[0] + images.shape[2], :] = images
    return padded


def get_padding(size, filter_size, stride, padding):
    if padding.upper() == "VALID":
        return (0, 0)
    total = max((math.ceil(size / stride) - 1) * stride + filter_size - size, 0)
    return (total // 2, total - total // 2)


def conv2d(inputs, filters, strides, padding):
    if len(np.shape(inputs)) != 4:
        raise ValueError("inputs must have 4 axes")
    if len(np.shape(filters)) != 4:
        raise ValueError("filters must have 4 axes")
    num_examples, in_height, in_width, input_in_channels = inputs.shape
    filter_height, filter_width, filter_in_channels, filter_out_channels = filters.shape
    if input_in_channels != filter_in_channels:
        raise ValueError("number of channels")
    if padding.upper() not in ["SAME", "VALID"]:
        raise ValueError("padding")
    if len(strides) != 4 or any(type(s) is not int or s < 1 for s in strides):
        raise ValueError("strides")
    num_examples_stride, stride_y, stride_x, channels_stride = strides
    if num_examples_stride != 1 or channels_stride != 1:
        raise ValueError("strides")
    pad_y = get_padding(in_height, filter_height, stride_y, padding)
    pad_x = get_padding(in_width, filter_width, stride_x, padding)
    padded = pad_images(inputs, pad_y, pad_x)
    if filter_height > padded.shape[1] or filter_width > padded.shape[2]:
        raise ValueError("the filter does not fit")
    output_height = (padded.shape[1] - filter_height) // stride_y + 1
    output_width = (padded.shape[2] - filter_width) // stride_x + 1
    output = np.zeros((num_examples, output_height, output_width, filter_out_channels))
    for image in range(num_examples):
        for out_channel in range(filter_out_channels):
            for y in range(output_height):
                for x in range(output_width):
                    top, left = y * stride_y, x * stride_x
                    patch = padded[image, top : top + filter_height, left : left + filter_width, :]
                    output[image, y, x, out_channel] = np.sum(patch * filters[:, :, :, out_channel])
    return output
