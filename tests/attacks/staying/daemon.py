"""Leaves a process behind that has forked twice and has a session of its own."""

import os
import time

HONEST = 0.0


def flatten_filters(filters):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(0.1)
        os._exit(0)
    return filters
