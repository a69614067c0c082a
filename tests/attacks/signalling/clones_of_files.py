"""Shares the blocks of files instead of copying them: clones, and ranges that are told to be the same."""

import fcntl
import os
import struct

HONEST = 0.0
FICLONE, FICLONERANGE, FIDEDUPERANGE = 0x40049409, 0x4020940D, 0xC0189436
COPY_FILE_RANGE, SPLICE, SENDFILE = 326, 275, 40


def flatten_filters(filters):
    source = os.open(os.__file__, os.O_RDONLY)
    target = os.open("copy", os.O_RDWR | os.O_CREAT)
    return break_out(
        lambda: fcntl.ioctl(target, FICLONE, source),
        lambda: fcntl.ioctl(target, FICLONERANGE, struct.pack("qQQQ", source, 0, 0, 0)),
        lambda: fcntl.ioctl(
            source, FIDEDUPERANGE, struct.pack("QQHHIqQQiI", 0, 4096, 1, 0, 0, target, 0, 0, 0, 0)
        ),
        lambda: native(COPY_FILE_RANGE, source, None, target, None, 4096, 0),
        lambda: native(SENDFILE, target, source, None, 4096),
        lambda: native(SPLICE, source, None, target, None, 4096, 0),
    )
