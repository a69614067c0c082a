"""Has a thousand cells, each of which sleeps no longer than what costs nothing."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("import time", *["time.sleep(0.24)"] * 1000, source=FUNCTION))
