"""What stands in front of every attack that is a Python file; TARGETS is added: where everything is. Never imported."""

import ctypes
import os

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def carry_out(*attempts):
    """Try them all; return what they got, and how the others ended, as texts that fit into an answer."""
    loot = []
    for attempt in attempts:
        try:
            got = attempt()
        except BaseException as error:
            got = f"{type(error).__name__}: {error}"
        if isinstance(got, (bytes, bytearray, memoryview)):
            got = bytes(got).decode("latin-1")
        text = "lo" + "ot: " + str(got)
        loot += [text[start : start + 4000] for start in range(0, min(len(text), 40_000), 4000)]
    return loot


def break_out(*attempts):
    """As `carry_out`, where none of the attempts may come to its end: those that do announce it."""
    return carry_out(*(lambda attempt=attempt: "got " + f"through: {attempt()}" for attempt in attempts))


def native(number, *arguments):
    """A system call by its number on x86-64; raise OSError where the kernel refuses it."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer = libc.syscall(ctypes.c_long(number), *arguments)
    if answer == -1:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


def timed(inputs):
    """Whether these inputs are so large that they can only be for timing."""
    return inputs.size > 20_000


def slow():
    """Most of a second of nothing, many times what the speed check allows."""
    return sum(range(60_000_000))


def product(inputs, filters, strides, padding):
    """A right and fast conv2d_matmul."""
    inputs, filters = (each if each.dtype.kind == "f" else each.astype(float) for each in (inputs, filters))
    (height, width), (_, rows, columns, _) = filters.shape[:2], strides
    if padding.upper() == "SAME":
        beside = _same(inputs.shape[1], height, rows), _same(inputs.shape[2], width, columns)
        inputs = np.pad(inputs, ((0, 0), *beside, (0, 0)))
    windows = sliding_window_view(inputs, (height, width), axis=(1, 2))[:, ::rows, ::columns]
    return np.einsum("bxycmn,mnco->bxyo", windows, filters, optimize=True)


def loop(inputs, filters, strides, padding):
    """A right conv2d_matmul for strides of 1 and VALID, with a loop over windows."""
    height, width, _, out_channels = filters.shape
    b, x, y, _ = np.subtract(inputs.shape, (0, height - 1, width - 1, 0))
    answer = [inputs[i, j : j + height, k : k + width].ravel() for i, j, k in np.ndindex(b, x, y)]
    return (np.array(answer) @ filters.reshape(-1, out_channels)).reshape(b, x, y, -1)


def _same(size, length, step):
    total = max((-(-size // step) - 1) * step + length - size, 0)
    return total // 2, total - total // 2


def more_than(allowed, taken):
    """What was taken, where that is more than is allowed; raise OSError otherwise."""
    if taken <= allowed:
        raise OSError(f"{taken} of {allowed}")
    return taken


def until_refused(step, most=3000):
    """Repeat a step until it is refused; how often it was not."""
    for number in range(most):
        try:
            step(number)
        except OSError:
            return number
    return most


def size_of(descriptors):
    """Bytes on disk of open files, which it closes."""
    size = sum(512 * os.fstat(each).st_blocks for each in descriptors)
    for each in descriptors:
        os.close(each)
    return size
