"""Each claim about security, in docs/security.md and the README, links to a test that tries to break it; and those are there."""

import ast
import re

import pytest
from conftest import ROOT

TRIED = re.compile(r'\[tried\]\(([^ )]+) "(\w+)"\)')
IN_WORDS = re.compile(
    r"`tests/[\w/]+\.py|`python -m benchmarks\.\w+"
)  # a whole file of tests, or what measures it
# Sections that promise something, by page; the others tell who attacks, what is not protected and what to do.
PROMISES = {
    "docs/security.md": (
        "Two tiers, and what each layer does",
        "What a report can tell",
        "Resources",
        "The worst submission",
        "The course's key",
        "Altered input",
        "The grader's own work",
        "Weak isolation",
    ),
    "README.md": ("How the wall works", "Why the hidden suite can be trusted"),
}
TABLE_HEAD = re.compile(r"^\|[ \w]*\| [^\n]*\n\|[-|]+\n", re.MULTILINE)


def section(page: str, title: str) -> str:
    """What stands below a heading, up to the next one of any rank."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def claims_of(text: str) -> list[str]:
    """Its paragraphs, points and rows, without what only leads over to the next and without tables of numbers."""
    text = re.sub(r"^\|.*\| \d+ \|$", "", TABLE_HEAD.sub("", text), flags=re.MULTILINE)
    parts = re.split(r"\n\n+|\n(?=- |\d+\. |\| )", text)
    return [
        part.strip() for part in parts if part.strip() and not part.rstrip().endswith((":", ": see below"))
    ]


def claims() -> dict[str, str]:
    """The claims by their first words."""
    found = {}
    for page, titles in PROMISES.items():
        for title in titles:
            found |= {f"{title}: {text[:50]}": text for text in claims_of(section(page, title))}
    return found


@pytest.mark.parametrize("claim", claims().values(), ids=claims())
def test_a_claim_names_the_test_that_tries_to_break_it(claim):
    assert TRIED.search(claim) or IN_WORDS.search(claim), claim


def test_the_claims_are_all_there():
    assert len(claims()) >= 60


@pytest.mark.parametrize("page", PROMISES)
def test_every_test_that_a_claim_names_is_there(page):
    missing = [
        f"{file}: {name}"
        for file, name in TRIED.findall((ROOT / page).read_text(encoding="utf-8"))
        if name not in functions((ROOT / page).parent / file)
    ]
    assert missing == []


def functions(file) -> set[str]:
    """The names of the tests in a file; none where it is not there."""
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
