"""Writes modules in the names of the runtime's own, and files outside its folder, by magics."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"
MODULES = (
    "numpy",
    "wire",
    "worker",
    "json",
    "cells",
    "ast",
    "encodings",
    "sitecustomize",
    "usercustomize",
    "checks",
    "re",
)
PLACES = (
    "/sandbox/worker.py",
    "/packages/numpy/__init__.py",
    "../../outside",
    "{submission}/owned",
    "{home}",
    "/dev/null/x",
)


def submit(submitted, targets):
    modules = [f"%%writefile {name}.py\nraise SystemExit" for name in MODULES]
    places = [f"%%writefile {place.format(**targets)}\nowned" for place in PLACES]
    runs = ["%run {home}".format(**targets), "%run /etc/passwd", "%%writefile\nx", "%%writefile -a\nx"]
    reloads = "import importlib, json, re, numpy\nfor m in (json, re): importlib.reload(m)"
    hand_in(submitted, with_code(*modules, *places, *runs, reloads, source=FUNCTION))
