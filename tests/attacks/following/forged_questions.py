"""Asks in the name of its stand-in for functions that it was not given, with names and values that no honest code sends."""

import sys

import numpy as np

HONEST = 0.0


def same_padding(input_size, filter_size, stride=1):
    return 0, 0


def trusted():
    frame = sys._getframe()
    while "untrusted" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["untrusted"].trusted


def conv2d(inputs, filters, strides, padding):
    return trusted()._ask("conv2d", (inputs, filters, strides, padding), {})


def conv2d_matmul(inputs, filters, strides, padding):
    side = trusted()
    side.request += 1
    return side._ask("same_padding", (5, 3), {})


def extract_patches(inputs, filter_size, strides, padding):
    import os

    import lockdown
    import wire

    side = trusted()
    for status, function, value in (
        ("asks", ["same_padding"], [[5, 3], []]),
        ("asks", "same_padding", {"not": "a pair"}),
        ("asks", "same_padding", [[5, 3], [["cpu_seconds", 1e9]]]),
        ("asks", "__init__", [[], []]),
        ("done", "same_padding", None),
    ):
        question = {"id": side.request, "status": status, "function": function}
        os.write(lockdown.REPLIES, wire.encode(question, value))
    return np.zeros((1, 1, 1, 1))


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    for given in ({"cpu_seconds": 1e9}, {"function": "conv2d"}, {"answering": None}, {"self": 0}, {"": 0}):
        try:
            same_padding(5, 3, **given)
        except TypeError:
            pass
    return trusted()._ask("conv2d_gradients", (inputs, filters, strides, padding, upstream), {})
