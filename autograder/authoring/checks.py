"""Writes the students' `checks.py`: the judge's visible half and the assignment's cases, as one readable file.

Every part is a module of the kit that needs NumPy alone. Its text is taken over as it is, but for what only a kit has:
its docstring becomes a heading, its imports of other parts go, all others stand at the top.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.authoring.errors import AuthorError
from autograder.judge import drawing, ladder, nudging, plain_words, running, visible
from autograder.judge.assignment import Assignment

WIDTH = 110
INTRODUCTION = '''"""The visible checks of "{title}": what you see when you run a graded cell.

A check calls your function with small inputs whose results are known and stops at the first step that fails. It holds
data and comparisons only, no solution. Without matplotlib and IPython it leaves out the drawings.

"make release" writes this file from the kit's judge and the assignment's cases; it is not edited by hand.
"""
'''


def checks_source(assignment: Assignment, text: Path, own: Sequence[Path]) -> str:
    """The text of the students' `checks.py`.

    Args:
        text: the notebook's source, whose functions have the parameters that students' are to have.
        own: the author's files: one with `CASES`, the visible cases of every function by its name, and perhaps one with
            what the notebook's examples call, and with `ending`, what `progress` shows when all is right.

    Raises `AuthorError` where two parts use one name, or a function has no cases.
    """
    modules = [ladder, plain_words, drawing, running, visible, nudging, *filter(None, [assignment.origins])]
    parts = [Part(Path(inspect.getfile(module))) for module in modules] + list(map(Part, own))
    _refuse_same_names(parts)
    named = [f"EXERCISES = {tuple(each.name for each in assignment.exercises)!r}"]
    there = {name for part in parts for name in part.names}
    hints, ending = "HINTS" if "HINTS" in there else "()", "ending" if "ending" in there else "None"
    named += [
        f"PARAMETERS = {_parameters(assignment, text)!r}",
        f"CHECKS = Checks({{name: CASES[name] for name in EXERCISES}}, {hints}, PARAMETERS, {ending})",
        "CASES = CHECKS.cases",
        "check, examine, progress = CHECKS.check, CHECKS.examine, CHECKS.progress",
        "arguments = CHECKS.arguments",
        "CHECKS.runs.watch()",
        *(f'check_{each.name} = CHECKS.checker("{each.name}")' for each in assignment.exercises),
    ]
    return "\n".join(
        [
            INTRODUCTION.format(title=assignment.title),
            _imports(parts),
            *(f"\n{_rule(part.title)}\n\n{part.body}\n" for part in parts),
            f"\n{_rule('What the notebook calls')}\n",
            *named,
            "",
        ]
    )


def _parameters(assignment: Assignment, text: Path) -> dict[str, str]:
    """What stands between the brackets of each function's first line."""
    names = {each.name for each in assignment.exercises}
    nodes = ast.parse(text.read_text(encoding="utf-8")).body
    defined = (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in names)
    return {node.name: ast.unparse(node.args) for node in defined}


class Part:
    """One module of the file.

    Attributes:
        path: where it is.
        title: how its docstring begins, up to a full stop or a colon.
        imports: its imports of other packages, as text.
        names: what it defines at the top.
        body: the rest of its text.
    """

    def __init__(self, path: Path):
        self.path = path
        text = path.read_text(encoding="utf-8")
        try:
            nodes = ast.parse(text, str(path)).body
        except SyntaxError as error:
            raise AuthorError(f"{path}:{error.lineno}: SyntaxError: {error.msg}") from None
        docstring = ast.get_docstring(ast.Module(nodes, [])) or path.stem
        self.title = re.split(r"[.:](?:\s|$)", docstring)[0].replace("\n", " ")
        imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
        self.imports = [ast.get_source_segment(text, node) or "" for node in imports if not _is_ours(node)]
        self.names = {name for node in nodes for name in _defined(node)}
        begins = imports[-1].end_lineno or 0 if imports else nodes[0].end_lineno or 0
        self.body = "\n".join(text.splitlines()[begins:]).strip("\n")


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
        "autograder",
        "solutions",
    )


def _defined(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


def _refuse_same_names(parts: list[Part]) -> None:
    owners: dict[str, Path] = {}
    for part in parts:
        for name in sorted(part.names):
            if name in owners:
                raise AuthorError(
                    f"{part.path}: the name '{name}' is taken by {owners[name].name}; choose another"
                )
            owners[name] = part.path


def _imports(parts: list[Part]) -> str:
    """All imports once, in the order of linters: the future, Python's own, NumPy."""
    wanted = {line for part in parts for line in part.imports}
    future = {line for line in wanted if "__future__" in line}
    numpy = {line for line in wanted if line.startswith(("import numpy", "from numpy"))}
    own = _merged(wanted - future - numpy)
    return "\n\n".join("\n".join(group) for group in (sorted(future), own, sorted(numpy)) if group) + "\n"


def _merged(lines: set[str]) -> list[str]:
    """Imports from one module in one line; plain imports first."""
    plain = sorted(line for line in lines if line.startswith("import "))
    names: dict[str, set[str]] = {}
    for line in lines - set(plain):
        for node in ast.walk(ast.parse(line)):
            if isinstance(node, ast.ImportFrom):
                names.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
    return plain + [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]


def _rule(title: str) -> str:
    return f"# {title} ".ljust(WIDTH, "-")
