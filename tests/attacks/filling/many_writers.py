"""Has many threads write at the same moment, so that each of them finds room for what only one may write."""

import os
import threading

HONEST = 0.0


def flatten_filters(filters):
    kept, start = [], threading.Barrier(20)

    def work(number):
        descriptor = os.open(f"file-{number}", os.O_RDWR | os.O_CREAT)
        kept.append(descriptor)
        start.wait(1)
        os.unlink(f"file-{number}")
        until_refused(lambda _: os.write(descriptor, bytes(1 << 18)), 8)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return break_out(lambda: more_than(TARGETS["bytes"], size_of(kept)))
