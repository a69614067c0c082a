"""Writes into files that it has unlinked, so that no look into its folder finds them."""

import os

HONEST = 0.0


def flatten_filters(filters):
    kept = []

    def step(number):
        kept.append(os.open("file", os.O_RDWR | os.O_CREAT))
        os.unlink("file")
        os.write(kept[-1], bytes(1 << 20))

    until_refused(step)
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
