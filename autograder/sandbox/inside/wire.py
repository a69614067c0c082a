"""The wire between the two sides: a frame is lengths, a JSON header, then the arrays' raw bytes.

Both sides use this module, but they do not trust each other alike. `decode` is written for hostile input:
it checks every field, allocates nothing that it has not measured, and raises `WireError` and nothing else.
Never pickle, never eval: what arrives can only be None, bool, int, float, str, list, tuple, a NumPy scalar,
a base-class ndarray of a listed dtype, a generator of random numbers as its state, or `Foreign`, the mere name of something else.
"""

import json
import math
import struct
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

PREFIX = struct.Struct("<II")  # bytes of the header, bytes of the payload
MAX_HEADER = 1 << 20
MAX_DEPTH = 8
MAX_NODES = 2000
MAX_RANK = 16
MAX_SIDE = 1 << 40  # an empty array may have any sides that NumPy takes
MAX_TEXT = 4000
MAX_NAME = 100
MAX_INT_BITS = 512
STATE_BITS = 128  # of a PCG64, and as many of its increment
MAX_FRAME = (1 << 32) - 1  # what a length in the prefix can say
DTYPES = frozenset(
    np.dtype(code).newbyteorder("<").str
    for code in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
)

SCALARS = frozenset(np.sctypeDict.values())


class WireError(Exception):
    """The bytes are not a frame that this module would have written."""


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that does not travel: only the name of its type and a detail do.

    It equals nothing but itself, so no comparison with it succeeds.
    """

    type_name: str
    detail: str = ""


# --- writing ---------------------------------------------------------------------------------------------


def encode(message: dict[str, Any], value: object = None, limit: int = MAX_FRAME) -> bytes:
    """A frame that holds `message` (plain JSON) and `value` (any Python object); `decode` reads every one of them.

    Raises MemoryError where the frame would have more than `limit` bytes; an array is measured before it is copied.
    """
    writer = _Writer(limit)
    header = json.dumps({"message": message, "value": writer.node(value, 0)}).encode("ascii")
    if len(header) > min(MAX_HEADER, writer.room):
        raise MemoryError("the value is too large to send")
    payload = b"".join(writer.chunks)
    return PREFIX.pack(len(header), len(payload)) + header + payload


def _foreign(kind: type[object], detail: str = "") -> list[object]:
    return ["foreign", kind.__name__[:MAX_NAME], detail[:MAX_NAME]]


def _state(generator: np.random.Generator) -> list[object]:
    """The two numbers that a PCG64 goes on from; half a number that was kept for later is lost."""
    numbers = generator.bit_generator.state["state"]
    return [format(int(numbers[name]), "d") for name in ("state", "inc")]


def _generator(state: int, increment: int) -> np.random.Generator:
    """A generator that goes on from there."""
    if not (0 <= state < 1 << STATE_BITS and 0 <= increment < 1 << STATE_BITS):
        raise WireError("a generator is in an impossible state")
    bits = np.random.PCG64(0)
    whole: Any = bits.state
    whole["state"] = {"state": state, "inc": increment}
    bits.state = whole
    return np.random.Generator(bits)


class _Writer:
    def __init__(self, room: int):
        self.chunks: list[bytes] = []
        self.nodes = 1
        self.room = room  # bytes that arrays may still take

    def node(self, value: object, depth: int) -> list[object]:
        if value is None:  # exact types only: a subclass may behave in any way
            return ["none"]
        if type(value) is bool:
            return ["bool", value]
        if type(value) is int and value.bit_length() <= MAX_INT_BITS:
            return ["int", format(value, "d")]
        if type(value) is float:
            return ["float", value.hex()]
        if type(value) is str and len(value) <= MAX_TEXT:
            return ["str", value]
        if type(value) is np.ndarray:
            return self.array("array", value)
        if type(value) in SCALARS:
            return self.array("scalar", np.asarray(value))
        if (type(value) is list or type(value) is tuple) and self.has_room(len(value), depth):
            self.nodes += len(value)
            return [type(value).__name__, [self.node(item, depth + 1) for item in value]]
        if type(value) is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            return ["generator", *_state(value)]
        if type(value) is Foreign:
            return ["foreign", value.type_name[:MAX_NAME], value.detail[:MAX_NAME]]
        return _foreign(type(value))

    def has_room(self, items: int, depth: int) -> bool:
        return depth < MAX_DEPTH and self.nodes + items <= MAX_NODES

    def array(self, label: str, value: np.ndarray) -> list[object]:
        code = value.dtype.newbyteorder("<").str
        if code not in DTYPES:
            return _foreign(type(value), f"dtype {value.dtype}")
        if value.ndim > MAX_RANK or max(value.shape, default=0) > MAX_SIDE:
            return _foreign(type(value), f"{value.ndim} axes")
        self.room -= value.nbytes
        if self.room < 0:
            raise MemoryError("the value is too large to send")
        order: Literal["C", "F"] = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        self.chunks.append(value.astype(code, copy=False).tobytes(order=order))
        return [label, code, list(value.shape), order]


# --- reading ---------------------------------------------------------------------------------------------


def lengths(prefix: bytes | bytearray, limit: int) -> int:
    """The number of bytes that follow the prefix, refused beyond `limit` before anything is allocated."""
    header, payload = PREFIX.unpack(prefix)
    if header > MAX_HEADER or header + payload > limit:
        raise WireError(f"a frame of {header + payload} bytes is larger than the {limit} allowed")
    count: int = header + payload
    return count


def decode(prefix: bytes | bytearray, body: bytes | bytearray) -> tuple[dict[str, Any], object]:
    """The message and the value of a frame. Raises `WireError` for anything else, whatever it is."""
    try:
        header_length, _ = PREFIX.unpack(prefix)
        header = json.loads(body[:header_length].decode("ascii"))
        if type(header) is not dict or set(header) != {"message", "value"}:
            raise WireError("the header has other fields than it should")
        if type(header["message"]) is not dict:
            raise WireError("the message is not an object")
        reader = _Reader(memoryview(body)[header_length:])
        value = reader.value(header["value"], 0)
        if reader.offset != len(reader.payload):
            raise WireError("bytes are left over")
        return header["message"], value
    except WireError:
        raise
    except Exception as error:  # hostile input found a way not thought of: still a breach, never a crash
        raise WireError(f"the frame cannot be read ({type(error).__name__})") from None


def printable(text: str) -> str:
    """The text without control characters, escape sequences and half characters."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


