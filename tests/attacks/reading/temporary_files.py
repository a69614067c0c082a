"""Reads what others keep in the folders for temporary files."""

import os

HONEST = 0.0


def flatten_filters(filters):
    folder = os.path.dirname(TARGETS["temporary"])

    def everything(top):
        return [open(os.path.join(place, name), "rb").read(200)
                for place, _, names in os.walk(top) for name in names][:50]  # fmt: skip

    return carry_out(
        lambda: open(TARGETS["temporary"]).read(),
        lambda: os.listdir(folder),
        lambda: everything(folder),
        lambda: everything("/var/tmp"),
        lambda: everything("/dev/shm"),
        lambda: everything("/run"),
    )
