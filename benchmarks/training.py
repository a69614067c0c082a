"""How long an epoch of the article's network takes, beside Keras: python -m benchmarks.training [--images 10000] [--rounds 3]

The kit (exact, and with Winograd's method in the second layer) and tf.keras learn from the same random pictures in batches
of 32, each in a process of its own, one after the other, again and again, since a shared machine drifts. Seconds are
scaled to an epoch of 60,000 pictures; ratios are of the fastest rounds, which other programs falsify least, and of the medians.
Processor time counts all threads and the processes that help. The environment is that of `benchmarks.convolution`;
`docs/performance.md` has results.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = 60_000
BATCH = 32
NAMES = {"keras": "tf.keras", "exact": "the kit, exact", "winograd": "the kit, Winograd's"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000, help="in a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="%(default)s")
    parser.add_argument("--threads", type=int, default=2, help="%(default)s")
    parser.add_argument("--python", help="with tensorflow in it; without, .bench is made and used")
    options = parser.parse_args()
    python = options.python or environment()
    learners = {name: Learner(python, name, options.threads, options.images) for name in NAMES}
    try:
        print(f"{learners['keras'].title}; {options.threads} threads; {settings()}")
        rounds = [{name: each.learn() for name, each in learners.items()} for _ in range(options.rounds)]
    finally:
        for learner in learners.values():
            learner.stop()
    print(table(rounds, EPOCH / options.images))


def environment() -> Path:
    """The Python of `.bench`, which is made if it is not there."""
    from benchmarks import convolution

    return convolution.environment()


def settings() -> str:
    """What the environment tells OpenBLAS, which multiplies for NumPy."""
    told = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("OPENBLAS_")]
    return " ".join(told) or "NumPy as shipped"


def table(rounds: list[dict], scale: float) -> str:
    """Seconds an epoch, and their ratios to those of Keras: a table in Markdown."""
    lines = [
        "| | seconds an epoch: fastest | median | processor time | ÷ tf.keras: fastest | median | processor time |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    columns = {name: figures([each[name] for each in rounds], scale) for name in NAMES}
    for name, seconds in columns.items():
        ratios = [ours / theirs for ours, theirs in zip(seconds, columns["keras"], strict=True)]
        cells = [f"{each:.1f}" for each in seconds] + [f"{each:.2f}" for each in ratios]
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def figures(times: list[tuple[float, float]], scale: float) -> tuple[float, float, float]:
    """The fastest and the median real time, and the least processor time."""
    real, processor = zip(*times, strict=True)
    return scale * min(real), scale * statistics.median(real), scale * min(processor)


class Learner:
    """A process in which one of the three learns. `tuned`: see `benchmarks.tuning`."""

    def __init__(self, python: Path | str, name: str, threads: int, images: int, tuned: Sequence[str] = ()):
        worker = ["benchmarks.training_worker", name, str(threads), str(images), str(BATCH)]
        command = [python, "-m", *tuned, *worker]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, **pipes
        )
        self.title = self._answer()

    def learn(self) -> tuple[float, float]:
        """Learn once from all pictures; return the seconds of real and of processor time."""
        print(file=self.process.stdin, flush=True)
        real, processor = self._answer().split()
        return float(real), float(processor)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()

    def _answer(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            command = " ".join(map(str, self.process.args))
            sys.exit(f"A process ended before its time. To see why, run: {command}")
        return line


if __name__ == "__main__":
    main()
