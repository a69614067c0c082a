"""Put a plain Python file into the solution cells of a released notebook.

The file is cut as text at its top-level definitions and never compiled or run: it may come from a student,
may not be Python at all, and is judged in the sandbox alone.
"""

from __future__ import annotations

import copy
import io
import os
import re
import tokenize
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.errors import FillError

FIRST_CELL_ID = "before-the-functions"


def fill_file(released_path: Path | str, solution_path: Path | str, out_path: Path | str) -> Path:
    """Write the notebook `released_path`, filled from the Python file `solution_path`, to `out_path`.

    The folder of `out_path` is made where it is missing, and a file there is replaced in one step, so that
    it is never half written. Raises FillError for a file that cannot be read, used or written.
    """
    released, solution, out = Path(released_path), Path(solution_path), Path(out_path)
    if os.path.realpath(out) in (os.path.realpath(released), os.path.realpath(solution)):
        raise FillError(f"{out} would be read and overwritten: name another file to write")
    notebook = _read_notebook(released)
    source = _read_text(solution, "Python file")
    try:
        filled = fill(notebook, source)
    except FillError as error:
        raise FillError(f"{released}: {error}") from None
    _write_atomically(out, nbformat.writes(filled).rstrip("\n") + "\n")
    return out


def fill(released: NotebookNode, solution_source: str) -> NotebookNode:
    """Return a copy of the notebook whose solution cells hold the functions of a Python file.

    A solution cell is a code cell that nbgrader calls a solution without points of its own; its `grade_id`
    is the function's name. Each top-level definition of such a name goes into its cell, together with the
    comments and decorators directly above it and everything that follows it up to the next such definition.
    What stands before the first one goes into a new code cell in front of the first solution cell, so that
    imports and helpers run first. An assignment (`conv2d_matmul = conv2d`) is a definition too. A function that
    the file defines twice has both in its cell; one that the file lacks keeps its stub. The outputs of all
    code cells are cleared.

    Raises FillError for a notebook without solution cells, or with two of the same name.
    """
    notebook = copy.deepcopy(released)
    cells = _solution_cells(notebook)
    before, definitions = cut(solution_source, cells)
    for name, texts in definitions.items():
        cells[name].source = "\n\n\n".join(texts)
    if before.strip():
        first = next(iter(cells.values()))
        position = next(i for i, cell in enumerate(notebook.cells) if cell is first)
        notebook.cells.insert(position, _new_cell(notebook, before))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def cut(source: str, names: Collection[str]) -> tuple[str, dict[str, list[str]]]:
    """Cut a file at the top-level definitions of `names`: the text before the first, and each name's texts.

    Lines end with a line feed afterwards, whatever they ended with; blank lines around a text are dropped.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    lines = source.split("\n")
    starts = [(row, name) for row, name in _definitions(source, lines) if name in names]
    cuts = [row for row, _ in starts] + [len(lines)]
    definitions = defaultdict(list)
    for (row, name), end in zip(starts, cuts[1:], strict=True):
        definitions[name].append("\n".join(lines[row:end]).strip("\n"))
    before = lines[: cuts[0]]
    return "\n".join(before).strip("\n"), dict(definitions)


def _definitions(source: str, lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the first line (from 0) and the name of each top-level function, comments above it included."""
    try:
        found = list(_definitions_by_token(source))
    except (tokenize.TokenError, SyntaxError, ValueError):
        found = list(_definitions_by_line(lines))  # not Python, or not yet: an unclosed bracket, a magic …
    for row, name in found:
        while row > 0 and lines[row - 1].startswith("#"):
            row -= 1
        yield row, name


def _definitions_by_token(source: str) -> Iterator[tuple[int, str]]:
    """Find definitions in what the tokenizer makes of the file: a string that contains one does not count."""
    decorator = None  # the line of the first decorator above
    for line in _logical_lines(source):
        row, column = line[0].start
        words = [token.string for token in line[:3]]
        if column == 0 and words[0] == "@":
            decorator = decorator or row
            continue
        if column == 0 and (words[0] == "def" or words[:2] == ["async", "def"]):
            name = words[1 if words[0] == "def" else 2 :][:1]
            yield (decorator or row) - 1, "".join(name)
        elif column == 0 and words[1:2] == ["="]:
            yield row - 1, words[0]
        decorator = None


def _logical_lines(source: str) -> Iterator[list[tokenize.TokenInfo]]:
    """Yield the tokens of each statement line; comments, blank lines and indentation are left out."""
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            if line:
                yield line
            line = []
        elif token.type not in skipped:
            line.append(token)


def _definitions_by_line(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Find definitions by the look of their lines, where the tokenizer gives up."""
    for row, line in enumerate(lines):
        found = re.match(r"(?:async\s+)?def\s+(\w+)\s*\(|(\w+)\s*=(?!=)", line)
        if found:
            while row > 0 and lines[row - 1].startswith(("@", "#")):
                row -= 1
            yield row, found[1] or found[2]


def _solution_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The notebook's solution cells by name, in its order."""
    cells = {}
    for cell in notebook.cells:
        name = _function_of(cell)
        if name in cells:
            raise FillError(f"two solution cells are called {name!r}: take the notebook as it was released")
        if name is not None:
            cells[name] = cell
    if not cells:
        raise FillError("no solution cells: take the notebook as it was released")
    return cells


def _function_of(cell: NotebookNode) -> str | None:
    """The function whose solution belongs in a cell; None for any other cell, odd metadata included."""
    meta = cell.metadata.get("nbgrader")
    if cell.cell_type != "code" or not isinstance(meta, dict):
        return None
    is_solution = meta.get("solution") is True and meta.get("grade") is not True
    name = meta.get("grade_id")
    return name if is_solution and isinstance(name, str) else None


def _new_cell(notebook: NotebookNode, source: str) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source)
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]  # older notebooks have none
        return cell
    taken = {each.get("id") for each in notebook.cells}
    numbered = (f"{FIRST_CELL_ID}-{number}" for number in range(2, len(taken) + 3))
    cell.id = next(each for each in (FIRST_CELL_ID, *numbered) if each not in taken)
    return cell


def _read_notebook(path: Path) -> NotebookNode:
    text = _read_text(path, "notebook")
    try:
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat lets what it stumbles over through: KeyError, AttributeError …
        reason = str(error).strip().split("\n")[0][:100] or type(error).__name__
        raise FillError(f"{path} is not a notebook ({reason}): name the released .ipynb file") from None
    return notebook


def _read_text(path: Path, kind: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FillError(f"there is no {kind} {path}: check the name") from None
    except OSError as error:
        raise FillError(
            f"cannot read the {kind} {path} ({error.strerror}): check the name and its rights"
        ) from None
    except UnicodeDecodeError as error:
        raise FillError(
            f"the {kind} {path} is not UTF-8 text (byte {error.start}): save it in UTF-8 and try again"
        ) from None


def _write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FillError(f"cannot write {path} ({error.strerror}): check its name and its folder") from None
