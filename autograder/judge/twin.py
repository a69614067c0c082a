"""A visible twin of a hidden test: small calls of the same kind, with their answers, that a student may run and look into."""

import copy
import functools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

REFUSED = "ValueError"  # what stands in place of an answer where the call must raise one


@dataclass(frozen=True)
class Twin:
    """What an author writes: lines of Python, in which students' functions go by their names and NumPy by `np`.

    Attributes:
        setup: what is defined first; "" for nothing.
        calls: expressions, each with an answer of its own.
    """

    setup: str
    calls: tuple[str, ...]

    def answers(self, functions: Mapping[str, Callable[..., Any]]) -> list[Any]:
        """What the calls give with these functions, `REFUSED` for a ValueError and another error's name for any other."""
        names: dict[str, Any] = {"np": np, **functions}
        answers: list[Any] = []
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(self.setup, names)
            for call in self.calls:
                try:
                    answers.append(copy.deepcopy(eval(call, names)))
                except Exception as error:
                    answers.append(type(error).__name__)
        return answers

    def text(self, right: Mapping[str, Callable[..., Any]]) -> str:
        """The lines for a cell of a notebook, each call followed by what is to come."""
        return _text(self, frozenset(right.items()))


@functools.lru_cache(200)  # a mistake is made by many of a class
def _text(twin: Twin, right: frozenset[tuple[str, Callable[..., Any]]]) -> str:
    lines = twin.setup.splitlines()
    for call, answer in zip(twin.calls, twin.answers(dict(right)), strict=True):
        if isinstance(answer, str) and answer == REFUSED:
            lines += [f"{call}  # must raise a ValueError: run such a line alone"]
        else:
            lines += [f"print({call})", *(f"# {line}" for line in _shown(answer).splitlines())]
    return "\n".join(lines)


def _shown(answer: Any) -> str:
    """As `print` shows it, but plain numbers without their NumPy type."""
    if isinstance(answer, tuple) and answer and isinstance(answer[0], np.ndarray):
        return "\n".join(_shown(array) for array in answer)
    return str(answer.item() if isinstance(answer, np.generic) else answer)
