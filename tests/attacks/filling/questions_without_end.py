"""Opens, writes and removes a file for ever: each step is a question that the kernel asks the grader."""

import os

HONEST = 0.0


def flatten_filters(filters):
    while True:
        try:
            descriptor = os.open("file", os.O_RDWR | os.O_CREAT)
            os.write(descriptor, b"x")
            os.close(descriptor)
            os.unlink("file")
        except OSError:
            pass
