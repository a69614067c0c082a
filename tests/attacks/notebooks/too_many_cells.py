"""Has ten thousand cells, each of which takes its time."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, with_code(*(["sum(range(10**7))"] * 10_000)))
