"""Puts files in the place of its pipes, on which it may write without end."""

import os

HONEST = 0.0
DUP2 = 33


def flatten_filters(filters):
    file = os.open("file", os.O_RDWR | os.O_CREAT)
    os.unlink("file")

    def replaced(place):
        os.dup2(file, place)
        return more_than(TARGETS["bytes"], os.fstat(place).st_size)

    def by_an_odd_number(place):
        native(DUP2, file, ctypes.c_long(place | 1 << 32))
        return more_than(TARGETS["bytes"], os.fstat(place).st_size)

    return break_out(
        *(lambda place=place: replaced(place) for place in (0, 1, 2)),
        *(lambda place=place: by_an_odd_number(place) for place in (0, 1, 2)),
    )