class _Reader:
    def __init__(self, payload: memoryview):
        self.payload = payload
        self.offset = 0
        self.nodes = 0

    def value(self, node: object, depth: int) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH or type(node) is not list or not node:
            raise WireError("a value is nested too deeply, too long or not a value")
        label, *fields = node
        match label, fields:
            case "none", []:
                return None
            case "bool", [bool(flag)]:
                return flag
            case "int", [str(text)] if len(text) <= MAX_INT_BITS:
                return int(text)
            case "float", [str(text)] if len(text) <= 40:
                return float.fromhex(text)
            case "str", [str(text)] if len(text) <= MAX_TEXT:
                return text
            case "list", [list(items)]:
                return [self.value(item, depth + 1) for item in items]
            case "tuple", [list(items)]:
                return tuple(self.value(item, depth + 1) for item in items)
            case "foreign", [str(name), str(detail)] if len(name) <= MAX_NAME and len(detail) <= MAX_NAME:
                return Foreign(printable(name), printable(detail))
            case "generator", [str(state), str(increment)] if max(len(state), len(increment)) <= MAX_INT_BITS:
                return _generator(int(state), int(increment))
            case "array", [str(code), list(shape), str(order)]:
                return self.array(code, shape, order)
            case "scalar", [str(code), [], str(order)]:
                return self.array(code, [], order)[()]
        raise WireError("a value is of no known kind")

    def array(self, code: str, shape: list[object], order: str) -> np.ndarray:
        if code not in DTYPES or order not in ("C", "F") or len(shape) > MAX_RANK:
            raise WireError("an array has a dtype, an order or a rank that is not allowed")
        sides = [side for side in shape if type(side) is int and 0 <= side <= MAX_SIDE]
        if len(sides) < len(shape):
            raise WireError("an array has an impossible shape")
        dtype = np.dtype(code)
        end = self.offset + math.prod(sides) * dtype.itemsize
        if end > len(self.payload):
            raise WireError("an array is longer than its bytes")
        flat = np.frombuffer(self.payload[self.offset : end], dtype=dtype)
        if dtype.kind == "b":  # any byte may stand for a bool; NumPy relies on 0 and 1
            flat = np.frombuffer(self.payload[self.offset : end], dtype=np.uint8) != 0
        self.offset = end
        layout: Literal["C", "F"] = "F" if order == "F" else "C"
        return flat.reshape(sides, order=layout).copy(order=layout)
