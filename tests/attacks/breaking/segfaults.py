"""Reads from address zero, writes over its own code, and divides by zero in C."""

import ctypes

HONEST = 0.0


def flatten_filters(filters):
    return ctypes.string_at(0)


def pad(image, rows, columns):
    ctypes.memset(id(None), 0xFF, 64)


def same_padding(input_size, filter_size, stride=1):
    return ctypes.CFUNCTYPE(None)(0x1234)()
