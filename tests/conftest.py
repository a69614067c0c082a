"""What several test files share: notebooks made from plain Python, and the sample students."""

import fcntl
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.fill import fill
from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.course_key import NAME
from autograder.cli import main
from autograder.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by the marks, and before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """Marks what needs a course of nbgrader's, and all that `make test-all` adds; lets slow tests begin first.

    So none of them runs alone at the end.
    """
    for item in items:
        if "released_course" in item.fixturenames:
            item.add_marker("slow")
        if item.path.parent != ROOT / "tests":
            item.add_marker("slow")
            item.add_marker("sandbox")
        # What a file makes once is made in one process of a test run.
        if uses_what_its_file_makes(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(ROOT))))
    groups, longest = {item: group(item) for item in items}, defaultdict(float)
    for item, name in groups.items():
        longest[name] = max(longest[name], seconds(item))
    items.sort(key=lambda item: longest[groups[item]], reverse=True)


def uses_what_its_file_makes(item: pytest.Item) -> bool:
    """Whether it needs a fixture that is made once for its file."""
    known = item._fixtureinfo.name2fixturedefs
    return any(fixture.scope == "module" for name in item.fixturenames for fixture in known.get(name, ()))


def group(item: pytest.Item) -> str:
    """What runs in one process, together."""
    mark = item.get_closest_marker("xdist_group")
    return mark.args[0] if mark else item.nodeid


def seconds(item: pytest.Item) -> float:
    """What its marks say that it takes, roughly: `slow(60)`."""
    return max((mark.args[0] if mark.args else 1 for mark in item.iter_markers("slow")), default=0)


@pytest.fixture(autouse=True)
def no_sandbox_without_its_mark(request, monkeypatch):
    """`make quick` leaves out what is marked: nothing else may start a sandbox in this process."""
    started = []

    def refuse(box):
        started.append(box)
        pytest.fail("a test that starts a sandbox needs the mark 'sandbox'")

    if "sandbox" not in request.keywords:
        monkeypatch.setattr(Sandbox, "__enter__", refuse)
    yield
    assert not started, "a test that starts a sandbox needs the mark 'sandbox'"


def sample(name: str) -> str:
    """The source of one of the demo's sample students."""
    return (ROOT / "demo" / "samples" / f"{name}.py").read_text()


def cells_notebook(*sources: str) -> bytes:
    """A bare notebook of code cells, without nbgrader's metadata."""
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


@pytest.fixture(scope="session")
def once(request, tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """A function from a name and a maker to a folder that is made once for all processes of a test run.

    The first that asks lets the maker fill it. Nobody changes anything in it afterwards.
    """
    base = tmp_path_factory.getbasetemp()
    # A process of pytest-xdist has a folder of its own in the run's.
    if hasattr(request.config, "workerinput"):
        base = base.parent

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, ready = base / name, base / f"{name}.ready"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what a maker that failed has left
                make(folder)
                ready.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def key_file(once) -> Path:
    """A course's key, which was accepted: that takes seconds, and need not be done in every test's course."""

    def make(folder: Path) -> None:
        folder.mkdir()
        accepted_key("conv2d", folder)

    return once("key", make) / NAME


@pytest.fixture(scope="session")
def give_key(key_file) -> Callable[[Path], None]:
    """A function that gives a course this key."""

    def give(course: Path) -> None:
        for file in key_file.parent.iterdir():
            shutil.copy(file, course)

    return give


@pytest.fixture(scope="session")
def released_course(once, give_key) -> Path:
    """A course of nbgrader's with its assignment released and nothing submitted, to be copied."""
    from courses import make_course  # nbgrader takes a second to import

    def make(folder: Path) -> None:
        give_key(make_course(folder))

    return once("released-course", make)


@pytest.fixture(scope="session")
def released() -> nbformat.NotebookNode:
    """The notebook that students get."""
    return nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)


@pytest.fixture(scope="session")
def submission(released):
    """A function from Python source to the bytes of the filled notebook."""
    return lambda source: nbformat.writes(fill(released, source)).encode()


@pytest.fixture
def autograder(capsys) -> Callable[..., subprocess.CompletedProcess]:
    """`python -m autograder` with these arguments, in this process: what it printed and its exit code."""

    def run(*arguments: object) -> subprocess.CompletedProcess:
        capsys.readouterr()
        words = [str(argument) for argument in arguments]
        try:
            code = main(words)
        except SystemExit as left:  # how argparse leaves
            code = left.code
        return subprocess.CompletedProcess(words, code, *capsys.readouterr())

    return run
