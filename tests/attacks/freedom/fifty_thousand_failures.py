"""Has a cell of fifty thousand statements, each of which fails with another text."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("\n".join(f"missing_{number}" for number in range(50_000)), source=FUNCTION))
