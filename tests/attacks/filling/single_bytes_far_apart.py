"""Writes single bytes far apart, each of which takes a whole block."""

import os

HONEST = 0.0


def flatten_filters(filters):
    kept = []

    def step(number):
        if number % 256 == 0:
            kept.append(os.open("file", os.O_RDWR | os.O_CREAT))
            os.unlink("file")
        os.pwrite(kept[-1], b"x", number % 256 << 12)

    until_refused(step, 4000)
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
