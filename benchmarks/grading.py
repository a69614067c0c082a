"""`make bench`: what a sandboxed worker, a call and one submission cost on this machine.

Every row is the median of interleaved rounds, since a shared machine drifts; ratios say more than seconds.
"""

import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from rich.console import Console
from rich.table import Table

from autograder.authoring.fill import fill
from autograder.grading import grade
from autograder.sandbox import Sandbox, runtime

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7


def main() -> None:
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    perfect = nbformat.writes(fill(released, (ROOT / "demo" / "samples" / "perfect.py").read_text())).encode()
    batch = np.ones((64, 32, 32, 3), np.float32)
    with Sandbox() as box:
        box.run("def same(x): return x", "cell 1")
        work = {
            "Python starts and imports NumPy, no sandbox": bare_python,
            "a sandboxed worker starts": start_worker,
            "a call with a number": lambda: box.call("same", 1),
            "a call with 64×32×32×3 float32, there and back": lambda: box.call("same", batch),
            "one perfect submission, graded": lambda: grade(perfect, student="perfect", assignment="conv2d"),
        }
        medians = measure(work)
    table = Table(title=f"Medians of {ROUNDS} interleaved rounds", title_justify="left")
    table.add_column("What")
    table.add_column("Milliseconds", justify="right")
    table.add_column("Times a bare Python", justify="right")
    bare = next(iter(medians.values()))
    for name, seconds in medians.items():
        table.add_row(name, f"{1000 * seconds:.2f}", f"{seconds / bare:.3f}")
    Console().print(table)


def measure(work: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each piece of work, taken in turns; the first round only warms up."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS + 1):
        for name, action in work.items():
            begun = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(values[1:]) for name, values in times.items()}


def bare_python() -> None:
    numpy_folder = str(Path(np.__file__).parents[1])
    script = f"import sys; sys.path.append({numpy_folder!r}); import numpy"
    subprocess.run([runtime.interpreter(), "-I", "-S", "-c", script], check=True)


def start_worker() -> None:
    with Sandbox():
        pass


if __name__ == "__main__":
    main()
