"""Programs that tell whether hidden tests are in order: right ones, and right ones with one small fault.

An assignment's are in its room, in `programs.json`, where it has any. They are our own code, and run without a sandbox.
"""

import ast
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

NAME = "programs.json"


@dataclass(frozen=True)
class Fault:
    """One small change to a right program, which must cost it points.

    Attributes:
        piece: the function or class at the top of the program in which it is.
        start, end: which characters of the piece it takes the place of.
        text: what it puts there.
        test: the hidden test that noticed it soonest when the author tried, which is likely to notice it again.
    """

    piece: str
    start: int
    end: int
    text: str
    test: str


@dataclass(frozen=True)
class RightProgram:
    """A complete solution.

    Attributes:
        name: of the file that it was written in, without the suffix.
        source: its text.
        faults: changes to it, each of which makes it wrong.
    """

    name: str
    source: str
    faults: Sequence[Fault] = ()

    def functions(self, fault: Fault | None = None) -> dict[str, Any]:
        """What the program defines, with one fault or none. What the program itself raises is raised."""
        names: dict[str, Any] = {"np": np, "__name__": "__main__"}
        with warnings.catch_warnings(), np.errstate():  # a program may change NumPy's, for itself alone
            warnings.simplefilter("ignore")  # Python warns of some faults, such as `is` before a number
            exec(self._code, names)
            if fault is not None:
                piece = self.pieces[fault.piece]
                exec(piece[: fault.start] + fault.text + piece[fault.end :], names)
        return names

    @cached_property
    def pieces(self) -> Mapping[str, str]:
        """The text of each function and class at the top of the program, by name."""
        lines = self.source.splitlines(keepends=True)
        return {
            node.name: "".join(lines[_first_line(node) - 1 : node.end_lineno])
            for node in ast.parse(self.source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }

    @cached_property
    def _code(self) -> Any:
        return compile(self.source, self.name, "exec")


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def read_programs(folder: Path) -> list[RightProgram]:
    """An assignment's programs; none where its folder has no such file."""
    if not (folder / NAME).exists():
        return []
    read = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return [
        RightProgram(name, about["source"], tuple(Fault(*each) for each in about["faults"]))
        for name, about in read.items()
    ]


def written(programs: Sequence[RightProgram]) -> str:
    """The text of `programs.json`, a line for each fault."""
    parts = []
    for program in programs:
        faults = (
            json.dumps([each.piece, each.start, each.end, each.text, each.test]) for each in program.faults
        )
        listed = ",\n".join(faults)
        parts.append(
            f'{json.dumps(program.name)}: {{"source": {json.dumps(program.source)}, "faults": [\n{listed}\n]}}'
        )
    return "{\n" + ",\n".join(parts) + "\n}\n"
