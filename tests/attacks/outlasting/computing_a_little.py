"""Computes as much as makes its sleep look like the wait for a busy processor."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELL = "end = time.process_time() + 0.01\nwhile time.process_time() < end: pass\ntime.sleep(0.2)"
FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code("import time", *[CELL] * 400, source=FUNCTION))
