"""Is handed in by a student whose name is a path, an option or a pattern to careless programs."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, notebook(""), "-rf ..\\..\\alice %2e%2e%2falice ~ $(touch owned) `id` *")
