"""Alters bytes and JSON at random: every change comes from one `random.Random`, so that it can be made again."""

import copy
import json
from random import Random

# What a reader may not have thought of.
HOSTILE = (
    None, True, False, 0, -1, 1 << 70, 10**400, 0.5, -0.0, float("nan"), float("inf"), "", "x", "\0", "\ud800",
    "\N{GRINNING FACE}", "x" * 5000, "../../etc/passwd", "<script>", "[bold]", "\x1b[31m", [], [[]], [None], {},
    {"": None}, {"a": {"a": []}}, "2026-02-30", "NaN", "code", "graded", "damaged",
)  # fmt: skip
JSON_BYTES = b'0123456789[]{}",:-.eE\\utfnls \n\0\xff'


def altered_bytes(chance: Random, raw: bytes) -> bytes:
    """The bytes with one to four changes: other ones, lost ones, new ones, a repeated or moved part, a torn end."""
    raw = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(raw) + 1)
        end = place + chance.choice((1, 1, 2, 4, 30))
        match chance.randrange(7):
            case 0:
                raw[place:end] = bytes([chance.randrange(256)])
            case 1:
                raw[place:end] = bytes([chance.choice(JSON_BYTES)])
            case 2:
                del raw[place:end]
            case 3:
                raw[place:place] = bytes(chance.choices(JSON_BYTES, k=2))
            case 4:
                raw[place:place] = raw[place:end] * chance.randint(1, 3)
            case 5:
                other = chance.randrange(len(raw) + 1)
                raw[other:other] = raw[place:end]
            case 6 if chance.random() < 0.2:
                del raw[place:]
    return bytes(raw)


def altered_json(chance: Random, value: object) -> object:
    """A copy of the JSON value with one to four changes somewhere in it."""
    root = [copy.deepcopy(value)]
    for _ in range(chance.randint(1, 4)):
        container, key = _somewhere(chance, root)
        match chance.randrange(6):
            case 0 | 1:
                container[key] = copy.deepcopy(chance.choice(HOSTILE))
            case 2 if container is not root:
                del container[key]
            case 3 if isinstance(container, list) and container is not root:
                container.insert(chance.randrange(len(container) + 1), copy.deepcopy(container[key]))
            case 4:
                container[key] = chance.choice(
                    ([container[key]], {"a": container[key]}, str(container[key])[:99])
                )
            case 5:  # a part of it elsewhere
                other, place = _somewhere(chance, root)
                container[key] = copy.deepcopy(other[place])
    return root[0]


def _somewhere(chance: Random, root: list) -> tuple[list | dict, int | str]:
    """A container and the key of one of its entries; deeper ones are as likely as shallow ones."""
    container, key = root, 0
    while (inner := container[key]) and isinstance(inner, (list, dict)) and chance.random() < 0.8:
        container = inner
        key = chance.choice(list(inner)) if isinstance(inner, dict) else chance.randrange(len(inner))
    return container, key


def dumped(value: object) -> bytes:
    """The value as JSON, with NaN and Infinity as Python writes them."""
    return json.dumps(value).encode()
