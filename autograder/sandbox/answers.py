"""What comes back: the answer to a call, and the answers to what code asks in the middle of one (`Sandbox.hand_over`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.ahead import Name, rest
from autograder.sandbox.failures import NotDefined, OutOfMemory, ProtocolBreach, Raised
from autograder.sandbox.inside import wire

MOST_BYTES = 100_000  # of a question, and of its answer, that are worth remembering
LEAST_ANSWER = 0.0002  # CPU seconds that code pays for asking in the middle of a call: it keeps the trusted side busy, too


@dataclass(frozen=True)
class Answer:
    """What a function gave back.

    Attributes:
        value: plain data (see `inside.wire`); `wire.Foreign` stands for anything else.
        arguments: the positional arguments as they were after the call, where `echo` asked for them.
        cpu_seconds: CPU time that the kernel charged the worker from its previous reply to this one, so that
            work done between calls, in a thread for instance, is paid for as well.
    """

    value: object
    arguments: list[Any] | None
    cpu_seconds: float


@dataclass(frozen=True)
class Question:
    """What code asks in the middle of a call, as it was sent.

    Attributes:
        number: the call's.
        prefix, body: the frame's.
    """

    number: int
    prefix: bytearray
    body: bytearray

    @property
    def name(self) -> Name | None:
        """The same for all questions of the same bytes, whichever call they are asked in; None for one that is too large."""
        return rest(self.number, self.prefix, self.body) if len(self.body) <= MOST_BYTES else None

    def read(self) -> tuple[str, list[Any], dict[str, Any]]:
        """The function's name, the arguments and the keywords: the code's own words. Raises `ProtocolBreach`."""
        message, value = decoded(self.prefix, self.body)
        match message, value:
            case {"id": self.number, "function": str(function)}, [list(arguments), list(items)]:
                pairs = [(item[0], item[1]) for item in items if type(item) is list and len(item) == 2]
                if len(pairs) == len(items) and all(type(name) is str for name, _ in pairs):
                    return function, arguments, dict(pairs)
        raise ProtocolBreach("a question is of another form")


@dataclass(frozen=True)
class Answered:
    """What is sent to code that asked for a function.

    Attributes:
        is_value: whether that is a value, and not how the code should fail.
        cpu_seconds: what it cost.
    """

    function: str
    frame: bytes
    is_value: bool = False
    cpu_seconds: float = 0.0


Answering = Callable[[Question], Answered]  # answers code that asks: see `Sandbox.hand_over`


def answered(question: Question, answer: Callable[[str, list[Any], dict[str, Any]], Answer]) -> Answered:
    """What `answer` makes of a question, which raises what a function may; else it raises what ends the whole request."""
    function, arguments, keywords = question.read()
    try:
        found = answer(function, arguments, keywords)
    except Raised as failure:
        return Answered(function, wire.encode({"raise": failure.builtin_name}))
    except NotDefined:
        return Answered(function, wire.encode({"raise": "NameError"}))
    except OutOfMemory:
        return Answered(function, wire.encode({"raise": "MemoryError"}))
    return Answered(function, wire.encode({"raise": None}, found.value), True, found.cpu_seconds)


def decoded(prefix: bytearray, body: bytearray) -> tuple[dict[str, Any], object]:
    """The message and the value of a frame; raises `ProtocolBreach` for what is none."""
    try:
        return wire.decode(prefix, body)
    except wire.WireError as error:
        raise ProtocolBreach(str(error)) from None
