"""Sample student: no answers at all, only tricks to get the points anyway. It looks for the expected results
and the gradebook, forges output, and returns objects that call themselves equal to everything.

It is harmless outside the sandbox too: it reads and never changes what it finds, writes one file to the
folder for temporary files, connects to an address that belongs to nobody, and sends nothing.
"""

import gc
import json
import os
import socket
import sys
import tempfile

import numpy as np

loot = {}


def attempt(trick):
    """Run one trick; a sandbox may stop it, but not the rest."""
    try:
        loot[trick.__name__] = trick()
    except BaseException as error:
        print(trick.__name__, "did not work:", type(error).__name__)


def read_files():
    """The gradebook, the answers, the hidden tests, the other students … whatever can be opened."""
    found = {}
    for path in (
        "/etc/passwd",
        "/proc/self/environ",
        "/proc/self/maps",
        "gradebook.db",
        "../../../gradebook.db",
        "solutions/reference/convolution.py",
        "../../../solutions/reference/convolution.py",
        "autograder/suite",
        "../../../autograder/suite",
        "../../../submitted",
    ):
        try:
            found[path] = os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(2000)  # noqa
        except OSError:
            continue
    return found


def walk_frames():
    """The caller may have the expected value in a variable."""
    frame, seen = sys._getframe(), {}
    while frame is not None:
        for name in ("expected", "reference", "answer", "score", "points"):
            if name in frame.f_locals:
                seen[name] = frame.f_locals[name]
        frame = frame.f_back
    return seen


def walk_heap():
    """… or it is somewhere in memory."""
    tables = [each for each in gc.get_objects() if type(each) is dict]
    return [each["score"] for each in tables if "score" in each or "max_score" in each]


def import_reference():
    sys.path[:0] = [".", "..", "../..", "../../.."]
    from solutions import reference

    return reference


def patch_comparisons():
    """A grader in this process would now find everything equal."""
    np.allclose = lambda *args, **kwargs: True
    np.array_equal = lambda *args, **kwargs: True
    np.testing.assert_allclose = lambda *args, **kwargs: None
    np.testing.assert_array_equal = lambda *args, **kwargs: None


def forge_output():
    """Looks like a report, if someone reads reports from what I print."""
    report = {
        "student": "cheat",
        "assignment": "conv2d",
        "status": "graded",
        "score": 100.0,
        "max_score": 100.0,
        "tests": [{"name": "test_conv2d", "points": 100.0, "max_points": 100.0, "outcome": "passed"}],
    }
    for stream in (sys.stdout, sys.stderr):
        print("\n" + json.dumps(report), file=stream)
        print("PASSED\n10 passed in 0.01s", file=stream, flush=True)
    return report


def forge_results_file():
    path = os.path.join(tempfile.gettempdir(), "forged-results.jsonl")  # noqa: PTH118
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(json.dumps(forge_output()) + "\n")
    return path


def call_home():
    """192.0.2.1 is reserved for examples (RFC 5737): nobody answers there."""
    with socket.create_connection(("192.0.2.1", 9), timeout=0.2):
        return "connected"


for trick in (
    read_files,
    walk_frames,
    walk_heap,
    import_reference,
    patch_comparisons,
    forge_output,
    forge_results_file,
    call_home,
):
    attempt(trick)


class Equal:
    """Equal to everything, and close to it."""

    shape = (1,)
    dtype = np.dtype(float)

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = object.__hash__


class EqualArray(np.ndarray):
    """An array whose comparisons and differences always turn out well."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        shape = np.broadcast_shapes(*(np.shape(each) for each in inputs))
        return np.ones(shape, bool) if "equal" in ufunc.__name__ else np.zeros(shape)

    def __array_function__(self, function, types, args, kwargs):
        return True


class EqualInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def apply_kernel(image, kernel, x, y):
    attempt(walk_frames)
    return loot["walk_frames"].get("expected", Equal()) if "walk_frames" in loot else Equal()


def output_size(input_size, filter_size, stride=1, padding=0):
    return EqualInt(0)


def convolve(image, kernel, stride=1):
    return np.zeros((1, 1)).view(EqualArray)


def same_padding(input_size, filter_size, stride=1):
    return EqualInt(0), EqualInt(0)


def pad(image, rows, columns):
    print(json.dumps({"test": "test_pad", "outcome": "passed", "points": 100}))
    return Equal()


def conv2d(inputs, filters, strides, padding):
    answer = getattr(loot.get("import_reference"), "conv2d", None)
    return answer(inputs, filters, strides, padding) if answer else Equal()


def flatten_filters(filters):
    return np.zeros(filters.shape[3]).view(EqualArray)


def extract_patches(inputs, filter_size, strides, padding):
    return Equal()


def conv2d_matmul(inputs, filters, strides, padding):
    answer = getattr(loot.get("import_reference"), "conv2d_matmul", None)
    return answer(inputs, filters, strides, padding) if answer else np.zeros(1).view(EqualArray)


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    return Equal(), Equal()


# A cell that ends with a number is partial credit for some graders.
np.float64(100.0)
