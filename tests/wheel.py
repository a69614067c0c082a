"""The kit as others install it: its wheel, in an environment of its own."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from uv import find_uv_bin


class InstalledKit:
    """An environment that has the kit's wheel with the extra `cluster`, and nothing of the checkout."""

    def __init__(self, folder: Path):
        self._bin = folder / "bin"
        self.python = self._bin / "python"
        self.dask = self._bin / "dask"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment variables of somebody who has only this."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))
        }
        path = os.pathsep.join([str(self._bin), "/usr/bin", "/bin"])
        return kept | {"PATH": path, "PYTHONNOUSERSITE": "1"} | more

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
        """`python -m arguments` in a folder."""
        command = [self.python, "-m", *arguments]
        return subprocess.run(
            command, cwd=folder, env=self.environment(), capture_output=True, text=True, check=False
        )


def install_kit(folder: Path) -> None:
    """Makes the environment: builds the wheel and installs it, with the versions that are tested here.

    Only then must its reports be the same.
    """
    source = folder / "source"  # building leaves files behind
    for name in ("autograder", "solutions"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    uv("build", "--wheel", "--out-dir", folder / "wheels", source)
    (wheel,) = (folder / "wheels").glob("*.whl")
    constraints = folder / "constraints.txt"
    known = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    known.pop("convolution-course-kit", None)
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in known.items()))
    uv("venv", "--allow-existing", "--python", sys.executable, folder)
    packages = [f"{wheel}[cluster]", "--constraint", constraints]
    uv("pip", "install", "--python", folder, *packages)  # Python compiles what it imports, a small part of it


def uv(*arguments: str | Path) -> None:
    """Runs uv, which keeps what `make setup` has downloaded and makes an environment of it in seconds."""
    subprocess.run([find_uv_bin(), "--quiet", *arguments], check=True)
