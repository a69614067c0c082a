"""What a class costs as it grows: time and the main process's memory for 30, 1,000 and 10,000 submissions.

    python -m benchmarks.class_size [--jobs N] [--unreadable] [SIZE …]

Every submission is a right solution with bytes of its own, so that each is graded. Each size is graded, graded again
(all reports are kept ones), and recorded in nbgrader's gradebook. `--unreadable` hands in files that are no notebooks:
what is left is the cost of everything around the sandbox, which shows in a minute how the kit grows.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from autograder.authoring.fill import fill

ROOT = Path(__file__).resolve().parents[1]
SIZES = (30, 1_000, 10_000)
STEPS = {
    "graded": ("grade", "submitted"),
    "graded again": ("grade", "submitted"),
    "recorded": ("record", "results/conv2d.jsonl"),
}


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds from start to end, and the main process's largest resident memory in MiB."""

    seconds: float
    memory: float


def main() -> None:
    options = _arguments()
    table = Table(title=f"{options.jobs} at a time", title_justify="left")
    for column in ("Submissions", "Step", "Seconds", "Milliseconds each", "Main process, MiB"):
        table.add_column(column, justify="left" if column == "Step" else "right")
    for size in options.sizes:
        for step, cost in measure(size, options.jobs, options.unreadable).items():
            each = 1000 * cost.seconds / size
            table.add_row(f"{size:,}", step, f"{cost.seconds:.1f}", f"{each:.1f}", f"{cost.memory:.0f}")
    Console().print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time and memory for classes of several sizes.")
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="SIZE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--unreadable", action="store_true", help="hand in files that are no notebooks")
    return parser.parse_args()


def measure(size: int, jobs: int, unreadable: bool) -> dict[str, Cost]:
    """The cost of each step for a class of that size, in a course of its own that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="class") as folder:
        course = Path(folder)
        make_course(course)
        hand_in(course, size, unreadable)
        costs = {}
        for step, arguments in STEPS.items():
            extra = ("--jobs", str(jobs)) if arguments[0] == "grade" else ()
            costs[step] = watch([sys.executable, "-m", "autograder", *arguments, *extra], course)
            print(f"{size:,} {step} in {costs[step].seconds:.0f} s", file=sys.stderr)
        return costs


def make_course(course: Path) -> None:
    """A course with its assignment released."""
    source = course / "solutions" / "source"
    source.parent.mkdir(parents=True)
    source.symlink_to(ROOT / "solutions" / "source")
    (course / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    release = [sys.executable, "-m", "nbgrader", "generate_assignment", "conv2d"]
    subprocess.run(release, cwd=course, check=True, capture_output=True)


def hand_in(course: Path, size: int, unreadable: bool = False) -> None:
    """That many submissions, no two of them equal."""
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    notebook = fill(released, (ROOT / "demo" / "samples" / "perfect.py").read_text())
    for number in range(size):
        folder = course / "submitted" / f"s{number:06}" / "conv2d"
        folder.mkdir(parents=True)
        notebook.metadata["copy"] = number
        text = f"no notebook, number {number}" if unreadable else json.dumps(notebook)
        (folder / "conv2d.ipynb").write_text(text)


def watch(command: list[str], folder: Path) -> Cost:
    """Runs a command, watching its peak memory (VmHWM), of its main process alone."""
    begun, peak = time.perf_counter(), 0
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        while process.poll() is None:
            peak = max(peak, _peak_kib(process.pid))
            time.sleep(0.05)
    seconds = time.perf_counter() - begun
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {(folder / 'log.txt').read_text()[-2000:]}")
    return Cost(seconds, peak / 1024)


def _peak_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
