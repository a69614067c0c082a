"""mypy has nothing to say: strict for the judge, the sandbox, grading and the classroom."""

import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.slow(20)
def test_types_agree_with_each_other_and_with_what_they_annotate():
    checked = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
