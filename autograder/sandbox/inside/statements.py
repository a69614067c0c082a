"""What can be seen of a top-level statement before it runs: which names it binds, what it needs, whether it may take long."""

import ast
import sys
from collections.abc import Iterable, Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
QUICK_MODULES = sys.stdlib_module_names | {"numpy", "matplotlib", "checks"}
QUICK_EXPRESSIONS = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.Slice,
    ast.expr_context, ast.unaryop, ast.Lambda, ast.keyword,
)  # fmt: skip


def split(body: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The statements, with one import for each imported name: one that is missing keeps none of the others away."""
    found: list[ast.stmt] = []
    for statement in body:
        if not isinstance(statement, IMPORTS) or len(statement.names) == 1:
            found.append(statement)
            continue
        for alias in statement.names:
            module = (
                ast.Import([alias])
                if isinstance(statement, ast.Import)
                else ast.ImportFrom(statement.module, [alias], statement.level)
            )
            found.append(ast.copy_location(module, statement))
    return found


def bare(statement: Definition) -> Definition:
    """A function or class without its decorators and type hints."""
    statement.decorator_list = []
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
    return statement


def is_harmless(statement: ast.stmt) -> bool:
    """Whether the statement calls nothing: a definition, an import from the standard library, a constant."""
    if isinstance(statement, ast.Import):
        return statement.names[0].name.partition(".")[0] in QUICK_MODULES
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in QUICK_MODULES
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        evaluated = [statement.args, statement.returns, *statement.decorator_list]
        return not statement.decorator_list and all(map(_is_quick, filter(None, evaluated)))
    if isinstance(statement, ast.ClassDef):
        heads = [*statement.decorator_list, *statement.keywords]
        return not heads and all(map(_is_quick, statement.bases)) and all(map(is_harmless, statement.body))
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
        return statement.value is None or _is_quick(statement.value)
    return isinstance(statement, ast.Pass)


def _is_quick(expression: ast.AST) -> bool:
    if isinstance(expression, ast.Lambda):
        return _is_quick(expression.args)
    if not isinstance(expression, (*QUICK_EXPRESSIONS, ast.arguments, ast.arg)):
        return False
    return all(map(_is_quick, ast.iter_child_nodes(expression)))


def bound_by(statement: ast.stmt) -> set[str]:
    """The global names that a top-level statement may bind."""
    return set(_bound(statement))


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, DEFINITIONS):
        yield node.name
        return
    if isinstance(node, IMPORTS):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        return
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        yield from (each.target.id for each in ast.walk(node) if isinstance(each, ast.NamedExpr))
        return
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    if isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def touched_by(statement: ast.stmt) -> set[str]:
    """The global names that it binds, or whose values it may change: `table[0] = 1`, `table.append(1)`, `fill(table)`."""
    changed = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            parts = [node.func, *node.args] if isinstance(node.func, ast.Attribute) else node.args
            changed |= {_root(part) for part in parts}
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            changed.add(_root(node))
    return bound_by(statement) | changed


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def needed_names(everything: list[ast.stmt]) -> set[str]:
    """The names of data that functions and classes use, and what those data are made from, over all statements."""
    made_by_definition = {
        name for each in everything if isinstance(each, IMPORTS + DEFINITIONS) for name in bound_by(each)
    }
    definitions = [
        node for each in everything for node in ast.walk(each) if isinstance(node, (*DEFINITIONS, ast.Lambda))
    ]
    needed = {name for node in definitions for name in _loaded(node)}
    rest = [each for each in everything if not isinstance(each, IMPORTS + DEFINITIONS)]
    while True:
        makers = [each for each in rest if needed & bound_by(each)]
        more = {name for each in makers for name in _loaded(each)} - needed
        if not more:
            return needed - made_by_definition | {name for each in makers for name in bound_by(each) & needed}
        needed |= more


def _loaded(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
