"""Sleeps for an hour in a cell; the function in the next cell is right."""

import time

HONEST = 6.0

time.sleep(3600)


def flatten_filters(filters):
    return filters.reshape(-1, filters.shape[-1])
