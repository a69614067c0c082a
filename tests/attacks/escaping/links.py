"""Makes links to what it may not read, and renames itself out of its folder."""

import os

HONEST = 0.0


def flatten_filters(filters):
    def through(make, target, name):
        make(target, name)
        return open(name).read()

    return break_out(
        lambda: through(os.symlink, TARGETS["home"], "a"),
        lambda: through(os.link, TARGETS["home"], "b"),
        lambda: through(os.symlink, "/proc/self/root" + TARGETS["neighbour"], "c"),
        lambda: os.symlink(os.path.dirname(TARGETS["home"]), "d"),
        lambda: os.rename(os.getcwd(), os.path.dirname(TARGETS["temporary"]) + "/moved"),
        lambda: os.rename(TARGETS["temporary"], "e"),
        lambda: os.replace(TARGETS["gradebook"], "f"),
        lambda: os.mkfifo(os.path.dirname(TARGETS["submission"]) + "/pipe"),
        lambda: os.mknod("device", 0o60600, os.makedev(8, 0)) or open("device", "rb").read(10),
    )
