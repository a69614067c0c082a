"""Makes folders without end, one in the other and one beside the other."""

import os

HONEST = 0.0


def flatten_filters(filters):
    home = os.getcwd()

    def deeper(number):
        os.mkdir("d")
        os.chdir("d")

    made = until_refused(deeper, 5000)
    os.chdir(home)
    made += until_refused(lambda number: os.mkdir(f"{number}"), 5000)
    return break_out(lambda: more_than(TARGETS["files"], made))
