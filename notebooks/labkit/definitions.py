"""What a student's notebook defines: its cells, run in one fresh namespace."""

from __future__ import annotations

import ast
import io
import json
import linecache
import re
from collections.abc import Collection, Iterable
from contextlib import redirect_stdout
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from notebooks.labkit.words import one_line

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class NotUsable(Exception):
    """A student's function cannot be used; the message tells the student why, in a sentence."""


def read_cells(path: Path, names: Collection[str]) -> list[tuple[str | None, str]]:
    """Return (which of the functions `names` the cell is for, or None; source without magics) of each code cell."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [(cell, _without_magics(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
        return [(_function_of(cell, source, names), source) for cell, source in code]
    except Exception as error:  # whatever is wrong with the file, the lab goes on
        raise NotUsable(f"{path} cannot be read as a notebook ({one_line(error)}).") from None


def define(
    cells: Iterable[tuple[str | None, str]], filename: str
) -> tuple[dict[str, object], dict[str | None, BaseException]]:
    """Run a student's cells in one fresh namespace; return it, and what stopped a cell by the cell's function.

    A function's own cell is run whole, of every other cell the imports and definitions only: a function finds
    its helpers wherever the student put them, and no drawing or experiment runs. What fails does not stop the
    rest.
    """
    namespace, errors = {"np": np, "__name__": "student_notebook"}, {}
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
            error = _attempt(compile(ast.Module(part, []), place, "exec"), namespace)
            errors.update({function: error} if error else {})
    return namespace, errors


def _without_magics(source: str | list[str]) -> str:
    """A cell's text, which a notebook keeps whole or in lines."""
    return re.sub(r"(?m)^[%!].*", "", "".join(source))


def _function_of(cell: dict[str, Any], source: str, names: Collection[str]) -> str | None:
    """The function that a cell is for: by its grade_id, or by what it defines where that is lost."""
    mark = cell.get("metadata", {}).get("nbgrader", {})
    candidates = [mark.get("grade_id")] if mark.get("solution") else re.findall(r"(?m)^def (\w+)", source)
    return next((name for name in candidates if name in names), None)


def _attempt(code: CodeType, namespace: dict[str, object]) -> BaseException | None:
    """Run code without its output; return the exception that stopped it."""
    try:
        with redirect_stdout(io.StringIO()):
            exec(code, namespace)
    except (Exception, SystemExit) as error:
        return error
    return None
