"""Returns texts, complex and gigantic numbers where a number is due."""

HONEST = 0.0


def apply_kernel(image, kernel, x, y):
    return complex(float("inf"), float("nan"))


def output_size(input_size, filter_size, stride=1, padding=0):
    return 10**5000


def same_padding(input_size, filter_size, stride=1):
    return "before", b"after"


def pad(image, rows, columns):
    return [[True] * 3] * 3


def flatten_filters(filters):
    return {"equal": True, "score": 100}
