"""Has the parser choke: on 200,000 brackets, half a million signs, a number of millions of digits."""

import ast

HONEST = 0.0


def same_padding(input_size, filter_size, stride=1):
    return 0, 0


eval("((1 << (1 << 28)) ** 9) * 'x'")


def pad(image, rows, columns):
    return ast.parse("-" * 500_000 + "1")


def flatten_filters(filters):
    return eval("(" * 200_000 + ")" * 200_000)
