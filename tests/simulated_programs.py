"""Programs of students who never were: honest ones put together from fair styles, and copies in six disguises.

They are text for the similarity page, which runs nothing; so does this.
"""

import ast
import functools
import random
import re
from collections.abc import Callable

from conftest import ROOT

FUNCTIONS = (
    *("apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d", "flatten_filters"),
    *("extract_patches", "conv2d_matmul", "conv2d_gradients"),
)
Program = dict[str, str]


@functools.cache
def styles() -> tuple[Program, ...]:
    """Each fair program by function, helpers with the function that they follow."""
    return tuple(pieces(path.read_text()) for path in sorted((ROOT / "tests" / "fair").glob("*.py")))


def pieces(source: str) -> Program:
    """A program cut at its functions, as cells would hold it."""
    lines, found, name = source.splitlines(keepends=True), {}, None
    defined = [node for node in ast.parse(source).body if getattr(node, "name", "") in FUNCTIONS]
    starts = {min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1: node.name for node in defined}
    for number, line in enumerate(lines):
        name = starts.get(number, name)
        if name:
            found[name] = found.get(name, "") + line
    return found


# Modelled mistakes as they look in code; each is one that the bank has.
MISTAKES = (
    (r"// 2\b", "// 2 + 1"),
    (r"\bmax\(", "min("),
    (r" - (\w+)\[0\]", r" + \1[0]"),
    (r"\bstrides\[2\]", "strides[1]"),
    (r"\.upper\(\)", ""),
    (r"range\((\w+)\)", r"range(1, \1)"),
    (r"\.shape\[1\]", ".shape[0]"),
    (r"\bnp\.zeros\(", "np.ones("),
    (r"raise ValueError", "return 0, ValueError"),
)


def honest(number: int, seed: int = 5) -> dict[str, Program]:
    """Programs whose functions are each written in one of the styles, a third of them with a mistake or two."""
    drawn, known = random.Random(seed), styles()
    programs = {}
    for place in range(number):
        program = {
            name: drawn.choice([style for style in known if name in style])[name] for name in FUNCTIONS
        }
        for _ in range(drawn.choice((0, 0, 1, 2))):
            name = drawn.choice(FUNCTIONS)
            program[name] = re.sub(*drawn.choice(MISTAKES), program[name], count=1)
        programs[f"honest{place:03}"] = program
    return programs


# --- disguises ----------------------------------------------------------------------------------------------


def renamed(source: str, drawn: random.Random) -> str:
    """Every name that the code gives itself becomes another one."""
    tree = ast.parse(source)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.arg)]
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    new = {name: f"{drawn.choice('abcxyz')}{drawn.randint(10, 999)}" for name in sorted(own)}
    for node in nodes:
        field = "id" if isinstance(node, ast.Name) else "arg"
        setattr(node, field, new.get(getattr(node, field), getattr(node, field)))
    return ast.unparse(tree)


def reprinted(source: str, drawn: random.Random) -> str:
    """Printed anew from its tree: other brackets, quotes and line breaks, no comments."""
    return ast.unparse(ast.parse(source))


def commented(source: str, drawn: random.Random) -> str:
    """A comment behind every line that ends a statement or opens a block."""
    return re.sub(
        r"([\w)\]:])\n",
        lambda m: f"{m[1]}  # {drawn.choice(('here', 'now', 'loop'))} {drawn.random()}\n",
        source,
    )


def padded(source: str, drawn: random.Random) -> str:
    """Lines that do nothing at the head of every function, and behind a third of all statements."""

    class Pad(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            self.generic_visit(node)
            body = []
            for statement in node.body:
                if drawn.random() < 0.34 or not body:
                    body.append(ast.parse(f"unused{drawn.randint(1, 99)} = {drawn.randint(1, 99)}").body[0])
                body.append(statement)
            node.body = body
            return node

    return ast.unparse(ast.fix_missing_locations(Pad().visit(ast.parse(source))))


def looped(source: str, drawn: random.Random) -> str:
    """`for i in range(n)` as `while`."""

    class While(ast.NodeTransformer):
        def visit_For(self, node):
            self.generic_visit(node)
            call = node.iter
            plain = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"
            if not plain or len(call.args) > 1 or not isinstance(node.target, ast.Name):
                return node
            name = node.target.id
            start = ast.parse(f"{name} = 0").body[0]
            test = ast.Compare(ast.Name(name, ast.Load()), [ast.Lt()], [call.args[0]])
            return [start, ast.While(test, [*node.body, ast.parse(f"{name} += 1").body[0]], [])]

    return ast.unparse(ast.fix_missing_locations(While().visit(ast.parse(source))))


def reordered(source: str, drawn: random.Random) -> str:
    """Its functions in another order, and neighbouring assignments of one line each swapped where they may be."""
    tree = ast.parse(source)
    tree.body.reverse()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.FunctionDef) and len(body) > 2:
            for i in range(len(body) - 1):
                if all(isinstance(each, ast.Assign) for each in body[i : i + 2]) and drawn.random() < 0.5:
                    body[i], body[i + 1] = body[i + 1], body[i]
    return ast.unparse(tree)


DISGUISES: tuple[Callable[[str, random.Random], str], ...] = (
    renamed,
    reprinted,
    commented,
    padded,
    looped,
    reordered,
)


def disguised(program: Program, place: int, seed: int = 11) -> Program:
    """A copy in two disguises, others for each place; all functions."""
    drawn = random.Random(seed + place)
    chosen = (DISGUISES[place % 6], DISGUISES[(place + 1 + place // 6) % 6])
    copy = {}
    for name, source in program.items():
        for disguise in chosen:
            source = disguise(source, drawn)
        copy[name] = source
    return copy
