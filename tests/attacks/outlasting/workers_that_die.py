"""Ends its worker in every definition, so that one after the other is started."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELL = "def f{}(x=__import__('os')._exit(0)): pass"


def submit(submitted, targets):
    hand_in(submitted, with_code(*(CELL.format(number) for number in range(800))))
