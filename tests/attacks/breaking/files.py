"""Fills the disk with a large file, with many files and with a file full of holes."""

import os

HONEST = 0.0


def flatten_filters(filters):
    def large():
        with open("large", "wb") as file:
            while True:
                file.write(b"x" * (1 << 20))

    def many():
        for number in range(10_000):
            with open(f"file-{number}", "wb") as file:
                file.write(b"x" * 1000)

    def holes():
        with open("holes", "wb") as file:
            file.truncate(1 << 50)

    def allocated():
        with open("allocated", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 1 << 40)

    return carry_out(large, holes, allocated, many)
