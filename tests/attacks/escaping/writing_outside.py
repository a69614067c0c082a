"""Writes, renames, removes and dates files wherever it knows of some."""

import os
import shutil

HONEST = 0.0


def flatten_filters(filters):
    # Not the hidden tests nor the reference: they are the kit's own files, and a hole would cost them.
    files = [TARGETS[name] for name in ("home", "gradebook", "results", "neighbour", "temporary")]
    attempts = []
    for file in files:
        attempts += [
            lambda file=file: open(file, "a").write("x"),
            lambda file=file: os.truncate(file, 0),
            lambda file=file: os.remove(file),
            lambda file=file: os.chmod(file, 0),
            lambda file=file: os.utime(file, (0, 0)),
            lambda file=file: os.setxattr(file, "user.owned", b"1"),
            lambda file=file: open(os.path.dirname(file) + "/left-behind", "w"),
            lambda file=file: shutil.rmtree(os.path.dirname(file)),
        ]
    return break_out(*attempts)
