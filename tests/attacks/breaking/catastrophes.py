"""Asks for work that grows exponentially, in a regular expression and in a power."""

import re

HONEST = 0.0


def flatten_filters(filters):
    return re.match(r"(a*)*\Z", "a" * 40 + "b")


pow(10, 10**9)
