"""Keeps empty files that it has removed: by descriptors, and by mappings without number."""

import mmap
import os

HONEST = 0.0


def flatten_filters(filters):
    kept = []

    def step(number):
        with open("file", "w+b") as file:
            file.write(b"x")
            file.flush()
            kept.append(mmap.mmap(file.fileno(), 1, mmap.MAP_PRIVATE, mmap.PROT_READ))
        os.unlink("file")

    made = until_refused(step, 5000)
    return break_out(lambda: more_than(TARGETS["files"], made))
