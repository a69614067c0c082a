"""Is a file that is small and takes a great deal of memory and time to read."""

from attacks.submitting import hand_in

HONEST = 0.0


def submit(submitted, targets):
    deep = b"[" * 100_000
    number = b"1" * 200_000
    many = b'{"cells": [' + b"[]," * 2_900_000 + number + b"," + deep
    hand_in(submitted, many)
