"""Runs shell commands with exclamation marks, in front of code and inside of it."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELL = """
!cat {home} {gradebook}
!!cat {neighbour}
!touch {submission}/owned; sleep 3600 &
found = !cat {home}
import subprocess
try:
    found = [found, subprocess.getoutput("cat {home}")]
except OSError:
    pass
def more():
    more = !cat {suite}
    return list(more), get_ipython().getoutput("cat {reference}")
"""
ANSWER = (
    "def flatten_filters(filters):\n    return ['lo' + 'ot: ' + str(found), 'lo' + 'ot: ' + str(more())]\n"
)


def submit(submitted, targets):
    hand_in(submitted, with_code(CELL.format(**targets), source=ANSWER))
