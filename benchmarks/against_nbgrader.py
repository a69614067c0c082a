"""Submissions per second, against plain nbgrader and plain otter-grader on the same notebooks with the same checks.

    python -m benchmarks.against_nbgrader [COUNT] [JOBS] [--without-otter]

COUNT notebooks (40 by default) of five kinds of students are graded by `python -m autograder grade`, by one run of `nbgrader
autograde` and by an `otter run` each; the kit has its turn before, between and after, so that a machine that drifts favours
nobody. The others' courses are ordinary ones: graded cells and tests hold the hidden tests' calls and compare with stored values.
That is in their favour: they neither compute the reference nor isolate, name or explain anything. The first run in a course,
which draws its key and accepts it, once, is told apart.
"""

import argparse
import itertools
import os
import pickle
import shutil
import statistics
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
from benchmarks import otter
from solutions.reference import textbook

ROOT = Path(__file__).resolve().parents[1]
STUDENTS = ("perfect", "flipped_kernel", "same_mistake", "stub_left", "loops_only")
NOTHING = "nothing: tests and code share a kernel of the grader's user"
ISOLATION = {
    "python": "tests, answers, results, files, network, other submissions",
    "nbgrader": NOTHING,
    "otter": NOTHING,
}
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
            except (ValueError, TypeError):
                continue
            raise AssertionError("should have raised an error")
        assert same(function(*arguments, **keywords), right)


def check_speed(function, factor=28):
    """Three pairs, as many as the hidden suite needs in a clear case."""
    ratios = []
    for _ in range(3):
        random = np.random.default_rng()
        inputs = random.uniform(-1, 1, (1, 350, 255, 1)).astype(np.float32)
        filters = random.uniform(-1, 1, (2, 2, 1, 1)).astype(np.float32)
        start = time.process_time()
        right = textbook.conv2d_im2col(inputs, filters, [1, 1, 1, 1], "VALID")
        middle = time.process_time()
        assert same(function(inputs, filters, [1, 1, 1, 1], "VALID"), right)
        ratios.append((time.process_time() - middle) / (middle - start))
        assert ratios[0] < 4 * factor
    assert sum(ratios) / 3 < factor
'''


def main(count: int, jobs: int, with_otter: bool) -> None:
    kit = f"python -m autograder grade --jobs {jobs}"
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_course(course)
        submit(course, count)
        grade = [sys.executable, *kit.split()[1:], "submitted", "--force"]
        first = seconds(course, grade)
        ours = [seconds(course, grade)]
        others = {
            "nbgrader autograde": seconds(course, [sys.executable, "-m", "nbgrader", "autograde", "conv2d"])
        }
        ours.append(seconds(course, grade))
        if with_otter:
            otter.make_autograder(course, list(hidden_calls()))
            others["otter run, one by one"] = otter.seconds(course)
            ours.append(seconds(course, grade))
    show(count, {kit: statistics.mean(ours), **others})
    print(
        f"The kit's runs took {', '.join(f'{each:.1f}' for each in ours)} s, and the first, with the course's key, {first:.1f} s."
    )


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


def show(count: int, taken: dict[str, float]) -> None:
    table = Table(title=f"{count} submissions, the same checks", title_justify="left")
    table.add_column("Grader")
    for column in ("Seconds", "Submissions a second", "Times the kit's", "Student code is kept from"):
        table.add_column(column, justify="left" if column.startswith("Student") else "right")
    kit, *_ = taken.values()
    for name, seconds_taken in taken.items():
        figures = (f"{seconds_taken:.1f}", f"{count / seconds_taken:.2f}", f"{seconds_taken / kit:.1f}")
        table.add_row(name, *figures, ISOLATION[name.split()[0]])
    Console(width=120).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=40, help="notebooks (%(default)s)")
    parser.add_argument(
        "jobs", nargs="?", type=int, default=os.cpu_count() or 1, help="of the kit (%(default)s)"
    )
    parser.add_argument("--without-otter", action="store_true", help="it needs an environment, made once")
    given = parser.parse_args()
    main(given.count, given.jobs, not given.without_otter)
