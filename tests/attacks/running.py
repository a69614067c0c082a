"""Runs attacks under one combination of tier and kind of worker: `python -m tests.attacks.running TIER KIND …`.

The process writes one JSON line for each verdict. Tier 2 is a process in which namespaces are refused, as in Docker.
"""

import argparse
import contextlib
import functools
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as pytest does for tests/

from autograder.grading import Grader
from ordinary_user import OrdinaryUser

from attacks.corpus import HERE, ROOT, read_attack, read_corpus
from attacks.judging import FreshGrader, Judge, a_judge
from attacks.verdict import Verdict

GRADERS = {"fresh": FreshGrader, "server": Grader}
MACHINES = {0: ("-m", "tests.dockerlike", "--no-landlock"), 1: (), 2: ("-m", "tests.dockerlike")}
# What may be tried where nothing stops it, to see that the attacks work: these touch the course's own files alone.
HARMLESS = (
    "reading/home",
    "reading/suite_files",
    "reading/another_submission",
    "reading/gradebook",
    "forging/gradebook",
)
TOGETHER = 2  # grading processes: while one attack sleeps, others are graded


@dataclass(frozen=True)
class Combination:
    """A tier and a kind of worker. In tier 0 nothing keeps code from files, which shows that the attacks work."""

    tier: int
    kind: str

    def __str__(self) -> str:
        return f"tier {self.tier}, {self.kind}"

    def run(
        self, paths: Iterable[str], together: int = TOGETHER, user: OrdinaryUser | None = None
    ) -> dict[str, Verdict]:
        """Grades these attacks in a process of its own. Raises RuntimeError where that fails before the first.

        In tier 0 only those are taken that are harmless without a wall; others are a ValueError.

        Args:
            paths: which attacks.
            together: how many at a time.
            user: who grades; without one, whoever runs this.
        """
        paths = list(paths)
        if self.tier == 0 and not set(paths) <= set(HARMLESS):
            raise ValueError("without a wall, only the harmless attacks may be run")
        options = {"cwd": ROOT} if user is None else user.options
        command = [
            *((sys.executable,) if user is None else user.python),
            *MACHINES[self.tier],
            "-m",
            "tests.attacks.running",
            str(self.tier),
            self.kind,
        ]
        done = subprocess.run(
            [*command, str(together)],
            input="\n".join(paths),
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{self}: {done.stderr[-3000:]}")
        verdicts = [Verdict.from_json(json.loads(line)) for line in done.stdout.splitlines()]
        return {verdict.attack: verdict for verdict in verdicts}


COMBINATIONS = tuple(Combination(tier, kind) for tier in (1, 2) for kind in GRADERS)


def judged(folder: str, kind: str, tier: int, path: str, witness: bool) -> Verdict:
    """One attack's verdict. Runs in a grading process, which keeps its judge as long as it lives."""
    return _judge(folder, kind, tier)[0].judge(read_attack(HERE / f"{path}.py"), witness)


def has_witness(tier: int, kind: str, place: int) -> bool:
    """Whether the witness is graded right after the attack at this place: half of an attack's cost.

    Each is followed by it in one kind of worker of either tier, in one tier of either kind.
    """
    return (place + tier + list(GRADERS).index(kind)) % 2 == 0


@functools.cache
def _judge(folder: str, kind: str, tier: int) -> tuple[Judge, contextlib.ExitStack]:
    """The judge, and what keeps his course and his grader open."""
    held = contextlib.ExitStack()
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    return held.enter_context(a_judge(own, GRADERS[kind], tier)), held


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.running", description=__doc__)
    parser.add_argument("tier", type=int)
    parser.add_argument("kind", choices=GRADERS)
    parser.add_argument("together", type=int)
    options = parser.parse_args()
    paths = sys.stdin.read().split("\n")
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        for verdict in _verdicts(folder, options, paths):
            print(json.dumps(verdict.to_json()), flush=True)


def _verdicts(folder, options, paths) -> Iterator[Verdict]:
    context = multiprocessing.get_context("fork")  # what is imported here is there in all of them
    with ProcessPoolExecutor(min(options.together, len(paths)), context) as pool:
        places = {path: place for place, path in enumerate(read_corpus())}
        running = {
            pool.submit(
                judged,
                folder,
                options.kind,
                options.tier,
                path,
                len(paths) == 1 or has_witness(options.tier, options.kind, places[path]),
            ): path
            for path in paths
        }
        for future in as_completed(running):
            try:
                yield future.result()
            except BrokenExecutor:
                yield Verdict(running[future], ("a grading process was killed while it was there",))


if __name__ == "__main__":
    main()
