"""The labs, executed on a right student's functions as a browser would run them: once for the site, the tests and all.

    notebooks = executed(["kernels"])

They run in the students' own bundle, in which the assignment is solved by the model answers. What they show is kept
in `dist/executed`, under a digest of everything that it depends on.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import nbformat

from autograder.authoring.bundle import contents
from autograder.user_error import UserError

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "dist" / "executed"
ASSIGNMENT = "conv2d"
NOTEBOOK = f"assignment/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
SOLVED = ROOT / "solutions" / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
RUN_BY = ("in_browser.py", "run.py")
SHOWN_BY = ("numpy", "matplotlib", "pillow", "ipython")  # whose versions change what a lab shows


def executed(labs: Iterable[str], solved: bool = True) -> dict[str, nbformat.NotebookNode]:
    """Return the labs with their outputs, by name; what has not changed since the last time does not run again.

    They run on the model answers, or, where not `solved`, on the notebook that students get.
    Raises LabFails with the error's traceback where a cell of a lab fails.
    """
    files = {name: content for name, content in contents(ASSIGNMENT, ROOT) if "/" in name}
    if solved:
        files[NOTEBOOK] = SOLVED.read_bytes()
    kept = KEPT / f"{'solved' if solved else 'released'}-{_digest(files)}"
    kept.mkdir(parents=True, exist_ok=True)
    names = list(labs)
    with (KEPT / "lock").open("w") as lock:  # several processes of a test run may want the same
        fcntl.flock(lock, fcntl.LOCK_EX)
        if missing := [name for name in names if not (kept / f"{name}.ipynb").exists()]:
            _execute(missing, files, kept)
        for old in KEPT.glob(f"{kept.name.partition('-')[0]}-*"):
            if old != kept:
                shutil.rmtree(old)
    return {name: nbformat.read(kept / f"{name}.ipynb", as_version=4) for name in names}


class LabFails(UserError):
    """A cell of a lab raised an error; the message has its traceback."""


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Write files below a folder, by their names."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _digest(files: dict[str, bytes]) -> str:
    """Of all that the labs' outputs depend on: the bundle, what runs it, and their versions."""
    digest = hashlib.sha256(sys.version.encode())
    for package in SHOWN_BY:
        digest.update(f"{package} {version(package)}\n".encode())
    own = {name: Path(__file__).with_name(name).read_bytes() for name in RUN_BY}
    for name, content in sorted((own | files).items()):
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _execute(names: list[str], files: dict[str, bytes], kept: Path) -> None:
    """One process imports what all labs import, and forks for each of them."""
    with tempfile.TemporaryDirectory(prefix="labs-") as folder:
        lay_out(files, Path(folder))
        command = [sys.executable, "-m", "coursesite.run", folder, str(kept), *names]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise LabFails(f"A lab failed:\n{ran.stdout[-3000:]}{ran.stderr[-5000:]}")
