"""The arguments of a call as a key, so that what follows from them is computed once for a whole class."""

import functools
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

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
        self.size = array_bytes(values)
        self.small = self.size <= MOST_BYTES
        self._key = (tuple(self.keywords), *map(_key, values)) if self.small else (id(self),)
        self._hash = hash(self._key)

    def __reduce__(self) -> tuple[object, ...]:
        return Arguments, (
            self.positional,
            self.keywords,
        )  # hashes of texts are other ones in another process

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


def array_bytes(value: object) -> int:
    """How many bytes the arrays in a value take."""
    if isinstance(value, (list, tuple)):
        return sum(map(array_bytes, value))
    return value.nbytes if isinstance(value, np.ndarray) else 0


T = TypeVar("T")
Question = tuple[Callable[..., Any], Arguments]


class Remembered(Generic[T]):
    """`function(implementation, arguments)` with `Arguments`, which keeps the latest results of small calls.

    The results must depend on nothing else, and nobody may change them.

    Attributes:
        known: the results that are kept; one that was found elsewhere can be put there.
    """

    def __init__(self, function: Callable[[Callable[..., Any], Arguments], T], most: int):
        functools.update_wrapper(self, function)
        self.known: dict[Question, T] = {}
        self._function, self._most = function, most

    def __call__(self, implementation: Callable[..., Any], arguments: Arguments) -> T:
        if not arguments.small:
            return self._function(implementation, arguments)
        question = implementation, arguments
        try:
            return self.known[question]
        except KeyError:
            pass
        result = self._function(implementation, arguments)
        if len(self.known) >= self._most:
            del self.known[next(iter(self.known))]  # the oldest
        self.known[question] = result
        return result


def remember(most_calls: int) -> Callable[[Callable[[Callable[..., Any], Arguments], T]], Remembered[T]]:
    """Decorator that makes a function a `Remembered` one."""
    return lambda function: Remembered(function, most_calls)
