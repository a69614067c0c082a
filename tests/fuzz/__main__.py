"""`python -m tests.fuzz [wire|notebooks|time-code …] --seconds N`: looks for input that a reader does not survive, or is slow with."""

import argparse
import itertools
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the tests' conftest, as pytest has it

from fuzz.growth import TIMES
from fuzz.targets import TARGETS, Target, case

ALL = TARGETS | TIMES

EVERY = 10.0  # seconds between two lines of progress


def main() -> int:
    """0 where nothing was found, 1 after findings."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(ALL)}; all by default")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target (default: %(default)g)")
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first case (default: %(default)d)"
    )
    parser.add_argument("--case", type=int, help="this case alone, with its bytes and its traceback")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(ALL):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    chosen = [ALL[name] for name in options.targets or ALL]
    if options.case is not None:
        return show(chosen[0], options.case)
    return 1 if sum(run(target, options.seconds, options.first) for target in chosen) else 0


def run(target: Target, seconds: float, first: int) -> int:
    """Runs cases from that number on for that time; returns the number of findings, each told as it comes."""
    outcomes, findings, begun = Counter(), Counter(), time.monotonic()
    told = begun
    for number in itertools.count(first):
        try:
            outcomes[target.check(case(target, number))] += 1
        except Exception as finding:
            place = traceback.extract_tb(finding.__traceback__)[-1]
            kind = f"{type(finding).__name__} in {Path(place.filename).name}, line {place.lineno}"
            findings[kind] += 1
            if findings[kind] == 1:
                print(
                    f"{target.name}: {kind}: python -m tests.fuzz {target.name} --case {number}", flush=True
                )
        now = time.monotonic()
        if now - told > EVERY or now - begun > seconds:
            told = now
            counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
            print(f"{target.name}: {counts}; {findings.total():,} findings; {now - begun:.0f} s", flush=True)
        if now - begun > seconds:
            return findings.total()


def show(target: Target, number: int) -> int:
    """One case in full."""
    content = case(target, number)
    sys.stdout.write(ascii(content) + "\n")
    print(target.check(content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
