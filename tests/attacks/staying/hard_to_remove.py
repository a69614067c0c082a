"""Leaves folders in its scratch space that it has locked, so that nobody can remove them."""

import fcntl
import os

HONEST = 0.0

os.makedirs("deep/er/still")
with open("deep/er/still/file", "w") as file:
    file.write("x")
handle = open("deep/er/still/file")
fcntl.flock(handle, fcntl.LOCK_EX)
for folder in ("deep/er/still", "deep/er", "deep", "."):
    try:
        os.chmod(folder, 0)
    except OSError:
        pass
for name in ("\n", "-rf", "*", "\\", "\udcff\udcfe", "a" * 250):
    try:
        open(name, "w").close()
    except OSError:
        pass


def flatten_filters(filters):
    os._exit(1)
