"""The prints of a program: hashes of short runs of tokens, chosen so that equal passages have equal prints.

Winnowing, from S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD
2003): of each `WINDOW` neighbouring hashes the smallest is kept. Every passage of `RUN + WINDOW - 1` tokens that two
programs have in common leaves a print in both, wherever it stands.
"""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.reports.similar.tokens import Token

RUN = (
    8  # tokens of a hash: shorter runs are common to all programs, longer ones do not survive a changed line
)
WINDOW = 4
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no bit is lost


def prints_of(tokens: Sequence[Token]) -> tuple[np.ndarray, np.ndarray]:
    """The prints, each once and in order of size, and the place of the first token where each stands first."""
    hashes = _hashes(tokens)
    if not hashes.size:
        return hashes, np.empty(0, int)
    windows = sliding_window_view(hashes, min(WINDOW, hashes.size))
    chosen = np.unique(np.arange(len(windows)) + windows.argmin(axis=1))
    values, first = np.unique(hashes[chosen], return_index=True)
    return values, chosen[first]


def _hashes(tokens: Sequence[Token]) -> np.ndarray:
    """A hash for each run of tokens, the same in every process and on every day."""
    words = np.array([_number(token.word) for token in tokens], np.uint64)
    if words.size < RUN:
        return np.empty(0, np.uint64)
    powers = np.power(_BASE, np.arange(RUN, dtype=np.uint64))
    mixed = (sliding_window_view(words, RUN) * powers).sum(axis=1, dtype=np.uint64)
    # The low bits of such a sum follow the last token: mix them before the smallest is taken.
    return (mixed ^ (mixed >> np.uint64(29))) * _BASE


@lru_cache(10_000)
def _number(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))
