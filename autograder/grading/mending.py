"""Reads notebooks whose JSON is broken where no code is in doubt: commas before a bracket, git's marks around outputs.

Jupyter opens neither, so that a student cannot mend them there.
"""

import json
import re
from collections.abc import Callable

# A whole string, which stays, or a comma that nothing follows. A string that does not end reaches to the end of the text,
# so that no character is looked at twice.
_STRING_OR_COMMA = re.compile(r'"(?>[^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?\Z)|,(?=\s*[\]}])', re.DOTALL)
OURS, BASE, THEIRS, END = "<<<<<<< ", "||||||| ", "=======", ">>>>>>> "


def mended(text: str, loads: Callable[[str], object]) -> object | None:
    """What the text holds, read by `loads`; None where it cannot be mended, or only by choosing somebody's code."""
    if "\n" + OURS not in "\n" + text:
        return _read(text, loads)
    sides = _sides(text)
    if sides[0] == sides[1]:  # not git's doing
        return None
    ours, theirs = (_read(side, loads) for side in sides)
    return ours if ours is not None and _written(ours) == _written(theirs) else None


def _read(text: str, loads: Callable[[str], object]) -> object | None:
    try:
        return loads(_STRING_OR_COMMA.sub(lambda match: "" if match[0] == "," else match[0], text))
    except (json.JSONDecodeError, RecursionError):
        return None


def _sides(text: str) -> tuple[str, str]:
    """Both versions of a text with git's conflict marks."""
    ours: list[str] = []
    theirs: list[str] = []
    now = (True, True)
    for line in text.split("\n"):
        if line.startswith(OURS):
            now = (True, False)
        elif line.startswith(BASE):
            now = (False, False)
        elif line.rstrip() == THEIRS:
            now = (False, True)
        elif line.startswith(END):
            now = (True, True)
        else:
            for side, is_in in zip((ours, theirs), now, strict=True):
                if is_in:
                    side.append(line)
    return "\n".join(ours), "\n".join(theirs)


def _written(notebook: object) -> list[object]:
    """Kind and text of every cell: all that a student wrote."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return [
        [cell.get("cell_type"), cell.get("source")] if isinstance(cell, dict) else None
        for cell in (cells if isinstance(cells, list) else ())
    ]
