"""Magics: those that run the code beside or below them do so here, as in Jupyter; the others do nothing."""

import ast
import importlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sandbox.inside.stand_ins import Silent
else:  # in the sandbox this folder stands alone
    from stand_ins import Silent

# Cell magics whose cell is not Python, or runs in another process, or not at all. All others run it.
ELSEWHERE = frozenset(
    [
        *(
            "!",
            "bash",
            "sh",
            "script",
            "cmd",
            "system",
            "sx",
            "html",
            "HTML",
            "javascript",
            "js",
            "latex",
            "markdown",
            "svg",
        ),
        *(
            "perl",
            "ruby",
            "pypy",
            "python",
            "python2",
            "python3",
            "R",
            "cython",
            "sql",
            "bigquery",
            "julia",
            "octave",
        ),
        *("mermaid", "skip", "ai", "writefile", "file"),
    ]
)
RUNNING = frozenset(
    {"time", "timeit", "capture", "prun", "debug"}
)  # IPython's own, whose cell is surely Python
RUN_THEIR_LINE = frozenset({"time", "prun"})
GIVE_SOMETHING = frozenset({"timeit", "memit", "env", "who_ls", "pwd", "sx", "system"})


@dataclass(frozen=True)
class CellMagic:
    """`%%name …` at the head of a cell.

    Attributes:
        line: the number of its line, from 0 on.
        binds: the name to which `%%capture name` binds what was printed.
    """

    name: str
    line: int
    binds: str

    @property
    def runs_its_cell(self) -> bool:
        return self.name not in ELSEWHERE

    @property
    def is_known(self) -> bool:
        return self.name in RUNNING


def cell_magic(lines: list[str]) -> CellMagic | None:
    """The cell magic with which a cell begins, if it does."""
    for number, line in enumerate(lines):
        if match := re.match(r"\s*%%(\S+)(.*)", line):
            name = next((word for word in match[2].split() if word.isidentifier()), "")
            return CellMagic(match[1], number, name if match[1] == "capture" else "")
        if line.strip():
            return None
    return None


def without_line_magics(tree: ast.Module, parsed: Callable[[str, int], list[ast.stmt]]) -> list[ast.stmt]:
    """The statements of transformed code, with those of `%time x = f(x)` in place of the call that would run them."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        match statement:
            case ast.Expr(
                ast.Call(
                    ast.Attribute(attr="run_line_magic"), [ast.Constant(str(name)), ast.Constant(str(line))]
                )
            ) if name in RUN_THEIR_LINE:
                found += parsed(_without_options(line), statement.lineno - 1)
            case _:
                found.append(statement)
    return found


def _without_options(line: str) -> str:
    """`-s cumtime f(x)` -> `f(x)`."""
    return re.sub(r"^\s*(?:-\w+\s+(?:\w+\s+(?=\S))?)*", "", line)


class Lines(list[str]):
    """What `files = !ls` gives: no lines, since no command is run."""

    n = s = ""
    l = p = ()  # noqa: E741 -- IPython's own names


class Shell:
    """What `get_ipython()` gives.

    Args:
        execute: runs code, given how many lines of the block stand above it; gives a lone expression's value.
    """

    def __init__(self, execute: Callable[[str, int], object]):
        self._execute = execute

    def run_line_magic(self, name: str, line: str, *arguments: object, **keywords: object) -> object:
        if name in RUN_THEIR_LINE:
            return self._execute(_without_options(line), sys._getframe(1).f_lineno - 1)
        if name == "run":
            self._run_file(line)
        elif name == "pylab":
            self._execute("from pylab import *\nimport numpy as np\nimport matplotlib.pyplot as plt", 0)
        return Silent() if name in GIVE_SOMETHING else None

    def run_cell_magic(self, name: str, line: str, cell: str) -> object:
        if name in ("writefile", "file"):
            _write_file(line.split(), cell)
        return Silent() if name == "capture" else None

    def _run_file(self, line: str) -> None:
        words = [word for word in line.split() if not word.startswith("-")]
        path = next((word.strip("'\"") for word in words), "")
        if not path.endswith((".py", ".ipy")) and not os.path.exists(path):  # noqa: PTH110 -- as all of this side
            path += ".py"
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            self._execute(file.read(), 0)

    def system(self, command: str) -> None:
        return None

    def getoutput(self, command: str, *arguments: object, **keywords: object) -> Lines:
        return Lines()

    def __getattr__(self, name: str) -> Silent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Silent()


def _write_file(words: list[str], text: str) -> None:
    with open(words[-1].strip("'\""), "a" if "-a" in words else "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    importlib.invalidate_caches()  # a module that was looked for before may be there now
