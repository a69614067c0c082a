"""Build notebooks from their text sources, so that the same text always gives the same bytes.

A notebook's one source is a py:percent file (https://jupytext.readthedocs.io). jupytext alone gives every
cell a new random id at each conversion; here an id comes from the cell's ``grade_id`` or from a hash of its
content, so that a rebuilt notebook differs only where its text does.

    python -m autograder.authoring.build        # every notebook of this repository, and the students' checks
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat

from autograder.authoring.checks import checks_source
from autograder.authoring.errors import AuthorError
from autograder.authoring.text import Disagreement, settle
from autograder.judge.assignment import Assignment
from autograder.suite import SuiteError, assignments, broken_file, find

ROOT = Path(__file__).resolve().parents[2]
TEXT = "solutions/{name}/notebook.py"
CASES = "solutions/{name}/cases.py"
EXAMPLES = "solutions/{name}/examples.py"  # what the notebook's own cells call; there may be none
SOURCE = "solutions/source/{name}"  # what nbgrader releases from
LABS = "notebooks"

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def build_all(root: Path = ROOT) -> list[Path]:
    """Build every assignment and every lab of a repository; return the files. Raises AuthorError and SuiteError."""
    return [path for name in assignments() for path in build_assignment(name, root)] + build_labs(root)


def build_assignment(name: str, root: Path = ROOT) -> list[Path]:
    """Build what nbgrader releases an assignment from: its notebook with the answers, and the students' checks.

    Raises AuthorError where the text or the cases are not in order, or say something else than the record, and
    SuiteError where the record itself is not.
    """
    assignment = find(name)
    text, cases = root / TEXT.format(name=name), root / CASES.format(name=name)
    for path in (text, cases):
        if not path.is_file():
            raise AuthorError(f"{path} is missing: an assignment needs its text and its visible cases")
    target = root / SOURCE.format(name=name)
    notebook = build_notebook(text, target / f"{name}.ipynb", lambda cells: settle(cells, assignment))
    _refuse_missing_cases(assignment, cases)
    own = [path for path in (cases, root / EXAMPLES.format(name=name)) if path.is_file()]
    return [notebook, _written(target / "checks.py", checks_source(assignment, text, own))]


def _refuse_missing_cases(assignment: Assignment, path: Path) -> None:
    try:
        cases = importlib.import_module(f"solutions.{assignment.name}.cases").CASES
    except Exception as error:
        raise AuthorError(broken_file(error, path)) from None
    for exercise in assignment.exercises:
        if not cases.get(exercise.name):
            raise AuthorError(
                f"{path}: CASES has no visible cases for '{exercise.name}', which the record lists"
            )


def build_notebook(
    text_path: Path | str, notebook_path: Path | str, settled: Callable[[list], list] = list
) -> Path:
    """Write the notebook whose py:percent source is ``text_path`` and return its path.

    Args:
        settled: what becomes of the cells on the way.

    Raises AuthorError, with the file and where possible the line, for a file that is not such a source.
    """
    path = Path(text_path)
    text = path.read_text(encoding="utf-8")
    if not is_notebook_source(text):
        raise AuthorError(f"{path} is not a notebook source: it does not start with a jupytext header")
    try:
        ast.parse(text, str(path))
        cells = settled(jupytext.reads(text, fmt="py:percent").cells)
    except SyntaxError as error:
        raise AuthorError(f"{path}:{error.lineno}: SyntaxError: {error.msg}") from None
    except Disagreement as problem:
        raise AuthorError(f"{path}:{_line_of(problem.near, text)} {problem}") from None
    ids = _cell_ids(cells)
    clean = nbformat.v4.new_notebook(
        metadata=METADATA, cells=[_clean_cell(cell, id) for cell, id in zip(cells, ids, strict=True)]
    )
    clean.nbformat_minor = 5
    nbformat.validate(clean)
    return _written(Path(notebook_path), nbformat.writes(clean).rstrip("\n") + "\n")


def _written(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def _line_of(near: str, text: str) -> str:
    """The number of the line that a text stands in, and a colon; nothing where there is none."""
    place = text.find(near) if near else -1
    return "" if place < 0 else f"{text.count(chr(10), 0, place) + 1}:"


def build_labs(root: Path = ROOT) -> list[Path]:
    """Build every lab notebook; return the files. Raises AuthorError."""
    return [build_notebook(text, notebook, with_code_folded) for text, notebook in lab_sources(root)]


def with_code_folded(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells; those tagged hide-input, the tag that sites go by, are folded in JupyterLab, too: one click opens them."""
    for cell in cells:
        if "hide-input" in cell.metadata.get("tags", ()):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return cells


def lab_sources(root: Path) -> list[tuple[Path, Path]]:
    """The (text, notebook) pairs of the labs; a lab is any ``notebooks/*.py`` with a jupytext header."""
    modules = sorted((root / LABS).glob("*.py"))
    labs = [path for path in modules if is_notebook_source(path.read_text(encoding="utf-8"))]
    return [(path, path.with_suffix(".ipynb")) for path in labs]


def is_notebook_source(text: str) -> bool:
    """Whether a Python file is a notebook in py:percent form: it starts with a jupytext header."""
    return re.match(r"# ---\r?\n# jupyter:", text) is not None


def _clean_cell(cell: nbformat.NotebookNode, id: str) -> nbformat.NotebookNode:
    """The cell without outputs and without jupytext's own notes."""
    metadata = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }[cell.cell_type]
    return make(source=cell.source, metadata=metadata, id=id)


def _cell_ids(cells: list[nbformat.NotebookNode]) -> list[str]:
    """One valid, unique id for each cell: its grade_id, else a hash of its content, numbered if repeated."""
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
            name = f"{cell.cell_type}-{digest}"
        name = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:56]
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


def main() -> int:
    try:
        for path in build_all():
            print(f"wrote {path.relative_to(ROOT)}")
    except (AuthorError, SuiteError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
