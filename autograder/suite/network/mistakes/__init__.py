"""The mistakes that the functions of a network are known to suffer from, one plain function each, in modules by story.

To add one, write a function with the decorator `mistake` in the module it belongs to: nothing else is needed.
"""

import functools
import sys

from autograder.judge.bank import Bank, collect


@functools.cache
def bank() -> Bank:
    """All of them."""
    from autograder.suite.network import ASSIGNMENT
    from autograder.suite.network.mistakes.knobs import KNOBBED

    return collect(sys.modules[__name__], ASSIGNMENT.right, {**ASSIGNMENT.right, **KNOBBED})
