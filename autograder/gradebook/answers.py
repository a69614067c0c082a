"""Written answers of which a tool has lost nbgrader's metadata, or that stand beside their cell: found by id, else by place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nbformat import NotebookNode

from autograder.grading.notebook import Cell


def with_answers(cells: list[Cell], released: NotebookNode, answers: Mapping[str, str]) -> list[Cell]:
    """The submission's cells with each written answer in one cell that has its `grade_id`.

    An answer whose own cell is gone, empty or as it was released is what the student wrote between the cell above it in the
    released notebook and the next one of that notebook's cells, in however many text cells, or below the text of that upper
    cell itself.

    Args:
        released: the notebook that students were given.
        answers: the released text of each written answer's cell, by its grade_id.
    """
    names = {cell.get("id"): _grade_id(cell) for cell in released.cells if _grade_id(cell)}
    known = set(names.values())
    taken = {cell.grade_id for cell in cells}
    cells = [
        replace(cell, grade_id=name)
        if cell.grade_id not in known and (name := names.get(cell.id)) and name not in taken
        else cell
        for cell in cells
    ]
    for grade_id, placeholder in answers.items():
        if not any(cell.grade_id == grade_id and _is_written(cell, placeholder) for cell in cells):
            cells = _answered(cells, released, grade_id, placeholder)
    return cells


def _answered(cells: list[Cell], released: NotebookNode, grade_id: str, placeholder: str) -> list[Cell]:
    """The cells with what was written for one answer in one of them, where anything was."""
    above = _above(released, grade_id)
    if above is None:
        return cells
    start = next((i for i, cell in reversed([*enumerate(cells)]) if _is(cell, above)), None)
    if start is None:
        return cells
    own = {cell.source.strip() for cell in released.cells} - {placeholder.strip()}
    between = range(start + 1, next(_ends(cells, start + 1, own, grade_id), len(cells)))
    pieces = [cells[i] for i in between if cells[i].kind != "code" and _is_written(cells[i], placeholder)]
    if below := cells[start].source.strip().removeprefix(above.source.strip()).strip():
        pieces.insert(0, replace(cells[start], source=below))
    if not pieces:
        return cells
    attachments = {name: each for piece in pieces for name, each in (piece.attachments or {}).items()}
    text = "\n\n".join(piece.source.strip() for piece in pieces)
    answer = replace(
        pieces[-1], kind="markdown", source=text, grade_id=grade_id, attachments=attachments or None
    )
    merged = {piece.position for piece in pieces if piece.position != cells[start].position}
    rest = [cell for cell in cells if cell.position not in merged and cell.grade_id != grade_id]
    if answer.position == cells[start].position:
        answer = replace(answer, position=max(cell.position for cell in cells) + 1)
    place = next(i for i, cell in enumerate(rest) if cell.position == cells[start].position) + 1
    return [*rest[:place], answer, *rest[place:]]


def _above(released: NotebookNode, grade_id: str) -> NotebookNode | None:
    """The released cell before the answer's: its question."""
    place = next((i for i, cell in enumerate(released.cells) if _grade_id(cell) == grade_id), 0)
    return released.cells[place - 1] if place else None


def _is(cell: Cell, released: NotebookNode) -> bool:
    """Whether it is that released cell, perhaps with something written below its text."""
    name = _grade_id(released)
    return (bool(name) and cell.grade_id == name) or cell.source.strip().startswith(released.source.strip())


def _ends(cells: list[Cell], start: int, own: set[str], grade_id: str) -> Iterator[int]:
    """Where the next cell of the notebook's own, or a heading, ends the place for an answer."""
    for i in range(start, len(cells)):
        text = cells[i].source.strip()
        is_heading = cells[i].kind == "markdown" and text.startswith("#") and cells[i].grade_id != grade_id
        if text and (text in own or is_heading):
            yield i


def _is_written(cell: Cell, placeholder: str) -> bool:
    return cell.source.strip() not in ("", placeholder.strip())


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
