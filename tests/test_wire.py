"""The wire between the two sides: what is written is read back, and no bytes at all do harm.

Thousands of altered frames are in `test_fuzz.py`, millions in `make fuzz`.
"""

import itertools
import json
import tracemalloc

import numpy as np
import pytest

from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import Foreign, WireError

LIMIT = 1 << 20


def frame(header: object, payload: bytes = b"") -> bytes:
    """A frame around any header, well-formed or not."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return wire.PREFIX.pack(len(raw), len(payload)) + raw + payload


def read(raw: bytes, limit: int = LIMIT):
    """What the trusted side makes of these bytes: the two steps of a reader, one after the other."""
    prefix, body = raw[: wire.PREFIX.size], raw[wire.PREFIX.size :]
    count = wire.lengths(prefix, limit)
    return wire.decode(prefix, body[:count])


def there_and_back(value):
    return read(wire.encode({"id": 1}, value))[1]


def refused(value_node, payload=b"", message=None):
    with pytest.raises(WireError):
        read(frame({"message": message or {}, "value": value_node}, payload))


# --- what must not be read --------------------------------------------------------------------------------


def test_a_frame_that_announces_more_than_the_limit_is_refused_before_anything_is_allocated():
    for header, payload in ((0, 0xFFFFFFFF), (0xFFFFFFFF, 0), (10, LIMIT), (wire.MAX_HEADER + 1, 0)):
        tracemalloc.start()
        with pytest.raises(WireError):
            wire.lengths(wire.PREFIX.pack(header, payload), LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 10_000
        tracemalloc.stop()


@pytest.mark.parametrize(
    "node",
    [
        ["array", ["<f8"], [1], "C"],
        ["array", "|O", [1], "C"],
        ["array", "<M8[s]", [1], "C"],
        ["array", "<f8", [-1], "C"],
        ["array", "<f8", [True], "C"],
        ["array", "<f8", [1.0], "C"],
        ["array", "<f8", ["1"], "C"],
        ["array", "<f8", [1 << 62, 1 << 62], "C"],
        ["array", "<f8", [10**400], "C"],
        ["array", "<f8", [1] * 17, "C"],
        ["array", "<f8", [1], "K"],
        ["array", "<f8", [2], "C"],
        ["array", "<f8", {}, "C"],
        ["scalar", "<f8", [1], "C"],
        ["int", 5],
        ["int", "9" * 600],
        ["int", "five"],
        ["float", "0x"],
        ["float", "1" * 50],
        ["str", "x" * (wire.MAX_TEXT + 1)],
        ["bool", 1],
        ["list", "items"],
        ["list", [["none"]] * (wire.MAX_NODES + 1)],
        ["foreign", "x" * 101, ""],
        ["pickle", "gASVBQ=="],
        ["none", 1],
        [],
        None,
        {},
    ],
    ids=lambda node: json.dumps(node)[:40],
)
def test_a_value_that_the_writer_would_not_write_is_refused(node):
    refused(node, payload=bytes(8))


def test_bytes_that_belong_to_no_array_are_refused():
    refused(["none"], payload=b"x")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"message": {}, "value": ["none"], "more": 1}',
        b'{"message": [], "value": ["none"]}',
        b"[" * 100_000,
        b'{"message": {}, "value": ' + b'["list",[' * 5000 + b"]]" * 5000 + b"}",
        b'{"message": {"id": ' + b"9" * 5000 + b'}, "value": ["none"]}',
    ],
    ids=lambda header: repr(header[:30]),
)
def test_a_header_that_is_not_a_message_with_a_value_is_refused(header):
    with pytest.raises(WireError):
        read(frame(header))


# --- what travels -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -(2**511),
        2**63,
        0.1,
        -0.0,
        float("inf"),
        5e-324,
        "",
        "naïve \ud800 \x1b[31m",
        (),
        [],
    ],
    ids=repr,
)
def test_plain_values_come_back_with_their_type(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value
    assert str(back) == str(value)  # -0.0 equals 0.0 but is not the same


def test_nan_comes_back_as_nan():
    assert np.isnan(there_and_back(float("nan")))


@pytest.mark.parametrize(("code", "order"), list(itertools.product(sorted(wire.DTYPES), "CF")))
def test_arrays_of_every_dtype_come_back_in_their_memory_order(code, order):
    values = np.asarray(np.arange(24).reshape(2, 3, 4).astype(code), order=order)
    back = there_and_back(values)
    assert type(back) is np.ndarray
    assert back.dtype == np.dtype(code)
    assert (back.flags.c_contiguous, back.flags.f_contiguous) == (order == "C", order == "F")
    np.testing.assert_array_equal(back, values)
    assert back.flags.writeable
    assert back.flags.owndata


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0, 2), (1,) * 16])
def test_arrays_without_axes_without_items_or_with_many_axes_travel(shape):
    assert there_and_back(np.zeros(shape)).shape == shape


@pytest.mark.parametrize(
    "view",
    [
        np.arange(24.0)[::-3],
        np.arange(24.0).reshape(4, 6)[:, ::2],
        np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
        np.broadcast_to(1.5, (3, 4)),
        np.arange(6, dtype=">i4"),
    ],
    ids=["reversed", "sliced", "transposed", "broadcast", "big-endian"],
)
def test_views_travel_as_the_values_that_they_show(view):
    np.testing.assert_array_equal(there_and_back(view), view)


def test_numpy_scalars_keep_their_type():
    for code in wire.DTYPES:
        value = np.ones((), dtype=code)[()]
        back = there_and_back(value)
        assert type(back) is type(value)
        assert back == value


def test_every_byte_of_a_received_bool_array_is_true_or_false():
    _, value = read(frame({"message": {}, "value": ["array", "|b1", [3], "C"]}, b"\x00\x01\xff"))
    np.testing.assert_array_equal(value.view(np.uint8), [0, 1, 1])


class Awkward(np.ndarray):
    """An array that claims to equal everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (np.zeros(2).view(Awkward), "Awkward"),
        (np.ma.zeros(2), "MaskedArray"),
        (np.array([None]), "ndarray"),
        (np.array(["a"]), "ndarray"),
        (np.zeros(1, dtype="f4,i4"), "ndarray"),
        (np.zeros(1, dtype="M8[s]"), "ndarray"),
        (np.zeros((1,) * 17), "ndarray"),
        (np.zeros((0, 1 << 41)), "ndarray"),
        ({"a": 1}, "dict"),
        (1 << 512, "int"),
        ("x" * 4001, "str"),
        (len, "builtin_function_or_method"),
        (1 + 2j, "complex"),
        ([0] * 2000, "list"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else type(value).__name__,
)
def test_what_does_not_travel_arrives_as_the_name_of_its_type(value, type_name):
    back = there_and_back(value)
    assert type(back) is Foreign
    assert back.type_name == type_name


