"""Reads another student's notebook and feedback."""

import os

HONEST = 0.0


def flatten_filters(filters):
    submitted = os.path.dirname(TARGETS["submission"])
    return carry_out(
        lambda: open(TARGETS["neighbour"]).read(),
        lambda: open(TARGETS["feedback"]).read(),
        lambda: os.listdir(submitted),
        lambda: [open(f"{submitted}/{name}/conv2d/conv2d.ipynb").read() for name in os.listdir(submitted)],
        lambda: open("../../alice/conv2d/conv2d.ipynb").read(),
    )
