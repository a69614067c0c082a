"""The house is in order: imports run one way through all its rooms, and the README's own example works."""

import ast
import functools
import re
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import ROOT, cells_notebook, sample

from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.suite_run import run_suite
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, Limits
from autograder.suite import assignments

# What each room may import of the kit besides itself. A room is the longest of these names that a module's begins with.
ROOMS: dict[str, set[str]] = {
    "autograder.sandbox": set(),
    "autograder.platforms": set(),
    "autograder.judge": {"autograder.sandbox"},
    "autograder.suite": {"autograder.judge", "autograder.sandbox", "solutions.reference"},
    "autograder.grading": {"autograder.sandbox", "autograder.judge", "autograder.suite"},
    "autograder.reports": {
        "autograder.grading",
        "autograder.sandbox",
        "autograder.judge",
        "autograder.suite",
    },
    "autograder.classroom": {
        *("autograder.grading", "autograder.sandbox", "autograder.judge", "autograder.suite"),
        "autograder.platforms",
        "solutions.reference",  # whose files are part of what a report depends on
    },
    "autograder.gradebook": {
        *("autograder.grading", "autograder.classroom", "autograder.reports", "autograder.sandbox"),
        "autograder.platforms",
        "autograder.suite",
    },
    "autograder.commands": {
        *("autograder.classroom", "autograder.gradebook", "autograder.reports", "autograder.platforms"),
        *("autograder.grading", "autograder.judge", "autograder.sandbox", "autograder.suite"),
        *("autograder.authoring", "autograder.gradescope"),
    },
    "autograder.gradescope": {
        *("autograder.classroom", "autograder.grading", "autograder.reports", "autograder.platforms"),
        *("autograder.judge", "autograder.sandbox", "solutions.reference"),
        "solutions",
    },
    "autograder.authoring": {"autograder.grading", "autograder.judge", "autograder.suite"},
    "solutions.reference": set(),
    "solutions": {
        "data",
        "solutions.reference",
        "autograder.judge",
        "autograder.suite",
    },  # the author's side of assignments
    "data": set(),
    "notebooks": {"data", "solutions.reference"},  # the reference in labs that stay with the instructor
}
# What else of other people's packages a room may import, where that is what makes it the room it is.
LIBRARIES = {
    "solutions.reference": {"numpy"},
    "autograder.judge": {
        "numpy",
        "pytest",
        "IPython",
        "matplotlib",
    },  # the last two to draw, where they are there
    "data": {"numpy", "pooch", "PIL"},  # the last one where samples are made
}


def room_of(module: str) -> str | None:
    """The room that a module is in; None for other people's, and for what stands in no room."""
    rooms = [room for room in ROOMS if f"{module}.".startswith(f"{room}.")]
    return max(rooms, key=len, default=None)


def files_of(room: str) -> list[Path]:
    """The Python files of a room, without those of rooms in it, and without notebooks' text sources."""
    files = (ROOT / room.replace(".", "/")).rglob("*.py")
    named = ((path, path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")) for path in files)
    return [path for path, name in named if room_of(name) == room and not path.name.startswith("notebook.")]


@functools.cache  # several tests ask for all files
def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, by its full name, with the names that it takes from packages."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_between_rooms_run_one_way(room):
    files = files_of(room)
    assert files
    for path in files:
        rooms = {room_of(name) for name in imports_of(path)} - {None, room}
        assert rooms <= ROOMS[room], path


@pytest.mark.parametrize("room", LIBRARIES)
def test_a_room_that_others_stand_on_needs_few_libraries(room):
    for path in files_of(room):
        names = {name.split(".")[0] for name in imports_of(path) if room_of(name) is None}
        ours = {"autograder", "solutions", "data", "notebooks"}
        assert names - ours - sys.stdlib_module_names <= LIBRARIES[room], path


def test_only_the_gradebook_knows_nbgrader_and_the_sandbox_knows_nothing_of_the_course():
    for room in ROOMS:
        names = {name.split(".")[0] for path in files_of(room) for name in imports_of(path)}
        assert ("nbgrader" in names) == (room == "autograder.gradebook"), room
        if room == "autograder.sandbox":
            assert not names & {"solutions", "pytest", "nbformat"}


def test_no_room_but_an_assignments_own_speaks_of_it():
    """Its name may stand in defaults and in what a docstring gives as an example; a name that is a word of English is meant
    where a file or a module goes by it."""
    meant = {"network": re.compile(r"[./]network\b|\bnetwork\.(ipynb|py)\b")}
    names = {name: meant.get(name, re.compile(re.escape(name))) for name in assignments()}
    for path in (ROOT / "autograder").rglob("*.py"):
        if path.is_relative_to(ROOT / "autograder" / "suite") and path.parent.name != "suite":
            continue
        tree = ast.parse(path.read_text())
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                mentioned = [name for name, text in names.items() if text.search(node.value)]
                assert not mentioned or node.value in assignments(), (path, node.lineno, node.value)


@pytest.mark.sandbox
def test_the_example_of_a_hidden_test_in_the_readme_works(tmp_path):
    readme = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"^    @graded\(.*?\n(?=\S)", readme, re.MULTILINE | re.DOTALL)
    header = "from autograder.judge import *\nfrom solutions import reference\n\n"
    (tmp_path / "test_readme.py").write_text(header + textwrap.dedent(example))
    cells = read_cells(cells_notebook("import numpy as np\n" + sample("perfect")))
    with Program(cells, Limits(), Allowance(60)) as program:
        (result,) = run_suite(tmp_path, program, None, EXAMPLE)
    assert (result.outcome, result.points) == ("passed", 4.0)
