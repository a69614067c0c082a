"""Has pages merged with others' equal ones, swapped out or thrown away: what comes back later tells who else has them."""

import mmap
import os

HONEST = 0.0
REMOVE, MERGEABLE, COLD, PAGEOUT, COLLAPSE, POISON, OFFLINE = 9, 12, 20, 21, 25, 100, 101


def flatten_filters(filters):
    own = mmap.mmap(-1, 1 << 16)
    with open(os.__file__, "rb") as file:
        shared = mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ)
    ways = (REMOVE, MERGEABLE, COLD, PAGEOUT, COLLAPSE, POISON, OFFLINE)
    return break_out(
        *(lambda memory=memory, way=way: memory.madvise(way) for memory in (own, shared) for way in ways),
        lambda: native(
            27, ctypes.c_void_p(np.frombuffer(shared, np.uint8).ctypes.data), 4096, bytes(8)
        ),  # mincore
        lambda: native(451, 0, bytes(16), bytes(40), 0),  # cachestat
        lambda: native(221, 3, 0, 4096, 4),  # fadvise64: not needed
    )
