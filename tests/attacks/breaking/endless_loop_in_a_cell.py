"""Computes for ever while its cells run; the function in the next cell is right."""

HONEST = 8.0

while True:
    pass


def same_padding(input_size, filter_size, stride=1):
    total = max((-(-input_size // stride) - 1) * stride + filter_size - input_size, 0)
    return total // 2, total - total // 2
