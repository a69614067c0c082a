"""A clean notebook from a submission's text: nbgrader's cells each once, everything else as harmless text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.gradebook.answers import with_answers
from autograder.gradebook.student_markdown import harmless_markdown, harmless_pictures, pictures_apart
from autograder.grading.notebook import Cell


@dataclass(frozen=True)
class Assigned:
    """What nbgrader knows of one of its cells (schema version 3 of its cell metadata)."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    solution: bool
    task: bool
    points: float | None  # None: the cell is not graded

    @property
    def metadata(self) -> dict:
        graded = {} if self.points is None else {"points": self.points}
        return graded | {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "locked": self.locked,
            "grade": self.points is not None and not self.task,
            "solution": self.solution,
            "task": self.task,
        }


def assigned_cells(source, released: NotebookNode) -> list[Assigned]:
    """nbgrader's cells, in the order of the released notebook: a database promises none.

    Args:
        source: nbgrader's record of the notebook (`nbgrader.api.Notebook`).
        released: the notebook that students were given.
    """
    order = {grade_id: place for place, cell in enumerate(released.cells) if (grade_id := _grade_id(cell))}
    points = {cell.name: cell.max_score for cell in (*source.grade_cells, *source.task_cells)}
    solutions = {cell.name for cell in source.solution_cells}
    tasks = {cell.name for cell in source.task_cells}
    cells = [
        Assigned(
            grade_id=record.name,
            cell_type=record.cell_type,
            source=record.source,
            checksum=record.checksum,
            locked=record.locked,
            solution=record.name in solutions,
            task=record.name in tasks,
            points=points.get(record.name),
        )
        for record in source.source_cells
    ]
    return sorted(cells, key=lambda cell: order.get(cell.grade_id, len(order)))


def rebuild(
    cells: list[Cell], assigned: list[Assigned], released: NotebookNode, reason: str | None
) -> NotebookNode:
    """The notebook that stands for a submission in `autograded/`, feedback and formgrader.

    Args:
        cells: the submission's; an empty list when it could not be read.
        assigned: nbgrader's cells, which all appear in the result: locked ones with their own text, answers with
            the student's where there is one.
        released: its Markdown is the instructor's own and shown as it is; all other Markdown is a student's.
        reason: why the submission is damaged, or None.
    """
    known = {cell.grade_id: cell for cell in assigned}
    written = {
        cell.grade_id: cell.source for cell in assigned if cell.solution and cell.cell_type == "markdown"
    }
    cells = with_answers(cells, released, written)
    chosen = _choose(cells, known)
    trusted = {cell.source for cell in released.cells}
    built: list[NotebookNode] = []
    for cell in cells:
        if cell.position in chosen:
            built.append(_nbgrader_cell(known[cell.grade_id], cell, trusted))
        elif cell.source.strip():
            built.append(_new_cell(cell.kind, cell.source, {}, cell, trusted))
    built = _with_missing(built, assigned, {cell.grade_id for cell in chosen.values()}, trusted)
    if reason is not None:
        built.insert(0, markdown_cell(harmless_markdown(reason, {})))
    for position, node in enumerate(built):
        node["id"] = f"cell-{position}"
    return NotebookNode(
        cells=built,
        metadata=nbformat.from_dict({"language_info": {"name": "python"}}),
        nbformat=nbformat.v4.nbformat,
        nbformat_minor=nbformat.v4.nbformat_minor,
    )


def _choose(cells: Iterable[Cell], known: dict[str, Assigned]) -> dict[int, Cell]:
    """For each of nbgrader's cells, the copy that counts: the last one that the student worked on, else the last."""
    best: dict[str, Cell] = {}
    for cell in cells:
        if cell.grade_id not in known:
            continue
        released = known[cell.grade_id].source
        before = best.get(cell.grade_id)
        if before is None or cell.source != released or before.source == released:
            best[cell.grade_id] = cell
    return {cell.position: cell for cell in best.values()}


def _with_missing(built, assigned, found, trusted) -> list[NotebookNode]:
    """The cells, each deleted one behind the one that precedes it in the assignment."""
    before, missing = None, defaultdict(list)
    for cell in assigned:
        if cell.grade_id in found:
            before = cell.grade_id
        else:
            missing[before].append(_nbgrader_cell(cell, None, trusted))
    if not missing:
        return built
    whole = missing.pop(None, [])
    for node in built:
        whole += [node, *missing.pop(_grade_id(node), [])]
    return whole


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _nbgrader_cell(assigned: Assigned, cell: Cell | None, trusted) -> NotebookNode:
    """One of nbgrader's cells, with the gradebook's metadata whatever the student's copy said."""
    theirs = cell if not assigned.locked else None
    text = theirs.source if theirs else assigned.source
    return _new_cell(assigned.cell_type, text, {"nbgrader": assigned.metadata}, theirs, trusted)


def _new_cell(kind: str, text: str, metadata: dict, cell: Cell | None, trusted) -> NotebookNode:
    if kind == "code":
        return _node("code", text, metadata, execution_count=None, outputs=[])
    # A raw cell would be copied into a page as it is: it becomes Markdown like all other text.
    if cell is None or text in trusted:
        return markdown_cell(text, metadata)
    text, attachments = pictures_apart(text, cell.attachments)
    pictures = harmless_pictures(attachments)
    node = markdown_cell(harmless_markdown(text, pictures), metadata)
    if pictures:
        node["attachments"] = pictures
    return node


def markdown_cell(text: str, metadata: dict | None = None, id: str = "") -> NotebookNode:
    """A Markdown cell, not validated."""
    return _node("markdown", text, metadata or {}, id=id)


def _node(kind: str, text: str, metadata: dict, **entries) -> NotebookNode:
    # nbformat's own functions validate each cell, which takes longer than all else; nothing in it is a student's but plain text.
    return nbformat.from_dict({"cell_type": kind, "metadata": metadata, "source": text, "id": "", **entries})
