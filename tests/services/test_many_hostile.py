"""A run over a hundred hostile submissions, in two grading processes: what all of them take together stays bounded."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import ROOT
from hostile import HOSTILE, LIMITS, MEBIBYTE, Use, notebooks, peak, typical, watched

pytestmark = pytest.mark.slow(25)

ROUNDS, JOBS = 4, 2  # each round has every kind once; in the first, processes start and learn what they keep
TIERS = {"tier 1": [], "tier 2": ["-m", "tests.dockerlike"]}
RUN = f"""
import sys
from pathlib import Path
from hostile import PATIENCE
from autograder.classroom.session import Session, Wanted, Workers
from autograder.classroom.submissions import find_submissions
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox.probe import require
course = Path(sys.argv[1])
session = Session(course / "r.jsonl", find_submissions(course / "submitted", "conv2d"), Wanted())
for graded in session.run(Workers({JOBS}, require().layers), PATIENCE, EXAMPLE):
    print(graded.result.report.status, flush=True)
"""


@pytest.mark.parametrize("tier", TIERS)
def test_memory_disk_descriptors_and_processes_stay_bounded_all_the_while(tier, tmp_path):
    for number, content in enumerate(notebooks(ROUNDS * len(HOSTILE))):
        folder = tmp_path / "submitted" / f"s{number}" / "conv2d"
        folder.mkdir(parents=True)
        (folder / "conv2d.ipynb").write_bytes(content)
    first, second, left = run_and_watch(tier, tmp_path)
    assert typical(second).memory < typical(first).memory + 64 * MEBIBYTE
    early, late = peak(first), peak(second)
    assert late.own_memory < early.own_memory + 8 * MEBIBYTE
    assert late.descriptors <= early.descriptors + 2
    assert late.processes <= early.processes + 4
    for use in (early, late):
        assert use.memory < 1024 * MEBIBYTE + JOBS * LIMITS.memory_bytes
        assert use.temporary < JOBS * (LIMITS.scratch_bytes + MEBIBYTE)
        assert use.shared == 0
    assert left == []


def run_and_watch(tier: str, course: Path) -> tuple[list[Use], list[Use], list[Path]]:
    """What was taken all the while by the class's second round and by its last, and what files it left."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short name: sockets are bound in it
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        run = subprocess.Popen(
            [sys.executable, *TIERS[tier], "-c", RUN, str(course)],
            cwd=ROOT, env=os.environ | {"TMPDIR": folder, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with run.stdout, watched(run.pid, Path(folder), every=0.25) as seen:
            rounds = []
            for _ in range(ROUNDS):
                begun = len(seen)
                lines = [run.stdout.readline() for _ in HOSTILE]
                assert lines == ["graded\n"] * len(HOSTILE)
                rounds.append(seen[begun:])
            assert run.wait() == 0
        return rounds[1], rounds[-1], list(Path(folder).iterdir())
