"""Is handed in under a name that looks like another student's."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, notebook(""), "alice\u200b")
