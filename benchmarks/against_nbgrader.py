"""Submissions per second, against plain `nbgrader autograde` on the same notebooks with the same checks.

    python -m benchmarks.against_nbgrader [COUNT] [JOBS]

COUNT notebooks (40 by default) of five kinds of students are graded three times: by `python -m autograder grade`,
by one run of `nbgrader autograde`, and by the kit again, so that a machine that drifts favours neither. nbgrader's
course is an ordinary one: its graded cells hold the hidden tests' calls and compare with stored values. That is in
its favour: it neither computes the reference nor isolates, names or explains anything.
"""

import itertools
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from autograder.authoring.fill import fill
from autograder.judge import rehearsal
from autograder.suite import conv2d
from autograder.suite.conv2d.mistakes import bank
from solutions.reference import textbook

ROOT = Path(__file__).resolve().parents[1]
STUDENTS = ("perfect", "flipped_kernel", "same_mistake", "stub_left", "loops_only")
CHECKS = '''
"""The hidden tests' calls, as an ordinary course has them in its graded cells."""

import pickle
import time
from pathlib import Path

import numpy as np
import textbook

CALLS = pickle.loads(Path("hidden.pickle").read_bytes())


def same(value, right):
    if isinstance(right, tuple):
        return len(value) == len(right) and all(map(same, value, right))
    return np.shape(value) == np.shape(right) and np.allclose(value, right, rtol=1e-5, atol=1e-5)


def check(function):
    for arguments, keywords, right, raised in CALLS[function.__name__]:
        if raised:
            try:
                function(*arguments, **keywords)
            except ValueError:
                continue
            raise AssertionError("should have raised ValueError")
        assert same(function(*arguments, **keywords), right)


def check_speed(function, factor=25):
    """Two pairs, as many as the hidden suite needs in a clear case."""
    ratios = []
    for seed in (0, 1):
        random = np.random.default_rng(seed)
        inputs = random.uniform(-1, 1, (48, 24, 28, 3)).astype(np.float32)
        filters = random.uniform(-1, 1, (3, 5, 3, 8)).astype(np.float32)
        start = time.process_time()
        right = textbook.conv2d_im2col(inputs, filters, [1, 1, 1, 1], "SAME")
        middle = time.process_time()
        assert same(function(inputs, filters, [1, 1, 1, 1], "SAME"), right)
        ratios.append((time.process_time() - middle) / (middle - start))
        assert ratios[0] < 4 * factor
    assert min(ratios) < factor
'''


def main(count: int, jobs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course)
        submit(course, count)
        kit = [sys.executable, "-m", "autograder", "grade", "submitted", "--jobs", str(jobs), "--force"]
        plain = [sys.executable, "-m", "nbgrader", "autograde", "conv2d"]
        ours, theirs, again = (seconds(course, command) for command in (kit, plain, kit))
    show(count, jobs, (ours + again) / 2, theirs)


def make_course(course: Path) -> None:
    """A plain nbgrader course: the kit's notebook, with the checks in its graded cells."""
    source = course / "source" / "conv2d"
    shutil.copytree(ROOT / "solutions" / "source" / "conv2d", source)
    (source / "plain_checks.py").write_text(CHECKS)
    shutil.copy(textbook.__file__, source / "textbook.py")
    (source / "hidden.pickle").write_bytes(pickle.dumps(hidden_calls()))
    notebook = nbformat.read(source / "conv2d.ipynb", as_version=4)
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if grading.get("grade") and not grading.get("solution"):
            function = grading["grade_id"].removeprefix("test_")
            cell.source = f"import plain_checks\nplain_checks.check({function})"
            if function == "conv2d_matmul":
                cell.source += "\nplain_checks.check_speed(conv2d_matmul)"
    nbformat.write(notebook, source / "conv2d.ipynb")
    run(course, [sys.executable, "-m", "nbgrader", "generate_assignment", "conv2d"])


def hidden_calls() -> dict[str, list[tuple]]:
    """Every call that the hidden tests make of each function, with what is right."""
    calls = rehearsal.rehearse(rehearsal.hidden_tests(conv2d), bank().right).calls
    return {
        function: [(c.arguments, c.keywords, c.outcome.value, c.outcome.raised) for c in each]
        for function, each in calls.items()
    }


def submit(course: Path, count: int) -> None:
    """The students' notebooks, each with a line of its own, so that no two are the same file."""
    released = nbformat.read(course / "release" / "conv2d" / "conv2d.ipynb", as_version=4)
    for number, name in zip(range(count), itertools.cycle(STUDENTS), strict=False):
        source = (ROOT / "demo" / "samples" / f"{name}.py").read_text()
        notebook = fill(released, source)
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"Student number {number}."))
        folder = course / "submitted" / f"{name}_{number}" / "conv2d"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "conv2d.ipynb")


def seconds(course: Path, command: list[str]) -> float:
    begun = time.perf_counter()
    run(course, command)
    return time.perf_counter() - begun


def run(course: Path, command: list[str]) -> None:
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[2:])} failed:\n{done.stderr[-2000:]}")


def show(count, jobs, ours, theirs) -> None:
    table = Table(title=f"{count} submissions, the same checks", title_justify="left")
    for column in ("Grader", "Seconds", "Submissions a second", "Times nbgrader"):
        table.add_column(column, justify="left" if column == "Grader" else "right")
    for name, time_taken in (
        ("nbgrader autograde, plain course", theirs),
        (f"python -m autograder grade --jobs {jobs}", ours),
    ):
        row = (f"{time_taken:.1f}", f"{count / time_taken:.2f}", f"{theirs / time_taken:.1f}")
        table.add_row(name, *row)
    Console().print(table)


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*given, *(40, os.cpu_count() or 1)[len(given) :])
