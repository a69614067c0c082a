"""Looks in the text of a notebook's cells for what a report should point to. Nothing is parsed; every look takes linear time."""

import difflib
import re
from collections.abc import Iterable, Iterator

from autograder.grading.notebook import Cell

MOST_NAMES = 200  # that are compared with a misspelled one
LONGEST_LINE = 300  # characters of a line that are looked at where a pattern takes more than linear time
_DEFINITION = re.compile(r"^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)
_CLASS = re.compile(r"^class\b", re.MULTILINE)
_MAGIC = re.compile(r"\s*(%%\S{1,40})")


def defines(cell: Cell, function: str) -> bool:
    """Whether the cell's text has a definition of the function, at whatever depth."""
    return any(match[2] == function for match in _DEFINITION.finditer(cell.source))


def defining(cells: Iterable[Cell], function: str) -> list[Cell]:
    """The code cells that define the function at top level and are not below a cell magic."""
    return [
        cell
        for cell in cells
        if cell.kind == "code"
        and any(not match[1] and match[2] == function for match in _DEFINITION.finditer(cell.source))
    ]


def binds(cell: Cell, name: str) -> bool:
    """Whether the cell may give the name a value: assign, import or define it."""
    word = rf"(?<![\w.]){re.escape(name)}(?!\w)"
    pattern = re.compile(
        rf"[^#=]*{word}[^=(]*=(?!=)|[^#]*\bimport\b[^#]*{word}|[^#]*\b(?:def|class|for|as)[ \t]+{word}"
    )
    return name in cell.source and any(
        pattern.match(line[:LONGEST_LINE]) for line in cell.source.splitlines() if name in line[:LONGEST_LINE]
    )


def where_instead(function: str, cells: Iterable[Cell]) -> str:
    """Where a function stands that the program does not have, in a sentence with the cure; "" where nothing is found."""
    return next(_places(function, list(cells)), "")


def _places(function: str, cells: list[Cell]) -> Iterator[str]:
    for cell in cells:
        if not defines(cell, function):
            continue
        magic = _MAGIC.match(cell.source)
        if cell.kind != "code":
            yield f"It stands in {cell.label}, which is a text cell and is not run: turn it into a code cell."
        elif magic:
            yield f"It stands in {cell.label} below {magic[1]}, which is not run here as Python: remove that line."
        elif _is_method(cell.source, function):
            yield f"It stands in {cell.label} inside a class, as a method: define it by itself, without indentation."
        elif not defining([cell], function):
            yield (
                f"It stands in {cell.label} inside something else (a function or a condition): define it by itself, "
                "without indentation."
            )
    for cell in cells:
        if cell.kind == "code" and re.search(
            rf"^[ \t]*#.*\bdef[ \t]+{re.escape(function)}\b", cell.source, re.MULTILINE
        ):
            yield f"It stands in {cell.label}, but as a comment (#)."
    if similar := _similar(function, cells):
        yield f"There is a function '{similar[0]}' in {similar[1].label}: its name has to be '{function}'."


def _is_method(source: str, function: str) -> bool:
    beginning = _CLASS.search(source)
    inside = _DEFINITION.finditer(source, beginning.start()) if beginning else ()
    return any(match[1] and match[2] == function for match in inside)


def _similar(function: str, cells: list[Cell]) -> tuple[str, Cell] | None:
    found: dict[str, Cell] = {}
    for cell in cells:
        for match in _DEFINITION.finditer(cell.source) if cell.kind == "code" else ():
            if len(found) < MOST_NAMES and len(match[2]) <= 60:
                found[match[2]] = cell
    same = [name for name in found if name.lower().replace("_", "") == function.lower().replace("_", "")]
    close = same or difflib.get_close_matches(function, found, n=1, cutoff=0.85)
    return (close[0], found[close[0]]) if close else None
