"""What a hidden test calls: a function that runs elsewhere, or one of our own in its place."""

from typing import Any, Protocol

from autograder.sandbox import Answer


class Function(Protocol):
    """One function of a program.

    `function(*arguments)` gives the value; `answer` gives the value with the CPU time that it took and the arguments
    as they were afterwards. Both raise a `WorkerFailure` where no value comes back.
    """

    def __call__(self, *arguments: object, **keywords: Any) -> object: ...

    def answer(self, *arguments: object, cpu_seconds: float | None = None, **keywords: Any) -> Answer: ...
