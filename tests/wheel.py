"""The kit as others install it: its wheel, in an environment of its own."""

import importlib.metadata
import os
import shutil
import subprocess
import venv
from pathlib import Path

from conftest import ROOT


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
    """Makes the environment: builds the wheel and installs it."""
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    source = folder / "source"  # building leaves files behind
    for name in ("autograder", "solutions"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder / "wheels", source], check=True)
    (wheel,) = (folder / "wheels").glob("*.whl")
    # The versions that are tested here: only then must its reports be the same.
    constraints = folder / "constraints.txt"
    known = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    known.pop("convolution-course-kit", None)
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in known.items()))
    subprocess.run([*pip, "install", f"{wheel}[cluster]", "--constraint", constraints], check=True)
