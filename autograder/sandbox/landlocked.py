"""Tier 2: where namespaces are refused, as in a Docker container, Landlock alone keeps a worker from files and processes.

What is weaker than in tier 1: the worker can ask whether a path exists, how large and how old it is, and see the numbers of
processes and the machine's name; its files lie in a folder on disk, where the kernel asks before each step that takes
more of it (`quota.py`); and an ordinary user's other threads count towards the worker's limit of threads.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.sandbox import runtime
from autograder.sandbox.bubblewrap import ENVIRONMENT
from autograder.sandbox.folders import Scratch, held_folder

LEAST_VERSION = 6  # the first that keeps signals and abstract sockets inside: Linux 6.12


class Landlocked:
    """A worker started directly: it may read the Python runtime and NumPy, and write in one folder of its own.

    Args:
        tier: 2 where Landlock is good enough; 0 where whoever grades accepts that it is not.

    Attributes:
        missing: the layers that do not hold, though one of them should.
    """

    layers: tuple[str, ...] = ()
    kind = "plain"

    def __init__(self, tier: int = 2):
        self.tier = tier
        self.missing: tuple[str, ...] = () if tier else ("namespaces", "landlock")
        self.required = frozenset({"landlock", "seccomp"} if tier else {"seccomp"})

    def worker_command(
        self, scratch: Scratch, descriptors: Sequence[int], held: contextlib.ExitStack
    ) -> list[str]:
        """The command that runs inside/worker.py; `held` removes what it needs on disk."""
        return _command(held, "worker.py", map(str, descriptors))

    def server_command(self, control: int, held: contextlib.ExitStack) -> list[str]:
        """The command that runs inside/server.py."""
        return _command(held, "server.py", [str(control), self.kind])

    def new_scratch(self, held: contextlib.ExitStack, forked: bool) -> Scratch:
        """A private folder for one worker's files, which goes with `held`."""
        folder = held.enter_context(held_folder())
        return Scratch(folder, folder)

    def readable(self) -> list[str]:
        """What Landlock lets a worker read: all that the links in its Python home lead to."""
        sources = [str(source) for source, _ in runtime.packages()]
        libraries = [os.path.realpath(path) for _, path in runtime.shared_libraries()]
        return [*map(str, runtime.standard_library_entries()), *sources, *libraries, str(runtime.INSIDE)]


def _command(held: contextlib.ExitStack, script: str, arguments: Iterable[str]) -> list[str]:
    home = held.enter_context(_runtime_folder())
    settings = [f"{name}={value}" for name, value in {**ENVIRONMENT, "PYTHONHOME": home}.items()]
    return [
        *(shutil.which("env") or "/usr/bin/env", "-i", *settings),
        *(runtime.interpreter(), "-s", "-S", "-B", "-P", f"{home}/sandbox/{script}"),
        *arguments,
        str(os.getpid()),
    ]


@contextlib.contextmanager
def _runtime_folder() -> Iterator[str]:
    """A Python home made of links, which has no folder of installed packages."""
    with held_folder() as folder:
        home = Path(folder)
        library = home / sys.platlibdir / runtime.standard_library().name
        library.mkdir(parents=True)
        for entry in runtime.standard_library_entries():
            (library / entry.name).symlink_to(entry)
        for source, name in runtime.packages():
            target = home / "packages" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)
        (home / "sandbox").symlink_to(runtime.INSIDE)
        yield folder
