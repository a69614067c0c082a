"""What a new key is tried with: the fair programs and the mutants, in one file of the assignment's room.

The file is made from `tests/fair`, from the mutated solutions and from what became of their mutants.
"""

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.judge.acceptance import fails
from autograder.judge.programs import NAME, Fault, RightProgram
from autograder.judge.rehearsal import EXAMPLE, HiddenTest
from autograder.suite import suite_folder
from mutation.mutants import ROOT, Mutant
from mutation.table import SOLUTIONS, Outcome

FILE = suite_folder("conv2d") / NAME


def shipped(outcome: Outcome) -> list[RightProgram]:
    """All programs, and every mutant that a hidden test killed as a fault."""
    found = [
        RightProgram(path.stem, path.read_text()) for path in sorted((ROOT / "tests" / "fair").glob("*.py"))
    ]
    for file in SOLUTIONS:
        killed = (each for each in outcome.verdicts if each.mutant.piece.file == file and each.killed_by)
        faults = unique(fault_of(each.mutant, each.killed_by.partition(" ")[0]) for each in killed)
        found.append(RightProgram(Path(file).stem, (ROOT / file).read_text(), tuple(faults)))
    return found


def fault_of(mutant: Mutant, test: str) -> Fault:
    """The change of a mutant, without what it leaves as it was at both ends."""
    before, after = mutant.piece.source, mutant.source
    start = alike(before, after)
    longest = min(len(before), len(after)) - start
    end = min(alike(before[::-1], after[::-1]), longest)
    return Fault(mutant.piece.name, start, len(before) - end, after[start : len(after) - end], test)


def asked_soonest(program: RightProgram, tests: Sequence[HiddenTest]) -> RightProgram:
    """The program with that hidden test beside each fault which notices it in the least CPU time: a new key is tried with it first."""
    faults = (replace(each, test=_soonest(program, each, tests)) for each in program.faults)
    return replace(program, faults=tuple(faults))


def _soonest(program: RightProgram, fault: Fault, tests: Sequence[HiddenTest]) -> str:
    """Of the tests of the fault's function, and the one that is known to notice it."""
    functions, right, spent = program.functions(fault), program.functions(), {}
    for test in tests:
        if test.name == fault.test or test.cell == f"test_{fault.piece}":
            begun = time.process_time()
            if fails(test, functions, right, EXAMPLE):
                spent[test.name] = time.process_time() - begun
    return min(spent, key=lambda name: spent[name], default=fault.test)


def alike(one: str, other: str) -> int:
    """How many characters are the same in both, from the first on."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def unique(faults: Iterable[Fault]) -> list[Fault]:
    """The same change by two operators once."""
    return list({(each.piece, each.start, each.end, each.text): each for each in faults}.values())


def changes(programs: Iterable[RightProgram]) -> dict[str, tuple[str, set[tuple[str, int, int, str]]]]:
    """What must stay the same in the file: which test notices a fault soonest depends on how long each took that day."""
    return {
        program.name: (
            program.source,
            {(each.piece, each.start, each.end, each.text) for each in program.faults},
        )
        for program in programs
    }
