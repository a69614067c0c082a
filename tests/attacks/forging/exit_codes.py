"""Leaves with exit code 0 in every way that Python knows."""

import os
import sys

HONEST = 0.0


def flatten_filters(filters):
    sys.exit(0)


def pad(image, rows, columns):
    raise SystemExit


def same_padding(input_size, filter_size, stride=1):
    os._exit(0)
