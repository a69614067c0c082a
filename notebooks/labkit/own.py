"""The student's own functions, taken from the assignment notebook; a stand-in until they are right."""

import ast
import io
import linecache
import os
import re
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np

from notebooks.labkit.standin import conv2d as stand_in

FUNCTIONS = (
    *("apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d"),
    *("flatten_filters", "extract_patches", "conv2d_matmul", "conv2d_gradients"),
)
PLACES = ("../assignment/conv2d/conv2d.ipynb", "assignment/conv2d/conv2d.ipynb", "conv2d/conv2d.ipynb")
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)

# conv2d must be right on these before a lab uses it: shapes of inputs and filters, strides, padding.
TINY_CASES = (
    ((1, 5, 7, 2), (2, 3, 2, 3), [1, 2, 1, 1], "VALID"),
    ((2, 6, 7, 3), (5, 5, 3, 2), [1, 2, 2, 1], "SAME"),
)


class NotUsable(Exception):
    """The student's function cannot be used; the message tells the student why, in a sentence."""


def own_functions(notebook=None):
    """Return the functions of the student's assignment notebook, as attributes of one object.

    The notebook is `notebook`, else the one that the environment variable CONV2D_NOTEBOOK names, else
    the first of PLACES that exists. `conv2d` is always there: the student's own when it is right on
    TINY_CASES, else a stand-in. One printed line says which of the two it is, and why.
    """
    functions = {}
    try:
        path = find(notebook)
        functions, errors = run_definitions(read_cells(path), path.name)
        check_conv2d(functions.get("conv2d"), errors.get("conv2d"))
        print(f"conv2d: your own, from {path}")
    except NotUsable as reason:
        functions["conv2d"] = stand_in
        print(f"conv2d: a stand-in works here until yours is right. {reason}")
    return SimpleNamespace(**functions)


def find(notebook=None):
    """Return the path of the assignment notebook."""
    named = notebook or os.environ.get("CONV2D_NOTEBOOK")
    for place in [named] if named else PLACES:
        if Path(place).is_file():
            return Path(place)
    if named:
        raise NotUsable(f"There is no notebook at {named}.")
    raise NotUsable("No conv2d.ipynb was found; set CONV2D_NOTEBOOK to the path of yours.")


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


def check_conv2d(conv2d, cell_error=None):
    """Raise NotUsable where `conv2d` is missing (`cell_error` says why) or wrong on TINY_CASES."""
    if conv2d is None:
        raise NotUsable(
            f"Your cell stops with {one_line(cell_error)}." if cell_error else "Your notebook has none."
        )
    for input_shape, filter_shape, strides, padding in TINY_CASES:
        random = np.random.default_rng(2)
        inputs = random.integers(-9, 10, input_shape).astype(float)
        filters = random.integers(-9, 10, filter_shape).astype(float)
        expected = stand_in(inputs, filters, strides, padding)
        case = f"for {input_shape} images, {filter_shape} filters, strides {strides}, {padding}"
        try:
            with redirect_stdout(io.StringIO()):
                found = np.asarray(conv2d(inputs, filters, strides, padding), dtype=float)
        except NotImplementedError:
            raise NotUsable("Yours, or a function that it calls, is not written yet.") from None
        except (Exception, SystemExit) as error:
            raise NotUsable(f"Yours stops with {one_line(error)} {case}.") from None
        if found.shape != expected.shape:
            raise NotUsable(f"Yours returns the shape {found.shape}, not {expected.shape}, {case}.")
        if not np.allclose(found, expected, atol=0.01):
            raise NotUsable(f"Yours returns wrong numbers {case}.")


def one_line(error, length=120):
    """Return an error as a short line: its type, and its message where it has one."""
    text = f"{type(error).__name__}: {error}".strip(": \n")
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
