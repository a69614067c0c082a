"""Makes its pipes large until nobody else of the same user gets a large one."""

import fcntl
import os

HONEST = 0.0


def flatten_filters(filters):
    return break_out(
        lambda: fcntl.fcntl(os.pipe()[1], fcntl.F_SETPIPE_SZ, 1 << 20),
        lambda: os.pipe2(0o200),  # for notices of the kernel's own
        lambda: os.pipe2(os.O_DIRECT),
    )
