"""How to keep the C library from giving memory back that the next call needs again.

Linux's usual C library, glibc, hands memory back to the system: a block above one threshold as soon as it is
freed, and what is free at the end of its own memory above another. To get it back takes a page fault for every
4096 bytes. Both thresholds rise with the largest block that has been freed so far: they become its size and
twice its size, as long as it has no more than 32 MiB (`man 3 mallopt`, M_MMAP_THRESHOLD). So one large block
at the right moment keeps many small ones. A page that nobody has touched takes no memory: a large block that
nobody writes to costs nothing.

Other C libraries (musl, macOS's, Windows') do as they do; there these functions change nothing. Nor does
`keep_freed_memory` where the environment sets MALLOC_MMAP_THRESHOLD_ or MALLOC_TRIM_THRESHOLD_: glibc's
thresholds then stay where they were put. A test tells when glibc no longer does as it says here.
"""

import numpy as np

from solutions.reference.engine.tuning import ROOMY_BYTES, ROOMY_FROM_BYTES

# The largest block that glibc heeds, DEFAULT_MMAP_THRESHOLD_MAX in malloc/malloc.c, less two pages for headers.
LARGEST_HEEDED_BYTES = (1 << 25) - (1 << 13)


def roomy(numbers: int, itemsize: int) -> int:
    """Return how many numbers to allocate for a buffer of so many: few as they are, many as one large block.

    >>> roomy(1000, 4), roomy(100_000, 4) * 4 == ROOMY_BYTES
    (1000, True)
    """
    return numbers if numbers * itemsize < ROOMY_FROM_BYTES else max(numbers, ROOMY_BYTES // itemsize)


def keep_freed_memory() -> None:
    """Let this process keep up to 64 MiB of what it frees.

    For work that makes and drops the same arrays again and again, as `fit` does with every batch: to get their
    memory back each time takes a tenth of its time. Allocates the largest block that glibc heeds, and drops it
    untouched. No result depends on it.
    """
    np.empty(LARGEST_HEEDED_BYTES, np.uint8)
