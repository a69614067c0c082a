"""Small files beside a notebook are there for its cells; nothing else of the folder is."""

import hashlib
import os

import pytest
from conftest import cells_notebook

from autograder.classroom.beside import MOST_BYTES, MOST_FILES, digest_of, files_beside
from autograder.classroom.submissions import Submission
from autograder.gradebook.folders import find_files
from autograder.grading import Grader
from autograder.grading.notebook import MAX_BYTES
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Limits

pytestmark = pytest.mark.sandbox

FLATTEN = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])"
HELPERS = b"def flat(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


@pytest.fixture(scope="module")
def grader():
    with Grader(GradingLimits(Limits(cpu_seconds=0.5, wall_seconds=6.0))) as grader:
        yield grader


def graded(grader, *cells, files):
    return grader.grade(cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE, files=files)


def points(report) -> float:
    return sum(test.points for test in report.of_cell("test_flatten_filters"))


def test_a_module_and_data_beside_the_notebook_are_read_and_a_new_worker_has_them_again(grader):
    cells = (
        "import numpy as np\nfrom helpers import flat\nshape = np.loadtxt('shape.txt')",
        "def flatten_filters(filters):\n    return flat(filters)",
        "def pad(*_): __import__('os')._exit(1)",
        "def conv2d(*_): return flatten_filters(np.ones((1, 1, 1, 1)))",
    )
    report = graded(grader, *cells, files={"helpers.py": HELPERS, "shape.txt": b"1 2 3"})
    assert points(report) == 6.0 and report.remarks == ()


def test_what_was_not_handed_in_is_told(grader):
    report = graded(grader, f"from helpers import flat\nopen('cat.png')\n{FLATTEN}", files={})
    assert points(report) == 6.0
    assert (
        "No module named 'helpers'" in report.remarks[0]
        and "handed in beside the notebook" in report.remarks[0]
    )
    assert "cat.png" in report.remarks[1] and "handed in beside the notebook" in report.remarks[1]


HOSTILE = {
    "in the place of NumPy": {"numpy.py": b"raise SystemExit"},
    "in the place of the runtime": {f"{name}.py": b"raise SystemExit" for name in ("wire", "worker", "cells", "re", "json")},
    "that run when Python starts": {"sitecustomize.py": b"while True: pass", "usercustomize.py": b"while True: pass"},
    "that import for ever": {"helpers.py": b"while True: pass"},
    "that end the process": {"helpers.py": b"import os; os._exit(0)"},
    "that are nothing": {"helpers.py": b"\0\xff" * 1000, "a b.txt": b""},
}  # fmt: skip


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_cost_their_cell_alone(files, grader):
    names = [name.removesuffix(".py") for name in files if name.endswith(".py") and name != "numpy.py"]
    cells = [f"import {name}" for name in names]
    assert points(graded(grader, *cells, f"import numpy\n{FLATTEN}", files=files)) == 6.0


def test_one_students_files_are_not_there_for_the_next(grader):
    assert points(graded(grader, f"import mine\n{FLATTEN}", files={"mine.py": b"x = 1"})) == 6.0
    report = graded(grader, f"import os, mine\n{FLATTEN}", files={})
    assert "No module named 'mine'" in report.remarks[0]


def test_only_small_plain_files_are_taken(tmp_path):
    submission = Submission("ada", "conv2d", tmp_path)
    folder = submission.folder
    (folder / "sub").mkdir(parents=True)
    (folder / "__pycache__").mkdir()
    for name in (
        "conv2d.ipynb",
        "checks.py",
        "timestamp.txt",
        ".hidden",
        "sub/inner.py",
        "a\nb.py",
        "ü.csv",
        "good.py",
        "x.txt",
    ):
        (folder / name).write_bytes(b"x")
    (folder / "large.bin").write_bytes(b"x" * (MOST_BYTES + 1))
    os.truncate(folder / "large.bin", 1 << 40)  # takes no room on the disk
    (tmp_path / "secret").write_text("the canary")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe.txt")
    assert files_beside(folder) == {"good.py": b"x", "x.txt": b"x", "ü.csv": b"x"}
    for number in range(2 * MOST_FILES):
        (folder / f"many{number:03}.txt").write_bytes(b"x")
    assert len(submission.files()) == MOST_FILES
    assert files_beside(tmp_path / "nothing") == {}


def test_a_linked_folder_has_no_files(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.txt").write_text("the canary")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "conv2d").symlink_to(tmp_path / "elsewhere")
    assert Submission("ada", "conv2d", tmp_path).files() == {}


def test_a_submission_is_another_one_when_a_file_beside_it_is():
    assert digest_of(b"x", {}) == hashlib.sha256(b"x").hexdigest()
    different = [{}, {"a": b""}, {"a": b"1"}, {"b": b"1"}, {"a": b"1", "b": b""}, {"a": b"", "b": b"1"}]
    assert len({digest_of(b"x", files) for files in different}) == len(different)
    assert digest_of(b"x", {"a": b"1", "b": b"2"}) == digest_of(b"x", {"b": b"2", "a": b"1"})


def test_files_full_of_holes_are_copied_only_as_far_as_all_of_them_are_small(tmp_path):
    """52 kilobytes of them once became 600 megabytes in `autograded/`."""
    folder = tmp_path / "ada" / "conv2d"
    folder.mkdir(parents=True)
    for number in range(20):
        (folder / f"{number:02}.bin").touch()
        os.truncate(folder / f"{number:02}.bin", MAX_BYTES // 3)
    (folder / "small.txt").write_text("kept")
    assert [path.name for path in find_files(folder, [])] == ["00.bin", "01.bin", "02.bin"]
    os.truncate(folder / "02.bin", 0)
    assert [path.name for path in find_files(folder, [])] == ["00.bin", "01.bin", "02.bin", "03.bin"]