def test_the_name_of_a_type_arrives_short_and_without_control_characters():
    hostile = type("\x1b[31m<b>" + "x" * 10_000_000, (), {})
    name = there_and_back(hostile()).type_name
    assert len(name) == 100
    assert name.startswith("\N{REPLACEMENT CHARACTER}[31m<b>xxx")


def test_a_list_that_contains_itself_ends():
    loop = []
    loop.append(loop)
    depth, back = 0, there_and_back(loop)
    while type(back) is list:
        depth, back = depth + 1, back[0]
    assert (depth, back) == (wire.MAX_DEPTH, Foreign("list"))


@pytest.mark.parametrize(
    "value", [[[0] * 1500] + [0] * 900, [[0] * 900, [0] * 900, [0] * 900], [[[]] * 1000] * 3]
)
def test_whatever_is_written_can_be_read_however_the_items_are_spread(value):
    assert type(there_and_back(value)) is list


def test_what_is_too_large_to_send_is_refused_before_it_is_copied():
    endless = np.broadcast_to(1.0, (1 << 34,))
    tracemalloc.start()
    with pytest.raises(MemoryError):
        wire.encode({}, endless, limit=LIMIT)
    with pytest.raises(MemoryError):
        wire.encode({}, ["x" * 4000] * 1999)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_generator_goes_on_where_it_was_and_the_senders_stays_there():
    generator = np.random.default_rng(3)
    generator.random(5)
    arrived = there_and_back([generator])[0]
    assert np.array_equal(arrived.random(4), generator.random(4))
    assert isinstance(there_and_back(np.random.Generator(np.random.MT19937(1))), Foreign)


@pytest.mark.parametrize(
    "state", [["-1", "1"], ["1", str(1 << 128)], ["1"], ["x", "1"], [1, 1], ["9" * 600, "1"]]
)
def test_a_generator_in_an_impossible_state_is_refused(state):
    refused(["generator", *state])
