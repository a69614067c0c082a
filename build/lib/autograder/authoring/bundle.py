"""What students receive, in one zip file: the assignment, its labs, the data, and how to start.

    python -m autograder.authoring.bundle [ASSIGNMENT]        # writes dist/<assignment>-student.zip

The files of the released assignment, of `notebooks/` and of `data/` keep their places, so that everything finds
everything; an assignment without labs has neither. Nothing of `solutions/` or `autograder/` goes in but the pages and
the settings in `student/`, and no notebook that uses them: a lab on the reference is the instructor's.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import nbformat

from autograder.authoring.errors import AuthorError
from autograder.authoring.text import filled, naming
from autograder.judge.assignment import Assignment
from autograder.suite import SuiteError, find

ROOT = Path(__file__).resolve().parents[2]
STUDENT = Path(__file__).with_name("student")
SETTINGS = "jupyter-settings"
TARGET = "dist/{assignment}-student.zip"
# What the notebooks and labs import, and what students open them with.
PACKAGES = (
    *("numpy", "matplotlib", "jupyterlab", "nbgrader", "nbformat", "ipython", "ipykernel"),
    *("anywidget", "traitlets", "pooch", "pillow"),
)
PRIVATE = ("solutions", "autograder")
LAB_FILES = {".py", ".js", ".css", ".html"}
DATA_FILES = {".py", ".npz", ".md"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files give the same zip


def write_bundle(assignment: str = "conv2d", root: Path = ROOT) -> Path:
    """Write the students' zip of an assignment that has been released; return its path.

    Raises AuthorError where it is not released, or a lab of its is not for students, and SuiteError where there is no
    such assignment.
    """
    released = root / "assignment" / assignment / f"{assignment}.ipynb"
    if not released.is_file():
        raise AuthorError(f"{released} is not there: run 'make release A={assignment}' first.")
    target = root / TARGET.format(assignment=assignment)
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as bundle:
        for name, content in sorted(contents(assignment, root)):
            entry = zipfile.ZipInfo(f"{assignment}-student/{name}", LONG_AGO)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return unfinished.replace(target)


def contents(name: str, root: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the bundle: its name below the bundle's folder, and its bytes."""
    assignment = find(name)
    labs = student_labs(assignment, root)
    names = _names(assignment, labs)
    pages = [STUDENT / "README.md", *([STUDENT / "labs.md"] if labs else [])]
    page = "".join(path.read_text(encoding="utf-8") for path in pages)
    yield "README.md", filled(filled(page, names), names).encode()  # the summary has names of its own
    yield "requirements.txt", requirements().encode()
    yield "LICENSE", (root / "LICENSE").read_bytes()
    for path in sorted((STUDENT / SETTINGS).iterdir()):
        settings = filled(path.read_text(encoding="utf-8"), names)
        yield f"{SETTINGS}/{filled(path.name, names)}", settings.encode()
    files = [path for path in sorted((root / "assignment" / name).iterdir()) if _is_released(path)]
    if labs:
        files += [*labs, *_modules(root / "notebooks", LAB_FILES), *_modules(root / "data", DATA_FILES)]
    for path in files:
        yield path.relative_to(root).as_posix(), path.read_bytes()


def _is_released(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _names(assignment: Assignment, labs: list[Path]) -> dict[str, str]:
    """What the names between two @ stand for in the students' pages."""
    return naming(assignment) | {
        "name": assignment.name,
        "title": assignment.title,
        "summary": assignment.summary,
        "labs": _list_of(labs),
        "variable": f"{assignment.name.upper()}_NOTEBOOK",
    }


def requirements() -> str:
    """The requirements file: the versions that this environment has, and that the kit was tested with here."""
    pins = "\n".join(f"{name}=={version(name)}" for name in PACKAGES)
    menus = f"# Hides the instructors' menus.\n./{SETTINGS}"
    return f"# The versions that this assignment was tested with.\n{pins}\n{menus}\n"


def student_labs(assignment: Assignment, root: Path) -> list[Path]:
    """The assignment's lab notebooks. Raises AuthorError for one that is missing, or that students cannot run."""
    labs = [root / "notebooks" / f"{name}.ipynb" for name in assignment.labs]
    for lab in labs:
        if not lab.is_file():
            raise AuthorError(f"The record of '{assignment.name}' lists a lab that is not there: {lab}")
        if _is_private(lab):
            raise AuthorError(
                f"{lab} uses {' or '.join(PRIVATE)}, which students do not have: it is no lab for them"
            )
    return labs


def _is_private(path: Path) -> bool:
    cells = nbformat.read(path, as_version=4).cells
    words = " ".join(cell.source for cell in cells if cell.cell_type == "code").replace(".", " ").split()
    return any(room in words for room in PRIVATE)


def _modules(folder: Path, suffixes: set[str]) -> list[Path]:
    """The files of a package and of the packages in it; at the top, text sources of notebooks are left out."""
    files = [
        path for path in folder.rglob("*") if path.suffix in suffixes and "__pycache__" not in path.parts
    ]
    return [
        path for path in files if not path.with_suffix(".ipynb").exists() and path.name != "make_samples.py"
    ]


def _list_of(labs: list[Path]) -> str:
    """One line for each lab: its file and its title."""
    lines = []
    for lab in labs:
        title = nbformat.read(lab, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
        lines.append(f"- `{lab.name}`: {title.removeprefix('Lab: ')}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the zip file that students get.")
    parser.add_argument("assignment", nargs="?", default="conv2d", help="which (default: %(default)s)")
    try:
        target = write_bundle(parser.parse_args(arguments).assignment)
    except (AuthorError, SuiteError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {target.relative_to(ROOT)} ({target.stat().st_size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
