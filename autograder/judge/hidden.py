"""Hidden inputs: numbers that follow from a course's key, so that nobody without it can write their answers down.

An author chooses shapes, strides and dtypes; the key chooses the numbers. So a course's inputs are the same for its whole class and
at every regrading, and other than those of every other course.
"""

import functools
import hashlib
from dataclasses import dataclass, field

import numpy as np

SECRET_BYTES = 32


@dataclass(frozen=True)
class Key:
    """A secret of 32 random bytes. Whoever has it has the hidden inputs; `repr` does not show it.

    Attributes:
        secret: the bytes.

    >>> Key(bytes(32))
    Key()
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise ValueError(f"a key has {SECRET_BYTES} bytes")

    def for_(self, purpose: str) -> "Key":
        """Another key, which follows from this one; the way back is closed."""
        return Key(self.stream(f"key\0{purpose}", SECRET_BYTES))

    @property
    def fingerprint(self) -> str:
        """Tells keys apart and gives nothing away: a hash of 32 random bytes cannot be guessed."""
        return self.stream("fingerprint", 16).hex()

    def stream(self, label: str, size: int) -> bytes:
        """Bytes for one purpose, from which neither the key nor those for another purpose can be found.

        SHAKE256 of the secret and the label; the secret's length is fixed, and a sponge needs no more to be keyed
        (G. Bertoni et al., *Cryptographic sponge functions*, 2011, section 4.1).
        """
        return hashlib.shake_256(self.secret + label.encode()).digest(size)


class Numbers:
    """What hidden tests draw their inputs from: `numbers(7, 3, 4)` is an array of 3 rows and 4 columns.

    They come from `Key.stream`, not from NumPy's generators: an old class gets the same ones with every later NumPy.

    Args:
        key: the course's key for this assignment.
    """

    def __init__(self, key: Key):
        self._key = key

    def __call__(
        self,
        seed: int,
        *shape: int,
        dtype: str = "float64",
        low: float | None = None,
        high: float | None = None,
    ) -> np.ndarray:
        """Numbers without a pattern, evenly from `low` to `high`. The array is read-only.

        Args:
            seed: any number; another one gives other numbers.
            shape: the array's. Another shape has other numbers, too.
            dtype: of whole numbers or of floats.
            low, high: by default -1 and 1 for floats, 0 and 255 for whole numbers. Whole numbers may be `high` itself.
        """
        whole = np.dtype(dtype).kind in "iu"
        low = (0 if whole else -1) if low is None else low
        high = (255 if whole else 1) if high is None else high
        return _drawn(self._key, seed, shape, np.dtype(dtype).name, low, high)


# A suite of some forty tests draws about 250, again for every submission.
@functools.lru_cache(2000)
def _drawn(key: Key, seed: int, shape: tuple[int, ...], dtype: str, low: float, high: float) -> np.ndarray:
    label = f"numbers\0{seed} {shape} {dtype} {low} {high}"
    words = np.frombuffer(key.stream(label, 8 * int(np.prod(shape))), "<u8")
    if np.dtype(dtype).kind in "iu":
        # Some numbers come more often than others, by one part in 2**64 / (high - low): nobody can see that.
        array = low + (words % np.uint64(high - low + 1)).astype(np.int64)
    else:
        array = low + (high - low) * (words >> np.uint64(11)) * 2.0**-53
    array = array.reshape(shape).astype(dtype)
    array.setflags(write=False)
    return array
