"""Submissions that want all the time, memory or disk there is, among right ones, in both tiers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, cells_notebook, sample

from benchmarks.worst_costs import AIMS

pytestmark = pytest.mark.slow(40)

TIERS = {"tier 1": [], "tier 2": ["-m", "tests.dockerlike"]}
HOSTILE = {aim: cells for aim, cells in AIMS.items() if aim != "nothing"}
HONEST, JOBS = 12, 2
TOTAL = 2.0  # seconds for a whole submission
MOST_SECONDS = 4 * TOTAL + 1  # real time may be four times as long, and a second more
REST = 5  # times what a right submission takes here and now: new workers and the rest of grading are not the submission's
RUN = f"""
import json, sys
from pathlib import Path
from autograder.classroom.session import Session, Wanted, Workers
from autograder.classroom.submissions import find_submissions
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Limits
from autograder.sandbox.probe import require
course = Path(sys.argv[1])
session = Session(course / "r.jsonl", find_submissions(course / "submitted", "conv2d"), Wanted())
limits = GradingLimits(Limits(memory_bytes=512 << 20), total_seconds={TOTAL})
for graded in session.run(Workers({JOBS}, require().layers), limits, EXAMPLE):
    report = graded.result.report
    print(json.dumps([report.student, report.score, report.seconds]), flush=True)
"""


@pytest.mark.parametrize("tier", TIERS)
def test_hostile_submissions_slow_a_class_by_no_more_than_their_limits_and_cost_nobody_a_point(
    tier, tmp_path
):
    right = "import numpy as np\n" + sample("perfect")
    for place in range(HONEST):
        hand_in(tmp_path, f"honest{place}", right, f"# {place}")
    for place, cells in enumerate(HOSTILE.values()):
        hand_in(tmp_path, f"hostile{place}", *cells, f"# {place}")
    graded = subprocess.run(
        [sys.executable, *TIERS[tier], "-c", RUN, str(tmp_path)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [json.loads(line) for line in graded.stdout.splitlines()]
    assert len(rows) == HONEST + len(HOSTILE)
    assert {score for student, score, _ in rows if student.startswith("honest")} == {100.0}
    assert {score for student, score, _ in rows if student.startswith("hostile")} == {0.0}
    slowest = max(seconds for student, _, seconds in rows if student.startswith("honest"))
    assert [row for row in rows if row[2] > MOST_SECONDS + REST * slowest] == []


def hand_in(course: Path, student: str, *cells: str) -> None:
    folder = course / "submitted" / student / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").write_bytes(cells_notebook(*cells))
