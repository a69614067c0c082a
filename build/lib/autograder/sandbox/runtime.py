"""Which files a worker needs in order to start: the Python runtime and NumPy, and not one folder more.

Whole site-packages folders are never mounted: the hidden tests may be installed there.
"""

import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy

from autograder.sandbox.failures import SandboxUnavailable

INSIDE = Path(__file__).parent / "inside"
MOUNT = "/sandbox"  # where `inside/` appears for the worker
INSTALLED = ("site-packages", "dist-packages")
# Extension modules of the standard library that need a system library. Where one is missing, only its import fails.
LINKED_MODULES = ("_ctypes", "zlib", "_bz2", "_lzma", "_hashlib", "_decimal", "_uuid", "math")


@functools.cache
def interpreter() -> str:
    """The real Python binary behind a virtual environment's link."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def paths() -> list[str]:
    """Where Python and the loader look for the runtime, inside as outside; NumPy is mounted elsewhere."""
    return [interpreter(), str(standard_library()), *(name for name, _ in shared_libraries())]


@functools.cache
def mounts() -> tuple[str, ...]:
    """bwrap's options that show the runtime, read-only, where Python and the loader look for it."""
    options = ["--ro-bind", interpreter(), interpreter()]
    library = standard_library()
    options += ["--ro-bind", str(library), str(library)]
    for folder in (library / name for name in INSTALLED):
        if folder.is_dir():
            options += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    for name, path in shared_libraries():
        options += ["--ro-bind", os.path.realpath(path), name]
    options += ["--ro-bind", str(INSIDE), MOUNT]
    for source, name in packages():
        options += ["--ro-bind", source, f"/packages/{name}"]
    return tuple(options)


def standard_library() -> Path:
    """The folder of os.py; sysconfig would name the virtual environment's for the platform's part."""
    return Path(os.__file__).resolve().parent


@functools.cache
def standard_library_entries() -> list[Path]:
    """What lies in the standard library's folder, but for what was installed there."""
    return [entry for entry in standard_library().iterdir() if entry.name not in INSTALLED]


@functools.cache
def packages() -> list[tuple[str, str]]:
    """NumPy with its bundled libraries, and the two files of IPython that turn magics into plain Python."""
    numpy_folder = Path(numpy.__file__).resolve().parent
    found = [(str(numpy_folder), "numpy")]
    bundled = numpy_folder.parent / "numpy.libs"
    if bundled.is_dir():
        found.append((str(bundled), "numpy.libs"))
    ipython = _folder_of("IPython")
    for name in ("core/inputtransformer2.py", "utils/tokenutil.py"):
        found.append((str(ipython / name), f"IPython/{name}"))
    return found


def _folder_of(package: str) -> Path:
    """Where an installed package lives, without importing it."""
    for entry in sys.path:
        folder = Path(entry or ".") / package
        if (folder / "__init__.py").exists():
            return folder.resolve()
    raise SandboxUnavailable(f"{package} is not installed. Install it: pip install {package.lower()}")


@functools.cache
def shared_libraries() -> list[tuple[str, str]]:
    """(name under which the loader looks, path) of every system library that the runtime links to."""
    dynload = standard_library() / "lib-dynload"
    numpy_folder = Path(numpy.__file__).resolve().parent
    binaries = [interpreter(), *map(str, numpy_folder.glob("*/*.so"))]
    binaries += [str(path) for name in LINKED_MODULES for path in dynload.glob(f"{name}.*.so")]
    found = {}
    for binary in binaries:
        for line in _linked(binary).splitlines():
            match = re.match(r"\s+(?:\S+ => )?(/\S+) \(0x", line)
            if match and "numpy.libs" not in match[1]:
                found[match[1]] = match[1]
    return sorted(found.items())


def _linked(binary: str) -> str:
    """What `ldd` says of a binary, but from the loader itself: the shell script around it takes six times as long."""
    command = [*_loader_listing(), binary]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@functools.cache
def _loader_listing() -> list[str]:
    with Path(interpreter()).open("rb") as file:
        name = re.search(rb"/[\w./-]+/ld-[\w.-]+\0", file.read(4096))  # its program header INTERP
    return [name[0][:-1].decode(), "--list"] if name else ["ldd"]
