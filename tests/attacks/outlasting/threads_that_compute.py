"""Computes in threads while its cells sleep."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

THREADS = """
import threading, time
def compute():
    while True: pass
for _ in range(2): threading.Thread(target=compute, daemon=True).start()
"""
FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(submitted, with_code(THREADS, *["time.sleep(0.05)"] * 400, source=FUNCTION))
