"""JupyterLab in the browser: JupyterLite with Python in WebAssembly, the students' files, and nothing from elsewhere.

A release has a store of its own in the browser (`Release.store`), named by a digest of the files that students get: a
new release is seen at once, and what was written in an earlier one stays where it was. `pages/_static/kept-work.js`
lists all of it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.bundle import contents
from autograder.suite import assignments
from coursesite import parcels
from coursesite.labs import ASSIGNMENT, ROOT, lay_out
from coursesite.pages import SiteFails

STORE = f"{ASSIGNMENT} release "
KERNEL = {"name": "python", "display_name": "Python (in the browser)", "language": "python"}
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
USED = ("numpy", "matplotlib", "pillow", "ipython", "jedi", "micropip")  # of what Pyodide's lock file names
# What a lab or the checks import in a module of their own, where Pyodide would not look for it.
AT_ONCE = ("numpy", "matplotlib", "pillow", "anywidget")
NEEDS = {
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
}
HERE_IT_IS = (
    "**You work in the browser.** What you save is kept by this browser on this computer alone, until its data are cleared. "
    "To take your work along, and to hand it in: *File → Download*."
)
QUIET = {  # no question about news, nothing fetched
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 20},
}


@dataclass(frozen=True)
class Release:
    """What students get to work on in the browser: the files of their bundle, by name."""

    files: dict[str, bytes]

    @cached_property
    def store(self) -> str:
        """The name of its store in the browser."""
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
        return STORE + digest.hexdigest()[:8]


def release() -> Release:
    """The students' bundles for the browser: notebooks for its kernel, without what installs packages."""
    everything = (file for assignment in assignments() for file in contents(assignment, ROOT))
    files = {name: content for name, content in everything if "/" in name}
    chosen = {name: content for name, content in files.items() if not name.startswith("jupyter-settings/")}
    return Release({name: _for_browser(name, content) for name, content in chosen.items()})


def _for_browser(name: str, content: bytes) -> bytes:
    """A file as it is; a notebook with the kernel's name, without which JupyterLite asks for one.

    The assignment says below its title where the work is.
    """
    if not name.endswith(".ipynb"):
        return content
    notebook = nbformat.reads(content.decode(), as_version=4)
    notebook.metadata.kernelspec = dict(KERNEL)
    if name.startswith("assignment/"):
        title, _, rest = notebook.cells[0].source.partition("\n")
        notebook.cells[0].source = f"{title}\n\n> {HERE_IT_IS}\n{rest}"
    return nbformat.writes(notebook).encode()


def build(made: Release, folder: Path, out: Path, wasm_wheels: str | None = None) -> list[str]:
    """Write the JupyterLab to `out`, working in the empty `folder`; return the names of packages that it lacks.

    Those are compiled for WebAssembly: `wasm_wheels` is the address or folder of Pyodide's own distribution, which
    has them. SiteFails with what JupyterLite said where it fails.
    """
    lay_out(made.files, folder / "files")
    lacking = _lay_out_pyodide(folder / "static" / "pyodide", wasm_wheels)
    (folder / "jupyter-lite.json").write_text(json.dumps(_settings(made, () if lacking else AT_ONCE)))
    (folder / "overrides.json").write_text(json.dumps(QUIET))
    extensions = [str(Path(sys.prefix, "share", "jupyter", "labextensions", name)) for name in EXTENSIONS]
    options = ["--contents", "files", "--apps", "lab", "--no-sourcemaps", "--ignore-sys-prefix"]
    options += ["--settings-overrides", "overrides.json", "--output-dir", str(out.resolve())]
    options += [f"--LiteBuildConfig.federated_extensions={name}" for name in extensions]
    command = [sys.executable, "-m", "jupyterlite_core", "build", *options]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SiteFails(f"JupyterLite could not be built:\n{(ran.stdout + ran.stderr)[-4000:]}")
    return lacking


def _settings(made: Release, at_once: tuple[str, ...]) -> dict[str, Any]:
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": list(at_once)},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Convolution",
            "contentsStorageName": made.store,
            "exposeAppInBrowser": True,
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }


def _lay_out_pyodide(folder: Path, wasm_wheels: str | None) -> list[str]:
    """Pyodide with a lock file that names the course's packages alone; return those that are not here."""
    folder.mkdir(parents=True)
    core = parcels.npm_packages() / "pyodide"
    for name in parcels.PYODIDE:
        shutil.copy(core / name, folder)
    lock = json.loads((core / "pyodide-lock.json").read_text())
    pure = parcels.wheels()
    for wheel in pure:
        shutil.copy(wheel, folder)
    lock["packages"] = needed(lock["packages"], pure)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    lacking = []
    for name, package in lock["packages"].items():
        if not (folder / package["file_name"]).exists():
            if wasm_wheels:
                _bring(wasm_wheels, package, folder)
            else:
                lacking.append(name)
    return lacking


def needed(packages: dict[str, dict[str, Any]], pure: list[Path]) -> dict[str, dict[str, Any]]:
    """The lock file's entries for what the course uses: with PyPI's own wheels where they are pure Python."""
    wheels = {_canonical(path.name.split("-")[0]): path for path in pure}
    known = {_canonical(name): entry for name, entry in packages.items()}
    found: dict[str, dict[str, Any]] = {}
    asked = [*USED, *wheels]
    while asked:
        name = _canonical(asked.pop())
        if name not in found:
            found[name] = _entry(name, known.get(name), wheels.get(name))
            asked += found[name]["depends"]
    return found


def _entry(name: str, known: dict[str, Any] | None, wheel: Path | None) -> dict[str, Any]:
    if wheel is None:
        assert known is not None, f"neither Pyodide nor wheels.txt has {name}"
        return known
    version = wheel.name.split("-")[1]
    entry = known or {
        "depends": NEEDS.get(name, []),
        "imports": [name.replace("-", "_")],
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return entry | {"name": name, "version": version, "file_name": wheel.name, "sha256": digest}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _bring(place: str, package: dict[str, Any], folder: Path) -> None:
    """Copy one of Pyodide's own wheels from a folder or an address; NotToBeHad where it is another file."""
    name = package["file_name"]
    if urllib.parse.urlsplit(place).scheme == "https":
        with urllib.request.urlopen(f"{place.rstrip('/')}/{name}", timeout=60) as answer:
            content = answer.read()
    else:
        content = Path(place, name).read_bytes()
    if hashlib.sha256(content).hexdigest() != package["sha256"]:
        raise parcels.NotToBeHad(f"{place} has another {name} than Pyodide's lock file names")
    (folder / name).write_bytes(content)
