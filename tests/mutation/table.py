"""The table of the mutants: what was changed where, and which hidden test noticed."""

import time
from collections import Counter
from dataclasses import dataclass, field

from mutation.equivalent import Entry, entries
from mutation.hidden import hidden_tests
from mutation.mutants import Mutant, Solution
from mutation.pool import Schedule, Verdict, judge

SOLUTIONS = ("demo/samples/loops_only.py", "demo/samples/perfect.py")


@dataclass
class Outcome:
    """What became of all mutants that were tried.

    Attributes:
        verdicts: one for each, in order.
        equivalent: the reason for each survivor that is on the list, by the mutant.
        unused: entries of the list that no survivor needed. Only known where all mutants were tried.
        seconds: real time that it took.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    equivalent: dict[Mutant, str] = field(default_factory=dict)
    unused: list[Entry] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def survivors(self) -> list[Verdict]:
        """The mutants that no test killed and that nobody has explained."""
        return [each for each in self.verdicts if self.fate(each) == "SURVIVED"]

    def fate(self, verdict: Verdict) -> str:
        """The last column of the table."""
        if not verdict.valid:
            return "no program"
        if verdict.killed_by:
            return verdict.killed_by
        reason = self.equivalent.get(verdict.mutant)
        return f"equivalent: {reason}" if reason else "SURVIVED"

    def summary(self) -> str:
        """The numbers in one line."""
        kinds = Counter()
        for verdict in self.verdicts:
            fate = self.fate(verdict).split(":")[0]
            known = fate in ("equivalent", "SURVIVED", "no program")
            kinds[fate if known else "killed"] += 1
            kinds["by hanging"] += "(hangs)" in fate
        return (
            f"{len(self.verdicts) - kinds['no program']} mutants: {kinds['killed']} killed "
            f"({kinds['by hanging']} of them hang), {kinds['equivalent']} equivalent, "
            f"{kinds['SURVIVED']} survived; {self.seconds:.0f} s"
        )


def run(only: str = "", workers: int = 0) -> Outcome:
    """Judge the mutants.

    Args:
        only: a part of "file:function", to look at some functions alone.
        workers: processes; 0 for as many as there are cores.
    """
    started = time.monotonic()
    outcome, known, tests = Outcome(), entries(*SOLUTIONS), hidden_tests()
    used = set()
    for file in SOLUTIONS:
        solution = Solution(file)
        mutants = [each for each in solution.mutants() if only in f"{each.piece.file}:{each.piece.name}"]
        if not mutants:
            continue
        order = {mutant: place for place, mutant in enumerate(mutants)}
        verdicts = judge(solution, Schedule.of(solution, tests), mutants, workers)
        outcome.verdicts += sorted(verdicts, key=lambda each, order=order: order[each.mutant])
    for verdict in outcome.verdicts:
        if verdict.valid and not verdict.killed_by:
            entry = next((entry for entry in known if entry.covers(verdict)), None)
            if entry is not None:
                outcome.equivalent[verdict.mutant] = entry.reason
                used.add(entry)
    if not only:
        outcome.unused = [entry for entry in known if entry not in used]
    outcome.seconds = time.monotonic() - started
    return outcome


def lines(outcome: Outcome) -> list[str]:
    """The table, one line for each mutant."""
    rows = []
    for verdict in outcome.verdicts:
        piece = verdict.mutant.piece
        change = f"{verdict.before}  →  {verdict.after}"
        place = f"{piece.file}:{verdict.mutant.line}"
        rows.append(
            f"{place} | {piece.name} | {verdict.mutant.operator} | {change} | {outcome.fate(verdict)}"
        )
    return rows
