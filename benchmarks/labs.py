"""`python -m benchmarks.labs [LAB ...]`: what the labs cost a student, in CPU seconds.

Each lab is run from top to bottom in a kernel of its own, as "Restart & Run All" does: once on right functions without
loops over pixels, once on right functions that loop. Counted is all that the kernel's process computes, its start included.
"""

import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from pytest import MonkeyPatch

from autograder.authoring.fill import fill

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = {
    "vectorized": ROOT / "demo" / "samples" / "perfect.py",
    "loops": ROOT / "tests" / "fair" / "nested_loops.py",
}
LONGEST = 600  # seconds that one cell may take


def main(names: Sequence[str]) -> int:
    labs = sorted((ROOT / "notebooks").glob("*.ipynb"))
    if unknown := set(names) - {lab.stem for lab in labs}:
        print(f"There is no lab {', '.join(sorted(unknown))} in notebooks/.", file=sys.stderr)
        return 2
    print("lab".ljust(24) + "".join(f"{student:>14}" for student in STUDENTS) + "   CPU seconds")
    for lab in labs:
        if lab.stem in names or not names:
            print(lab.stem.ljust(24), end="", flush=True)
            for solution in STUDENTS.values():
                print(f"{cpu_seconds(lab, solution):14.1f}", end="", flush=True)
            print()
    return 0


def cpu_seconds(lab: Path, solution: Path) -> float:
    """Return the CPU seconds of a lab's kernel, on the functions of the Python file `solution`."""
    with TemporaryDirectory() as folder, MonkeyPatch.context() as patch:
        path = Path(folder, "conv2d.ipynb")
        released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
        nbformat.write(fill(released, solution.read_text(encoding="utf-8")), path)
        patch.setenv("CONV2D_NOTEBOOK", str(path))
        before = seconds_of_children()
        notebook = nbformat.read(lab, as_version=4)
        NotebookClient(notebook, timeout=LONGEST, resources={"metadata": {"path": str(lab.parent)}}).execute()
        return seconds_of_children() - before


def seconds_of_children() -> float:
    """Return the CPU seconds of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
