"""The `>>>` examples in docstrings do what they say."""

import doctest
import importlib
import io
from collections.abc import Iterator

import pytest
from conftest import ROOT

ROOMS = ("autograder", "data", "notebooks", "solutions")


def examples() -> Iterator[doctest.DocTest]:
    """Every docstring with an example; only the modules that have one are imported."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
            yield from (found for found in doctest.DocTestFinder().find(module) if found.examples)


EXAMPLES = {found.name: found for found in examples()}


def marked(name: str):
    """Most of those of the autograder start a sandbox."""
    return pytest.param(name, marks=pytest.mark.sandbox) if name.startswith("autograder.") else name


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
def test_what_the_docstring_shows_is_what_comes_of(name):
    told = io.StringIO()
    failed, tried = doctest.DocTestRunner(verbose=False).run(EXAMPLES[name], out=told.write)
    assert tried > 0 and failed == 0, told.getvalue()


def test_the_sandbox_the_grader_and_the_data_show_an_example():
    assert {name.rpartition(".")[2] for name in EXAMPLES} >= {"Sandbox", "ForkServer", "Grader", "load"}
