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
MAX_FLOAT = 40  # characters
MAX_FRAME = (1 << 32) - 1  # what a length in the prefix can say
UNKNOWN = "a value is of no known kind"
DTYPES = {
    dtype.str: dtype
    for code in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
    for dtype in [np.dtype(code).newbyteorder("<")]
}

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
    node = writer.node(value, 0)
    header = f'{{"message": {json.dumps(message)}, "value": {node}}}'.encode("ascii")
    if len(header) > min(MAX_HEADER, writer.room):
        raise MemoryError("the value is too large to send")
    payload = b"".join(writer.chunks)
    return PREFIX.pack(len(header), len(payload)) + header + payload


def _foreign(name: str, detail: str = "") -> str:
    return json.dumps(["foreign", name[:MAX_NAME], detail[:MAX_NAME]])


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


def memory_order(value: np.ndarray) -> Literal["C", "F"]:
    """The order in which an array's numbers travel, and lie in memory on the other side."""
    return "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"


class _Writer:
    def __init__(self, room: int):
        self.chunks: list[bytes] = []
        self.nodes = 1
        self.room = room  # bytes that arrays may still take

    def node(self, value: Any, depth: int) -> str:
        """The value's JSON. Written by hand: it takes a third of the time of building lists for `json.dumps`."""
        kind = type(value)  # exact types only: a subclass may behave in any way
        if kind is int and value.bit_length() <= MAX_INT_BITS:
            return f'["int", "{value}"]'
        if kind is np.ndarray:
            return self.array("array", value)
        if value is None:
            return '["none"]'
        if kind is bool:
            return '["bool", true]' if value else '["bool", false]'
        if kind is float:
            return f'["float", "{value.hex()}"]'
        if kind is str and len(value) <= MAX_TEXT:
            return f'["str", {json.dumps(value)}]'
        if (kind is list or kind is tuple) and self.has_room(len(value), depth):
            self.nodes += len(value)
            items = ", ".join([self.node(item, depth + 1) for item in value])
            return f'["{kind.__name__}", [{items}]]'
        if kind in SCALARS:
            return self.array("scalar", np.asarray(value))
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            return json.dumps(["generator", *_state(value)])
        if kind is Foreign:
            return _foreign(value.type_name, value.detail)
        return _foreign(kind.__name__)

    def has_room(self, items: int, depth: int) -> bool:
        return depth < MAX_DEPTH and self.nodes + items <= MAX_NODES

    def array(self, label: str, value: np.ndarray) -> str:
        code = value.dtype.str
        if code not in DTYPES:
            code = value.dtype.newbyteorder("<").str
            if code not in DTYPES:
                return _foreign("ndarray", f"dtype {value.dtype}")
            value = value.astype(code, order="K")
        shape = value.shape
        if len(shape) > MAX_RANK or max(shape, default=0) > MAX_SIDE:
            return _foreign("ndarray", f"{len(shape)} axes")
        self.room -= value.nbytes
        if self.room < 0:
            raise MemoryError("the value is too large to send")
        order = memory_order(value)
        self.chunks.append(value.tobytes(order=order))
        return f'["{label}", "{code}", {list(shape)}, "{order}"]'


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
    if text.isprintable():
        return text
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
        if len(node) != 2:
            return self.of_other_size(node)
        label, field = node
        kind = type(field)
        if kind is str:
            if label == "int" and len(field) <= MAX_INT_BITS:
                return int(field)
            if label == "str" and len(field) <= MAX_TEXT:
                return field
            if label == "float" and len(field) <= MAX_FLOAT:
                return float.fromhex(field)
        elif kind is list:
            if label == "list":
                return [self.value(item, depth + 1) for item in field]
            if label == "tuple":
                return tuple([self.value(item, depth + 1) for item in field])
        elif kind is bool and label == "bool":
            return field
        raise WireError(UNKNOWN)

    def of_other_size(self, node: list[Any]) -> object:
        """A value of several fields, or of none."""
        label, *fields = node
        kinds = [type(each) for each in fields]
        if label == "array" and kinds == [str, list, str]:
            return self.array(*fields)
        if label == "none" and not fields:
            return None
        if label == "scalar" and kinds == [str, list, str] and not fields[1]:
            return self.array(*fields)[()]
        if label == "generator" and kinds == [str, str] and max(map(len, fields)) <= MAX_INT_BITS:
            return _generator(int(fields[0]), int(fields[1]))
        if label == "foreign" and kinds == [str, str] and max(map(len, fields)) <= MAX_NAME:
            return Foreign(printable(fields[0]), printable(fields[1]))
        raise WireError(UNKNOWN)

    def array(self, code: str, shape: list[object], order: str) -> np.ndarray:
        if code not in DTYPES or order not in ("C", "F") or len(shape) > MAX_RANK:
            raise WireError("an array has a dtype, an order or a rank that is not allowed")
        sides = [side for side in shape if type(side) is int and 0 <= side <= MAX_SIDE]
        if len(sides) < len(shape):
            raise WireError("an array has an impossible shape")
        dtype = DTYPES[code]
        begin, count = self.offset, math.prod(sides)
        self.offset += count * dtype.itemsize
        if self.offset > len(self.payload):
            raise WireError("an array is longer than its bytes")
        flat = np.frombuffer(self.payload, dtype, count, begin) if count else np.empty(0, dtype)
        if dtype.kind == "b":  # any byte may stand for a bool; NumPy relies on 0 and 1
            flat = flat.view(np.uint8) != 0
        layout: Literal["C", "F"] = "F" if order == "F" else "C"
        return flat.reshape(sides, order=layout).copy(order=layout)
