"""How much work a lab may do: a function that loops in Python gets fewer pictures than a fast one."""

from time import process_time


def seconds_for_one(work, pictures):
    """Return how many seconds of computing `work` takes for a batch of the first of `pictures`.

    It is the processor's time, so that other programs do not count, and the better of two calls, since the first
    one may have to load things. `work` is a function of a batch.
    """
    times = []
    for _ in range(2):
        start = process_time()
        work(pictures[:1])
        times.append(process_time() - start)
    return min(times)


def how_many(work, pictures, seconds):
    """Return for how many of `pictures` the function `work` takes at most `seconds`: at least 1.

    Where the time is too short for all of them, a printed line says so.
    """
    one, everything = seconds_for_one(work, pictures), len(pictures)
    if one * everything <= seconds:
        return everything
    count = max(1, int(seconds / one))
    print(
        f"One picture takes {one:.2f} s with your function, {everything} would take about {one * everything:.0f} s; "
        f"so here are {count}. (A function without loops over pixels takes all {everything} at once.)"
    )
    return count
