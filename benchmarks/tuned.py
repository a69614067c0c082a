"""A benchmark's worker with another threshold of the engine: `python -m benchmarks.tuned NAME=VALUE MODULE …`.

Before anything imports the engine, the module `solutions.reference.engine.tuning` is made from its own text,
in which NAME has the other value; what the text calculates from NAME follows. Then MODULE runs with its
arguments.
"""

import ast
import runpy
import sys
import types
from pathlib import Path

TUNING = "solutions.reference.engine.tuning"
PATH = Path(__file__).resolve().parents[1] / "solutions" / "reference" / "engine" / "tuning.py"


def present_values() -> dict[str, float]:
    """Every threshold and its value."""
    return {name: value for name, value in vars(tuned({})).items() if name.isupper()}


def tuned(values: dict[str, str]) -> types.ModuleType:
    """The module of the thresholds, where some have other values, given as Python expressions."""
    tree = ast.parse(PATH.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            node.value = ast.parse(values[name], mode="eval").body if name in values else node.value
    module = types.ModuleType(TUNING)
    exec(compile(tree, str(PATH), "exec"), vars(module))
    return module


if __name__ == "__main__":
    name, _, value = sys.argv[1].partition("=")
    sys.modules[TUNING] = tuned({name: value})
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
