"""One Dask worker against two, on this machine.

    python -m benchmarks.cluster [SUBMISSIONS]

Grades the same class (40 submissions by default) with one worker and with two, in turns, and prints the medians. On a
machine with one free core the second worker can bring nothing.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client
from rich.console import Console
from rich.table import Table

from benchmarks.class_size import hand_in, watch

ROUNDS = 3
DASK = str(Path(sys.executable).with_name("dask"))


def main(size: int) -> None:
    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="cluster") as folder:
        hand_in(Path(folder), size)
        for _ in range(ROUNDS):
            for workers, seconds in times.items():
                with cluster(workers, Path(folder)) as address:
                    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--force"]
                    seconds.append(watch([*command, "--scheduler", address], Path(folder)).seconds)
    table = Table(title=f"{size} submissions, medians of {ROUNDS} rounds", title_justify="left")
    for column in ("Workers", "Seconds", "Submissions a second", "Times one worker"):
        table.add_column(column, justify="right")
    one = statistics.median(times[1])
    for workers, seconds in times.items():
        median = statistics.median(seconds)
        table.add_row(str(workers), f"{median:.1f}", f"{size / median:.2f}", f"{one / median:.2f}")
    Console().print(table)


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[str]:
    """A scheduler and that many workers, for as long as the block lasts; gives the scheduler's address."""
    about = folder / "scheduler.json"
    about.unlink(missing_ok=True)
    with (folder / "dask.log").open("a") as log:

        def start(*arguments: str) -> subprocess.Popen:
            command = [DASK, *arguments, "--scheduler-file", str(about), "--no-dashboard"]
            return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)

        processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
        try:
            while not about.exists():
                time.sleep(0.1)
            processes += [start("worker", "--nthreads", "1", "--no-nanny") for _ in range(workers)]
            with Client(scheduler_file=str(about), set_as_default=False) as client:
                client.wait_for_workers(workers)
                address = client.scheduler.address
            yield address
        finally:
            for process in processes:
                process.kill()
                process.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
