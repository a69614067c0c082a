"""Prints without end."""

import os
import sys

HONEST = 0.0


def flatten_filters(filters):
    while True:
        sys.stdout.write("x" * 100_000)
        os.write(2, b"x" * 100_000)
