"""What students receive, in one zip file: the assignment, the labs, the data, and how to start.

    python -m autograder.authoring.bundle        # writes dist/conv2d-student.zip

The files of the released assignment, of `notebooks/` and of `data/` keep their places, so that everything finds
everything. Nothing of `solutions/` or `autograder/` goes in but the page and the settings in `student/`, and no
notebook that uses them: a lab on the reference is the instructor's.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import nbformat

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

    FileNotFoundError where the released notebook is missing.
    """
    released = root / "assignment" / assignment / f"{assignment}.ipynb"
    if not released.is_file():
        raise FileNotFoundError(f"{released} is not there: run 'make release' first.")
    target = root / TARGET.format(assignment=assignment)
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as bundle:
        for name, content in sorted(contents(assignment, root)):
            entry = zipfile.ZipInfo(f"{assignment}-student/{name}", LONG_AGO)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return unfinished.replace(target)


def contents(assignment: str, root: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the bundle: its name below the bundle's folder, and its bytes."""
    labs = student_labs(root)
    page = (STUDENT / "README.md").read_text(encoding="utf-8").replace("@LABS@", _list_of(labs))
    yield "README.md", page.encode()
    yield "requirements.txt", requirements().encode()
    yield "LICENSE", (root / "LICENSE").read_bytes()
    for path in sorted((STUDENT / SETTINGS).iterdir()):
        yield f"{SETTINGS}/{path.name}", path.read_bytes()
    for path in [
        *(root / "assignment" / assignment).glob("[!.]*.*"),
        *labs,
        *_modules(root / "notebooks", LAB_FILES),
        *_modules(root / "data", DATA_FILES),
    ]:
        yield path.relative_to(root).as_posix(), path.read_bytes()


def requirements() -> str:
    """The requirements file: the versions that this environment has, and that the kit was tested with here."""
    pins = "\n".join(f"{name}=={version(name)}" for name in PACKAGES)
    return f"# The versions that this assignment was tested with.\n{pins}\n# Hides the instructors' menus.\n./{SETTINGS}\n"


def student_labs(root: Path) -> list[Path]:
    """The lab notebooks that use nothing private."""
    return [path for path in sorted((root / "notebooks").glob("*.ipynb")) if not _is_private(path)]


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


def main() -> int:
    target = write_bundle()
    left_out = set((ROOT / "notebooks").glob("*.ipynb")) - set(student_labs(ROOT))
    print(f"wrote {target.relative_to(ROOT)} ({target.stat().st_size / 1e6:.1f} MB)")
    for path in sorted(left_out):
        print(f"left out {path.relative_to(ROOT)}: it uses the reference, which students do not have")
    return 0


if __name__ == "__main__":
    sys.exit(main())
