"""What the worst submissions cost that can be written: CPU time, real time, memory and files, in both tiers.

    python -m benchmarks.worst_costs [--seconds N] [--only NAME …]

Each submission aims at one of them and is graded by a process of its own, whose costs are those of all that it started. N are the
seconds that a submission may take, 300 by default; whoever wants the table sooner sees from 20 that the rest grows with it.
What a submission without any code takes is in the
first row. Needs root, and a kernel that counts by control groups.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
TIERS = {1: (), 2: ("-m", "tests.dockerlike")}
MEBIBYTE = 1 << 20
GRADE = """
import sys
from autograder.grading.submission import GradingLimits, Grader
from autograder.judge.rehearsal import EXAMPLE
with Grader(GradingLimits(total_seconds=float(sys.argv[1]))) as grader:
    report = grader.grade(sys.stdin.buffer.read(), student="mallory", assignment="conv2d", key=EXAMPLE)
    assert report.status == "graded", report.reason
    print(report.seconds)
"""
NAMES = (
    *("apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d", "flatten_filters"),
    *("extract_patches", "conv2d_matmul", "conv2d_gradients"),
)
BURN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"


def every_function(body: str) -> str:
    return "\n".join(f"def {name}(*_):\n    {body}" for name in NAMES)


# What each aims at: its cells.
AIMS: dict[str, list[str]] = {
    "nothing": ["x = 1"],
    "CPU time, in cells": [BURN.format(4)] * 200,
    "CPU time, in threads": [
        "import threading, time\ndef burn():\n    while True: pass\n"
        "for _ in range(3): threading.Thread(target=burn, daemon=True).start()",
        *["time.sleep(0.2)"] * 1500,
    ],
    "CPU time, in the grader: large answers": [
        "import numpy as np\nlarge = np.zeros((60, 1 << 17))",
        every_function("return large"),
    ],
    "CPU time, in starting workers": [
        f"def f{number}(x=__import__('os')._exit(0)): pass" for number in range(1900)
    ],
    "real time, asleep": ["import time", *["time.sleep(15)"] * 1000],
    "real time, computing a little": [
        "import time\ndef burn():\n    end = time.process_time() + 0.5\n    while time.process_time() < end: pass",
        *["[burn(), time.sleep(9)]"] * 1000,
    ],
    "memory": [
        "import os, numpy as np\nhoard = []\n"
        "for name in range(16):\n    try: open(str(name), 'wb').write(bytes(1 << 22))\n    except OSError: break\n"
        "pipes = []\nwhile True:\n    try: pipes.append(os.pipe())\n    except OSError: break\n"
        "for _, end in pipes:\n    os.set_blocking(end, False)\n    try: os.write(end, bytes(1 << 16))\n    except OSError: pass\n"
        "try:\n    while True: hoard.append(np.ones(1 << 17))\n"
        "except MemoryError: hoard = hoard[:-200]\nlarge = np.ones((60, 1 << 17))",
        every_function("return large"),
    ],
    "disk": [
        "number = 0\nwhile True:\n    number += 1\n"
        "    with open(str(number), 'wb') as file: file.write(bytes(1 << 20))",
        "import mmap, os\nkept = []\nfor number in range(2000):\n"
        "    file = open('file', 'w+b')\n    file.truncate(1 << 20)\n    kept.append(mmap.mmap(file.fileno(), 1 << 20))\n"
        "    kept[-1][:] = bytes(1 << 20)\n    os.unlink('file')\n    file.close()",
        every_function("return None"),
    ],
}


@dataclass
class Cost:
    """Of one submission: seconds of CPU and of real time, the most bytes in memory and in files, of all processes together.

    Files of tier 1 lie in memory, but belong to no process's resident memory; those of tier 2 lie on disk.
    """

    cpu: float = 0.0
    real: float = 0.0
    memory: int = 0
    files: int = 0


def main(seconds: float, only: list[str] | None) -> None:
    table = Table(title=f"A submission may take {seconds:g} seconds", title_justify="left")
    for column in ("Aims at", "Tier", "CPU, s", "Real, s", "Memory, MiB", "Files, MiB"):
        table.add_column(column, justify="left" if column == "Aims at" else "right")
    for aim in only or AIMS:
        for tier in TIERS:
            cost = measured(AIMS[aim], tier, seconds)
            row = (
                f"{cost.cpu:.1f}",
                f"{cost.real:.1f}",
                f"{cost.memory / MEBIBYTE:.0f}",
                f"{cost.files / MEBIBYTE:.0f}",
            )
            table.add_row(aim, str(tier), *row)
            print(json.dumps([aim, tier, *row]), file=sys.stderr, flush=True)
    Console(width=110).print(table)


def measured(cells: list[str], tier: int, seconds: float) -> Cost:
    """What grading these cells takes in that tier: real time of the grading alone, all else of the process from start to end."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, a_group() as group:
        process = subprocess.Popen(
            [sys.executable, *TIERS[tier], "-c", GRADE, str(seconds)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": folder},
        )  # fmt: skip
        with process.stdout, watched(process.pid, Path(folder)) as cost:
            (group / "cgroup.procs").write_text(str(process.pid))
            process.stdin.write(nbformat.writes(notebook).encode())
            process.stdin.close()
            cost.real = float(process.stdout.read())
            process.wait()
        while (group / "cgroup.procs").read_text():  # they are about to end
            time.sleep(0.05)
        cost.cpu = cpu_of(group)
        return cost


@contextmanager
def a_group() -> Iterator[Path]:
    """A control group of its own, which the kernel charges for all that its processes compute, also for orphans. Needs root."""
    v1, v2 = Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")
    group = Path(tempfile.mkdtemp(prefix="worst-costs-", dir=v1 if v1.is_dir() else v2))
    try:
        yield group
    finally:
        group.rmdir()


def cpu_of(group: Path) -> float:
    """CPU seconds that the group's processes have used."""
    if (usage := group / "cpuacct.usage").exists():
        return int(usage.read_text()) / 1e9
    (microseconds,) = re.findall(r"usage_usec (\d+)", (group / "cpu.stat").read_text())
    return int(microseconds) / 1e6


@contextmanager
def watched(pid: int, temporary: Path) -> Iterator[Cost]:
    """The most memory and files at a time while the block lasts."""
    most, over = Cost(), threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            most.memory = max(most.memory, tried(lambda: memory(pid)))
            most.files = max(most.files, tried(lambda: files(pid, temporary)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def tried(look: Callable[[], int]) -> int:
    """0 where a process has just ended."""
    try:
        return look()
    except (psutil.Error, OSError):
        return 0


def memory(pid: int) -> int:
    """Of the process and all below it; what they share counts in proportion (PSS)."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(tried(lambda process=process: process.memory_full_info().pss) for process in family)


def files(pid: int, temporary: Path) -> int:
    """In the folder for temporary files, and in the workers' own in memory, whichever is there."""
    du = subprocess.run(
        ["du", "-sB1", temporary], capture_output=True, check=False
    )  # files go while it looks
    on_disk = int(du.stdout.split()[0])
    roots = {
        tried(lambda child=child: scratch(child.pid))
        for child in psutil.Process(pid).children(recursive=True)
    }
    return on_disk + max(roots, default=0)


def scratch(pid: int) -> int:
    """What a process's private /tmp holds; 0 where it has none."""
    folder = Path(f"/proc/{pid}/root/tmp")
    if folder.stat().st_dev == Path("/tmp").stat().st_dev:
        return 0
    there = os.statvfs(folder)
    return (there.f_blocks - there.f_bfree) * there.f_frsize


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worst_costs", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--only", nargs="+", choices=AIMS)
    main(**vars(parser.parse_args()))
