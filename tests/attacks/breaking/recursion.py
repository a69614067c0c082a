"""Calls itself without end, in Python and in C."""

import sys

HONEST = 0.0


def flatten_filters(filters):
    return flatten_filters(filters)


def pad(image, rows, columns):
    sys.setrecursionlimit(1 << 30)
    return pad(image, rows, columns)


def same_padding(input_size, filter_size, stride=1):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return repr(nested)
