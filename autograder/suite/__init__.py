"""The hidden tests, one folder for each assignment, and the few words that they are written in."""

from autograder.suite.rounding import rounding
from autograder.suite.timing import assert_not_much_slower
from autograder.suite.vocabulary import (
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
