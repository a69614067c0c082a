"""Stand-ins take every use that the real libraries' public interface takes: names and signatures are read off those."""

import ast
import inspect

import IPython.display
import ipywidgets
import matplotlib.axes
import matplotlib.figure
import matplotlib.pyplot
import PIL.Image
import pytest

from autograder.grading.notebook import Cell
from autograder.grading.program import Program
from autograder.sandbox import ForkServer, Limits
from autograder.sandbox.allowance import Allowance

pytestmark = pytest.mark.sandbox

OWN = {  # (its name in a notebook, how it is had there): the real thing
    ("plt", "import matplotlib.pyplot as plt"): matplotlib.pyplot,
    ("ax", "import matplotlib.pyplot as plt; ax = plt.gca()"): matplotlib.axes.Axes,
    ("fig", "import matplotlib.pyplot as plt; fig = plt.figure()"): matplotlib.figure.Figure,
    ("widgets", "import ipywidgets as widgets"): ipywidgets,
    ("display", "import IPython.display as display"): IPython.display,
    ("Image", "from PIL import Image"): PIL.Image,
}
ARRAYS = {"fromarray", "frombuffer", "new"}  # so does what these take
SHAPED = {
    "subplots",
    "subfigures",
    "subplot_mosaic",
}  # what they give follows from their arguments: tested apart


@pytest.fixture(scope="module")
def failures():
    """A function from lines of code to those of them that fail."""
    with ForkServer() as server:

        def of(lines: list[str]) -> list[str]:
            failed = []
            for start in range(0, len(lines), 20):  # as many as one cell tells
                cell = Cell(1, "code", "\n".join(lines[start : start + 20]))
                with Program(
                    [cell, Cell(2, "code", "def f(): pass")], Limits(), Allowance(60), server
                ) as program:
                    program.call("f")
                    failed += [
                        f"{lines[start + each.failure.frames[0].line - 1]}: {each.failure}"
                        for each in program.failures
                    ]
            return failed

        yield of


def public(real: object) -> dict[str, object]:
    return {
        name: value
        for name in dir(real)
        if not name.startswith("_") and (value := getattr(real, name, None)) is not None
    }


