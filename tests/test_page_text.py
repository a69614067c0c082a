"""A page in `autograded/` is written as nbformat writes it, whatever a student's cells hold."""

import json

import nbformat
import pytest
from conftest import ROOT
from feedback_pages import a_report

from autograder.gradebook.marks import show_results
from autograder.gradebook.page_text import page_text
from autograder.gradebook.rebuild import Assigned, rebuild
from autograder.grading.notebook import read_cells

RELEASED = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
GRADED = Assigned("test_pad", "code", "assert True\n", "abc", True, False, False, 5.0)
ANSWER = Assigned("written", "markdown", "*Write.*", "def", False, True, False, 0.5)
ODD = '\u2028 \x85 \x0b\x1c\r\n\r\t"\\n\\ é 🎓 \x7f \x00 </script>\n\n'
PICTURE = {"a.png": {"image/png": "aGk=\naGk="}}


def page(cells: list[dict], reason: str | None = None) -> nbformat.NotebookNode:
    content = json.dumps({"cells": cells}).encode()
    notebook = rebuild(read_cells(content), [GRADED, ANSWER], RELEASED, reason)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "",
        "empty": {},
        "also": [],
        "n": 1,
        "no": None,
        "yes": True,
    }
    show_results(notebook, a_report())
    return notebook


@pytest.mark.parametrize(
    "cells",
    [
        [{"cell_type": "code", "source": ODD}, {"cell_type": "raw", "source": [ODD, ODD]}],
        [{"cell_type": "markdown", "source": "![](attachment:a.png)\n" + ODD, "attachments": PICTURE}],
        [{"cell_type": "markdown", "source": ODD, "metadata": {"nbgrader": {"grade_id": "written"}}}],
    ],
    ids=["odd text", "a picture", "an answer"],
)
def test_a_page_is_a_valid_notebook_in_nbformats_own_bytes(cells):
    notebook = page(cells, reason="It is damaged.")
    nbformat.validate(notebook, relax_add_props=False)
    assert page_text(notebook) == nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    assert nbformat.reads(page_text(notebook), as_version=4) == notebook


def test_a_deleted_cell_stands_behind_the_one_before_it():
    kept = {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": "test_pad"}}}
    mine = {"cell_type": "code", "source": "mine = 1"}

    def order(*cells):
        names = [
            cell.metadata.get("nbgrader", {}).get("grade_id", cell.source) for cell in page(list(cells)).cells
        ]
        return names[1:]  # below the summary

    assert order(mine) == ["test_pad", "written", "mine = 1"]
    assert order(mine, kept, mine) == ["mine = 1", "test_pad", "written", "mine = 1"]
