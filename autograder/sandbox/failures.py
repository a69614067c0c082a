"""How a request can fail: the class tells who must act.

`SandboxUnavailable` is for whoever runs the machine. Every `WorkerFailure` is the untrusted code's own doing.
Texts inside a failure come from the worker: they are plain text, cut to length and free of control
characters, but what they *say* is not to be believed.
"""

import builtins
import functools
from dataclasses import dataclass, field
from typing import Any

from autograder.user_error import UserError


class SandboxUnavailable(UserError):
    """The machine cannot isolate a worker; the message says what is missing and how to mend it."""


class WorkerFailure(Exception):
    """The untrusted code did not answer with a value."""


class NotDefined(WorkerFailure):
    """The code has no function of that name."""


class TimedOut(WorkerFailure):
    """The code used more CPU time or real time than it may; the worker was killed."""


class OutOfTime(TimedOut):
    """All that the code may use together, over all its requests and workers, was used up; the worker was killed."""


class OutOfMemory(WorkerFailure):
    """The code asked for more memory than it may, or answered with more than is read."""


class Crashed(WorkerFailure):
    """The worker's process ended before it answered (os._exit, a signal, …)."""


class ProtocolBreach(WorkerFailure):
    """What arrived was not a well-formed reply; the worker was killed."""


@dataclass(frozen=True)
class Frame:
    """A place in the untrusted code: the block's name as the caller gave it, and the line in it from 1 on."""

    block: str
    line: int


@dataclass(eq=False)
class Raised(WorkerFailure):
    """The code raised an exception.

    Attributes:
        type_name: the exception's class, as the code named it.
        builtin_name: the nearest built-in class that it derives from, such as "ValueError".
        text: its message, at most 500 characters.
        frames: where in the code it was, outermost first, at most 50; empty for an error in the call itself.
    """

    type_name: str
    builtin_name: str
    text: str
    frames: list[Frame] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.type_name}: {self.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return raised, (self.type_name, self.builtin_name, self.text, self.frames)


def raised(type_name: str, builtin_name: str, text: str, frames: list[Frame]) -> Raised:
    """The failure that `pytest.raises(ValueError)` catches when `builtin_name` is "ValueError"."""
    name, kind = _kind(builtin_name)
    return kind(type_name, name, text, frames)


@functools.lru_cache(200)  # the names are the code's own: it must not fill the memory with them
def _kind(builtin_name: str) -> tuple[str, type[Raised]]:
    """The built-in exception of that name, and the class of failures that it stands for."""
    builtin = getattr(builtins, builtin_name, None)
    if not (isinstance(builtin, type) and issubclass(builtin, Exception)):
        return "Exception", Raised
    # One that is a StopIteration would end a `map(function, …)` on the trusted side without a word.
    if issubclass(builtin, StopIteration):
        return builtin_name, Raised
    try:
        combined = type(f"Raised{builtin_name}", (Raised, builtin), {"__init__": Raised.__init__})
        combined("", builtin_name, "", [])
    except TypeError:  # a built-in exception that does not combine, or needs arguments of its own
        return builtin_name, Raised
    return builtin_name, combined


def builtin_name(error: BaseException) -> str:
    """The nearest built-in class that an exception of our own code derives from."""
    return next(base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")


def as_failure(error: Exception) -> Raised:
    """The failure that a worker would report for an exception, where our own code stands in for a student's."""
    return raised(type(error).__name__, builtin_name(error), str(error)[:500], [])
