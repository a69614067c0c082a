"""What students download: everything they need, nothing of the instructor's."""

import ast
import calendar
import dataclasses
import io
import json
import re
import runpy
import sys
import time
import zipfile
from importlib.metadata import version

import nbformat
import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement

from autograder.authoring.build import lab_sources
from autograder.authoring.bundle import EARLIEST, contents, student_labs, write_bundle
from autograder.authoring.errors import AuthorError
from autograder.suite import find

# What checks.py is made of, which students get; everything else belongs to the instructor alone.
JUDGE, SUITE = ROOT / "autograder" / "judge", ROOT / "autograder" / "suite"
AUTHORING = ROOT / "autograder" / "authoring"
GIVEN = {
    *(JUDGE / f"{name}.py" for name in ("ladder", "plain_words", "drawing", "running", "visible", "nudging"))
}
GIVEN |= {AUTHORING / "checks.py", AUTHORING / "student" / "start.py", *SUITE.glob("*/origins.py")}
INSTRUCTORS = {
    *(ROOT / "solutions" / "reference").rglob("*.py"),
    *(ROOT / "autograder").rglob("*.py"),
} - GIVEN

IMPORTED_AS = {"pillow": "pil"}  # a package and the module that it brings, in lower case


@pytest.fixture(scope="module")
def files():
    """The bundle's files: bytes by name."""
    return dict(contents("conv2d", ROOT))


@pytest.fixture(scope="module")
def text(files):
    """All text of the bundle; a notebook's as the source of its cells."""
    parts = []
    for name, content in files.items():
        if name.endswith(".ipynb"):
            parts += [cell.source for cell in nbformat.reads(content.decode(), as_version=4).cells]
        elif not name.endswith(".npz"):
            parts.append(content.decode())
    return "\n".join(parts)


def test_it_holds_the_assignment_the_labs_the_data_and_how_to_start(files):
    assert {
        "README.md",
        "start.py",
        "requirements.txt",
        "constraints.txt",
        "LICENSE",
        "assignment/conv2d/conv2d.ipynb",
    } <= set(files)
    assert {"assignment/conv2d/checks.py", "data/samples/mnist.npz", "data/README.md"} <= set(files)
    labs = {f"notebooks/{path.name}" for path in student_labs(find("conv2d"), ROOT)}
    assert labs <= set(files) and "notebooks/labkit/__init__.py" in files
    assert not [name for name in files if "__pycache__" in name or "checkpoint" in name]
    page = files["README.md"].decode()
    assert all(path.name in page for path in student_labs(find("conv2d"), ROOT)) and "@" not in page
    assert len(page.splitlines()) < 70  # one page


def test_the_constraints_are_what_is_tested_here_and_lie_in_the_ranges_that_are_asked_for(files):
    asked = {each.name: each.specifier for each in map(Requirement, packages(files, "requirements.txt"))}
    pins = dict(line.split("==") for line in packages(files, "constraints.txt"))
    assert pins == {name: version(name) for name in asked}
    assert {"numpy", "jupyterlab", "nbgrader", "matplotlib"} <= pins.keys()
    assert all(asked[name].contains(pin) and not asked[name].contains("0.1") for name, pin in pins.items())


def packages(files, name):
    """The lines of a requirements file that name a package."""
    return re.findall(r"^\w.*$", files[name].decode(), re.MULTILINE)


def test_the_pythons_of_the_start_are_those_that_continuous_integration_runs(start):
    matrix = yaml.safe_load((ROOT / ".github/workflows/quick.yml").read_text())["jobs"]
    (pythons,) = [job["strategy"]["matrix"]["python"] for job in matrix.values() if "strategy" in job]
    names = [".".join(map(str, pair)) for pair in (start["OLDEST"], start["NEWEST"])]
    assert names == [pythons[0], pythons[-1]]


def test_a_python_that_does_not_fit_is_told_in_one_sentence_before_anything_is_made(
    start, monkeypatch, tmp_path
):
    assert start["misfit"](start["OLDEST"]) == start["misfit"](start["NEWEST"]) == ""
    assert start["misfit"]((3, 10)) == (
        "Python 3.10 is too old for this assignment: use Python 3.11 to 3.14, from https://www.python.org/downloads/."
    )
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert start["main"]().startswith("Python 3.99 is too new") and list(tmp_path.iterdir()) == [
        tmp_path / "start.py"
    ]


def test_an_old_python_can_read_the_start(files):
    tree = ast.parse(files["start.py"], feature_version=(3, 4))
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.arg)
    annotated = [node for node in ast.walk(tree) if isinstance(node, new) and getattr(node, "annotation", 1)]
    assert annotated == []


@pytest.fixture
def start(files, tmp_path):
    """What start.py defines, in an empty folder."""
    (tmp_path / "start.py").write_bytes(files["start.py"])
    return runpy.run_path(str(tmp_path / "start.py"))


