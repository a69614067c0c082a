"""Cells as Jupyter means them: a cell is a row of statements, and what one of them needs does not cost the next one.

As in IPython each top-level statement is compiled and run by itself, `from __future__` holds for all later cells, `await`
stands at top level, and `Out`, `_` and `In` are there. Beyond IPython, a statement that fails does not end its cell, and
a module that is not here is missed where it is used: see `missing`.
"""

import __future__

import ast
import inspect
import itertools
import linecache
import sys
from types import CodeType
from typing import TYPE_CHECKING

from IPython.core.inputtransformer2 import TransformerManager

if TYPE_CHECKING:
    from autograder.sandbox.inside import statements
    from autograder.sandbox.inside.magics import CellMagic, Shell, cell_magic, without_line_magics
    from autograder.sandbox.inside.missing import Missing
    from autograder.sandbox.inside.newer_python import newer_syntax
else:  # in the sandbox this folder stands alone
    import statements
    from magics import CellMagic, Shell, cell_magic, without_line_magics
    from missing import Missing
    from newer_python import newer_syntax

FUTURE = 0
for _feature in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _feature).compiler_flag
MOST_FAILURES = 20  # of one request; what fails after them is not told


class Cells:
    """The statements of a notebook's cells and the state that IPython keeps between them.

    Attributes:
        namespace: the notebook's global names.
        blocks: the names of all blocks that were read, to which tracebacks lead.
    """

    def __init__(self, namespace: dict[str, object]):
        self.namespace = namespace
        self.blocks: set[str] = set()
        self._shell = Shell(self.execute)
        self._transform = TransformerManager().transform_cell
        self._sources: dict[str, str] = {}
        self._statements: dict[str, list[ast.stmt]] = {}
        self._needed: set[str] | None = None
        self._lost: set[str] = set()  # names that statements which failed would have bound
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._block = ""
        self._failures: list[BaseException] = []
        self._history = History(namespace)
        namespace["get_ipython"] = lambda: self._shell

    # --- reading -------------------------------------------------------------------------------------------

    def read(self, source: str, block: str) -> None:
        """Parses a block; nothing of it runs. Raises SyntaxError."""
        self.blocks.add(block)
        self._block = block
        self._sources[block] = source
        self._statements[block] = []
        linecache.cache[block] = (len(source), None, source.splitlines(keepends=True), block)
        try:
            self._statements[block] = self._parsed(source, 0)
        except SyntaxError as error:
            if newer := newer_syntax(source, error):
                raise SyntaxError(newer, (block, error.lineno, error.offset, error.text)) from None
            raise
        self._needed = None

    def _parsed(self, source: str, lines_above: int) -> list[ast.stmt]:
        try:  # nearly every cell is plain Python, and needs no transformer
            return statements.split(self._tree(source, lines_above).body)
        except (SyntaxError, ValueError):
            lines = source.splitlines()
        magic = cell_magic(lines)
        if magic is not None and magic.runs_its_cell:
            return self._below(magic, source, lines_above)
        # The transformer drops empty lines at the beginning.
        empty = len(list(itertools.takewhile(lambda line: not line.strip(), lines)))
        tree = self._tree(self._transform(source), lines_above + empty)
        return statements.split(without_line_magics(tree, self._parsed))

    def _below(self, magic: CellMagic, source: str, lines_above: int) -> list[ast.stmt]:
        """What stands below `%%time` and its like is a cell of its own."""
        body = "\n".join(source.splitlines()[magic.line + 1 :])
        try:
            found = self._parsed(body, lines_above + magic.line + 1)
        except SyntaxError:
            if magic.is_known:
                raise
            return []  # another language
        if magic.binds:
            found.insert(
                0, ast.parse(f"{magic.binds} = get_ipython().run_cell_magic('capture', '', '')").body[0]
            )
        return found

    def _tree(self, source: str, lines_above: int) -> ast.Module:
        flags = ast.PyCF_ONLY_AST | self._flags
        tree: ast.Module = compile("\n" * lines_above + source, self._block, "exec", flags, dont_inherit=True)
        return tree

    # --- running -------------------------------------------------------------------------------------------

    def step(
        self, block: str, start: int, left_out: frozenset[int], slow: frozenset[int], released: bool
    ) -> int | None:
        """Runs a block's statements from number `start` on, up to the next one that may take long or end the worker.

        Args:
            left_out: statements that do not run.
            slow: statements that run only where they make data that a function needs.
            released: run only imports and definitions, and only of names that are not taken yet.

        Returns the number of the statement to go on with; None at the block's end. What fails is in `failures()`.
        """
        self._block = block
        found = self._statements[block]
        if start == 0:
            self._history.begin(self._sources[block])
        begun = False
        for number in range(start, len(found)):
            statement = found[number]
            if number in left_out or (number in slow and not self._is_needed(statement)):
                continue
            if released and not self._is_new(statement):
                continue
            if begun and not statements.is_harmless(statement):
                return number
            begun = True
            self._run(statement, is_last=number == len(found) - 1)
        return None

    def failures(self) -> list[BaseException]:
        """What failed since the last call of this function, in order."""
        failures, self._failures = self._failures, []
        return failures

    def _is_new(self, statement: ast.stmt) -> bool:
        """Whether it imports or defines something of which the student has nothing by that name."""
        is_definition = isinstance(statement, statements.IMPORTS + statements.DEFINITIONS)
        return is_definition and not statements.bound_by(statement) <= set(self.namespace)

    def _is_needed(self, statement: ast.stmt) -> bool:
        if self._needed is None:
            everything = list(itertools.chain.from_iterable(self._statements.values()))
            self._needed = statements.needed_names(everything)
        return bool(self._needed & statements.touched_by(statement))

    def _run(self, statement: ast.stmt, is_last: bool = False) -> None:
        try:
            if isinstance(statement, ast.If):  # each of its statements for itself, too
                branch = statement.body if self._value(statement.test) else statement.orelse
                for each in statements.split(branch):
                    self._run(each)
            elif is_last and isinstance(statement, ast.Expr):
                self._history.show(self._value(statement.value), self._sources[self._block])
            else:
                self._execute(statement)
        except BaseException as error:
            self._note(error)
            self._make_do(statement, error)

    def _note(self, error: BaseException) -> None:
        if len(self._failures) < MOST_FAILURES:
            self._failures.append(error)

    def _make_do(self, statement: ast.stmt, error: BaseException) -> None:
        """What is left of a statement that failed: names for missing modules, a function without its decorators."""
        bound = statements.bound_by(statement)
        if isinstance(error, ImportError) and isinstance(statement, statements.IMPORTS):
            for name in bound - set(self.namespace):  # what the student has by that name stays
                self.namespace[name] = sys.modules.get(name) or Missing(error)
        elif isinstance(statement, statements.DEFINITIONS) and self._is_elsewhere(error):
            try:
                return self._execute(statements.bare(statement))
            except BaseException:  # it was already told
                pass
        self._lost |= bound

    def _is_elsewhere(self, error: BaseException) -> bool:
        """Whether a definition failed by something that may be there on another machine."""
        return isinstance(error, ImportError) or (isinstance(error, NameError) and error.name in self._lost)

    def _execute(self, statement: ast.stmt) -> None:
        self._run_code(
            compile(ast.Module([statement], []), self._block, "exec", self._flags, dont_inherit=True)
        )

    def _value(self, expression: ast.expr) -> object:
        return self._run_code(
            compile(ast.Expression(expression), self._block, "eval", self._flags, dont_inherit=True)
        )

    def _run_code(self, code: CodeType) -> object:
        self._flags |= code.co_flags & FUTURE
        value = eval(code, self.namespace)
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        # asyncio takes as long to import as all the rest, and hardly any cell needs it.
        from awaiting import awaited

        return awaited(value)

    def execute(self, source: str, lines_above: int) -> object:
        """Runs code that stands below `lines_above` lines of the present block; the value of a lone expression."""
        found = self._parsed(source, lines_above)
        if len(found) == 1 and isinstance(found[0], ast.Expr):
            return self._value(found[0].value)
        for statement in found:
            self._execute(statement)
        return None


class History:
    """`In`, `Out`, `_` and their kin."""

    def __init__(self, namespace: dict[str, object]):
        self._namespace = namespace
        self._inputs = [""]
        self._outputs: dict[int, object] = {}
        self._last: list[object] = ["", "", ""]
        namespace |= {"In": self._inputs, "_ih": self._inputs, "Out": self._outputs, "_oh": self._outputs}
        namespace |= {"_": "", "__": "", "___": ""}

    def begin(self, source: str) -> None:
        self._inputs.append(source)
        number = len(self._inputs) - 1
        self._namespace |= {f"_i{number}": source, "_i": self._inputs[number - 1]}

    def show(self, value: object, source: str) -> None:
        """What IPython does with the value of a cell's last line; a semicolon keeps it from that."""
        if value is None or source.rstrip().endswith(";"):
            return
        number = len(self._inputs) - 1
        self._outputs[number] = self._namespace[f"_{number}"] = value
        if self._namespace.get("_") is self._last[0]:  # else it is the student's own
            self._last = [value, *self._last[:2]]
            self._namespace |= zip(("_", "__", "___"), self._last, strict=True)
