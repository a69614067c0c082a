"""Python's and NumPy's errors in plain words, for people who meet them for the first time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_MESSAGE = 1000  # characters of an error's message that are searched: it may be a student's own


@dataclass(frozen=True)
class Hint:
    """What an error usually means: its type and a part of its message, both as patterns, and one sentence."""

    error: str
    pattern: str
    sentence: str

    def fits(self, error: str, message: str) -> bool:
        return bool(re.fullmatch(self.error, error) and re.search(self.pattern, message[:LONGEST_MESSAGE]))


_NONE = "Something here is None: probably a function that it came from lacks its `return`."
_WHOLE = "A size or a position must be a whole number: `/` always gives a float, `//` a whole number."
# fmt: off
_HINTS = (
    Hint("ValueError", "operands could not be broadcast",
         "Two arrays whose shapes do not fit were combined: print both shapes."),
    Hint("ValueError", "could not broadcast input",
         "What stands right of `=` has another shape than the place left of it that it should fill."),
    Hint("ValueError", "matmul|not aligned",
         "In a matrix product the left matrix needs as many columns as the right one has rows."),
    Hint("ValueError", "cannot reshape",
         "reshape keeps every number: the sizes must multiply to the same total."),
    Hint("ValueError", "to unpack", "There are more or fewer values than names."),
    Hint("ValueError", "element with a sequence", "One place of an array takes one number: is a sum missing?"),
    Hint("ValueError", "truth value of an array",
         "`if` needs one answer: compare shapes or single numbers, not arrays."),
    Hint("IndexError", "out of bounds",
         "Positions run from 0 to size − 1: does a loop run too far, or are rows and columns swapped?"),
    Hint("IndexError", "too many indices",
         "The array has fewer axes than the indices you use: print its shape."),
    Hint("IndexError", "only integers", _WHOLE),
    Hint("UnboundLocalError", "", "The function uses this name before it gives it a value."),
    Hint("NameError", "",
         "Python does not know this name: check its spelling, and run the cell that defines it."),
    Hint("(Type|Attribute)Error", "NoneType", _NONE),
    Hint("TypeError", "as an integer|must be integers|integer scalar", _WHOLE),
    Hint("TypeError", "positional argument|keyword argument",
         "Keep each function's name and parameters as given."),
    Hint("TypeError", "not callable",
         "This name stands for something other than a function now: was it reused?"),
    Hint("TypeError", "sequence|'(list|tuple)'",
         "Lists do no arithmetic: np.array(...) makes an array of a list."),
    Hint(".*CastingError|.*UFuncTypeError", "",
         "An array of whole numbers cannot take fractions: np.zeros(shape) makes one of floats."),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which number is 0 here?"),
    Hint("RecursionError", "", "The function calls itself without an end."),
    Hint("(ModuleNotFound|Import)Error", "",
         "Only NumPy is needed, and only NumPy is there when the work is graded."),
)
# fmt: on


def explain_exception(type_name: str, message: str, own: Sequence[Hint] = ()) -> str:
    """One plain sentence on a common error, or "" when there is nothing to add.

    ``own`` are the assignment's hints: they know its subject, so they are asked first.
    """
    for hint in (*own, *_HINTS):
        if hint.fits(type_name, message):
            return hint.sentence
    return ""
