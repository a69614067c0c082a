"""Makes files that never had a name: O_TMPFILE, memfd_create, shm_open, secret memory."""

import os

HONEST = 0.0
O_TMPFILE, MEMFD_CREATE, MEMFD_SECRET = 0o20200000, 319, 447


def flatten_filters(filters):
    def fill(make):
        kept = []

        def step(number):
            kept.append(make())
            os.write(kept[-1], bytes(1 << 20))

        until_refused(step, 60)
        return more_than(TARGETS["bytes"], size_of(kept))

    return break_out(
        lambda: fill(lambda: os.open(".", os.O_RDWR | O_TMPFILE)),
        lambda: fill(lambda: native(MEMFD_CREATE, b"x", 0)),
        lambda: native(MEMFD_SECRET, 0),
        lambda: fill(lambda: os.open("/dev/shm/x", os.O_RDWR | os.O_CREAT)),
    )
