"""Never returns, and lets no exception end it."""

import signal

HONEST = 0.0

for number in range(1, 65):
    try:
        signal.signal(number, lambda *arguments: None)
    except (OSError, ValueError):
        pass


def flatten_filters(filters):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
