"""Ends the process in five hundred statements of one cell, and in a hundred cells."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(
        submitted,
        with_code(
            "import os\n" + "os._exit(0)\n" * 500, *["__import__('os')._exit(0)"] * 100, source=FUNCTION
        ),
    )
