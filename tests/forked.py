"""Commands in processes of their own, forked from one that has imported what takes them long.

    python tests/forked.py MODULE …     # the server: imports these modules and serves standard input's socket

nbgrader's commands import for two seconds and work for less. Here each is what `python -m` makes of it: a process with
its own folder, environment, arguments and output, which ends as Python ends.
"""

import contextlib
import functools
import gc
import importlib
import io
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(path.stem for path in (ROOT / "autograder" / "commands").glob("[a-z]*.py"))
KIT = (
    "autograder.cli",
    *(f"autograder.commands.{name}" for name in COMMANDS),
    *("autograder.gradebook.recording", "nbgrader.apps.nbgraderapp"),
)


class Forked:
    """Runs modules in processes that are forked for them. The server ends with the process that made it.

    Args:
        preload: the modules that it imports.
        python: the start of its command line, up to its own arguments.
    """

    def __init__(self, preload: Iterable[str], python: Iterable[str] = (sys.executable,)):
        self._socket, served = socket.socketpair()
        with served:
            subprocess.Popen([*python, "-P", __file__, *preload], stdin=served, cwd=ROOT)

    def run(
        self, folder: Path, module: str, *arguments: object, env: Mapping[str, str] = os.environ
    ) -> subprocess.CompletedProcess:
        """`python -m module arguments` in a folder; what it printed and its exit code."""
        words = [str(argument) for argument in arguments]
        request = {"folder": str(folder), "module": module, "arguments": words, "env": dict(env)}
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            line = json.dumps(request).encode() + b"\n"
            socket.send_fds(self._socket, [b"-"], [out.fileno(), err.fileno()])
            self._socket.sendall(line)
            answer = self._socket.recv(20)
            assert answer, "the server of forked commands has died"
            said = [_text_of(file) for file in (out, err)]
        return subprocess.CompletedProcess(["python", "-m", module, *words], int(answer), *said)


@functools.cache  # one server for each process of a test run
def commands() -> Forked:
    """nbgrader's commands and the kit's."""
    return Forked(KIT)


@functools.cache
def unprotected_commands() -> Forked:
    """The same as in a container that refuses namespaces, on a kernel without Landlock."""
    return Forked(KIT, [sys.executable, "-m", "tests.dockerlike", "--no-landlock"])


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return io.TextIOWrapper(file, encoding="utf-8").read()


def serve(connection: socket.socket) -> None:
    """Answers each request with the exit code of a process that was forked for it; returns in that process."""
    while True:
        _, outputs, *_ = socket.recv_fds(connection, 1, 2)
        if not outputs:
            sys.exit()
        request = json.loads(_line_from(connection))
        child = os.fork()
        if child == 0:
            connection.close()
            return become(request, outputs)
        for output in outputs:
            os.close(output)
        connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _line_from(connection: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += connection.recv(1 << 16)
    return line


def become(request: dict, outputs: list[int]) -> None:
    """Makes this process `python -m module` in the request's folder."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for output, number in zip(outputs, (1, 2), strict=True):
        os.dup2(output, number)
    searched = [request["folder"], *request["env"].get("PYTHONPATH", "").split(os.pathsep)]
    sys.path[:0] = [folder for folder in searched if folder and folder not in sys.path]
    sys.argv = [request["module"], *request["arguments"]]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is imported is no garbage: a process that looked through it would copy it all, and again as it ends
    with contextlib.closing(socket.socket(fileno=os.dup(0))) as served:
        serve(served)
