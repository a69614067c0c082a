"""Compares gradients with what nudging each number shows: a tool for a student's own functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

STEP = 1e-5  # of a nudge: central differences of float64 are then right to about 1e-9
AGREES = 1e-5  # of the largest gradient of an array: far more than the roundings, far less than any mistake


def gradient_check(
    function: Callable[..., Any], gradients: Callable[..., Any], *arguments: Any, places: int = 12
) -> None:
    """Print whether gradients agree with what nudging shows: ``gradient_check(conv2d, conv2d_gradients, inputs, …)``.

    The loss is ``np.sum(upstream * function(*arguments))`` with an upstream of random numbers, and
    ``gradients(*arguments, upstream)`` is to return its gradient for each array of floats among the arguments, in their
    order (one array, or a tuple); arrays of whole numbers, as labels are, stay as they are. Of each array, at most
    `places` numbers are nudged up and down, chosen at random and always the same ones. The arrays should be small; a
    number that lies on a kink, as 0 does for a ReLU, has no gradient.
    """
    given = [np.array(each, float) if _is_nudged(each) else each for each in arguments]
    arrays = [number for number, each in enumerate(given) if _is_nudged(each)]
    rng = np.random.default_rng(7)
    upstream = rng.normal(size=np.shape(function(*given)))
    names = [_argument_name(function, number) for number in arrays]
    told = gradients(*given, upstream)
    if told is None:
        print("Your gradients came back as None: does the function end with a return?")
        return
    own = list(told) if isinstance(told, (tuple, list)) else [told]
    if len(own) != len(arrays):
        came, wanted = _plural(len(own), "gradient"), _plural(len(arrays), "array")
        print(f"{came} came back, for {wanted} of floats ({', '.join(names)}).")
        return
    loss = Loss(function, given, upstream)
    for number, name, gradient in zip(arrays, names, own, strict=True):
        chosen = rng.permutation(given[number].size)[:places]
        print(f"{name}: {_verdict(loss, number, np.asarray(gradient), chosen)}")


def _is_nudged(argument: object) -> bool:
    return isinstance(argument, np.ndarray) and argument.dtype.kind == "f"


@dataclass(frozen=True)
class Loss:
    """The sum of upstream times what the function returns for the arguments."""

    function: Callable[..., Any]
    arguments: list[Any]
    upstream: np.ndarray

    def slope(self, number: int, place: tuple[Any, ...]) -> float:
        """How fast it grows with one number of one argument: the difference between a nudge up and one down."""
        step = STEP * max(1.0, abs(float(self.arguments[number][place])))
        return (self._nudged(number, place, step) - self._nudged(number, place, -step)) / (2 * step)

    def _nudged(self, number: int, place: tuple[Any, ...], change: float) -> float:
        nudged = self.arguments[number].copy()
        nudged[place] += change
        arguments = [*self.arguments[:number], nudged, *self.arguments[number + 1 :]]
        return float(np.sum(self.upstream * self.function(*arguments)))


def _verdict(loss: Loss, number: int, gradient: np.ndarray, chosen: np.ndarray) -> str:
    """What is to be said of the gradient for argument `number`, by its places `chosen`, counted in memory's order."""
    shape = loss.arguments[number].shape
    if gradient.shape != shape:
        return f"its gradient has shape {gradient.shape}; it must have the array's own, {shape}."
    places = [tuple(map(int, np.unravel_index(one, shape))) for one in chosen]
    nudges = [Nudge(place, loss.slope(number, place), float(gradient[place])) for place in places]
    allowed = AGREES * max([1e-3, *(abs(each.shown) for each in nudges)])
    wrong = [each for each in nudges if not abs(each.shown - each.told) <= allowed]
    if not wrong:
        return f"right at the {len(nudges)} of its {gradient.size} places that were tried."
    return (
        f"wrong at {len(wrong)} of the {len(nudges)} places that were tried. At {list(wrong[0].place)} nudging shows "
        f"{wrong[0].shown:.6g}, your gradient says {wrong[0].told:.6g}.{_pattern(nudges)}"
    )


@dataclass(frozen=True)
class Nudge:
    """What one nudged number showed, beside what the gradient says of it."""

    place: tuple[int, ...]
    shown: float
    told: float


def _pattern(nudges: list[Nudge]) -> str:
    """What all places have in common, in a sentence with a space before it; "" where nothing is seen."""
    if all(each.told == 0 for each in nudges):
        return " All of yours are 0: is the result written into the array that you return?"
    ratios = [each.told / each.shown for each in nudges if abs(each.shown) > 1e-6]
    if not ratios or np.ptp(ratios) > 1e-4 * abs(np.mean(ratios)):
        return ""
    ratio = float(np.mean(ratios))
    if abs(ratio + 1) < 1e-3:
        return " All of yours have the wrong sign."
    return f" All of yours are {ratio:.4g} times what they should be: is a factor missing, or one too many?"


def _argument_name(function: Callable[..., Any], number: int) -> str:
    """What a function calls an argument, else its number."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return names[number] if number < len(names) else f"argument {number + 1}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
