"""Has the parser choke: on 200,000 brackets, half a million signs, a number of millions of digits."""

import ast

HONEST = 0.0


def flatten_filters(filters):
    return eval("(" * 200_000 + ")" * 200_000)


def pad(image, rows, columns):
    return ast.parse("-" * 500_000 + "1")


eval("((1 << (1 << 28)) ** 9) * 'x'")
