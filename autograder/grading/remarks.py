"""What stands at the head of a report: what failed when the cells ran, and what in the notebook may surprise its author."""

import re
from collections.abc import Iterable, Iterator

from autograder.grading.notebook import Cell
from autograder.grading.program import CellFailure, Program
from autograder.grading.search import defining
from autograder.sandbox import Raised, WorkerFailure

MOST = 8  # failures; what follows is counted
_MARKS = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)
_PROMPT = re.compile(r"^(?:In|Out) ?\[\d*\]:|^>>> ", re.MULTILINE)


def remarks(program: Program, functions: Iterable[str]) -> tuple[str, ...]:
    """One line each, for the student.

    Args:
        program: after its cells have run.
        functions: those that are graded.
    """
    return (*_failures(program.failures), *_doubled(program.cells, functions), *_odd_cells(program.cells))


def _failures(failures: list[CellFailure]) -> Iterator[str]:
    told = [each for each in failures if not _is_unfinished(each)]
    for each in told[:MOST]:
        yield f"{_place(each)} {_how(each.failure)}."
    if len(told) > MOST:
        yield f"{len(told) - MOST} more lines of the notebook failed."


def _is_unfinished(failed: CellFailure) -> bool:
    return isinstance(failed.failure, Raised) and failed.failure.builtin_name == "NotImplementedError"


def _place(failed: CellFailure) -> str:
    lines = [
        frame.line
        for frame in getattr(failed.failure, "frames", ())
        if frame.block == f"cell {failed.cell.position}"
    ]
    label = failed.cell.label[0].upper() + failed.cell.label[1:]
    return f"{label}, line {lines[0]}," if lines else label


def _how(failure: WorkerFailure) -> str:
    if not isinstance(failure, Raised):
        return f"was stopped ({failure})"
    alone = ""
    if failure.builtin_name in ("ModuleNotFoundError", "ImportError"):
        alone = (
            "; Python's own modules, NumPy and the files handed in beside the notebook are all that is there"
        )
    elif failure.builtin_name == "FileNotFoundError":
        alone = "; small files that are handed in beside the notebook are there"
    return f"failed: {str(failure).rstrip('.')}{alone}"


def _doubled(cells: list[Cell], functions: Iterable[str]) -> Iterator[str]:
    for function in functions:
        if sentence := doubled(cells, function):
            yield sentence


def doubled(cells: list[Cell], function: str) -> str:
    """That a function is defined in several cells; "" where it is not."""
    found = defining(cells, function)
    if len(found) < 2:
        return ""
    places = " and ".join(cell.label for cell in (found[0], found[-1]))
    return f"'{function}' is defined {len(found)} times, in {places}: the last one counts."


def _odd_cells(cells: list[Cell]) -> Iterator[str]:
    before = None
    for cell in cells:
        label = cell.label[0].upper() + cell.label[1:]
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        if _MARKS.search(cell.source):
            yield f"{label} holds git's conflict marks (<<<<<<<): keep one version and delete the marks."
        elif _PROMPT.search(cell.source) and not _PROMPT.match(cell.source.lstrip()):
            yield f"{label} holds a pasted prompt (>>> or In [1]:): delete the prompts."
        elif first[0] in " \t" and before is not None and "def " in before.source:
            yield f"{label} begins in the middle of a block: was a function split over it and {before.label}?"
        before = cell
