"""Build notebooks from their text sources, so that the same text always gives the same bytes.

A notebook's one source is a py:percent file (https://jupytext.readthedocs.io). jupytext alone gives every
cell a new random id at each conversion; here an id comes from the cell's ``grade_id`` or from a hash of its
content, so that a rebuilt notebook differs only where its text does.

    python -m autograder.authoring.build        # every notebook of this repository
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = {"solutions/text/conv2d.py": "solutions/source/conv2d/conv2d.ipynb"}
LABS = "notebooks"

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def build_notebook(text_path: Path | str, notebook_path: Path | str) -> Path:
    """Write the notebook whose py:percent source is ``text_path`` and return its path.

    Raises ValueError for a file that is not such a source.
    """
    text = Path(text_path).read_text(encoding="utf-8")
    if not is_notebook_source(text):
        raise ValueError(f"{text_path} is not a notebook source: it does not start with a jupytext header")
    notebook = jupytext.reads(text, fmt="py:percent")
    ids = _cell_ids(notebook.cells)
    clean = nbformat.v4.new_notebook(
        metadata=METADATA, cells=[_clean_cell(cell, id) for cell, id in zip(notebook.cells, ids, strict=True)]
    )
    clean.nbformat_minor = 5
    nbformat.validate(clean)
    target = Path(notebook_path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(nbformat.writes(clean).rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return target


def build_all(root: Path | str = ROOT) -> list[Path]:
    """Build the assignment's source notebook and every lab notebook of a repository; return the files."""
    return [build_notebook(text, notebook) for text, notebook in sources(Path(root))]


def sources(root: Path) -> list[tuple[Path, Path]]:
    """The (text, notebook) pairs of a repository; a lab is any ``notebooks/*.py`` with a jupytext header."""
    assignments = [(root / text, root / notebook) for text, notebook in ASSIGNMENTS.items()]
    modules = sorted((root / LABS).glob("*.py"))
    labs = [path for path in modules if is_notebook_source(path.read_text(encoding="utf-8"))]
    return assignments + [(path, path.with_suffix(".ipynb")) for path in labs]


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
    ids, seen = [], Counter()
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
    for path in build_all():
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
