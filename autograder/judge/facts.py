"""What a sentence repeats of a student's program, fact by fact, and how many bits each fact is.

The bits of a kind of fact are the lengths of a prefix code: over all values of the kind, the sum of 2 ** -bits is at most 1
(Kraft's inequality). So at most 2 ** n different facts have n bits or fewer, whatever a program does to choose among them.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass

NEVER = math.inf  # the bits of what no report repeats
MOST_AXES = 7
LARGEST = 9999  # a number with more digits is no size of a hidden input, and is not repeated


@dataclass(frozen=True)
class Fact:
    """One thing that a program chose and a sentence repeats.

    Attributes:
        kind: what the values are that could stand here: "number", "shape", "line" …
        value: the one that does.
        bits: the length of its word in the code of its kind.
    """

    kind: str
    value: Hashable
    bits: float


def choice(kind: str, value: Hashable, among: int) -> Fact:
    """One of so many values of that kind."""
    return Fact(kind, value, math.log2(among))


def number(value: int, kind: str = "number") -> Fact:
    """A whole number: sizes of small arrays are cheap, and one that no hidden input has is not repeated."""
    return Fact(kind, value, _bits(value))


def shape(sides: tuple[int, ...], like: tuple[int, ...] | None = None) -> Fact:
    """The shape of an array; an empty one may have any sides, and large ones are not repeated.

    `like` is a shape that the sentence has named before: often only one or two sides are others.
    """
    if like is not None and len(like) == len(sides):
        return Fact(
            "shape", sides, 1 + sum(1 if a == b else 1 + _bits(a) for a, b in zip(sides, like, strict=True))
        )
    rank = {2: 2, 4: 2, 1: 3, 3: 3}.get(len(sides), 4 if len(sides) <= MOST_AXES else NEVER)
    return Fact("shape", sides, (like is not None) + rank + sum(map(_bits, sides)))


def _bits(value: int) -> float:
    """4 bits up to 7, 6 up to 23, then a sign and Elias's gamma code."""
    if 0 <= value < 8:
        return 1 + 3
    if 8 <= value < 24:
        return 2 + 4
    return 2 + 1 + gamma(abs(value) + 1) if abs(value) <= LARGEST else NEVER


def gamma(value: int) -> int:
    """The length of a number from 1 on in Elias's gamma code (Elias 1975, "Universal codeword sets")."""
    return 2 * (value.bit_length() - 1) + 1
