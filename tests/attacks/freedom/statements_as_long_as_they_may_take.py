"""Has a cell of a thousand statements, each of which takes just as long as one may."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("\n".join(["sum(range(2 * 10**6))"] * 1000), source=FUNCTION))
