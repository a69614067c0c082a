"""The mistakes that the ten functions are known to suffer from, one plain function each, in modules by story.

To add one, write a function with the decorator `mistake` in the module it belongs to: nothing else is needed.
`python -m autograder.authoring.mistakes` then shows which hidden tests catch it and whether it is told
apart from all others.
"""

import functools
import sys

from autograder.judge.bank import Bank, collect


@functools.cache
def bank() -> Bank:
    """All of them."""
    from autograder.suite.conv2d import ASSIGNMENT
    from autograder.suite.conv2d.mistakes.knobs import KNOBBED, OTHER_WAYS

    return collect(sys.modules[__name__], ASSIGNMENT.right, KNOBBED, OTHER_WAYS)
