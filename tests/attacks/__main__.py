"""`python -m tests.attacks`: runs the corpus in both tiers and kinds of worker, and writes the table in docs/security.md.

With names (`reading/home`, or `home` alone) it runs those and prints what happened.
"""

import argparse
import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as pytest does for tests/

from ordinary_user import OrdinaryUser, ordinary_user

from attacks.corpus import Attack, read_corpus
from attacks.running import COMBINATIONS, TOGETHER, Combination
from attacks.table import PAGE, as_markdown, in_page
from attacks.verdict import Verdict

MEBIBYTE = 1 << 20


def main() -> int:
    """0 where everything was contained, 1 where something gave way."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="attacks or families; all of them by default"
    )
    parser.add_argument("--jobs", type=int, default=TOGETHER, help="at a time (default: %(default)s)")
    parser.add_argument(
        "--ordinary-user",
        action="store_true",
        help="grade as user 65534, not as root; the table stays as it is",
    )
    options = parser.parse_args()
    corpus = read_corpus()
    chosen = [path for name in options.names for path in _matching(name, corpus, parser)]
    with ordinary_user() if options.ordinary_user else contextlib.nullcontext() as user:
        if chosen:
            return _show(chosen, options.jobs, user)
        verdicts = {each: _told(each, each.run(corpus, options.jobs, user)) for each in COMBINATIONS}
    if user is None:
        PAGE.write_text(in_page(as_markdown(corpus, verdicts), PAGE.read_text("utf-8")), "utf-8")
        print(f"Wrote the table in {PAGE}")
    return int(any(not each.contained for found in verdicts.values() for each in found.values()))


def _told(combination: Combination, found: dict[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts, when those that gave way have been printed."""
    through = [verdict for verdict in found.values() if not verdict.contained]
    print(f"{combination}: {len(found) - len(through)} of {len(found)} contained", flush=True)
    for verdict in through:
        print(f"    {verdict.attack}: {'; '.join(verdict.gave_way)}", flush=True)
    return found


def _matching(name: str, corpus: dict[str, Attack], parser) -> list[str]:
    found = [path for path, attack in corpus.items() if name in (path, attack.name, attack.family)]
    if not found:
        parser.error(
            f"there is no attack and no family {name!r}; the files and folders in tests/attacks/ are their names"
        )
    return found


def _show(paths: list[str], jobs: int, user: OrdinaryUser | None) -> int:
    gave_way = False
    for combination in COMBINATIONS:
        for verdict in combination.run(paths, jobs, user).values():
            gave_way |= not verdict.contained
            print(f"{combination}: {verdict.attack}: {'; '.join(verdict.gave_way) or 'contained'}")
            print(
                f"    {verdict.score:g} points, {verdict.seconds:.1f} s, grader {verdict.memory / MEBIBYTE:.0f} MiB, "
                f"worker {verdict.worker_memory / MEBIBYTE:.0f} MiB"
            )
            for message in verdict.messages:
                print("    | " + message.replace("\n", "\n    |   "))
    return int(gave_way)


if __name__ == "__main__":
    sys.exit(main())
