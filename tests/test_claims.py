"""Each claim about security, in docs/security.md and the README, links to a test that tries to break it; and those are there."""

import ast
import re

import pytest
from conftest import ROOT

PAGES = ("docs/security.md", "README.md")
TRIED = re.compile(r'\[tried\]\(([^ )]+) "(\w+)"\)')
# Sections that promise something; the others tell who attacks, what is not protected and what to do.
PROMISES = (
    "Two tiers, and what each layer does",
    "What a report can tell",
    "Resources",
    "The worst submission",
    "Altered input",
    "Weak isolation",
)


def section(page: str, title: str) -> str:
    """What stands below a heading, up to the next one of any rank."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def claims() -> dict[str, str]:
    """The claims by their first words."""
    tiers = section("docs/security.md", "Two tiers, and what each layer does")
    rows = re.findall(r"^\| (?!against|-)(.*)\|$", tiers, re.MULTILINE)
    points = re.findall(r"^- (.*?)(?=^- |\n\n|\Z)", tiers, re.MULTILINE | re.DOTALL)
    wall = re.findall(
        r"^\d+\. (.*?)(?=^\d+\. |\n\n|\Z)", section("README.md", "How the wall works"), re.M | re.S
    )
    texts = [*rows, *points, *wall, *(section("docs/security.md", title) for title in PROMISES)]
    return {text.strip()[:50]: text for text in texts}


@pytest.mark.parametrize("claim", claims().values(), ids=claims())
def test_a_claim_names_the_test_that_tries_to_break_it(claim):
    assert TRIED.search(claim) or "tests/test_gate.py" in claim, claim


def test_the_claims_are_all_there():
    assert len(claims()) >= 10 + 10 + 10 + len(PROMISES) - 1


@pytest.mark.parametrize("page", PAGES)
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
