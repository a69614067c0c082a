"""How a submission comes into the class's folder: from an attack's text, or made by its builder."""

import copy
import functools
import importlib
import json
import shutil
from pathlib import Path

import nbformat
from autograder.authoring.fill import fill

from attacks.corpus import BUILDERS, HERE, ROOT, Attack

ASSIGNMENT = "conv2d"
ATTACKER, WITNESS = "mallory", "alice"


@functools.cache
def _released() -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "assignment" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)


def notebook(source: str) -> dict:
    """The released notebook with the functions of a Python file in it, as plain JSON."""
    return json.loads(nbformat.writes(fill(_released(), source)))


def with_code(*cells: str, source: str = "") -> dict:
    """The same, with code cells in front of all others."""
    filled = notebook(source)
    first = [nbformat.v4.new_code_cell(text, id=f"first-{number}") for number, text in enumerate(cells)]
    filled["cells"][:0] = copy.deepcopy(first)
    return filled


def hand_in(submitted: Path, content: dict | bytes, student: str = ATTACKER) -> Path:
    """Puts a notebook where nbgrader collects it, and returns the folder."""
    folder = submitted / student / ASSIGNMENT
    folder.mkdir(parents=True)
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)
    return folder


def submit(attack: Attack, submitted: Path, targets: dict) -> None:
    """Hands in the attack's one submission. `targets` tells it where everything is, so that it need not guess."""
    if attack.family in BUILDERS:
        importlib.import_module(f"attacks.{attack.family}.{attack.name}").submit(submitted, targets)
        return
    toolbox = (HERE / "toolbox.py").read_text(encoding="utf-8")
    hand_in(submitted, notebook(f"{toolbox}\n\nTARGETS = {targets!r}\n\n{attack.source}"))


def withdraw(submitted: Path) -> None:
    """Removes every submission but the witness's."""
    for entry in submitted.iterdir():
        if entry.is_symlink() or not entry.is_dir():
            entry.unlink()
        elif entry.name != WITNESS:
            shutil.rmtree(entry)
