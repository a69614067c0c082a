"""Has cells of blank lines, on which Pygments works for minutes when a page is made."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code(*[" \n" * 20_000 + "x = 1"] * 5, source=FUNCTION))
