"""The student's own functions, taken from the assignment notebook; a stand-in for each that is not right yet."""

import ast
import importlib.util
import io
import linecache
import os
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np

from notebooks.labkit import standin

FUNCTIONS = (
    *("apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d"),
    *("flatten_filters", "extract_patches", "conv2d_matmul", "conv2d_gradients"),
)
INSTEAD = "a stand-in works here until yours is right."
PLACES = ("../assignment/conv2d/conv2d.ipynb", "assignment/conv2d/conv2d.ipynb", "conv2d/conv2d.ipynb")
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class NotUsable(Exception):
    """A student's function cannot be used; the message tells the student why, in a sentence."""


def own_functions(*names, notebook=None):
    """Return the functions `names` of the student's assignment notebook, as attributes of one object.

    The notebook is `notebook`, else the one that the environment variable CONV2D_NOTEBOOK names, else
    the first of PLACES that exists. A function is the student's own when it passes the assignment's visible
    checks (checks.py, which lies beside the notebook), else a stand-in. Printed lines say which of the two
    each one is, and why. ValueError for a name that is not one of FUNCTIONS.
    """
    if unknown := [name for name in names if name not in FUNCTIONS]:
        raise ValueError(f"{unknown[0]!r} is not a function of the assignment; those are {FUNCTIONS}.")
    chosen, own, reasons = {}, [], {}
    try:
        path = find(notebook)
        functions, errors = run_definitions(read_cells(path), path.name)
        checks = load_checks(path)
    except NotUsable as reason:
        print(f"{', '.join(names)}: {INSTEAD} {reason}")
        return SimpleNamespace(**{name: getattr(standin, name) for name in names})
    for name in names:
        try:
            chosen[name] = checked(name, functions.get(name), errors.get(name), checks)
            own.append(name)
        except NotUsable as reason:
            chosen[name] = getattr(standin, name)
            reasons.setdefault(str(reason), []).append(name)
    for reason, affected in reasons.items():
        print(f"{', '.join(affected)}: {INSTEAD} {reason}")
    if own:
        print(f"{', '.join(own)}: your own, from {path}")
    return SimpleNamespace(**chosen)


def find(notebook=None):
    """Return the path of the assignment notebook."""
    named = notebook or os.environ.get("CONV2D_NOTEBOOK")
    for place in [named] if named else PLACES:
        if Path(place).is_file():
            return Path(place)
    if named:
        raise NotUsable(f"There is no notebook at {named}.")
    raise NotUsable("No conv2d.ipynb was found; set CONV2D_NOTEBOOK to the path of yours.")


def load_checks(notebook):
    """Return the assignment's module `checks`, from beside the notebook or from where the kit has it."""
    beside = [Path(place).with_name("checks.py") for place in (notebook, *PLACES)]
    path = next((place for place in beside if place.is_file()), None)
    if path is None:
        raise NotUsable(f"There is no checks.py beside {notebook}; copy the assignment's there.")
    spec = importlib.util.spec_from_file_location("conv2d_checks", path)
    checks = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = checks  # its dataclasses look their module up
    try:
        spec.loader.exec_module(checks)
    except Exception as error:  # an edited file must not stop the lab
        raise NotUsable(f"{path} stops with {one_line(error)}; get the assignment's again.") from None
    return checks


def read_cells(path):
    """Return (function that the cell is for, or None; source without magics) of each code cell."""
    try:
        cells = nbformat.read(path, as_version=4).cells
        code = [(cell, re.sub(r"(?m)^[%!].*", "", cell.source)) for cell in cells if cell.cell_type == "code"]
        return [(function_of(cell, source), source) for cell, source in code]
    except Exception as error:  # whatever is wrong with the file, the lab goes on
        raise NotUsable(f"{path} cannot be read as a notebook ({one_line(error)}).") from None


def function_of(cell, source):
    """Return which of FUNCTIONS a cell is for: by its grade_id, or by what it defines where that is lost."""
    mark = cell.metadata.get("nbgrader", {})
    candidates = [mark.get("grade_id")] if mark.get("solution") else re.findall(r"(?m)^def (\w+)", source)
    return next((name for name in candidates if name in FUNCTIONS), None)


def run_definitions(cells, filename):
    """Run the student's cells in one fresh namespace; return the functions, and the errors by function.

    A function's own cell is run whole, of every other cell the imports and definitions only: a function finds
    its helpers wherever the student put them, and no drawing or experiment runs. What fails does not stop the
    rest.
    """
    namespace, errors = {"np": np, "__name__": "conv2d_notebook"}, {}
    for number, (function, source) in enumerate(cells):
        place = f"<{filename}, code cell {number + 1}>"
        linecache.cache[place] = (len(source), None, source.splitlines(True), place)  # for tracebacks
        try:
            body = ast.parse(source).body
        except (SyntaxError, ValueError) as error:
            errors[function] = error
            continue
        definitions = [[part] for part in body if isinstance(part, DEFINITIONS)]
        for part in [body] if function else definitions:
            error = attempt(compile(ast.Module(part, []), place, "exec"), namespace)
            errors.update({function: error} if error else {})
    return {name: namespace[name] for name in FUNCTIONS if callable(namespace.get(name))}, errors


def attempt(code, namespace):
    """Run code without its output; return the exception that stopped it, or None."""
    try:
        with redirect_stdout(io.StringIO()):
            exec(code, namespace)
    except (Exception, SystemExit) as error:
        return error


def checked(name, function, cell_error, checks):
    """Return `function` if it passes all visible checks; else NotUsable says which one it does not, and why."""
    if function is None:
        raise NotUsable(
            f"Your cell stops with {one_line(cell_error)}." if cell_error else "Your notebook has none."
        )
    for case in checks.CASES[name]:
        try:
            with redirect_stdout(io.StringIO()):
                problem, _ = checks.examine(name, function, case)
        except SystemExit:
            raise NotUsable("Yours ends Python with SystemExit.") from None
        if problem is not None and problem.step == "not started":
            raise NotUsable("Yours, or a function that it calls, is not written yet.")
        if problem is not None:
            said = [line.strip() for line in problem.message.splitlines()[:2]]
            raise NotUsable(f'Its check "{case.title}" says: {shortened(" ".join(said))}')
    return function


def one_line(error):
    """Return an error as a short line: its type, and its message where it has one."""
    return shortened(f"{type(error).__name__}: {error}".strip(": \n"))


def shortened(text, length=160):
    """Return a text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
