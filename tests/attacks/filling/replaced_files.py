"""Renames each new file over the one before, which it goes on writing."""

import os

HONEST = 0.0


def flatten_filters(filters):
    kept = []

    def step(number):
        kept.append(os.open("new", os.O_RDWR | os.O_CREAT))
        os.rename("new", "old")
        os.write(kept[-1], bytes(1 << 20))

    until_refused(step)
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
