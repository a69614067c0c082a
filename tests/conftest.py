"""What several test files share: notebooks made from plain Python, and the sample students."""

from pathlib import Path

import nbformat
import pytest

from autograder.authoring.fill import fill

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config):
    """Tests of the hidden tests import them, with their marker."""
    config.addinivalue_line("markers", "graded: what a hidden test is worth")


def sample(name: str) -> str:
    """The source of one of the demo's sample students."""
    return (ROOT / "demo" / "samples" / f"{name}.py").read_text()


def cells_notebook(*sources: str) -> bytes:
    """A bare notebook of code cells, without nbgrader's metadata."""
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


@pytest.fixture(scope="session")
def released() -> nbformat.NotebookNode:
    """The notebook that students get."""
    return nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)


@pytest.fixture(scope="session")
def submission(released):
    """A function from Python source to the bytes of the filled notebook."""
    return lambda source: nbformat.writes(fill(released, source)).encode()
