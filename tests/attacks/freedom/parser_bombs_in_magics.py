"""Hides texts that are hard to read in f-strings, magics and names that reports look for."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"
CELLS = (
    "%%time\n" * 900 + "x = 1",
    "f'{" * 5000,
    'f"{' + "{" * 20_000 + '"',
    "type X = " + "(" * 10_000,
    "def pad" * 20_000,
    "pad " * 50_000,
    "class C:\n" + " def pad(\n" * 20_000,
    "In [1]: " * 10_000 + "\n<<<<<<< x\n" * 5000,
    "%time " * 2000 + "x = 1",
    "!" * 50_000,
)


def submit(submitted, targets):
    hand_in(submitted, with_code(*CELLS, source=FUNCTION))
