"""Submits a file of a terabyte, all of it holes."""

from attacks.submitting import hand_in

HONEST = 0.0


def submit(submitted, targets):
    folder = hand_in(submitted, b"{")
    with (folder / "conv2d.ipynb").open("r+b") as file:
        file.truncate(1 << 40)
