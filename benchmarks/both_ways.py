"""Grades programs of all kinds twice: with calls sent ahead and all that a course keeps of its key, and one by one with nothing
known. The reports must be the same.

    python -m benchmarks.both_ways [FOLDER ...]

By default the demo's students, the fair solutions and the attacks that are plain text: right, wrong, slow, broken and hostile ones.
Prints each whose report differs in a test's outcome, message, picture or named mistake, and what both ways charged.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import nbformat

from autograder.authoring.fill import fill
from autograder.classroom.accepted_key import accepted_key
from autograder.grading import Grader
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.judge import naming
from autograder.sandbox import Allowance, Limits

ROOT = Path(__file__).resolve().parents[1]
ATTACKS = ROOT / "tests" / "attacks"
BUILT = {"notebooks", "freedom", "outlasting", "wearing", "folder"}  # families whose files make submissions
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=4.0)


class Billed(GradingLimits):
    """Limits that keep the allowance of the last submission."""

    last: Allowance

    def allowance(self) -> Allowance:
        allowance = super().allowance()
        object.__setattr__(self, "last", allowance)
        return allowance


def programs(folders: list[Path]) -> list[Path]:
    """The files of the folders, or of all that is known."""
    if not folders:
        families = [path for path in sorted(ATTACKS.iterdir()) if path.is_dir() and path.name not in BUILT]
        folders = [ROOT / "demo" / "samples", ROOT / "tests" / "fair", *families]
    return [file for folder in folders for file in sorted(folder.glob("*.py"))]


def differences(one: Report, other: Report) -> list[str]:
    """What the two say of a test where they do not say the same."""
    pairs = zip(one.tests, other.tests, strict=True)
    return [f"{a.name}: {a.outcome}, {a.message!r}; {b.outcome}, {b.message!r}" for a, b in pairs if a != b]


def main(folders: list[Path]) -> int:
    """How many reports differ."""
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    limits = Billed(LIMITS), Billed(LIMITS)
    different, bills = 0, [0.0, 0.0]
    with (
        tempfile.TemporaryDirectory() as course,
        contextlib.ExitStack() as held,
    ):
        key, memory = accepted_key("conv2d", Path(course))
        ahead = held.enter_context(Grader(limits[0], memory=memory))
        one_by_one = held.enter_context(Grader(limits[1], ahead=False))
        for file in programs(folders):
            content = nbformat.writes(fill(released, file.read_text())).encode()
            reports: list[Report] = []
            for place, grader in enumerate((ahead, one_by_one)):
                reports.append(grader.grade(content, student="ada", assignment="conv2d", key=key))
                naming._remembered.cache_clear()  # what one has found says nothing about the other
                bills[place] += limits[place].last.charged
            if found := differences(*reports):
                different += 1
                print(f"{file.relative_to(ROOT)} differs", *found, sep="\n  ", flush=True)
    print(f"{len(programs(folders))} programs, {different} of them told otherwise.")
    print(f"Charged: {bills[0]:.1f} s sent ahead, {bills[1]:.1f} s one by one.")
    return different


if __name__ == "__main__":
    sys.exit(bool(main([Path(each).resolve() for each in sys.argv[1:]])))
