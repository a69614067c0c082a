"""Returns lists that hold themselves, nest for ever or never come to an end."""

HONEST = 0.0


def flatten_filters(filters):
    mine = []
    mine.append(mine)
    return mine


def pad(image, rows, columns):
    nested = ()
    for _ in range(100_000):
        nested = (nested,)
    return nested


def same_padding(input_size, filter_size, stride=1):
    class Endless(list):
        def __len__(self):
            return 3

        def __iter__(self):
            while True:
                yield 0

    return Endless()


def convolve(image, kernel, stride=1):
    shared = [0] * 40
    for _ in range(7):
        shared = [shared] * 40
    return shared
