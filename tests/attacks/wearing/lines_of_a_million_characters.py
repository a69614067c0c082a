"""Raises in lines of half a million quotes, names and brackets, in which a report looks for its words."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    line = "raise ValueError(" + "'a' " * 60_000 + ")"
    cells = [
        f"def pad(*_): {line}",
        "def conv2d(*_): raise kernel" + "_kernel" * 20_000,
        "def convolve(*_): return [" + "filter * weight, " * 10_000 + "missing]",
    ]
    hand_in(submitted, with_code(*cells, source=FUNCTION))
