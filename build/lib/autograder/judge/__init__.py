"""What is right, and why not: the ladder, plain words, visible cases, and the words that hidden tests are written in.

It knows no assignment: what is a subject's own comes from the assignment (`Origin`, `Hint`, `Exercise`). The modules
`ladder`, `plain_words`, `drawing` and `visible` need NumPy alone: they become the students' `checks.py`.
"""

from autograder.judge.rounding import rounding
from autograder.judge.timing import assert_not_much_slower
from autograder.judge.vocabulary import (
    Inconclusive,
    Mismatch,
    assert_agrees,
    assert_inputs_unchanged,
    assert_raises,
    assert_same,
    graded,
)

__all__ = [
    "Inconclusive",
    "Mismatch",
    "assert_agrees",
    "assert_inputs_unchanged",
    "assert_not_much_slower",
    "assert_raises",
    "assert_same",
    "graded",
    "rounding",
]
