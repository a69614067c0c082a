"""How much work a lab may do: a function that loops in Python gets fewer pictures than a fast one.

What counts is how a function compares with the kit's own on the same computer, and not seconds: so a slow computer, or a
busy one, gets the same lab as a fast one.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from notebooks.labkit.standins import stand_in

FAST = 20  # a function that takes no more than so many times as long as the kit's has no loop over pixels


def slowness(function: Callable, name: str, *arguments: object, assignment: str = "conv2d") -> float:
    """Return how many times as long as the kit's function `name` the student's `function` takes for some arguments.

    Both are called in turns, and the shortest time of each counts, since others use the computer, too.
    """
    own, kits = [], []
    for _ in range(3):
        for times, called in ((own, function), (kits, stand_in(assignment, name))):
            start = perf_counter()
            called(*arguments)
            times.append(perf_counter() - start)
    return min(own) / max(min(kits), 1e-6)


def how_many(function: Callable, name: str, pictures: np.ndarray, *arguments: object) -> int:
    """Return how many of `pictures` a function gets that takes them, and then `arguments`: all if it is fast, at least 1.

    Where it is not, a printed line says so.
    """
    times = slowness(function, name, pictures[:1], *arguments)
    if times <= FAST:
        return len(pictures)
    count = max(1, int(len(pictures) * FAST / times))
    print(
        f"Your {name} takes about {times:.0f} times as long as one without loops over pixels; so here are {count} of "
        f"{len(pictures)} pictures."
    )
    return count
