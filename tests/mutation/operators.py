"""The mutation operators: all of cosmic-ray's that take no arguments, and those that it lacks.

cosmic-ray is used for its operators alone: they are its documented extension point, work on source text in memory and
replace each arithmetic operator by every other, where mutmut takes one. Its runner starts a test process for every
mutant, which would take an hour here. What it lacks is written below, as operators of the same kind.
"""

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider

_SIMPLE = {"expr_stmt", "return_stmt", "raise_stmt", "atom_expr", "break_stmt", "continue_stmt", "keyword"}
_AUGMENTED = {"+=": ("-=", "="), "-=": ("+=", "="), "*=": ("/=", "="), "//=": ("/=", "=")}
_SWAPPED_NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "upper": "lower",
    "lower": "upper",
    "zeros": "ones",
    "int64": "int32",
    "float64": "float32",
}


class _Edit(Operator):
    """An operator that replaces a node by other text: a subclass says by which texts."""

    def texts(self, node):
        """Every text that may stand in the node's place."""
        raise NotImplementedError

    def mutation_positions(self, node):
        for _ in self.texts(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        text = list(self.texts(node))[index]
        return parso.python.tree.Operator(text, node.start_pos, prefix=node.get_first_leaf().prefix)


class DeleteStatement(_Edit):
    """`total += 1` becomes `pass`."""

    def texts(self, node):
        if node.parent is None or node.parent.type != "simple_stmt" or node is not node.parent.children[0]:
            return
        if node.type in _SIMPLE and node.get_code(include_prefix=False) != "pass":
            yield "pass"

    @classmethod
    def examples(cls):
        return [Example("x = 1\ny = 2\n", "pass\ny = 2\n"), Example("x = 1\ny = 2\n", "x = 1\npass\n", 1)]


class ReplaceAugmentedAssignment(_Edit):
    """`total += x` becomes `total -= x` or `total = x`."""

    def texts(self, node):
        if node.type == "operator":
            yield from _AUGMENTED.get(node.value, ())

    @classmethod
    def examples(cls):
        return [Example("x += 1\n", "x -= 1\n"), Example("x += 1\n", "x = 1\n", 1)]


class MoveLoopBound(_Edit):
    """`range(n)` becomes `range((n) - 1)`, `range((n) + 1)` or `range(1, n)`; `range(a, b)` likewise."""

    def texts(self, node):
        if not _is_call(node, "range"):
            return
        bounds = _arguments(node)
        codes = [bound.get_code().strip() for bound in bounds]
        for position in range(min(len(codes), 2)):
            for shift in ("- 1", "+ 1"):
                moved = [*codes[:position], f"({codes[position]}) {shift}", *codes[position + 1 :]]
                yield f"({', '.join(moved)})"
        if len(codes) == 1:
            yield f"(1, {codes[0]})"

    @classmethod
    def examples(cls):
        return [Example("range(n)\n", "range((n) - 1)\n"), Example("range(n)\n", "range(1, n)\n", 2)]


class SwapArguments(_Edit):
    """`f(a, b)` becomes `f(b, a)`: each pair of neighbouring positional arguments, in tuples and lists too."""

    def texts(self, node):
        if node.type not in ("trailer", "atom") or node.children[0].value not in "([" or _is_index(node):
            return
        items = _arguments(node)
        opening, closing = node.children[0].value, node.children[-1].value
        codes = [item.get_code().strip() for item in items]
        for first in range(len(items) - 1):
            if "argument" in (items[first].type, items[first + 1].type) or codes[first] == codes[first + 1]:
                continue
            swapped = [*codes[:first], codes[first + 1], codes[first], *codes[first + 2 :]]
            yield f"{opening}{', '.join(swapped)}{closing}"

    @classmethod
    def examples(cls):
        return [Example("f(a, b)\n", "f(b, a)\n"), Example("x = [1, 2, 3]\n", "x = [1, 3, 2]\n", 1)]


class SwapResults(_Edit):
    """`return a, b` becomes `return b, a`; `a, b = f()` becomes `b, a = f()`."""

    def texts(self, node):
        if node.type not in ("testlist", "testlist_star_expr", "exprlist"):
            return
        codes = [child.get_code().strip() for child in node.children[::2]]
        for first in range(len(codes) - 1):
            if "_" not in codes[first : first + 2] and codes[first] != codes[first + 1]:
                yield ", ".join([*codes[:first], codes[first + 1], codes[first], *codes[first + 2 :]])

    @classmethod
    def examples(cls):
        return [Example("def f():\n    return a, b\n", "def f():\n    return b, a\n")]


class DropArgument(_Edit):
    """`f(a, key=b)` becomes `f(a)`: each argument of a call that has several."""

    def texts(self, node):
        if node.type != "trailer" or node.children[0].value != "(":
            return
        codes = [item.get_code().strip() for item in _arguments(node)]
        for dropped in range(len(codes)) if len(codes) > 1 else ():
            yield f"({', '.join(codes[:dropped] + codes[dropped + 1 :])})"

    @classmethod
    def examples(cls):
        return [Example("f(a, key=b)\n", "f(key=b)\n"), Example("f(a, key=b)\n", "f(a)\n", 1)]


class DropDefault(_Edit):
    """`def f(a, b=1)` becomes `def f(a, b)`."""

    def texts(self, node):
        if node.type == "param" and node.default is not None:
            rest = node.get_code(include_prefix=False)
            yield node.name.value + (")" if rest.endswith(")") else "," if rest.endswith(",") else "")

    @classmethod
    def examples(cls):
        return [Example("def f(a, b=1): pass\n", "def f(a, b): pass\n")]


class DropBound(_Edit):
    """`x[a:b]` becomes `x[:b]` or `x[a:]`, `x[::s]` becomes `x[:]`."""

    def texts(self, node):
        if node.type != "subscript":
            return
        for place, child in enumerate(node.children):
            if child.type == "sliceop":
                yield "".join(each.get_code() for each in node.children[:place])
            elif child.type != "operator" or child.value != ":":
                yield "".join(each.get_code() for each in node.children if each is not child)

    @classmethod
    def examples(cls):
        return [Example("x[a:b]\n", "x[:b]\n"), Example("x[a:b:s]\n", "x[a:b]\n", 2)]


class DropOperand(_Edit):
    """`a and b` becomes `a` or `b`: each condition counts. Of a chain a < b < c, each half is left out."""

    def texts(self, node):
        codes = [child.get_code().strip() for child in getattr(node, "children", ())]
        if node.type in ("and_test", "or_test"):
            for dropped in range(0, len(codes), 2):
                left = codes[0:dropped:2] + codes[dropped + 2 :: 2]
                yield f" {codes[1]} ".join(left)
        elif node.type == "comparison" and len(codes) == 5:
            yield " ".join(codes[:3])
            yield " ".join(codes[2:])

    @classmethod
    def examples(cls):
        return [Example("a and b and c\n", "b and c\n"), Example("0 <= x < 4\n", "0 <= x\n")]


class ForceCondition(_Edit):
    """`if a:` becomes `if True:` or `if False:`; so do the conditions of `x if a else y` and comprehensions."""

    def texts(self, node):
        parent = node.parent
        kind = parent.type if parent is not None else ""
        place = parent.children.index(node) if kind in ("if_stmt", "test", "comp_if") else -1
        if (
            (
                (kind == "if_stmt" and parent.children[place - 1].type == "keyword" and place > 0)
                and (parent.children[place - 1].value in ("if", "elif"))
            )
            or (kind == "test" and place == 2)
            or (kind == "comp_if" and place == 1)
        ):
            yield from ("True", "False")

    @classmethod
    def examples(cls):
        return [
            Example("if a: pass\n", "if True: pass\n"),
            Example("x = y if a else z\n", "x = y if False else z\n", 1),
        ]


class ReplaceName(_Edit):
    """`max` becomes `min`, `upper` becomes `lower`, `int64` becomes `int32`, and so on."""

    def texts(self, node):
        if (
            node.type == "name"
            and node.value in _SWAPPED_NAMES
            and node.parent.type in ("atom_expr", "trailer")
        ):
            yield _SWAPPED_NAMES[node.value]

    @classmethod
    def examples(cls):
        return [Example("max(a, b)\n", "min(a, b)\n")]


class ReplaceString(_Edit):
    """`"SAME"` becomes `"XXSAMEXX"`, except where it is a docstring."""

    def texts(self, node):
        if (
            node.type == "string"
            and node.parent.type != "simple_stmt"
            and not node.value.startswith(("f", '"""'))
        ):
            yield node.value[0] + "XX" + node.value[1:-1] + "XX" + node.value[-1]

    @classmethod
    def examples(cls):
        return [Example('x = "SAME"\n', 'x = "XXSAMEXX"\n')]


class SwapIn(_Edit):
    """`a in b` becomes `a not in b`, and the other way round."""

    def texts(self, node):
        if node.parent is not None and node.parent.type == "comparison":
            code = " ".join(node.get_code().split())
            if code in ("in", "not in"):
                yield "not in" if code == "in" else "in"

    @classmethod
    def examples(cls):
        return [Example("x = a in b\n", "x = a not in b\n"), Example("x = a not in b\n", "x = a in b\n")]


class DropCall(_Edit):
    """`x.copy()` becomes `x`, `float(x)` becomes `(x)`: a conversion or a transposition is left out."""

    def texts(self, node):
        if node.type != "atom_expr":
            return
        head, last = node.children[0], node.children[-1]
        codes = [child.get_code().strip() for child in node.children]
        if last.type == "trailer" and last.children[0].value == "." and last.children[1].value == "T":
            yield "".join(codes[:-1])
        elif last.type == "trailer" and last.children[0].value == "(":
            method = node.children[-2]
            if (
                method.type == "trailer"
                and method.children[0].value == "."
                and head.get_code().strip() != "np"
            ):
                yield "".join(codes[:-2])
            elif len(node.children) == 2 and len(_arguments(last)) == 1:
                yield codes[1]

    @classmethod
    def examples(cls):
        return [Example("y = x.copy()\n", "y = x\n"), Example("y = float(x)\n", "y = (x)\n")]


OWN = (
    DeleteStatement,
    ReplaceAugmentedAssignment,
    MoveLoopBound,
    SwapArguments,
    SwapResults,
    DropArgument,
    DropDefault,
    DropBound,
    DropOperand,
    ForceCondition,
    ReplaceName,
    ReplaceString,
    SwapIn,
    DropCall,
)


def operators() -> dict[str, Operator]:
    """Every operator by its name."""
    theirs = OperatorProvider()
    classes = [theirs[name] for name in theirs] + list(OWN)
    return {each.__name__: each() for each in classes if not each.arguments()}


def _is_call(node, name) -> bool:
    """Whether the node is the parentheses of a call of `name`."""
    before = node.get_previous_sibling() if node.type == "trailer" and node.parent is not None else None
    return node.type == "trailer" and node.children[0].value == "(" and getattr(before, "value", "") == name


def _is_index(node) -> bool:
    return node.type == "trailer" and node.children[0].value == "[" and len(_arguments(node)) < 2


def _arguments(node) -> list:
    """The nodes between a pair of brackets, without the commas."""
    inner = node.children[1:-1]
    if len(inner) == 1 and inner[0].type in ("arglist", "testlist_comp", "subscriptlist"):
        inner = inner[0].children
    if any(child.type == "sync_comp_for" or child.type == "comp_for" for child in inner):
        return []
    return [child for child in inner if getattr(child, "value", None) != ","]