def call(function: object) -> str:
    """The arguments of a call with all that must be given, and one keyword of those that may be."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return "()"
    given = [each for each in parameters if each.name not in ("self", "cls")]
    needed = ["1"] * sum(
        each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        for each in given
    )
    optional = [
        each.name for each in given if each.default is not each.empty and each.kind is each.KEYWORD_ONLY
    ]
    return f"({', '.join([*needed, *(f'{name}=None' for name in optional[:1])])})"


def items(function: object) -> int | None:
    """How many things the real function gives, where its annotation says that it is a tuple of so many."""
    try:
        annotation = inspect.signature(function).return_annotation
    except (TypeError, ValueError):
        return None
    if not isinstance(annotation, str):  # these libraries postpone theirs
        return None
    kinds = [ast.parse(annotation, mode="eval").body]
    while isinstance(kinds[0], ast.BinOp):  # this | that
        kinds[:1] = [kinds[0].left, kinds[0].right]
    for kind in kinds:
        match kind:
            case ast.Subscript(ast.Name("tuple"), ast.Tuple(elements)) if not any(
                isinstance(each, ast.Constant) and each.value is ... for each in elements
            ):
                return len(elements)
    return None


@pytest.mark.parametrize(("own", "real"), OWN.items(), ids=[name for name, _ in OWN])
def test_every_public_name_can_be_called_as_its_signature_says(own, real, failures):
    name, preparation = own
    lines = [
        f"{preparation}; {name}.{attribute}{call(value)}"
        for attribute, value in public(real).items()
        if callable(value) and attribute not in SHAPED and attribute not in ARRAYS
    ]
    assert len(lines) > 20 and failures(lines) == []


@pytest.mark.parametrize(("own", "real"), OWN.items(), ids=[name for name, _ in OWN])
def test_what_is_a_tuple_in_reality_can_be_unpacked(own, real, failures):
    name, preparation = own
    counts = {
        attribute: count
        for attribute, value in public(real).items()
        if callable(value) and attribute not in SHAPED and (count := items(value))
    }
    lines = []
    for attribute, count in counts.items():
        names = ", ".join(f"v{number}" for number in range(count))
        lines += [
            f"{preparation}; {names}, = {name}.{attribute}{call(getattr(real, attribute))}",
            f"{preparation}; first, *rest = {name}.{attribute}{call(getattr(real, attribute))}",
        ]
    assert failures(lines) == []


def test_the_tuples_of_pyplot_are_known_here():
    assert items(matplotlib.pyplot.hist) == 3 and items(matplotlib.pyplot.hist2d) == 4


@pytest.mark.parametrize(("own", "real"), OWN.items(), ids=[name for name, _ in OWN])
def test_every_class_can_be_hinted_asked_for_and_derived_from(own, real, failures):
    name, preparation = own
    classes = [attribute for attribute, value in public(real).items() if isinstance(value, type)]
    lines = []
    for each in classes:
        lines += [
            f"{preparation}\ndef f(x: {name}.{each} | None, *y: list[{name}.{each}]) -> {name}.{each}: pass".replace(
                "\n", "; exec('''"
            )
            + "''')",
            f"{preparation}; import typing; typing.Optional[{name}.{each}]; int | {name}.{each}",
            f"{preparation}; assert not isinstance(3, {name}.{each}) and not isinstance('x', ({name}.{each}, int))",
            f"{preparation}; import types; types.new_class('Own', ({name}.{each},))",
        ]
    assert failures(lines) == []


USES = (
    "x + 1", "1 + x", "x - 1.5", "2 * x", "x @ x", "x / 2", "1 // x", "x % 2", "divmod(x, 2)", "x ** 2", "-x", "+x", "abs(x)",
    "~x", "x & 1", "x | 1", "1 ^ x", "x << 1", "x < 1", "1 >= x", "x == 1", "x != x", "len(x)", "bool(x)", "int(x)", "float(x)",
    "complex(x)", "round(x)", "round(x, 2)", "str(x) + ''", "repr(x)", "f'{x}{x:.3f}{x!r:>9}'", "'%s %d %.2f' % (x, x, x)",
    "range(x)", "[0][x]", "list(x)", "tuple(x)", "dict(x)", "{**x}", "set(x)", "sorted(x)", "sum(x)", "max([*x, 1])", "any(x)",
    "for y in x: y", "[y for y in x]", "a, b = x", "(a, b), c = x", "a, *b, c = x", "[a] = x", "3 in x", "x[0]", "x['a', 1:2, ...]",
    "x[0] = 1", "del x[0]", "x[0] += 1", "x.attribute", "x.method(1, a=2).other[3](4)", "x.attribute = 1", "x += 1", "x *= 2",
    "with x: pass", "with x as y, x: pass", "next(x)", "iter(x)", "enumerate(x)", "zip(x, x)", "map(str, x)", "reversed([*x])",
    "hash(x)", "{x: 1}", "isinstance(x, type(x))", "callable(x)", "x is None or x", "x if x else 1", "not x", "print(x)", "print(*x)",
    "np.asarray(x) + 1", "np.array(x).shape", "np.zeros(3) * x", "x * np.zeros(3)", "np.sqrt(x)", "np.add(x, 1)", "np.float64(2) * x",
    "np.mean(x)", "np.array([x, x], dtype=float)", "import copy; copy.copy(x); copy.deepcopy(x)", "import os; os.fspath(x)",
    "@x\ndef f(y): return y\nassert f(3) == 3", "@x(1, a=2)\ndef f(y): return y", "@x.decorate\nclass C: pass\nassert C()",
    "class C(x):\n    def __init__(self):\n        super().__init__(1, a=2)\n        self.y = 3\nassert C().y == 3",
    "def f(y: x = None, *z: x.y) -> x[int]: return y\nassert f(3) == 3", "y: x = 3",
    "import functools; functools.partial(x, 1)(2)", "match x:\n    case 3: pass\n    case _: pass", "lambda y=x: y", "try: pass\nexcept ValueError: x",
)  # fmt: skip


@pytest.mark.parametrize(
    "origin",
    [
        "import matplotlib.pyplot as plt; x = plt.nothing.known",
        "import seaborn; x = seaborn.heatmap",
        "import plotly; x = plotly.graph_objects.Figure(1)",
    ],
)
def test_what_comes_from_them_takes_every_use_of_the_language(origin, failures):
    assert failures([f"import numpy as np; {origin}; exec({use!r})" for use in USES]) == []


def test_what_is_known_of_shapes(failures):
    lines = (
        "import matplotlib.pyplot as plt; f, a = plt.subplots(); a.plot([1])",
        "import matplotlib.pyplot as plt; f, (a, b) = plt.subplots(2); f, (a, b, c) = plt.subplots(ncols=3, figsize=(1, 1))",
        "import matplotlib.pyplot as plt; f, ((a, b), (c, d)) = plt.subplots(2, 2, sharex=True)",
        "import matplotlib.pyplot as plt; f, a = plt.subplots(1, 1, squeeze=False); assert a.shape == (1, 1)",
        "import matplotlib.pyplot as plt; assert plt.figure().subplots(2, 3).shape == (2, 3)",
        "import matplotlib.pyplot as plt; assert plt.figure().subfigures(1, 2).shape == (2,)",
        "import matplotlib.pyplot as plt; f, a = plt.subplot_mosaic([['x', 'y'], ['x', '.']]); assert list(a) == ['x', 'y']",
        "import matplotlib.pyplot as plt; w, h = plt.gcf().get_size_inches(); assert w > h",
        "from PIL import Image; import numpy as np; assert np.array(Image.new('RGB', (4, 3))).shape == (3, 4, 3)",
        "from PIL import Image; w, h = Image.open('x.png').size; assert isinstance(Image.open('x'), Image.Image)",
        "from PIL import Image; import numpy as np; assert np.asarray(Image.fromarray(np.eye(2))).tolist() == [[1, 0], [0, 1]]",
        "import tqdm.auto as t; assert list(reversed(t.tqdm([1, 2]))) == [2, 1] and t.tqdm([5])[0] == 5 and 5 in t.tqdm([5])",
        "from tqdm.contrib import tenumerate, tzip, tmap; assert [*tenumerate('a')] == [(0, 'a')] and [*tmap(abs, [-1])] == [1]",
        "from tqdm.contrib.concurrent import thread_map; assert thread_map(abs, [-1], max_workers=2) == [1]",
    )
    assert failures(list(lines)) == []
