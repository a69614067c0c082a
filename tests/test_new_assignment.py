"""A second assignment is added by its folders alone: the one that docs/new-assignment.md tells readers to write."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from forked import Forked

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60)]

MINE = """
import numpy as np

def normalize(image):
    return (image - image.min()) / (image.max() - image.min())

def threshold(image, level):
    return (image >= level) * 1.0

def count_above(image, level):
    return int(threshold(image, level).sum())
"""
CONFIG = "from autograder.gradebook.settings import configure\nconfigure(get_config())\n"
KIT = ("autograder", "solutions", "data", "notebooks", "LICENSE")
# What the commands import of others' and takes them long; the kit's own modules come from the copy.
LIBRARIES = ("jupytext", "matplotlib.pyplot", "nbclient", "nbgrader.apps.nbgraderapp", "pytest", "rich.table")


@functools.cache  # one server for each process of a test run
def commands() -> Forked:
    return Forked(LIBRARIES)


def files_in(page: str) -> dict[str, str]:
    """The files that a page shows, by their names."""
    shown = re.findall(r"^`([\w/.]+)`:\n\n```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return dict(shown)


class Kit:
    """A copy of the kit that a reader works in."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in KIT:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns(".ipynb_checkpoints")
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder)
        (folder / "nbgrader_config.py").write_text(CONFIG)
        self.write(files_in((ROOT / "docs" / "new-assignment.md").read_text()))

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def run(self, *command: str) -> subprocess.CompletedProcess:
        """`python -m` with the copy in the place of what is installed."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return commands().run(self.folder, *command, env=environment)

    def done(self, *command: str) -> str:
        ended = self.run(*command)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def refused(self, *command: str) -> str:
        """The one line that the command ends with."""
        ended = self.run(*command)
        assert ended.returncode == 2 and ended.stderr.count("\n") == 1, ended.stderr
        return ended.stderr


RELEASE = ("autograder.authoring.release", "pixels")


@pytest.fixture(scope="module")
def kit(tmp_path_factory) -> Kit:
    """A kit whose second assignment is released, with one submission."""
    kit = Kit(tmp_path_factory.mktemp("kit"))
    kit.done(*RELEASE)
    kit.write({"mine.py": MINE})
    fill = ("assignment/pixels/pixels.ipynb", "mine.py", "submitted/me/pixels/pixels.ipynb")
    kit.done("autograder", "fill", *fill)
    return kit


def text_of(path: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


def test_the_page_shows_all_the_files_of_an_assignment():
    names = files_in((ROOT / "docs" / "new-assignment.md").read_text())
    folders = {str(Path(name).parent) for name in names}
    assert len(names) == 6 and folders == {"autograder/suite/pixels", "solutions/pixels"}


def test_its_release_has_the_records_numbers_and_no_answers(kit):
    text = text_of(kit.folder / "assignment" / "pixels" / "pixels.ipynb")
    assert "You write three small functions. Together they give 10 points." in text
    assert "## 1. From 0 to 1 (4 points)" in text and "@" not in text
    assert "image.min()" not in text and text.count("raise NotImplementedError") == 3


def test_its_visible_checks_run_in_a_students_environment(kit):
    own = "import sys; sys.modules['autograder'] = None\nimport numpy as np, checks\n"
    calls = f"{MINE}\nchecks.check_normalize(normalize)\nchecks.progress(globals())\n"
    student = [sys.executable, "-c", own + calls]
    folder = kit.folder / "assignment" / "pixels"
    said = subprocess.run(student, cwd=folder, capture_output=True, text=True, check=False).stdout
    assert "normalize: all 1 checks pass." in said
    assert "threshold         wrong        Check 1 of 1: above 6." in said
    assert "1 of 3 functions pass their checks." in said


def test_its_submissions_are_graded_and_its_mistakes_named(kit):
    kit.done("autograder", "grade", "submitted", "--assignment", "pixels", "--jobs", "1")
    (line,) = (kit.folder / "results" / "pixels.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert (record["assignment"], record["score"], record["max_score"]) == ("pixels", 6.0, 10.0)
    (failed,) = [test for test in record["tests"] if not test["points"]]
    assert failed["misconception"] == "at_the_level" and "above is `>`" in failed["message"]
    followed = {test["cell"]: test["follow_through"] for test in record["tests"] if test["follow_through"]}
    assert followed == {"test_count_above": "threshold"}
    assert "me" in kit.done("autograder", "report", "results/pixels.jsonl")
    kit.done("autograder", "record", "results/pixels.jsonl", "--assignment", "pixels")
    kit.done("nbgrader", "generate_feedback", "pixels")
    page = (kit.folder / "feedback" / "me" / "pixels" / "pixels.html").read_text()
    assert "Above the level, not at it" in page and "6 of 10 points" in page


def test_its_bundle_holds_the_assignment_alone(kit):
    names = zipfile.ZipFile(kit.folder / "dist" / "pixels-student.zip").namelist()
    assert "pixels-student/assignment/pixels/pixels.ipynb" in names
    assert not [name for name in names if "conv2d" in name or "notebooks/" in name]


def test_its_mistakes_are_shown_with_the_tests_that_catch_them(kit):
    table = kit.done("autograder.authoring.mistakes", "--assignment", "pixels")
    assert "threshold: 1 mistakes, 1 caught, 1 named" in table and "NOT CAUGHT" not in table


def test_a_changed_byte_of_its_suite_regrades_it_alone(kit):
    ask = "from autograder.classroom.version import version as v; print(v('conv2d').kit, v('pixels').kit)"
    (kit.folder / "ask.py").write_text(ask)
    before = kit.done("ask").split()
    kit.change("autograder/suite/pixels/test_pixels.py", "hidden tests of", "hidden tests for")
    (conv2d, pixels) = kit.done("ask").split()
    assert conv2d == before[0] and pixels != before[1]
    kit.change("solutions/pixels/cases.py", "visible cases of", "visible cases for")
    assert kit.done("ask").split() == [conv2d, pixels]


# --- one edit in one place ---------------------------------------------------------------------------------


@pytest.fixture
def changed(tmp_path) -> Kit:
    return Kit(tmp_path)


RECORD = "autograder/suite/pixels/__init__.py"


def test_a_function_is_dropped_by_one_line_of_the_record(changed):
    changed.change(
        RECORD, '        Exercise("count_above", 2, right.count_above, builds_on=("threshold",)),\n', ""
    )
    changed.done(*RELEASE)
    folder = changed.folder / "assignment" / "pixels"
    text = text_of(folder / "pixels.ipynb")
    assert "You write two small functions. Together they give 8 points." in text
    assert "count_above" not in text and "How many?" not in text and "How far am I?" in text
    assert "check_count_above" not in (folder / "checks.py").read_text()
    changed.write({"mine.py": MINE})
    changed.done(
        "autograder", "fill", str(folder / "pixels.ipynb"), "mine.py", "submitted/me/pixels/pixels.ipynb"
    )
    changed.done("autograder", "grade", "submitted", "--assignment", "pixels", "--jobs", "1")
    record = json.loads((changed.folder / "results" / "pixels.jsonl").read_text())
    assert record["max_score"] == 8.0 and {test["cell"] for test in record["tests"]} == {
        "test_normalize",
        "test_threshold",
    }


BROKEN = {
    "points that the tests do not add up to": (
        *(RECORD, '"threshold", 4', '"threshold", 5'),
        r"test_pixels\.py:\d+: the hidden tests of 'test_threshold' add up to 4 points, but the record of 'pixels' gives "
        "threshold 5",
    ),
    "points that stand in the text": (
        "solutions/pixels/notebook.py",
        '"grade_id": "test_normalize", ',
        '"grade_id": "test_normalize", "points": 3, ',
        r"solutions/pixels/notebook\.py:3\d: 'test_normalize' has 3 points here and 4 in the record",
    ),
    "a heading with other points": (
        *("solutions/pixels/notebook.py", "(@points of threshold@ points)", "(7 points)"),
        r"notebook\.py:\d+: the heading says 7 points, its cell 4",
    ),
    "a name that stands for nothing": (
        *("solutions/pixels/notebook.py", "@functions@", "@exercises@"),
        r"notebook\.py:\d+: @exercises@ stands for nothing",
    ),
    "a syntax error in the text": (
        *("solutions/pixels/notebook.py", "import numpy as np", "import numpy as"),
        r"notebook\.py:\d+: SyntaxError",
    ),
    "a syntax error in the cases": (
        *("solutions/pixels/cases.py", "CASES = {", "CASES = {{"),
        r"solutions/pixels/cases\.py:\d+: SyntaxError",
    ),
    "an error in the cases": (
        *("solutions/pixels/cases.py", "(SMALL, 10)", "(LARGE, 10)"),
        r"solutions/pixels/cases\.py:\d+: NameError: name 'LARGE' is not defined",
    ),
    "an error in the record": (
        *(RECORD, "right.normalize", "right.normalise"),
        r"suite/pixels/__init__\.py:\d+: AttributeError",
    ),
    "a function without cases": (
        *("solutions/pixels/cases.py", '"threshold":', '"treshold":'),
        r"cases\.py: CASES has no visible cases for 'threshold'",
    ),
    "a function without a cell": (
        *("solutions/pixels/notebook.py", '"grade_id": "test_threshold"', '"grade_id": "test_treshold"'),
        r"notebook\.py: the record lists 'threshold', but no cell has the grade_id 'test_threshold'",
    ),
    "a hidden test that cannot be imported": (
        *("autograder/suite/pixels/test_pixels.py", "import numpy as np", "import nunpy as np"),
        r"test_pixels\.py.*No module named 'nunpy'",
    ),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> Kit:
    return Kit(tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize(("file", "old", "new", "line"), BROKEN.values(), ids=BROKEN)
def test_a_release_refuses_with_the_line_that_disagrees(broken, file, old, new, line):
    whole = (broken.folder / file).read_text()
    broken.change(file, old, new)
    try:
        said = broken.refused(*RELEASE)
    finally:
        (broken.folder / file).write_text(whole)
    assert re.search(line, said), said


def test_an_assignment_that_is_not_there_is_told_by_name(changed):
    assert (
        "There is no hidden suite for 'pictures'. There are suites for: conv2d, network, pixels."
        in changed.refused("autograder.authoring.release", "pictures")
    )
