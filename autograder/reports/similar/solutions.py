"""The code of a student's own in a notebook, by function, as text."""

import re
from collections.abc import Sequence

from autograder.grading.notebook import Cell

ELSEWHERE = "other cells"  # own code that stands in no solution cell, such as helpers


def solutions_of(
    cells: Sequence[Cell], functions: Sequence[str], released: Sequence[Cell] = ()
) -> dict[str, str]:
    """The source of each function's solution cell, and all other code that the release does not have.

    A solution cell is known by its grade_id; where nbgrader's metadata are lost, by the function's `def`.

    Args:
        functions: the assignment's.
        released: the cells of the notebook that students got.
    """
    given = {cell.source.strip() for cell in released if cell.kind == "code"}
    found: dict[str, list[str]] = {}
    for cell in cells:
        if cell.kind == "code" and cell.source.strip() not in given:
            found.setdefault(_function_of(cell, functions), []).append(cell.source)
    return {name: "\n\n".join(found[name]) for name in (*functions, ELSEWHERE) if name in found}


def _function_of(cell: Cell, functions: Sequence[str]) -> str:
    if cell.grade_id in functions:
        return cell.grade_id
    if cell.grade_id:  # a test cell, say
        return ELSEWHERE
    defined = re.search(r"^def[ \t]+(\w+)", cell.source, re.MULTILINE)
    return defined[1] if defined and defined[1] in functions else ELSEWHERE
