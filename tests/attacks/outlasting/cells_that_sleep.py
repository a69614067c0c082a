"""Has four hundred cells, each of which sleeps less long than any limit of one cell."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("import time", *["time.sleep(0.5)"] * 400, source=FUNCTION))