def test_what_the_labs_import_is_in_the_bundle_or_among_its_requirements(files):
    names = {line.split("==")[0] for line in packages(files, "constraints.txt")}
    there = {name.lower() for name in names} | {"data", "notebooks", "checks"}
    there |= {IMPORTED_AS[name] for name in names & IMPORTED_AS.keys()}
    for name, content in files.items():
        if name.endswith(".py"):
            assert imports(content.decode()) <= there, name
        elif name.endswith(".ipynb"):
            cells = nbformat.reads(content.decode(), as_version=4).cells
            code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
            assert imports(code) <= there, name


def imports(code):
    """The packages that a piece of Python must find, without Python's own, in lower case."""
    modules = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
    return {module.split(".")[0].lower() for module in modules} - sys.stdlib_module_names


def test_nothing_in_it_is_named_like_the_instructors_side(files, text):
    assert not [name for name in files if name.startswith(("solutions", "autograder"))]
    assert not re.search(r"(?m)^\s*(from|import) (solutions|autograder)\b", text)
    assert "BEGIN SOLUTION" not in text


def test_no_line_of_the_solutions_the_reference_or_the_suite_is_in_it(text):
    ours = {line.strip() for line in text.splitlines()}
    answers = (ROOT / "solutions" / "conv2d" / "notebook.py").read_text()
    blocks = re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", answers, re.DOTALL)
    secret = telling_lines("\n".join(blocks), 30)
    for path in INSTRUCTORS:
        secret |= telling_lines(path.read_text(), 50)
    assert len(secret) > 1000
    assert sorted(secret & ours) == []


def telling_lines(source, length):
    """The lines of a program that are long enough to be its own, without imports, signatures and comments."""
    code = re.sub(r"(?m)^\s*(#|from |import |def |@).*$", "", source)
    return {line.strip() for line in code.splitlines() if len(line.strip()) > length}


def test_no_name_of_a_hidden_test_a_mistake_or_a_private_function_is_in_it(text):
    hidden = set()
    for path in set(SUITE.rglob("*.py")) - GIVEN:
        hidden |= {
            node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
        }
    hidden = {name for name in hidden if name.startswith("test_") or name.strip("_").count("_") >= 2}
    assert len(hidden) > 100
    assert sorted(hidden & set(re.findall(r"\w+", text))) == []


def test_the_same_files_give_the_same_zip_and_it_unpacks_into_one_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.authoring.bundle.TARGET", str(tmp_path / "{assignment}-student.zip"))
    first = write_bundle().read_bytes()
    assert write_bundle().read_bytes() == first
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert all(name.startswith("conv2d-student/") and ".." not in name for name in names)
    assert not list(tmp_path.glob("*.part"))


def test_the_files_are_as_old_as_the_release(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.authoring.bundle.TARGET", str(tmp_path / "{assignment}-student.zip"))
    assert all(
        time.time() > then > 1_750_000_000 for then in dates(write_bundle())
    )  # by git, or by the files
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert dates(write_bundle()) == {1234567890}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert dates(write_bundle()) == {EARLIEST}


def dates(bundle):
    """When the files of a zip were written, in seconds of Unix time."""
    return {calendar.timegm(entry.date_time) for entry in zipfile.ZipFile(bundle).infolist()}


def test_no_sample_is_in_it_that_no_lab_loads(files):
    samples = {name.removeprefix("data/samples/") for name in files if name.startswith("data/samples/")}
    assert samples == {"mnist.npz", "cifar10.npz", "digit_network.npz"}
    assert sum(map(len, files.values())) < 900_000


def test_without_a_release_it_says_what_to_do(tmp_path):
    with pytest.raises(AuthorError, match="run 'make release A=conv2d' first"):
        write_bundle(root=tmp_path)


@pytest.mark.parametrize("source", ["from solutions.reference import conv2d", "import autograder.judge"])
def test_a_lab_that_students_cannot_run_is_refused(tmp_path, source):
    (tmp_path / "notebooks").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, tmp_path / "notebooks" / "kernels.ipynb")
    with pytest.raises(AuthorError, match=r"kernels\.ipynb uses solutions or autograder"):
        student_labs(dataclasses.replace(find("conv2d"), labs=("kernels",)), tmp_path)


def test_a_lab_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AuthorError, match=r"lists a lab that is not there: .*kernels\.ipynb"):
        student_labs(find("conv2d"), tmp_path)


def test_every_lab_that_students_can_run_is_in_the_record():
    private = re.compile(r"(?m)^\s*(from|import) (solutions|autograder)\b")
    labs = {path.stem for path, _ in lab_sources(ROOT) if not private.search(path.read_text())}
    assert set(find("conv2d").labs) == labs


def test_the_settings_hide_what_only_instructors_need(files):
    hidden = json.loads(files["jupyter-settings/conv2d-student.json"])["disabledExtensions"]
    assert hidden["@jupyter/nbgrader:formgrader"] and hidden["@jupyter/nbgrader:create-assignment"]
    assert "@jupyter/nbgrader:validate-assignment" not in hidden
