"""Takes memory of which the machine has little: huge pages, locked pages, pages on one node."""

import mmap

HONEST = 0.0
MAP_LOCKED, MAP_HUGETLB = 0x2000, 0x40000


def flatten_filters(filters):
    kind = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    place = ctypes.create_string_buffer(8192)
    return break_out(
        lambda: mmap.mmap(-1, 1 << 21, kind | MAP_HUGETLB),
        lambda: mmap.mmap(-1, 1 << 21, kind | MAP_LOCKED),
        lambda: native(149, place, 4096),  # mlock
        lambda: native(151, 1),  # mlockall
        lambda: native(238, 1, None, 0),  # set_mempolicy
        lambda: native(237, place, 4096, 1, None, 0, 0),  # mbind
    )
