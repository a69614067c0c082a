"""The mistakes that an assignment knows, one plain function each, and what several of them make together.

A mistake is one plain function with the decorator `mistake`. It is the faulty implementation itself; its first
argument is the right function of the suite's own, often with knobs, that it spoils:

    @mistake("convolve", sentence="Your kernel is rotated …", lecture="3. Slide the kernel")
    def flipped(right, image, kernel, *rest):
        return right(image, kernel[::-1, ::-1], *rest)

Two of them together are one that spoils what the other has spoilt: `spoilt`.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, TypeVar

Implementation = TypeVar("Implementation", bound=Callable[..., Any])
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, eq=False)  # one is like no other
class Mistake:
    """One modelled mistake of one function.

    Attributes:
        function: the function that has it.
        name: short, for results and statistics, such as "same_floor". Several may have it: variants of one mistake.
        sentence: what the code seems to do and what it should do, for the student.
        lecture: where that is explained.
        by_error: whether errors alone may show it: it ends in one for a whole class of arguments.
        refuses: whether those errors are refusals, which only a `raise` or `assert` of the code's own makes.
        on_answer: whether it changes the answer alone, all answers perhaps: no call then shows another mistake without it.
        faulty: the faulty function. It gets a right function, then the student's arguments, which it may change.
        implementations: `faulty` with each right function that it spoils: one for each of `Bank.ways`.
    """

    function: str
    name: str
    sentence: str
    lecture: str
    by_error: bool
    refuses: bool
    on_answer: bool
    faulty: Callable[..., Any]
    implementations: tuple[Callable[..., Any], ...]

    @property
    def implementation(self) -> Callable[..., Any]:
        """The first of them."""
        return self.implementations[0]


MODELS = "models"  # the attribute by which an implementation is known to be a mistake


@dataclass(frozen=True)
class Modelled:
    """What the decorator `mistake` says of an implementation: of which functions it is one, and the rest of `Mistake`.

    `name` is that of the mistake it is a variant of; None where it has its own.
    """

    functions: tuple[str, ...]
    name: str | None
    sentence: str
    lecture: str
    by_error: bool
    refuses: bool
    on_answer: bool


@dataclass(frozen=True)
class Bank:
    """All modelled mistakes of an assignment.

    Attributes:
        right: the right function of every name.
        mistakes: the faulty ones of every name.
        ways: right functions of every name that mistakes spoil. They are written in different ways, which show beside a
            mistake alone: a window that sticks out of the image ends one in an error, and another one repeats its row.
    """

    right: Functions
    mistakes: Mapping[str, tuple[Mistake, ...]]
    ways: Mapping[str, tuple[Callable[..., Any], ...]]


def mistake(
    *functions: str,
    sentence: str,
    lecture: str,
    by_error: bool = False,
    refuses: bool = False,
    on_answer: bool = False,
) -> Callable[[Implementation], Implementation]:
    """Marks a faulty implementation of one or several functions; its name is the mistake's. See `Mistake`."""

    def mark(implementation: Implementation) -> Implementation:
        about = (sentence, lecture, by_error or refuses, refuses, on_answer)
        setattr(implementation, MODELS, Modelled(functions, None, *about))
        return implementation

    return mark


def variant_of(original: Callable[..., Any], *functions: str) -> Callable[[Implementation], Implementation]:
    """Marks another implementation of a mistake: code that does otherwise, and of which the same sentence is true."""

    def mark(implementation: Implementation) -> Implementation:
        modelled: Modelled = getattr(original, MODELS)
        own = replace(modelled, functions=functions or modelled.functions, name=original.__name__)
        setattr(implementation, MODELS, own)
        return implementation

    return mark


def collect(
    package: ModuleType,
    right: Functions,
    knobbed: Functions | None = None,
    other_ways: Mapping[str, Sequence[Callable[..., Any]]] | None = None,
) -> Bank:
    """The mistakes in all modules of a package, or in one module.

    Args:
        right: the functions that answers are judged by; mistakes of other functions are left out.
        knobbed: what each mistake gets as its first argument: right as well, with knobs to turn. Without it, `right`.
        other_ways: more of these for some functions, written in other ways (`Bank.ways`).
    """
    mistakes: dict[str, list[Mistake]] = {function: [] for function in right}
    ways = {name: ((knobbed or right)[name], *(other_ways or {}).get(name, ())) for name in right}
    for name, faulty in _marked(package):
        modelled: Modelled = getattr(faulty, MODELS)
        for function in modelled.functions:
            if function not in right:
                continue
            if any(each.faulty.__name__ == name for each in mistakes[function]):
                raise ValueError(f"two mistakes of {function} have the name {name}")
            about = (
                modelled.sentence,
                modelled.lecture,
                modelled.by_error,
                modelled.refuses,
                modelled.on_answer,
            )
            spoilt_ways = tuple(functools.partial(faulty, way) for way in ways[function])
            mistakes[function].append(Mistake(function, modelled.name or name, *about, faulty, spoilt_ways))
    return Bank(right, {function: tuple(found) for function, found in mistakes.items()}, ways)


def _marked(package: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The names and implementations of all mistakes in a package."""
    inner = pkgutil.iter_modules(getattr(package, "__path__", []), package.__name__ + ".")
    for module in (package, *(importlib.import_module(found.name) for found in inner)):
        for name, value in vars(module).items():
            if isinstance(getattr(value, MODELS, None), Modelled) and value.__module__ == module.__name__:
                yield name, value


def spoilt(right: Callable[..., Any], mistakes: Sequence[Mistake]) -> Callable[..., Any]:
    """The function that makes all these mistakes: the first changes the arguments first and the value last.

    A knob that two of them turn stays as the later one turned it.
    """
    for each in reversed(mistakes[1:]):
        right = _with_knobs(each.faulty, right)
    return functools.partial(mistakes[0].faulty, right)


def _with_knobs(faulty: Callable[..., Any], right: Callable[..., Any]) -> Callable[..., Any]:
    """`right` with a mistake, for another one to spoil: it takes the knobs of `right`."""

    def wrong(*arguments: Any, **knobs: Any) -> Any:
        return faulty(functools.partial(right, **knobs) if knobs else right, *arguments)

    return wrong
