"""Runs other programs, from disk and from memory."""

import ctypes
import os
import sys

HONEST = 0.0


def flatten_filters(filters):
    loader = "/lib64/ld-linux-x86-64.so.2"

    def from_memory():
        program = native(319, b"program", 0)  # memfd_create
        os.write(program, open(sys.executable, "rb").read(1 << 20))
        return native(322, program, b"", 0, 0, 0x1000)  # execveat(AT_EMPTY_PATH)

    def own():
        with open("script", "w") as file:
            file.write("#!/bin/sh\ntouch owned\n")
        os.chmod("script", 0o755)
        os.execv("./script", ["script"])

    return break_out(
        lambda: os.execv(sys.executable, [sys.executable, "-c", "while True: pass"]),
        lambda: os.execv("/bin/sh", ["sh", "-c", "touch owned"]),
        lambda: os.execv(loader, [loader, "/bin/sh"]),
        from_memory,
        own,
        lambda: ctypes.CDLL(None).system(b"touch owned") and os.stat("owned"),
    )
