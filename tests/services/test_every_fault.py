"""All mutants of the sample students with loops and with NumPy, under the example's key.

`make test` tries most of them, too: each course's key is accepted only if none survives under it.
"""

import subprocess
import sys

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow(25)


def test_every_fault_in_a_right_solution_costs_points():
    command = [sys.executable, "-W", "ignore", "-m", "tests.mutation", "--survivors"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    missing = [line for line in done.stdout.splitlines() if "| equivalent: " not in line]
    assert done.returncode == 0, "\n".join(missing) + done.stderr
