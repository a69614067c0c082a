"""Calls that are made of many programs: encoded once, and an answer that many give is decoded once.

`Sandbox.send_ahead` sends them before earlier ones are answered. Nothing else differs from calls that are made one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.failures import ProtocolBreach
from autograder.sandbox.inside import wire

BEGINNING = b'{"message": {"id": '  # of every frame whose message begins with its number
MOST_KNOWN = 8  # answers of one call that are remembered, the first ones
MOST_BYTES = (
    1 << 16
)  # of such an answer; and no more than follows from the question, or a few programs could fill the grader's memory
SPARE_BYTES, MOST_TIMES = 1 << 10, 2  # besides, and times what is due: float64 for float32

Name = tuple[int, bytes]  # of a frame: the length of its header, and its bytes, without the number


@dataclass(frozen=True, eq=False)
class Reply:
    """What a worker's reply says; the same object for every reply of the same bytes, where it is remembered.

    Attributes:
        message, value: as `wire.decode` gives them. Where it is remembered, nobody can change its arrays.
        is_known: whether it is.
    """

    message: dict[str, Any]
    value: object
    is_known: bool = False


@dataclass(frozen=True, eq=False)
class Sent:
    """A frame that a worker sent as its reply to a call: whether it is one is not known yet.

    Attributes:
        number: the request's.
        prefix, body: the frame's.
        known: what it says, where that is remembered.
    """

    number: int
    call: "Foreseen"
    prefix: bytearray
    body: bytearray
    known: Reply | None = None


def rest(number: int, prefix: bytes | bytearray, body: bytes | bytearray) -> Name | None:
    """What follows the number in a frame that begins with it, as our own code writes them; else None."""
    beginning = BEGINNING + b"%d, " % number
    if not body.startswith(beginning):
        return None
    header, _ = wire.PREFIX.unpack(prefix)
    return header - len(beginning), bytes(memoryview(body)[len(beginning) :])


def is_question(number: int, body: bytes | bytearray) -> bool:
    """Whether a frame is what our own code asks with in the middle of the call of that number.

    In other words nobody asks: what is written differently is taken for a reply, and is none.
    """
    return body.startswith(BEGINNING + b'%d, "status": "asks"' % number)


class Foreseen:
    """A call that will be made of many programs.

    Attributes:
        function: its name.
        arguments, keywords: as they are sent; nobody changes them.

    Args:
        answer_bytes: what the arrays of a right answer take.
    """

    def __init__(
        self, function: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any], answer_bytes: int = 0
    ):
        self.function = function
        self.arguments = arguments
        self.keywords = dict(keywords)
        self._known: dict[Name | None, Reply] = {}
        items = [list(item) for item in self.keywords.items()]
        frame = wire.encode(
            {"id": 0, "do": "call", "function": function, "echo": True}, [list(arguments), items]
        )
        header, self._payload_length = wire.PREFIX.unpack(frame[: wire.PREFIX.size])
        self._after_number = frame[wire.PREFIX.size + len(BEGINNING) + 1 :]
        self._header_length = header - len(BEGINNING) - 1
        self._most_bytes = min(MOST_BYTES, SPARE_BYTES + MOST_TIMES * (self._payload_length + answer_bytes))

    def request(self, number: int) -> bytes:
        """The frame that makes the call."""
        beginning = BEGINNING + b"%d" % number
        prefix = wire.PREFIX.pack(len(beginning) + self._header_length, self._payload_length)
        return prefix + beginning + self._after_number

    def is_call_of(self, function: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> bool:
        """Whether that call would be sent in the same bytes."""
        return (
            function == self.function
            and len(keywords) == len(self.keywords)
            and _alike(arguments, self.arguments)
            and _alike(tuple(keywords.items()), tuple(self.keywords.items()))
        )

    def sent(self, number: int, prefix: bytearray, body: bytearray) -> Sent:
        """The reply to the request of that number, not read unless it is remembered."""
        name = self._name(number, prefix, body)
        return Sent(number, self, prefix, body, self._known.get(name) if name else None)

    def _name(self, number: int, prefix: bytes | bytearray, body: bytes | bytearray) -> Name | None:
        """What is the same in replies that say the same; None for one that is not remembered."""
        return rest(number, prefix, body) if len(body) <= self._most_bytes else None

    def read(self, number: int, prefix: bytes | bytearray, body: bytes | bytearray) -> Reply:
        """What the reply to the request of that number says. Raises `WireError`, and `ProtocolBreach` for another number's."""
        name = self._name(number, prefix, body)
        if name in self._known:
            return self._known[name]
        message, value = wire.decode(prefix, body)
        if message.get("id") != number:
            raise ProtocolBreach("the reply does not belong to the request")
        # A second "id" would be the one that counts, and it is another one in every reply.
        if name is None or len(self._known) >= MOST_KNOWN or b'"id"' in name[1] or not _is_read_only(value):
            return Reply(message, value)
        self._known[name] = reply = Reply(message, value, is_known=True)
        return reply


def _alike(one: Any, other: Any) -> bool:
    """Whether two arguments of our own would be written as the same bytes."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and wire.memory_order(one) == wire.memory_order(other)
            and (one is other or one.tobytes() == other.tobytes())
        )
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, np.random.Generator):
        return bool(one.bit_generator.state == other.bit_generator.state)
    return repr(one) == repr(other)


def _is_read_only(value: object) -> bool:
    """Whether nobody can change the value, since its arrays are made so."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    if isinstance(value, (list, tuple)):
        return all(map(_is_read_only, value))
    return not isinstance(value, np.random.Generator)
