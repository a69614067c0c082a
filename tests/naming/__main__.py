"""`python -m tests.naming`: every wrong program, the names that its functions get, and how many of them are true."""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as pytest does for tests/

from naming.programs import wrong_programs
from naming.verdicts import pairs, verdict_on_pair, verdicts_on


def main() -> int:
    found = [verdict for program in wrong_programs() for verdict in verdicts_on(program)]
    for verdict in found:
        print(f"{verdict.program} | {verdict.function} | {_said(verdict.names, verdict.false)}")
    by_style = Counter(verdict.program.partition(":")[0] for verdict in found)
    named = Counter(verdict.program.partition(":")[0] for verdict in found if verdict.names)
    for style, number in by_style.items():
        print(f"{style}: {named[style]} of {number} wrong functions named")
    paired = [verdict_on_pair(*pair) for pair in pairs(160, seed=1)]
    whole = sum(verdict.names == verdict.true for verdict in paired)
    part = sum(bool(verdict.names) for verdict in paired) - whole
    false = [*(each for each in found if each.false), *(each for each in paired if each.false)]
    print(
        f"{len(wrong_programs())} programs, {len(found)} wrong functions: {sum(named.values())} named; "
        f"{len(paired)} pairs: {whole} named whole, {part} in part; {len(false)} names false"
    )
    return 1 if false else 0


def _said(names: frozenset[str], false: frozenset[str]) -> str:
    said = " + ".join(sorted(names)) or "no name"
    return f"{said} (FALSE: {', '.join(sorted(false))})" if false else said


if __name__ == "__main__":
    sys.exit(main())
