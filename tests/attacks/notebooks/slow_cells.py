"""Has many cells, each of which takes as long as a cell just may."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, with_code(*(["sum(range(3 * 10**6))"] * 40)))
