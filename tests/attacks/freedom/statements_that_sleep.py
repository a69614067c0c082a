"""Has a cell of a thousand statements that sleep."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("import time\n" + "\n".join(["time.sleep(2.5)"] * 1000), source=FUNCTION))
