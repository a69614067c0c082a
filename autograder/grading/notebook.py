"""Reads a submitted notebook as text: JSON in, cells out; nothing in it is compiled, run or believed."""

import json
from dataclasses import dataclass, replace

from autograder.grading.mending import mended

MAX_BYTES = 50 * 1024 * 1024
MAX_VALUES = 3_000_000  # parsed, each takes up to 90 bytes: 50 MB of "[],[],…" would take 1.5 GB
MAX_CELLS = 2000
MAX_SOURCE = 1_000_000
KINDS = ("code", "markdown", "raw")
BINARY = "it holds binary data. Submit the .ipynb file itself."

# What people hand in under a notebook's name, by how it begins.
MISTAKEN = {
    b"PK\x03\x04": "is a ZIP archive. Unpack it and submit the .ipynb file in it",
    b"\x1f\x8b": "is a compressed archive. Unpack it and submit the .ipynb file in it",
    b"7z\xbc\xaf": "is a 7-Zip archive. Unpack it and submit the .ipynb file in it",
    b"Rar!": "is a RAR archive. Unpack it and submit the .ipynb file in it",
    b"%PDF": "is a PDF document. Submit the .ipynb file that it was printed from",
    b"\x89PNG": "is a picture. Submit the .ipynb file itself",
    b"<": "is a web page, perhaps one that asked to sign in. Download the .ipynb file itself and submit it",
}


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
        id: the notebook format's own name for it, "" where it has none. A hint, too.
        failed: whether its saved outputs say that its last run ended in an error.
        attachments: pictures in a Markdown cell, as the notebook held them: hostile until checked.
    """

    position: int
    kind: str
    source: str
    grade_id: str = ""
    id: str = ""
    failed: bool = False
    attachments: dict[str, object] | None = None

    @property
    def label(self) -> str:
        """How a report names the cell to its author."""
        return f"the cell '{self.grade_id}'" if self.grade_id else f"cell {self.position}"


def read_cells(content: bytes) -> list[Cell]:
    """The cells of a notebook of any format from 2 on, however it is dressed. Raises `Damaged`."""
    if len(content) > MAX_BYTES:
        raise Damaged(
            f"The file is {len(content) >> 20} MB, more than the {MAX_BYTES >> 20} MB that are read. "
            "Clear all outputs, save and submit it again."
        )
    notebook = _parse(content)
    cells = notebook.get("cells")
    if cells is None and isinstance(sheets := notebook.get("worksheets"), list):  # formats 2 and 3
        cells = [cell for sheet in sheets for cell in _list(sheet, "cells")]
    if not isinstance(cells, list):
        raise Damaged("The file is JSON but not a notebook: it has no cells. Submit the .ipynb file itself.")
    if len(cells) > MAX_CELLS:
        raise Damaged(
            f"The notebook has {len(cells)} cells, more than the {MAX_CELLS} that are read. "
            "Delete those that are not needed and submit it again."
        )
    numbered = [(position, cell) for position, cell in enumerate(cells, 1) if isinstance(cell, dict)]
    if not numbered:
        raise Damaged("The notebook has no cells. Was the right file submitted?")
    found = [_cell(position, cell) for position, cell in numbered]
    found = _as_released(found, {position for position, cell in numbered if _was_code(cell)})
    if sum(len(cell.source) for cell in found if cell.kind == "code") > MAX_SOURCE:
        raise Damaged(
            f"The notebook's code cells hold more than {MAX_SOURCE:,} characters of code and text. "
            "Move data out of them and submit it again."
        )
    return found


def is_whole(content: bytes) -> bool:
    """Whether the file is JSON to its end; what is much too large to be looked at counts as whole."""
    if _has_too_many_values(content):
        return True
    try:
        _loaded(content)
    except (ValueError, RecursionError):
        return False
    return True


def _parse(content: bytes) -> dict[str, object]:
    _refuse_mistaken(content)
    try:
        notebook = _loaded(content)
    except RecursionError:
        raise Damaged(
            "The file is nested too deeply to be read. Clear all outputs, save and submit it again."
        ) from None
    except UnicodeDecodeError as error:
        if b"\0" in content:  # whether zeros can be decoded depends on how many there are
            raise Damaged(f"The file is not a notebook: {BINARY}") from None
        raise Damaged(
            f"The file is not text in UTF-8 (from byte {error.start + 1:,} on), as a notebook is. "
            "Save it as UTF-8 in a text editor and submit it again."
        ) from None
    except json.JSONDecodeError as error:
        notebook = mended(error.doc, _loaded)
        if notebook is None:
            raise Damaged(f"The file is not a notebook: {_broken(error, content)}") from None
    if not isinstance(notebook, dict):
        raise Damaged("The file is JSON but not a notebook. Submit the .ipynb file itself.")
    return notebook


def _loaded(content: bytes | str) -> object:
    """What the JSON holds, but for its numbers: none of them is used, and not every one that can be written can be read."""
    return json.loads(content, parse_int=_ignored, parse_float=_ignored, parse_constant=_ignored)


def _refuse_mistaken(content: bytes) -> None:
    if not content.strip():
        raise Damaged("The file is empty. Save the notebook and submit it again.")
    for beginning, what in MISTAKEN.items():
        if content.startswith(beginning) and not content.startswith(b"<<<<<<< "):  # git's conflict mark
            raise Damaged(f"The file is no notebook: it {what}.")
    if _has_too_many_values(content):
        raise Damaged(
            f"The file holds more than {MAX_VALUES:,} values. Clear all outputs, save and submit it again."
        )


def _has_too_many_values(content: bytes) -> bool:
    return sum(map(content.count, (b",", b"[", b"{"))) > MAX_VALUES  # some may stand in texts: no matter


def _broken(error: json.JSONDecodeError, content: bytes) -> str:
    """What is wrong with the JSON, and what to do."""
    if b"\0" in content:
        return BINARY
    if "\n<<<<<<< " in "\n" + error.doc:
        return (
            "git left its conflict marks (<<<<<<<) in it, and the two versions differ in what you wrote. Open it in a text "
            "editor, keep one version of each such place, delete the marks and submit it again."
        )
    if error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()):
        return "it ends in the middle, as if it was not copied to its end. Submit it again."
    return (
        f"its JSON is broken (line {error.lineno:,}), and Jupyter cannot open it either. "
        "Submit an earlier copy of it, or copy your functions into a new notebook and submit that."
    )


def _ignored(_: str) -> None:
    return None


def _list(container: object, key: str) -> list[object]:
    value = container.get(key) if isinstance(container, dict) else None
    return value if isinstance(value, list) else []


def _cell(position: int, cell: dict[str, object]) -> Cell:
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    grade_id = _nbgrader(cell).get("grade_id")
    identifier = cell.get("id")
    attachments = cell.get("attachments")
    return Cell(
        position=position,
        kind=kind if isinstance(kind, str) and kind in KINDS else "raw",
        source=_whole(source) if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) and _is_name(grade_id) else "",
        id=identifier if isinstance(identifier, str) and _is_name(identifier) else "",
        failed=any(
            isinstance(output, dict) and output.get("output_type") == "error"
            for output in _list(cell, "outputs")
        ),
        attachments=attachments if isinstance(attachments, dict) and attachments else None,
    )


def _nbgrader(cell: dict[str, object]) -> dict[str, object]:
    """nbgrader's metadata of a cell; an empty dict where it is lost."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return nbgrader if isinstance(nbgrader, dict) else {}


def _was_code(cell: dict[str, object]) -> bool:
    """Whether the cell was released as code, whatever it is now."""
    return _nbgrader(cell).get("cell_type") == "code"


def _as_released(cells: list[Cell], were_code: set[int]) -> list[Cell]:
    """Turns code cells that became text by mistake back into code, as nbgrader does.

    One whose code, or whose grade_id, stands in a code cell as well is a copy that was put aside: it stays text.
    """
    code = [cell for cell in cells if cell.kind == "code"]
    kept = {cell.grade_id for cell in code}
    program = "\n".join(cell.source for cell in code)

    def is_code(cell: Cell) -> bool:
        return (
            cell.position in were_code
            and cell.grade_id not in kept
            and not (cell.grade_id and f"def {cell.grade_id}(" in program)
        )

    return [replace(cell, kind="code") if is_code(cell) else cell for cell in cells]


def _is_name(text: str) -> bool:
    """Whether it can stand in a report: nbgrader's own names are printable and short."""
    return 0 < len(text) <= 100 and text.isprintable()


def _whole(text: str) -> str:
    """JSON can hold half of a surrogate pair, which no file can: it becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
