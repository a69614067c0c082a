"""Puts files that take no room on the disk beside the notebook, for each place that they are copied to to be filled."""

from attacks.submitting import hand_in, notebook

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    folder = hand_in(submitted, notebook(FUNCTION))
    for number in range(100):
        with (folder / f"holes{number}.bin").open("wb") as file:
            file.truncate(40 << 20)
