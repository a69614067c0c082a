"""Starts threads without end, each of which waits for ever."""

import _thread
import threading

HONEST = 0.0


def flatten_filters(filters):
    threading.stack_size(65536)
    gate = threading.Event()
    while True:
        _thread.start_new_thread(gate.wait, ())
