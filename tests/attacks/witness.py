"""Another student's submission, graded before and after each attack: right in one function, and it looks around.

In place of `pad` it tells a fingerprint of what it sees: files, modules, names in them, environment. Never imported.
"""

import builtins
import hashlib
import os
import sys

import numpy as np


def flatten_filters(filters):
    return np.ascontiguousarray(filters).reshape(-1, filters.shape[-1])


def seen(folder):
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        return error.errno


def pad(image, rows, columns):
    found = [seen(folder) for folder in (".", "/", "/tmp", "/dev/shm", "/packages", "/sandbox", sys.path[0])]
    found += [sorted(sys.modules), len(sys.path), sorted(os.environ), sys.getrecursionlimit()]
    found += [[(name, type(value).__name__) for name, value in sorted(vars(module).items())]
              for module in (builtins, np, os, sys.modules["wire"])]  # fmt: skip
    raise NotImplementedError("fingerprint " + hashlib.sha256(repr(found).encode()).hexdigest())
