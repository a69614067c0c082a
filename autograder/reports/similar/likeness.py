"""How much of one function two programs have in common, of what few others have, for all pairs of a class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

COMMON = 0.2  # of the class: what more have is the task's, not theirs
FEW = 5  # students, in a small class
LEAST = 6  # rare prints that a function needs before it says anything
MOST_ENTRIES = (
    20_000_000  # of a function's table, four bytes each: in a larger one the rarest prints are left out
)
ROWS = 256  # programs at a time


@dataclass(frozen=True)
class Rare:
    """What a function's programs have that few others have.

    Attributes:
        prints: those that two programs or more have [print].
        table: for each program and print 0, or the root of the print's weight log2(programs / those that have it), so
            that the product of two rows is the weight of what both have [program, print].
        own: the weight of all that a program has for itself; 0 where that is too little to compare [program].
    """

    prints: np.ndarray
    table: np.ndarray
    own: np.ndarray

    def shared(self, one: int, other: int) -> np.ndarray:
        """The prints that two programs have in common."""
        return self.prints[(self.table[one] > 0) & (self.table[other] > 0)]

    def likeness(self, one: int, other: int) -> float:
        """The share of what the one with less has for itself; 0 where that is too little."""
        less = float(min(self.own[one], self.own[other]))
        return float(self.table[one] @ self.table[other]) / less if less else 0.0


def rare_prints(programs: Sequence[np.ndarray], released: np.ndarray) -> Rare:
    """What the programs have without the release's own prints and without those that a fifth of the class has.

    Args:
        programs: the prints of one function in every program, each once; an empty array for one that lacks it.
    """
    number = len(programs)
    rows = np.repeat(np.arange(number), [own.size for own in programs])
    prints, columns, count = np.unique(np.concatenate(programs), return_inverse=True, return_counts=True)
    weights = np.log2(number / count)
    is_rare = (count <= max(COMMON * number, FEW)) & (weights > 0) & ~np.isin(prints, released)
    kept = is_rare[columns]
    rows, columns = rows[kept], columns[kept]
    enough = np.bincount(rows, minlength=number) >= LEAST
    own = np.bincount(rows, weights[columns], minlength=number) * enough
    together = np.flatnonzero(is_rare & (count > 1))
    together = together[np.argsort(-count[together], kind="stable")][: MOST_ENTRIES // max(number, 1)]
    place = np.full(len(prints), -1)
    place[together] = np.arange(together.size)
    table = np.zeros((number, together.size), np.float32)
    seen = place[columns] >= 0
    table[rows[seen], place[columns[seen]]] = np.sqrt(weights[columns[seen]])
    return Rare(prints[together], table, own.astype(np.float32))


def likenesses(rare: Rare) -> Iterator[tuple[int, np.ndarray]]:
    """For blocks of programs: the first one's place, and how alike each is with every program, from 0 to 1."""
    for first in range(0, len(rare.table), ROWS):
        shared = rare.table[first : first + ROWS] @ rare.table.T
        less = np.minimum(rare.own[first : first + ROWS, None], rare.own[None, :])
        yield first, np.divide(shared, less, out=np.zeros_like(shared), where=less > 0)
