"""Silent stand-ins for modules that show things and are not mounted: a cell which also plots still defines its functions.

Nothing is drawn, but what is given back can be used as the real thing can: unpacked, indexed, calculated with, derived from.
"""

import functools
import importlib
import importlib.abc
import importlib.machinery
import itertools
import opcode
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from autograder.sandbox.inside.missing import BINARY, COMPARING
else:  # in the sandbox this folder stands alone
    from missing import BINARY, COMPARING

VERSION = "99.0.0"  # new enough for every `if version >= …`
UNPACKING = {opcode.opmap["UNPACK_SEQUENCE"], opcode.opmap["UNPACK_EX"]}


class Silent:
    """Whatever a plotting or display library gives back: takes every use, shows nothing.

    As a number it is 0, as an array a single 0, as a text empty; what is calculated from it is silent again. It is an
    instance of every silent class, and of no other. It has no items, but as many as an unpacking asks for.
    """

    def __init__(self, *arguments: object, **keywords: object) -> None:
        pass

    def __call__(self, *arguments: object, **keywords: object) -> object:
        if len(arguments) == 1 and not keywords and isinstance(arguments[0], (types.FunctionType, type)):
            return arguments[0]  # it may well be a decorator
        return Silent()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__") and name not in OF_MODULES:
            raise AttributeError(name)
        return OF_MODULES.get(name) or METHODS.get(name) or Silent()

    def __getitem__(self, key: object) -> object:
        return Silent()

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __delitem__(self, key: object) -> None:
        pass

    def __iter__(self) -> Iterator[object]:
        return (Silent() for _ in range(_unpacked(sys._getframe(1))))

    def __next__(self) -> "Silent":
        return Silent()

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, item: object) -> bool:
        return False

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *exception: object) -> Literal[False]:
        return False

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __complex__(self) -> complex:
        return 0j

    def __round__(self, digits: object = None) -> int:
        return 0

    def __str__(self) -> str:
        return ""

    def __format__(self, specification: str) -> str:
        return ""

    def __fspath__(self) -> str:
        return ""

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> np.ndarray:
        return np.zeros((), dtype or np.float64)

    def __array_ufunc__(self, *arguments: object, **keywords: object) -> "Silent":
        return Silent()

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, Silent)

    def __subclasscheck__(self, subclass: type[object]) -> bool:
        return issubclass(subclass, Silent)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type["Silent"], ...]:
        return (
            ()
            if any(base is not self and isinstance(base, Silent) for base in bases[: bases.index(self)])
            else (Silent,)
        )

    def _calculate(self, *others: object) -> "Silent":
        return Silent()

    def _compare(self, other: object) -> bool:
        return False


for _name in (
    *(side + name for name in (*BINARY, "or") for side in ("", "r", "i")),
    "neg",
    "pos",
    "abs",
    "invert",
):
    setattr(Silent, f"__{_name}__", Silent._calculate)
for _name in COMPARING:
    setattr(Silent, f"__{_name}__", Silent._compare)


def _unpacked(frame: types.FrameType) -> int:
    """How many items the code of a frame is just unpacking: 3 for `a, b, c = …`, 2 for `a, *b, c = …`, else 0."""
    code, place = frame.f_code.co_code, frame.f_lasti
    if place < 0 or code[place] not in UNPACKING:
        return 0
    count = code[place + 1]
    if (
        code[place] == opcode.opmap["UNPACK_EX"]
    ):  # before the star, then, in the argument's next byte, behind it
        behind = code[place - 1] if place and code[place - 2] == opcode.opmap["EXTENDED_ARG"] else 0
        return count + behind
    return count


# --- things with items of their own ------------------------------------------------------------------------


class _Showing(type):
    """The class of classes that are named themselves, as in `tqdm.write("…")`."""

    def __getattr__(cls, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Silent()


class Progress(Silent, metaclass=_Showing):
    """A progress bar that shows nothing and passes its items through."""

    def __init__(self, iterable: Any = (), *arguments: object, **keywords: object):
        self._iterable: Any = () if iterable is None else iterable

    def __iter__(self) -> Iterator[object]:
        return iter(self._iterable)

    def __reversed__(self) -> Iterator[object]:
        items: Iterator[object] = reversed(self._iterable)
        return items

    def __contains__(self, item: object) -> bool:
        return item in self._iterable

    def __getitem__(self, key: object) -> object:
        return self._iterable[key]

    def __len__(self) -> int:
        return len(self._iterable)


class Picture(Silent, metaclass=_Showing):
    """An image of Pillow's: a grey or coloured blank, or the array that it was made from."""

    def __init__(self, array: Any = None, *arguments: object, **keywords: object):
        self._array = np.zeros((8, 8, 3), np.uint8) if array is None else np.asarray(array)

    @property
    def size(self) -> tuple[int, ...]:
        return self._array.shape[1::-1]

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]

    @property
    def mode(self) -> str:
        return "L" if self._array.ndim == 2 else "RGB" if self._array.shape[2:] == (3,) else "RGBA"

    def convert(self, mode: str | None = None, *arguments: object, **keywords: object) -> "Picture":
        return Picture(
            np.zeros(
                self._array.shape[:2] + ((3,) if mode == "RGB" else (4,) if mode == "RGBA" else ()), np.uint8
            )
        )

    def resize(self, size: Sequence[int], *arguments: object, **keywords: object) -> "Picture":
        return Picture(np.zeros((size[1], size[0], *self._array.shape[2:]), np.uint8))

    def copy(self, *arguments: object, **keywords: object) -> "Picture":
        return Picture(self._array)

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self._array, dtype)


