"""Written answers are found by their cell's id, else by their place; pictures in a text are shown."""

import copy
import json

import nbformat
import pytest
from conftest import ROOT
from nbformat import NotebookNode
from payloads import DOT

from autograder.gradebook.rebuild import Assigned, rebuild
from autograder.grading.notebook import read_cells

RELEASED = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
ASSIGNED = [
    Assigned(
        grade_id=cell.metadata.nbgrader.grade_id,
        cell_type=cell.cell_type,
        source=cell.source,
        checksum=cell.metadata.nbgrader.get("checksum", ""),
        locked=cell.metadata.nbgrader.locked,
        solution=cell.metadata.nbgrader.solution,
        task=False,
        points=cell.metadata.nbgrader.get("points"),
    )
    for cell in RELEASED.cells
    if "nbgrader" in cell.metadata
]
WRITTEN = ("written_same_padding", "written_equivariance")
PLACEHOLDER = "*Write your answer here.*"
TEXT = "The odd zero goes below."


def answers(cells: list[dict]) -> dict[str, str]:
    """What a page shows as the two written answers."""
    page = rebuild(read_cells(json.dumps({"cells": cells}).encode()), ASSIGNED, RELEASED, None)
    ids = [cell.metadata.nbgrader.grade_id for cell in page.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids)) == len(ASSIGNED)
    return {name: shown(page, name).source for name in WRITTEN}


def shown(page: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in page.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def released() -> list[dict]:
    return copy.deepcopy(json.loads(nbformat.writes(RELEASED))["cells"])


def place(cells: list[dict], name: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell["id"] == name)


def without_metadata(cells: list[dict], *also: str) -> list[dict]:
    return [{key: cell[key] for key in cell if key not in ("metadata", *also)} for cell in cells]


def new(text: str, kind: str = "markdown") -> dict:
    return {"cell_type": kind, "metadata": {}, "source": text}


def written_in_its_cell(cells):
    cells[place(cells, WRITTEN[0])]["source"] = TEXT
    return cells


def metadata_lost(cells):
    return without_metadata(written_in_its_cell(cells))


def metadata_and_ids_lost(cells):
    return without_metadata(written_in_its_cell(cells), "id")


def a_new_cell_below_the_placeholder(cells):
    cells.insert(place(cells, WRITTEN[0]) + 1, new(TEXT))
    return cells


def a_new_cell_above_the_placeholder(cells):
    cells.insert(place(cells, WRITTEN[0]), new(TEXT))
    return cells


def a_new_cell_in_place_of_a_deleted_one(cells):
    cells[place(cells, WRITTEN[0])] = new(TEXT)
    return cells


def raw_text(cells):
    cells[place(cells, WRITTEN[0])] = new(TEXT, "raw")
    return cells


def below_the_question_in_its_own_cell(cells):
    question = cells[place(cells, "question_same_padding")]
    question["source"] = "".join(question["source"]) + f"\n\n{TEXT}"
    return cells


def an_emptied_cell_and_a_new_one(cells):
    cells[place(cells, WRITTEN[0])]["source"] = " "
    return a_new_cell_below_the_placeholder(cells)


PLACES = (
    written_in_its_cell, metadata_lost, metadata_and_ids_lost, a_new_cell_below_the_placeholder,
    a_new_cell_above_the_placeholder, a_new_cell_in_place_of_a_deleted_one, raw_text,
    below_the_question_in_its_own_cell, an_emptied_cell_and_a_new_one,
)  # fmt: skip


@pytest.mark.parametrize("change", PLACES, ids=lambda change: change.__name__)
def test_an_answer_is_found(change):
    assert answers(change(released())) == {WRITTEN[0]: TEXT, WRITTEN[1]: PLACEHOLDER}


def test_an_answer_in_several_cells_is_put_together_up_to_the_next_heading():
    cells = without_metadata(released(), "id")
    at = next(i for i, cell in enumerate(cells) if "".join(cell["source"]) == PLACEHOLDER)
    cells[at : at + 1] = [
        new("First."),
        new("x = 1", "code"),
        new("Second."),
        new("## My notes"),
        new("Not this."),
    ]
    assert answers(cells)[WRITTEN[0]] == "First.\n\nSecond."


@pytest.mark.parametrize(
    "change", [lambda cells: cells, without_metadata, lambda cells: without_metadata(cells, "id")]
)
def test_where_nothing_was_written_nothing_is_found(change):
    assert set(answers(change(released())).values()) == {PLACEHOLDER}


def test_a_written_answer_takes_nothing_from_beside_it():
    cells = written_in_its_cell(released())
    cells.insert(place(cells, WRITTEN[0]) + 1, new("A note of my own."))
    assert answers(cells)[WRITTEN[0]] == TEXT


def test_a_picture_in_the_text_is_shown_and_other_data_are_not():
    cells = released()
    text = f"See ![mine](data:image/png;base64,{DOT}) ![x](data:image/svg+xml;base64,{DOT}) ![y](data:text/html,<b>)"
    cells[place(cells, WRITTEN[0])]["source"] = text
    page = rebuild(read_cells(json.dumps({"cells": cells}).encode()), ASSIGNED, RELEASED, None)
    cell = shown(page, WRITTEN[0])
    assert cell.attachments == {"inline-0.png": {"image/png": DOT}}
    assert "![mine](attachment:inline-0.png)" in cell.source
    assert "![x](data" not in cell.source and "![y](data" not in cell.source


def test_a_text_without_end_is_cut_and_says_so():
    cells = released()
    cells[place(cells, WRITTEN[0])]["source"] = "word " * 1_000_000
    assert answers(cells)[WRITTEN[0]].endswith("it is cut here.)")
    assert len(answers(cells)[WRITTEN[0]]) < 1_100_000
