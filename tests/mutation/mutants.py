"""Mutants of a right solution: one small fault each, somewhere in its functions."""

import ast
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code

from mutation.operators import operators

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = operators()


@dataclass(frozen=True)
class Piece:
    """A top-level function or class of a file: what is mutated as a whole.

    Attributes:
        file: path from the repository's root.
        name: the function's.
        line: where it begins in its file.
        source: its text.
    """

    file: str
    name: str
    line: int
    source: str


@dataclass(frozen=True)
class Mutant:
    """One fault: the `occurrence`-th place of its piece at which the operator applies."""

    piece: Piece
    operator: str
    occurrence: int
    line: int  # in the file

    @cached_property
    def source(self) -> str:
        """The piece's text with the fault in it."""
        return mutate_code(self.piece.source, OPERATORS[self.operator], self.occurrence)

    @property
    def change(self) -> tuple[str, str]:
        """The first line that differs, before and after."""
        before, after = self.piece.source.splitlines(), self.source.splitlines()
        pairs = (pair for pair in zip(before, after, strict=False) if pair[0] != pair[1])
        first, second = next(pairs, ("", ""))
        return first.strip(), second.strip()


class Solution:
    """Some files that make up one solution, run as if they were one file.

    Imports of one of them from another are left out, so that a function's fault reaches all its callers.
    """

    def __init__(self, *files: str):
        self.files = files
        self.pieces: list[Piece] = []
        self._codes = [self._read(file) for file in files]
        names = [piece.name for piece in self.pieces]
        assert len(names) == len(set(names)), f"two functions of {files} have the same name"

    def _read(self, file) -> types.CodeType:
        text = (ROOT / file).read_text()
        tree = ast.parse(text)
        lines = text.splitlines(keepends=True)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                self.pieces.append(Piece(file, node.name, first, "".join(lines[first - 1 : node.end_lineno])))
        package = str(Path(file).parent).replace("/", ".")
        tree.body = [node for node in tree.body if not _imports_from(node, package)]
        return compile(tree, file, "exec")

    def functions(self, mutant: Mutant | None = None) -> dict[str, object]:
        """The solution's functions by name, with one fault or none. A mutant may raise SyntaxError."""
        namespace: dict[str, object] = {"__name__": "solution"}
        for code in self._codes:
            exec(code, namespace)
        if mutant is not None:
            exec(compile(mutant.source, mutant.piece.file, "exec"), namespace)
        return namespace

    def mutants(self) -> Iterator[Mutant]:
        """Every mutant, in the order of the files; what an error says is left out, as the contract fixes its type alone."""
        for piece in self.pieces:
            counts = dict.fromkeys(OPERATORS, 0)
            for node in ast_nodes(parso.parse(piece.source)):
                message = _in_message(node)
                for name, operator in OPERATORS.items():
                    for (line, _), _ in operator.mutation_positions(node):
                        if not message:
                            yield Mutant(piece, name, counts[name], piece.line + line - 1)
                        counts[name] += 1


def _imports_from(node, package) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package)


def _in_message(node) -> bool:
    """Whether a node belongs to the arguments of `raise SomeError(...)`."""
    while node.parent is not None:
        inside, node = node, node.parent
        if (
            node.type == "trailer"
            and node.parent.parent is not None
            and node.parent.parent.type == "raise_stmt"
        ):
            return inside is not None
    return False
