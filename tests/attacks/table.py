"""The table of attacks against tiers in docs/security.md."""

import re
from collections.abc import Mapping

from attacks.corpus import FAMILIES, ROOT, Attack
from attacks.running import COMBINATIONS, Combination
from attacks.verdict import Verdict

PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
KINDS = {"fresh": "new interpreter", "server": "forked"}
Verdicts = Mapping[Combination, Mapping[str, Verdict]]


def as_markdown(corpus: Mapping[str, Attack], verdicts: Verdicts) -> str:
    """A sentence with the numbers, then one table for each family."""
    held = sum(verdicts[each][path].contained for each in COMBINATIONS for path in corpus)
    lines = [
        f"{len(corpus)} attacks, each under {len(COMBINATIONS)} combinations of tier and kind of worker: "
        f"{held} of {len(corpus) * len(COMBINATIONS)} contained. `python -m tests.attacks` runs them and writes this part; "
        "`python -m tests.attacks NAME` runs one and tells what happened. The honest score is what the functions earn "
        "without the attack.",
    ]
    head = " | ".join(f"tier {each.tier}, {KINDS[each.kind]}" for each in COMBINATIONS)
    for family, title in FAMILIES.items():
        lines += ["", f"**{title}** (`tests/attacks/{family}`)", "", f"| attack | honest score | {head} |"]
        lines.append("|---|---|" + "---|" * len(COMBINATIONS))
        lines += [_row(attack, verdicts) for attack in corpus.values() if attack.family == family]
    return "\n".join(lines)


def _row(attack: Attack, verdicts: Verdicts) -> str:
    cells = [_outcome(verdicts[each][attack.path]) for each in COMBINATIONS]
    return f"| {beginning(attack)} {' | '.join(cells)} |"


def beginning(attack: Attack) -> str:
    """A row's first cells, which depend on the attack's file alone."""
    return f"`{attack.name}`: {attack.tries.replace('|', chr(92) + '|')} | {attack.honest:g} |"


def _outcome(verdict: Verdict) -> str:
    return "contained" if verdict.contained else "**" + "; ".join(verdict.gave_way).replace("|", "/") + "**"


def in_page(text: str, page: str) -> str:
    """The page with the text between its markers. Raises ValueError for a page without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def block(page: str) -> str:
    """What stands between the page's markers."""
    found = re.search(f"{re.escape(BEGIN)}\n(.*)\n{re.escape(END)}", page, re.DOTALL)
    return found[1] if found else ""
