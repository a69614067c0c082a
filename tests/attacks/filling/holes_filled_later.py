"""Makes files of holes, which take nothing, and fills them through memory that it shares with them."""

import mmap
import os

HONEST = 0.0


def flatten_filters(filters):
    kept = [os.open(f"file-{number}", os.O_RDWR | os.O_CREAT) for number in range(30)]

    def step(number):
        os.ftruncate(kept[number], 1 << 20)
        for protection in (mmap.PROT_WRITE, mmap.PROT_READ | mmap.PROT_WRITE):
            mmap.mmap(kept[number], 1 << 20, mmap.MAP_SHARED, protection).write(bytes(1 << 20))

    until_refused(step, len(kept))
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
