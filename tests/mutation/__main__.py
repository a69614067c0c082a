"""`python -m tests.mutation`: every mutant of our right solutions and the hidden test that kills it."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as pytest does for tests/

from autograder.judge.programs import read_programs, written
from autograder.judge.rehearsal import hidden_tests
from autograder.suite import conv2d
from mutation.classes import verdicts
from mutation.shipped import FILE, asked_soonest, changes, shipped
from mutation.table import lines, run
from solutions.conv2d.demands import DEMANDS, classes


def show_classes(survivors_alone: bool) -> int:
    """Prints the class mutants of every function and what becomes of them."""
    all_classes = classes(DEMANDS.table())
    found = [pair for name in conv2d.ASSIGNMENT.right for pair in verdicts(DEMANDS, all_classes, name)]
    for mutant, survives in found:
        if survives or not survivors_alone:
            print(f"{mutant} | {'SURVIVED' if survives else 'killed'}")
    alive = sum(survives for _, survives in found)
    print(f"{len(all_classes)} classes, {len(found)} mutants: {len(found) - alive} killed, {alive} survived")
    return 1 if alive else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="functions whose file:name contains this")
    parser.add_argument("--survivors", action="store_true", help="leave the killed ones out of the table")
    parser.add_argument("--jobs", type=int, default=0, help="processes (as many as there are cores)")
    parser.add_argument(
        "--classes", action="store_true", help="mutants that are wrong for a whole class of arguments instead"
    )
    parser.add_argument("--write", action="store_true", help="write what new keys are tried with")
    options = parser.parse_args()
    if options.classes:
        return show_classes(options.survivors)
    outcome = run(options.only, options.jobs)
    for line in lines(outcome):
        if not options.survivors or line.endswith("| SURVIVED") or "| equivalent: " in line:
            print(line)
    for entry in outcome.unused:
        print(f"equivalent.toml is out of date: no survivor is {entry.file}:{entry.function}: {entry.line}")
    print(outcome.summary())
    if options.write:
        tests = hidden_tests(conv2d)
        programs = [asked_soonest(each, tests) for each in shipped(outcome)]
        FILE.write_text(written(programs), encoding="utf-8")
    is_current = bool(options.only) or changes(shipped(outcome)) == changes(read_programs(FILE.parent))
    if not is_current:
        print(f"{FILE} is out of date: python -m tests.mutation --write")
    return 0 if is_current and not outcome.survivors and not outcome.unused else 1


if __name__ == "__main__":
    sys.exit(main())
