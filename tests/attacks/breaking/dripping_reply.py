"""Answers a byte at a time, so that there is always something to read."""

import os
import struct
import time

HONEST = 0.0

for byte in struct.pack("<II", 1 << 19, 0) + b" " * (1 << 19):
    for descriptor in (3, 4, 5):
        try:
            os.write(descriptor, bytes([byte]))
        except OSError:
            pass
    time.sleep(0.05)
