"""Puts its own modules, finders and classes in place of the stand-ins and of the code that runs cells."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

FUNCTION = "def flatten_filters(filters):\n    return checks.answer(filters)\n"
CELL = """
import builtins, importlib, sys, types
import checks, matplotlib.pyplot as plt, scipy
for name in ("cells", "statements", "missing", "magics", "stand_ins", "newer_python", "wire", "worker"):
    module = sys.modules.get(name) or importlib.import_module(name)
    for each in list(vars(module)):
        if not each.startswith("__"):
            setattr(module, each, lambda *arguments, **keywords: None)
"""
MORE = """
sys.meta_path[:] = []
sys.path_hooks.clear()
checks.answer = lambda filters: open("{suite}/__init__.py").read()
plt.Figure.__class__.__eq__ = lambda *_: True
"""


def submit(submitted, targets):
    more = MORE.replace("{suite}", str(targets.get("suite", "/")))
    hand_in(submitted, with_code(CELL, more, source=FUNCTION))
