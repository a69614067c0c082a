"""The arguments of a call as a key, so that what follows from them is computed once for a whole class."""

import functools
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np

MOST_BYTES = 100_000  # of a call that is remembered: those for timing are larger


class Arguments:
    """The arguments of one call; two are equal where types, shapes, memory order and every byte are.

    Attributes:
        positional, keywords: as they were given.
        size: bytes of the arrays among them.
        small: whether what follows from them is worth remembering.
    """

    def __init__(self, positional: tuple[Any, ...], keywords: Mapping[str, object] | None = None):
        self.positional = positional
        self.keywords = dict(keywords or {})
        values = (*positional, *self.keywords.values())
        self.size = sum(map(_bytes, values))
        self.small = self.size <= MOST_BYTES
        self._key = (tuple(self.keywords), *map(_key, values)) if self.small else (id(self),)
        self._hash = hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Arguments) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


def _key(value: object) -> Hashable:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.flags.c_contiguous, value.tobytes()
    if isinstance(value, (list, tuple)):
        return type(value), *map(_key, value)
    if isinstance(value, np.random.Generator):
        return type(value), repr(value.bit_generator.state)
    return type(value), repr(value)


def _bytes(value: object) -> int:
    if isinstance(value, (list, tuple)):
        return sum(map(_bytes, value))
    return value.nbytes if isinstance(value, np.ndarray) else 0


T = TypeVar("T")
Remembered = Callable[[Callable[..., Any], Arguments], T]


def remember(most_calls: int) -> Callable[[Remembered[T]], Remembered[T]]:
    """Decorator for `function(implementation, arguments)` with `Arguments`: keeps the latest results of small calls.

    The results must depend on nothing else, and nobody may change them.
    """

    def decorate(function: Remembered[T]) -> Remembered[T]:
        kept = functools.lru_cache(most_calls)(function)

        @functools.wraps(function)
        def remembering(implementation: Callable[..., Any], arguments: Arguments) -> T:
            return (kept if arguments.small else function)(implementation, arguments)

        return remembering

    return decorate