def _new_picture(
    mode: str = "RGB", size: Sequence[int] = (8, 8), *arguments: object, **keywords: object
) -> Picture:
    return Picture(np.zeros((size[1], size[0]), np.uint8)).convert(mode)


def _blank(*arguments: object, **keywords: object) -> np.ndarray:
    """What `imread` gives: a coloured blank."""
    return np.zeros((8, 8, 3))


def _range(*arguments: int, **keywords: object) -> Progress:
    return Progress(range(*arguments))


def _axes(
    nrows: int = 1, ncols: int = 1, *arguments: object, squeeze: bool = True, **keywords: object
) -> object:
    """What `figure.subplots` gives: one, a row or a grid."""
    axes = np.empty((nrows, ncols), dtype=object)
    for place in np.ndindex(axes.shape):
        axes[place] = Silent()
    if not squeeze:
        return axes
    return axes[0, 0] if axes.size == 1 else axes.squeeze()


def _mosaic(mosaic: str | Iterable[object], *arguments: object, **keywords: object) -> dict[object, Silent]:
    """What `figure.subplot_mosaic` gives: axes by their labels."""
    rows = mosaic.replace(";", "\n").split() if isinstance(mosaic, str) else mosaic
    labels: dict[object, None] = {
        label: None for row in rows for label in (row if isinstance(row, (str, list, tuple)) else [row])
    }
    return {label: Silent() for label in labels if label != "."}


def _with_figure(make: Callable[..., object]) -> Callable[..., tuple[Silent, object]]:
    return lambda *arguments, **keywords: (Silent(), make(*arguments, **keywords))


def _sizes(*arguments: object, **keywords: object) -> np.ndarray:
    return np.array([6.4, 4.8])


def _first(function: object = None, *arguments: object, **keywords: object) -> object:
    """`interact(f, x=3)` gives f, and `interact(x=3)` a decorator."""
    return function if callable(function) else lambda decorated: decorated


METHODS: dict[str, object] = {
    "subplots": _axes, "subfigures": _axes, "subplot_mosaic": _mosaic, "get_size_inches": _sizes,
    "interact": _first, "interact_manual": _first, "tqdm": Progress, "tqdm_notebook": Progress, "trange": _range,
    "tnrange": _range, "imread": _blank,
}  # fmt: skip
# What `from matplotlib.pyplot import *` brings, as far as notebooks use it.
PYPLOT = (
    *(
        "plot",
        "scatter",
        "bar",
        "barh",
        "hist",
        "hist2d",
        "imshow",
        "matshow",
        "contour",
        "contourf",
        "pcolormesh",
    ),
    *(
        "errorbar",
        "fill_between",
        "quiver",
        "stem",
        "step",
        "pie",
        "boxplot",
        "text",
        "annotate",
        "axhline",
        "axvline",
    ),
    *(
        "figure",
        "subplot",
        "title",
        "suptitle",
        "xlabel",
        "ylabel",
        "xlim",
        "ylim",
        "xticks",
        "yticks",
        "axis",
        "grid",
    ),
    *(
        "legend",
        "colorbar",
        "show",
        "savefig",
        "close",
        "clf",
        "cla",
        "gca",
        "gcf",
        "tight_layout",
        "get_cmap",
        "cm",
    ),
    *("rcParams", "style"),
)
IN_PLACE_OF: dict[str, dict[str, object]] = {
    "matplotlib.pyplot": {name: Silent() for name in PYPLOT}
    | {"subplots": _with_figure(_axes), "subplot_mosaic": _with_figure(_mosaic)},
    "PIL.Image": {
        "open": lambda *_, **__: Picture(),
        "new": _new_picture,
        "fromarray": Picture,
        "Image": Picture,
    },
    "tqdm.contrib": {"tenumerate": enumerate, "tzip": zip, "tmap": map},
    "tqdm.contrib.itertools": {"product": lambda *each, **_: itertools.product(*each)},
    "tqdm.contrib.concurrent": {
        name: lambda function, *each, **_: list(map(function, *each))
        for name in ("thread_map", "process_map")
    },
    "pylab": {name: value for name, value in vars(np).items() if not name.startswith("_")},
}
IN_PLACE_OF["pylab"] |= IN_PLACE_OF["matplotlib.pyplot"] | {"np": np}
OF_MODULES: dict[str, object] = {"__version__": VERSION, "__version_info__": (99, 0, 0)}


def _attribute(module: str, name: str) -> object:
    if name in OF_MODULES:
        return OF_MODULES[name]
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    if f"{module}.{name}" in IN_PLACE_OF:
        return importlib.import_module(f"{module}.{name}")
    return METHODS.get(name) or Silent()


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the listed top-level names before anything else does."""

    def __init__(self, names: Iterable[str]):
        self.names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in self.names:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = types.ModuleType(spec.name, "A stand-in that does nothing: pictures are not drawn here.")
        module.__dict__.update(IN_PLACE_OF.get(spec.name, {}))
        module.__dict__["__getattr__"] = functools.partial(_attribute, spec.name)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def install(names: Sequence[str], get_ipython: object) -> None:
    """From now on, importing one of `names` gives a stand-in; that of IPython knows the cell's `get_ipython`."""
    sys.meta_path.insert(0, StandIns(names))
    for loaded in [name for name in sys.modules if name.partition(".")[0] in names]:
        del sys.modules[loaded]  # the two files of IPython that are there would hide its stand-in
    if "IPython" in names:
        importlib.import_module("IPython").__dict__["get_ipython"] = get_ipython
