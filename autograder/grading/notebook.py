"""Reads a submitted notebook as text: JSON in, cells out; nothing in it is compiled, run or believed."""

import json
from dataclasses import dataclass

MAX_BYTES = 50 * 1024 * 1024
MAX_CELLS = 2000
MAX_SOURCE = 1_000_000


class Damaged(Exception):
    """The submission cannot be read; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        position: its place in the notebook, from 1 on.
        kind: "code", "markdown" or "raw".
        source: its text.
        grade_id: nbgrader's name for it, "" where it has none. A hint: students can change it.
        attachments: pictures in a Markdown cell, as the notebook held them: hostile until checked.
    """

    position: int
    kind: str
    source: str
    grade_id: str = ""
    attachments: dict | None = None

    @property
    def label(self) -> str:
        """How a report names the cell to its author."""
        return f"the cell '{self.grade_id}'" if self.grade_id else f"cell {self.position}"


def read_cells(content: bytes) -> list[Cell]:
    """The cells of a notebook of format 3 or 4, however it is dressed. Raises `Damaged`."""
    if len(content) > MAX_BYTES:
        raise Damaged(
            f"The file is {len(content) >> 20} MB, more than the {MAX_BYTES >> 20} MB that are read. "
            "Clear all outputs, save and submit it again."
        )
    notebook = _parse(content)
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # format 3
        cells = [cell for sheet in notebook["worksheets"] for cell in _list(sheet, "cells")]
    if not isinstance(cells, list):
        raise Damaged("The file is JSON but not a notebook: it has no cells. Submit the .ipynb file itself.")
    if len(cells) > MAX_CELLS:
        raise Damaged(f"The notebook has {len(cells)} cells, more than the {MAX_CELLS} that are read.")
    found = [_cell(position, cell) for position, cell in enumerate(cells, 1) if isinstance(cell, dict)]
    if not found:
        raise Damaged("The notebook has no cells. Was the right file submitted?")
    if sum(len(cell.source) for cell in found) > MAX_SOURCE:
        raise Damaged(f"The notebook holds more than {MAX_SOURCE:,} characters of code and text.")
    return found


def _parse(content) -> dict:
    if not content.strip():
        raise Damaged("The file is empty. Save the notebook and submit it again.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Damaged("The file is not text. Submit the .ipynb file itself, not an archive of it.") from None
    except RecursionError:
        raise Damaged("The file is nested too deeply to be a notebook.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Damaged(
            f"The file is not a notebook: its JSON is broken{where}. Open it in Jupyter, save and submit it again."
        ) from None
    if not isinstance(notebook, dict):
        raise Damaged("The file is JSON but not a notebook. Submit the .ipynb file itself.")
    return notebook


def _list(container, key) -> list:
    value = container.get(key) if isinstance(container, dict) else None
    return value if isinstance(value, list) else []


def _cell(position, cell) -> Cell:
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    attachments = cell.get("attachments")
    return Cell(
        position=position,
        kind=kind if kind in ("code", "markdown", "raw") else "raw",
        source=_whole(source) if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) and len(grade_id) <= 100 else "",
        attachments=attachments if isinstance(attachments, dict) and attachments else None,
    )


def _whole(text) -> str:
    """JSON can hold half of a surrogate pair, which no file can: it becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
