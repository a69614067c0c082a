"""What a student wrote, as far as a report may repeat it: lines, names and the texts of `raise`. It is never parsed."""

import functools
import re
from collections.abc import Sequence

from autograder.grading.notebook import Cell

LINES_OF_RAISE = 6  # that one `raise` may take; what stands further below is not looked at
LONGEST_RAISE = 3000  # characters of it
LONGEST_TEXT = 300  # characters between two quotes
_NAME = re.compile(r"[^\W\d]\w{0,59}")
# A text with its prefix. It cannot go on over a quote of its own kind, so that none is looked at twice.
_TEXT = re.compile(rf"""(\w{{0,9}})(?:"([^"\\\n]{{0,{LONGEST_TEXT}}})"|'([^'\\\n]{{0,{LONGEST_TEXT}}})')""")
_PLAIN = ("", "r", "u")  # prefixes of texts that stand in the source as they are
_REFUSES = re.compile(r"\b(?:raise|assert)\b")


class Source:
    """The cells that run, as lines and names.

    Attributes:
        lines: how many there are in all cells.
    """

    def __init__(self, cells: Sequence[Cell]):
        self._cells = cells
        self.lines = sum(cell.source.count("\n") + 1 for cell in cells)

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every word that could be a name."""
        return frozenset(name for cell in self._cells for name in names_in(cell.source))


def names_in(text: str) -> list[str]:
    """The words of a text that could be names, each once, in order."""
    return list(dict.fromkeys(_NAME.findall(text)))


def refusals(cell: Cell, line: int) -> list[str]:
    """The texts that stand in the `raise` or `assert` which begins in this line, and all of them one after the other."""
    lines = cell.source.splitlines()[line - 1 : line - 1 + LINES_OF_RAISE]
    if not lines or not (word := _REFUSES.search(lines[0])):
        return []
    statement = "\n".join([lines[0][word.end() :], *lines[1:]])[:LONGEST_RAISE]
    found = _TEXT.findall(statement)
    texts = [first or second for prefix, first, second in found if prefix.lower() in _PLAIN]
    return list(filter(None, dict.fromkeys(" ".join(text.split()) for text in (*texts, "".join(texts)))))
