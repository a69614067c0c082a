"""Environments of their own, for packages that the kit is measured beside and does not need."""

import sys
import venv
from collections.abc import Callable
from pathlib import Path


def environment(home: Path, install: Callable[[list[str | Path]], None]) -> Path:
    """Make the environment in this folder unless it is there; return its Python.

    Args:
        install: puts packages into it, given the beginning of a command of pip's.
    """
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        print(f"Setting up {home} (once)", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        (home / ".gitignore").write_text("*\n")
        install([python, "-m", "pip", "install", "--quiet", f"numpy=={numpy_version()}"])
        (home / "ready").touch()
    return python


def numpy_version() -> str:
    """The kit's, which all are measured with."""
    import numpy

    return numpy.__version__
