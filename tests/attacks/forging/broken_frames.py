"""Sends frames that no encoder writes: odd dtypes, negative shapes, huge lengths, pickles."""

import itertools
import json
import struct
import sys

HONEST = 0.0

wire = sys.modules["wire"]
VALUES = itertools.cycle([
    ["array", "|O", [1], "C"], ["array", "<f8", [-1], "C"], ["array", "<f8", [1 << 62, 4], "C"],
    ["array", "<f8", [1e9], "C"], ["array", ["<f8"], [1], "C"], ["array", "<f8", [[1]], "C"],
    ["scalar", "<M8[s]", [], "C"], ["int", "9" * 600], ["float", "nan(0x1)"], ["tuple", [["tuple"] * 9]],
    ["foreign", "x" * 101, ""], ["pickle", "gASVCgAAAA=="], [], None, 5, {"a": 1}, [["none"]], ["none", 1],
])  # fmt: skip


def encode(message, value=None, limit=0):
    header = json.dumps({"message": {**message, "status": "done"}, "value": next(VALUES)}).encode()
    return struct.pack("<II", len(header), 0) + header


wire.encode = encode


def conv2d(inputs, filters, strides, padding):
    return inputs


def convolve(image, kernel, stride=1):
    return image


def extract_patches(inputs, filter_size, strides, padding):
    return inputs


def flatten_filters(filters):
    return filters
