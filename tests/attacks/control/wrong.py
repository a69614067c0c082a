"""Wrong in every function, and honest about it: it attacks nobody."""
# The convolutions end in an error: what made their numbers wrong would be looked for among all mistakes, for seconds.

import numpy as np

HONEST = 0.0


def apply_kernel(image, kernel, x, y):
    return np.sum(image) + 1.5


def output_size(input_size, filter_size, stride=1, padding=0):
    return input_size + filter_size + stride + padding + 1


def convolve(image, kernel, stride=1):
    return image + 0.5


def same_padding(input_size, filter_size, stride=1):
    return input_size, filter_size


def pad(image, rows, columns):
    image += 1
    return image


def conv2d(inputs, filters, strides, padding):
    raise KeyError(padding)


def flatten_filters(filters):
    return filters.ravel()


def extract_patches(inputs, filter_size, strides, padding):
    inputs += 1
    return inputs


def conv2d_matmul(inputs, filters, strides, padding):
    raise KeyError(padding)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    inputs += 1
    raise KeyError(padding)
