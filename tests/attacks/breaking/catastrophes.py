"""Asks for work that grows exponentially, in a regular expression and in a power."""

import re

HONEST = 0.0


def same_padding(input_size, filter_size, stride=1):
    return 0, 0


pow(10, 10**9)


def flatten_filters(filters):
    return re.match(r"(a*)*\Z", "a" * 40 + "b")
