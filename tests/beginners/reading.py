"""What a student reads who runs the check of a program in the notebook."""

import contextlib
import io
import linecache
import re
from functools import partial
from pathlib import Path

import numpy as np

from solutions.source.conv2d import checks

from .programs import RIGHT, Program, programs

MESSAGES = Path(__file__).parent / "messages.txt"
SOON = 0.3  # seconds after which a call counts as endless here


def read(program: Program) -> str:
    """The message of the program's first check that fails, or the line that says that all pass."""
    notebook: dict[str, object] = {"np": np}
    for function, source in (RIGHT | {program.function: program.source}).items():
        cell = f"<cell of {function}>"
        # So that a traceback finds the lines, as IPython does it for its cells.
        linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
        exec(compile(source, cell, "exec"), notebook)
    said = io.StringIO()
    limit, checks.time_limit = checks.time_limit, partial(checks.time_limit, SOON)
    try:
        with contextlib.redirect_stdout(said):
            checks.check(program.function, notebook[program.function])
    except checks.CheckFailed as failed:
        return same_in_every_python(str(failed))
    finally:
        checks.time_limit = limit
    return said.getvalue().strip()


def same_in_every_python(message: str) -> str:
    """Without what differs: a count, and the line at which the stack was full, which depends on its depth before."""
    message = re.sub(r"(recursion depth exceeded)[^\n]*(\n  in \w+, line) [^\n]*", r"\1\2 …", message)
    return re.sub(r"\(expected (\d+), got \d+\)", r"(expected \1)", message)


def all_messages() -> str:
    """Every program's mistake with what is read, as `messages.txt` has it."""
    return "\n".join(f"=== {each.function}: {each.mistake}\n{read(each)}\n" for each in programs())
