"""Changes the Python and the NumPy that the next student's worker starts with, on disk and in memory."""

import builtins
import importlib.util
import os
import sys

HONEST = 0.0

for module in (builtins, sys, os, np, sys.modules["wire"], sys.modules["stand_ins"]):
    module.left_behind = True
np.zeros = np.pad = None
os.environ["LEFT_BEHIND"] = "1"


def flatten_filters(filters):
    def rewrite(file):
        with os.fdopen(os.open(file, os.O_RDWR), "r+b") as opened:
            return opened.name  # open for writing: that is enough to know

    def compiled(file):
        path = importlib.util.cache_from_source(file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT)

    files = [np.__file__, os.__file__, sys.modules["wire"].__file__, sys.executable]
    return break_out(*(lambda file=file, way=way: way(file) for file in files for way in (rewrite, compiled)))


def conv2d_gradients(inputs, filters, strides, padding, upstream):
    builtins.open = builtins.print = builtins.len = None
    sys.setrecursionlimit(50)
    sys.path[:] = []
    os.environ.clear()
    return ()
