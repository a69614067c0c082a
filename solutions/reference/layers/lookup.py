"""Options that may be given by name: `activation="relu"`, `kernel_initializer="he_normal"` and so on."""

from collections.abc import Callable, Mapping
from reprlib import repr as short
from typing import Any, TypeAlias

# What a layer takes for an activation, initializer, regularizer or constraint: a name, a class, an object
# that can be called.
Option: TypeAlias = str | Callable[..., Any] | None


def find(
    argument: str, value: Option, choices: Mapping[str, Callable[..., Any]]
) -> Callable[..., Any] | None:
    """Return the object that `value` stands for; None stays None.

    `value` may be a name among `choices` (small or capital letters, with or without underscores: "max_norm"
    and "MaxNorm" are one), a class, which is called without arguments, or any other callable, returned as it
    is. `choices` maps names to objects. ValueError for an unknown name, TypeError for anything else.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = _by_name(argument, value, choices)
    if isinstance(value, type):
        value = value()
    if not callable(value):
        raise TypeError(
            f"{argument} must be a name, an object or a function, but it is {short(value)} "
            f"({type(value).__name__}); the names are {', '.join(choices)}"
        )
    return value


def gradient_of(role: str, function: Any) -> Callable[..., Any]:
    """Return the method `gradient` of an activation or a regularizer that somebody wrote themselves."""
    try:
        return function.gradient
    except AttributeError:
        raise TypeError(
            f"{role} {short(function)} has no method `gradient`, so training cannot pass through it; "
            f"see the classes in the module of each for an example"
        ) from None


def _by_name(argument: str, name: str, choices: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    plain = {_plain(each): choice for each, choice in choices.items()}
    try:
        return plain[_plain(name)]
    except KeyError:
        raise ValueError(f"{argument} must be one of {', '.join(choices)}, but it is {name!r}") from None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
