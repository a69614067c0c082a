"""`python -m tests.network_programs [--write]`: every mutant of the right sample that no hidden test of `network` notices.

Those that change nothing are in `tests/mutation/equivalent.toml`, each with its reason; others end it with 1. With --write, `autograder/suite/network/programs.json` becomes what new keys are tried with: the programs in other styles, and
the mutants that are noticed. The convolution that students bring along is not mutated: the first assignment does that. Styles that loop over
everything are left out there, since a new key is to be found in seconds; `tests/test_network.py` grades them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as pytest does for tests/

from mutation.equivalent import entries
from mutation.mutants import ROOT, Mutant, Solution
from mutation.pool import Verdict
from mutation.shipped import asked_soonest, fault_of, unique

from autograder.judge.acceptance import fails
from autograder.judge.programs import NAME, Fault, RightProgram, written
from autograder.judge.rehearsal import EXAMPLE, HiddenTest, hidden_tests
from autograder.suite import network, suite_folder

SAMPLE = "demo/samples/network/perfect.py"
STYLES = Path(__file__).with_name("fair")
BROUGHT = ("conv2d", "conv2d_gradients", "all_windows")


def right_programs() -> list[RightProgram]:
    """The sample, and the same with each style's functions in the place of its own."""
    own = (ROOT / SAMPLE).read_text()
    fast = (path for path in sorted(STYLES.glob("*.py")) if "loops" not in path.stem)
    styles = [RightProgram(path.stem, f"{own}\n\n{path.read_text()}") for path in fast]
    return [RightProgram("perfect", own), *styles]


def mutants() -> Iterator[Mutant]:
    return (each for each in Solution(SAMPLE).mutants() if each.piece.name not in BROUGHT)


def noticed_by(mutant: Mutant, sample: RightProgram, tests: list[HiddenTest]) -> str:
    """The first hidden test that fails it; "" where none does."""
    own_first = sorted(tests, key=lambda test: test.cell != f"test_{mutant.piece.name}")
    try:
        functions = sample.functions(fault_of(mutant, ""))
    except Exception:
        return own_first[0].name
    right = sample.functions()
    return next((test.name for test in own_first if fails(test, functions, right, EXAMPLE)), "")


def main() -> int:
    programs, tests = right_programs(), hidden_tests(network)
    found = [(mutant, noticed_by(mutant, programs[0], tests)) for mutant in mutants()]
    known, used, survivors = entries(SAMPLE), set(), 0
    for mutant in (mutant for mutant, test in found if not test):
        before, after = mutant.change
        verdict = Verdict(mutant, before=before, after=after)
        entry = next((entry for entry in known if entry.covers(verdict)), None)
        used.add(entry)
        survivors += entry is None
        fate = f"equivalent: {entry.reason}" if entry else "SURVIVED"
        print(f"{mutant.piece.name}:{mutant.line} {mutant.operator}: {before} -> {after} | {fate}")
    unused = [entry for entry in known if entry not in used]
    for entry in unused:
        print(f"equivalent.toml is out of date: no survivor is {entry.file}:{entry.function}: {entry.line}")
    killed = sum(bool(test) for _, test in found)
    print(
        f"{len(found)} mutants: {killed} killed, {len(found) - killed - survivors} equivalent, {survivors} survived"
    )
    if "--write" in sys.argv:
        faults: list[Fault] = unique(fault_of(mutant, test) for mutant, test in found if test)
        sample = asked_soonest(RightProgram("perfect", programs[0].source, tuple(faults)), tests)
        shipped = [sample, *programs[1:]]
        (suite_folder("network") / NAME).write_text(written(shipped), encoding="utf-8")
    return 1 if survivors or unused else 0


if __name__ == "__main__":
    sys.exit(main())
