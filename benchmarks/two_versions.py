"""What grading costs with this version of the kit and with another one, in turns: CPU time and real time of one submission.

    python -m benchmarks.two_versions OTHER [SAMPLE ...]

OTHER is a checkout of the other version, such as one of `git worktree add`; its own folder is what it imports from. The samples
are those of the demo, by default `perfect`. A busy machine slows both alike, so that the ratios are to be believed sooner than
the milliseconds. CPU time is that of the grading process and of all workers; the student's own computing is what the sample's
functions take in this process for the hidden tests' calls, and is shown apart for this version alone.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
ROUNDS, WARM = 12, 3
# Runs in either version's folder. Names that the other version may lack are looked for; workers are asked for their clocks.
ARM = """
import inspect, sys, time
from benchmarks.grading import submission
from autograder.grading import Grader
from autograder.sandbox import Sandbox

known = inspect.signature(Grader.grade).parameters
options = {}
if "key" in known:
    from autograder.judge.rehearsal import EXAMPLE
    options["key"] = EXAMPLE
alive, ended = {}, []

def clock(box):
    try:
        return time.clock_gettime((~box.pid << 3) | 2) if box.pid else 0.0
    except OSError:
        return 0.0

enter, kill = Sandbox.__enter__, Sandbox.kill

def entering(box):
    enter(box)
    alive[id(box)] = box
    return box

def killing(box):
    if alive.pop(id(box), None) is not None:
        ended.append(clock(box))
    kill(box)

Sandbox.__enter__, Sandbox.kill = entering, killing
notebook = submission(sys.argv[1])
with Grader() as grader:
    for _ in sys.stdin:
        ended.clear()
        before = sum(map(clock, alive.values()))
        real, own = time.perf_counter(), time.process_time()
        grader.grade(notebook, student="ada", assignment="conv2d", **options)
        own, real = time.process_time() - own, time.perf_counter() - real
        print(own, sum(ended) + sum(map(clock, alive.values())) - before, real, flush=True)
"""


def measure(folders: dict[str, Path], sample: str) -> dict[str, list[list[float]]]:
    """For each version, the CPU seconds of the grader and of the workers and the real ones, of each round."""
    arms = {
        name: subprocess.Popen(
            [sys.executable, "-c", ARM, sample],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, folder in folders.items()
    }
    found: dict[str, list[list[float]]] = {name: [] for name in folders}
    for _ in range(ROUNDS + WARM):
        for name, arm in arms.items():
            assert arm.stdin is not None and arm.stdout is not None
            arm.stdin.write("\n")
            arm.stdin.flush()
            found[name].append([float(word) for word in arm.stdout.readline().split()])
    for arm in arms.values():
        arm.communicate()
    return {name: rounds[WARM:] for name, rounds in found.items()}


def own_computing(sample: str) -> float:
    """The median CPU seconds that a sample's functions take for the hidden tests' calls, without those that are timed."""
    from autograder.judge.rehearsal import EXAMPLE, calls_in_order, hidden_tests
    from autograder.suite import find, package

    namespace: dict[str, object] = {}
    exec((ROOT / "demo" / "samples" / f"{sample}.py").read_text(), namespace)  # one of the kit's own
    tests = hidden_tests(package("conv2d"))
    calls = [pair for test in tests for pair in calls_in_order(test, find("conv2d").right, EXAMPLE)]
    seconds = []
    for _ in range(5):
        begun = time.process_time()
        for name, call in calls:
            function = namespace.get(name)
            try:
                if callable(function):
                    function(*call.arguments, **call.keywords)
            except Exception:
                continue
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds)


def main(other: Path, samples: list[str]) -> None:
    table = Table(title=f"One submission, medians of {ROUNDS} rounds in turns", title_justify="left")
    columns = (
        "grader's CPU ms",
        "workers' CPU ms",
        "real ms",
        "CPU, times the other",
        "real, times the other",
    )
    for column in ("sample, version", *columns, "own computing ms"):
        table.add_column(column, justify="left" if column.startswith("sample") else "right")
    for sample in samples:
        found = measure({"other": other, "this": ROOT}, sample)
        pairs = list(zip(found["this"], found["other"], strict=True))
        cpu = statistics.median((a[0] + a[1]) / (b[0] + b[1]) for a, b in pairs)
        real = statistics.median(a[2] / b[2] for a, b in pairs)
        for name, rounds in found.items():
            cells = [f"{1000 * statistics.median(column):.0f}" for column in zip(*rounds, strict=True)]
            ratios = ("", "") if name == "other" else (f"{cpu:.2f}", f"{real:.2f}")
            own = () if name == "other" else (f"{1000 * own_computing(sample):.0f}",)
            table.add_row(f"{sample}, {name}", *cells, *ratios, *own)
    Console(width=150).print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:] or ["perfect"])
