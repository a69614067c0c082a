"""Returns more than fits, as arrays, lists and texts."""

HONEST = 0.0


def flatten_filters(filters):
    return np.zeros(1 << 24)


def pad(image, rows, columns):
    return [0] * 10_000_000


def same_padding(input_size, filter_size, stride=1):
    return "x" * 50_000_000
