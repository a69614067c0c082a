"""Python source as tokens in which names, numbers, layout and comments no longer count.

Nothing is compiled and nothing is refused: a program that Python would not take has tokens as well.
"""

import builtins
import keyword
from typing import NamedTuple

from autograder.reports.python_text import TOKEN

MOST_CHARACTERS = 20_000  # of one function's cell; the rest is not looked at

# What black and friends add, take away or choose: brackets around a value, commas at an end.
_LAYOUT = frozenset("(),;\\")
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))
# Two ways to write a loop are one: `for i in range(n)` and `i = 0; while i < n`.
_SAME = {"while": "for"}


class Token(NamedTuple):
    """What counts of a token, and where it stands in the source."""

    word: str
    start: int
    end: int


def tokens_of(source: str) -> list[Token]:
    """The tokens that say what a program does.

    Names of the student's own are "N", numbers "0", texts "S"; keywords, built-in functions and what follows a dot stay.
    Comments, texts that stand alone (docstrings), brackets, commas and line breaks are left out.
    """
    found, before, starts_line = [], "", True
    for match in TOKEN.finditer(source[:MOST_CHARACTERS]):
        kind, said = match.lastgroup, match.group()
        if kind == "newline":
            starts_line = True
        elif kind != "comment" and said not in _LAYOUT and not (kind == "string" and starts_line):
            starts_line = False
            found.append(Token(_word(kind, said, before), *match.span()))
            before = said
    return found


def _word(kind: str | None, said: str, before: str) -> str:
    if kind == "sign":
        return said
    if kind != "name":
        return "0" if kind == "number" else "S"
    if before == "." or said in _KEPT:
        return _SAME.get(said, said)
    return "N"
