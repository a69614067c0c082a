"""What students receive, in one zip file: the assignment, its labs, the data, and how to start.

    python -m autograder.authoring.bundle [ASSIGNMENT]        # writes dist/<assignment>-student.zip

The files of the released assignment, of `notebooks/` and of `data/` keep their places, so that everything finds
everything; an assignment without labs has none, and without pictures no data. Nothing of `solutions/` or `autograder/` goes in but the pages and
the settings in `student/`, and no notebook that uses them: a lab on the reference is the instructor's.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import requires, version
from pathlib import Path

import nbformat
from packaging.requirements import Requirement

from autograder.authoring.errors import AuthorError
from autograder.authoring.text import filled, naming
from autograder.judge.assignment import Assignment
from autograder.suite import SuiteError, find

ROOT = Path(__file__).resolve().parents[2]
STUDENT = Path(__file__).with_name("student")
KIT = "convolution-course-kit"
SETTINGS = "jupyter-settings"
TARGET = "dist/{assignment}-student.zip"
# What the notebooks and labs import, and what students open them with.
PACKAGES = (
    *("numpy", "matplotlib", "jupyterlab", "nbgrader", "nbformat", "ipython", "ipykernel"),
    *("anywidget", "traitlets", "pooch", "pillow"),
)
PRIVATE = ("solutions", "autograder")
LAB_FILES = {".py", ".js", ".css", ".html"}
DATA_FILES = {".py", ".md"}
SAMPLES = "data/samples"
EARLIEST = 315_532_800  # the first second of 1980, before which a zip has no dates


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
    day = time.gmtime(released_at(released))[:6]
    with zipfile.ZipFile(unfinished, "w") as bundle:
        for name, content in sorted(contents(assignment, root)):
            entry = zipfile.ZipInfo(f"{assignment}-student/{name}", day)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return unfinished.replace(target)


def released_at(released: Path) -> int:
    """When a release was made, in seconds of Unix time, so that the same release gives the same zip wherever it is packed.

    SOURCE_DATE_EPOCH where it is set (https://reproducible-builds.org/docs/source-date-epoch), else when the released
    files were last committed; where git knows neither, when the notebook was written.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH") or _committed_at(released.parent)
    return max(EARLIEST, int(said) if said.strip().isdecimal() else int(released.stat().st_mtime))


def _committed_at(folder: Path) -> str:
    """The time of the last commit of a folder as git prints it; "" where there is no git, or no commit of it."""
    command = ["git", "log", "-1", "--format=%ct", "--", "."]
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def contents(name: str, root: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the bundle: its name below the bundle's folder, and its bytes."""
    assignment = find(name)
    labs = student_labs(assignment, root)
    names = _names(assignment, labs)
    pages = [STUDENT / "README.md", *([STUDENT / "labs.md"] if labs else [])]
    page = "".join(path.read_text(encoding="utf-8") for path in pages)
    yield "README.md", filled(filled(page, names), names).encode()  # the summary has names of its own
    yield "start.py", filled((STUDENT / "start.py").read_text(encoding="utf-8"), names).encode()
    yield "requirements.txt", requirements().encode()
    yield "constraints.txt", constraints().encode()
    yield "LICENSE", (root / "LICENSE").read_bytes()
    for path in sorted((STUDENT / SETTINGS).iterdir()):
        settings = filled(path.read_text(encoding="utf-8"), names)
        yield f"{SETTINGS}/{filled(path.name, names)}", settings.encode()
    files = [path for path in sorted((root / "assignment" / name).iterdir()) if _is_released(path)]
    if labs:
        files += [*labs, *_modules(root / "notebooks", LAB_FILES)]
    if labs or assignment.pictures:
        files += [*_modules(root / "data", DATA_FILES), *_samples(labs, assignment.pictures, root)]
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
    """The requirements file: what the kit itself asks for of each package, else the major version tested here or a later one."""
    all_asked = map(Requirement, requires(KIT) or [])
    asked = {each.name: each.specifier for each in all_asked if "extra" not in str(each.marker)}
    lines = [f"{name}{asked.get(name) or '>=' + version(name).split('.')[0]}" for name in PACKAGES]
    # pip looks at these first, and says of a Python that is too old that it is.
    menus = f"# Hides the instructors' menus.\n./{SETTINGS}"
    return "\n".join([menus, "# In which versions this assignment works.", *lines, ""])


def constraints() -> str:
    """The constraints file: the versions that this environment has, and that the kit was tested with here."""
    pins = [f"{name}=={version(name)}" for name in PACKAGES]
    return "\n".join(["# The versions that this assignment was tested with.", *pins, ""])


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
    words = _code(path).replace(".", " ").split()
    return any(room in words for room in PRIVATE)


def _code(notebook: Path) -> str:
    cells = nbformat.read(notebook, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def _modules(folder: Path, suffixes: set[str]) -> list[Path]:
    """The files of a package and of the packages in it; at the top, text sources of notebooks are left out."""
    files = [
        path for path in folder.rglob("*") if path.suffix in suffixes and "__pycache__" not in path.parts
    ]
    return [
        path for path in files if not path.with_suffix(".ipynb").exists() and path.name != "make_samples.py"
    ]


def _samples(labs: list[Path], pictures: Sequence[str], root: Path) -> list[Path]:
    """The pictures and weights that a lab or the assignment loads, each with its licence where that is a file of its own."""
    loaded = set(pictures) | {
        name for lab in labs for name in re.findall(r'data\.load\w*\("(\w+)"', _code(lab))
    }
    samples = [path for path in sorted((root / SAMPLES).glob("*.npz")) if path.stem in loaded]
    licences = [path.with_name(f"LICENSE-{path.stem.replace('_', '-')}") for path in samples]
    return [*samples, *(path for path in licences if path.is_file())]


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
