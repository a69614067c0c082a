"""The house is in order: imports run one way, and the README's own example works."""

import ast
import re
import textwrap

import pytest
from conftest import ROOT, cells_notebook, sample

from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.suite_run import run_suite
from autograder.sandbox import Limits

ROOMS = ("sandbox", "suite", "grading", "classroom", "gradebook", "reports", "authoring")
MAY_IMPORT = {  # besides itself
    "sandbox": set(),
    "suite": {"sandbox"},
    "grading": {"sandbox", "suite"},
    "classroom": {"grading", "sandbox"},
    "reports": {"grading", "sandbox", "suite"},
    "gradebook": {"grading", "classroom", "reports", "sandbox"},
    "authoring": set(),
}


def imports_of(room: str) -> set[str]:
    """Every module that the files of a room import, by its full name."""
    found = set()
    for path in (ROOT / "autograder" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_between_rooms_run_one_way(room):
    rooms = {name.split(".")[1] for name in imports_of(room) if name.startswith("autograder.")}
    assert rooms - {room} <= MAY_IMPORT[room]


def test_only_the_gradebook_knows_nbgrader_and_the_sandbox_knows_nothing_of_the_course():
    for room in ROOMS:
        names = {name.split(".")[0] for name in imports_of(room)}
        assert ("nbgrader" in names) == (room == "gradebook")
        if room == "sandbox":
            assert not names & {"solutions", "pytest", "nbformat"}


def test_the_example_of_a_hidden_test_in_the_readme_works(tmp_path):
    readme = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"^    @graded\(.*?\n(?=\S)", readme, re.MULTILINE | re.DOTALL)
    header = (
        "from autograder.suite import *\nfrom autograder.suite.conv2d.inputs import numbers\n"
        "from solutions import reference\n\n"
    )
    (tmp_path / "test_readme.py").write_text(header + textwrap.dedent(example))
    cells = read_cells(cells_notebook("import numpy as np\n" + sample("perfect")))
    with Program(cells, Limits(), 60) as program:
        (result,) = run_suite(tmp_path, program, None)
    assert (result.outcome, result.points) == ("passed", 4.0)
