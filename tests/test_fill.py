"""A plain Python file lands in the solution cells of a released notebook."""

import copy
import json

import nbformat
import pytest

from autograder.authoring.fill import FillError, fill, fill_file

STUB = "def {}():\n    raise NotImplementedError"


def solution_cell(name, **metadata):
    meta = {
        "grade_id": name,
        "solution": True,
        "grade": False,
        "locked": False,
        "schema_version": 3,
        **metadata,
    }
    return nbformat.v4.new_code_cell(STUB.format(name), metadata={"nbgrader": meta}, id=f"cell-{name}")


def graded_cell(name):
    meta = {
        "grade_id": name,
        "solution": False,
        "grade": True,
        "locked": True,
        "points": 5,
        "schema_version": 3,
    }
    cell = nbformat.v4.new_code_cell(
        "check()", metadata={"nbgrader": meta}, id=f"cell-{name}", execution_count=3
    )
    cell.outputs = [nbformat.v4.new_output("stream", text="all right\n")]
    return cell


@pytest.fixture
def released():
    """Text, the solution cells `first` and `second`, each with its test cell, and a written question."""
    written = {"grade_id": "why", "solution": True, "grade": True, "locked": False, "points": 2}
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Two functions", id="title"),
            nbformat.v4.new_code_cell("import numpy as np", id="imports"),
            solution_cell("first"),
            graded_cell("test_first"),
            solution_cell("second"),
            graded_cell("test_second"),
            nbformat.v4.new_markdown_cell("Why?", metadata={"nbgrader": written}, id="written"),
        ]
    )


@pytest.fixture
def files(tmp_path, released):
    """A released notebook, a solution, and a place for the result."""
    nbformat.write(released, tmp_path / "released.ipynb")
    (tmp_path / "solution.py").write_text("def first():\n    return 1\n", encoding="utf-8")
    return tmp_path / "released.ipynb", tmp_path / "solution.py", tmp_path / "new" / "folder" / "out.ipynb"


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


def refusal(*arguments):
    """What `fill_file` says when it refuses: one line, and no file or rest of one where it was to write."""
    with pytest.raises(FillError) as caught:
        fill_file(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.__cause__ is None
    return message


# What can be wrong.


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"null",
        b'{"nbformat": 4}',
        b'{"cells": "none", "nbformat": 4, "nbformat_minor": 5}',
    ],
)
def test_a_file_that_is_not_a_notebook_is_refused_by_name(files, content):
    released, _, out = files
    released.write_bytes(content)
    assert refusal(*files).startswith(f"{released} is not a notebook (")
    assert not out.exists()


def test_a_notebook_that_is_nested_too_deeply_is_refused(files):
    files[0].write_text("[" * 100_000, encoding="utf-8")
    assert "is not a notebook" in refusal(*files)


def test_a_missing_notebook_or_solution_is_named(files, tmp_path):
    released, solution, out = files
    missing = tmp_path / "missing"
    assert refusal(missing, solution, out) == f"there is no notebook {missing}: check the name"
    assert refusal(released, missing, out) == f"there is no Python file {missing}: check the name"


def test_a_folder_in_place_of_a_file_is_refused(files, tmp_path):
    released, solution, out = files
    assert f"cannot read the notebook {tmp_path}" in refusal(tmp_path, solution, out)
    assert f"cannot read the Python file {tmp_path}" in refusal(released, tmp_path, out)
    assert f"cannot write {tmp_path}" in refusal(released, solution, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["released.ipynb", "solution.py"]


def test_a_file_in_place_of_the_output_folder_is_refused(files):
    released, solution, _ = files
    assert "cannot write" in refusal(released, solution, solution / "out.ipynb")


def test_a_solution_in_another_encoding_is_refused_with_the_cure(files):
    files[1].write_bytes("# naïve\n".encode("latin-1"))
    assert (
        refusal(*files)
        == f"the Python file {files[1]} is not UTF-8 text (byte 4): save it in UTF-8 and try again"
    )


def test_a_notebook_without_solution_cells_is_refused(files, released):
    released.cells = [cell for cell in released.cells if not cell.source.startswith("def")]
    nbformat.write(released, files[0])
    assert refusal(*files) == f"{files[0]}: no solution cells: take the notebook as it was released"


def test_a_notebook_with_two_solution_cells_of_one_name_is_refused(released):
    released.cells.append(copy.deepcopy(released.cells[2]))
    with pytest.raises(FillError, match="two solution cells are called 'first'"):
        fill(released, "")


def test_the_files_that_are_read_are_never_overwritten(files, tmp_path):
    released, solution, _ = files
    before = released.read_bytes(), solution.read_bytes()
    assert "name another file" in refusal(released, solution, released)
    assert "name another file" in refusal(released, solution, tmp_path / "." / "solution.py")
    assert (released.read_bytes(), solution.read_bytes()) == before


def test_an_existing_output_survives_a_refusal(files):
    released, _, out = files
    fill_file(*files)
    before = out.read_bytes()
    released.write_text("{", encoding="utf-8")
    refusal(*files)
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]


# Where the text goes.


def test_each_definition_goes_into_its_cell_with_what_follows_it(released):
    filled = sources(
        fill(released, "def second():\n    return 2\n\n\nTABLE = [2]\n\ndef first():\n    return 1\n")
    )
    assert filled["cell-second"] == "def second():\n    return 2\n\n\nTABLE = [2]"
    assert filled["cell-first"] == "def first():\n    return 1"


def test_imports_and_helpers_go_into_a_new_cell_before_the_first_solution_cell(released):
    source = '"""My solution."""\nimport math\n\ndef helper():\n    return math.pi\n\ndef second():\n    pass'
    filled = fill(released, source)
    assert [cell.id for cell in filled.cells][:4] == [
        "title",
        "imports",
        "before-the-functions",
        "cell-first",
    ]
    new = filled.cells[2]
    assert new.source == '"""My solution."""\nimport math\n\ndef helper():\n    return math.pi'
    assert new.cell_type == "code"
    assert new.metadata == {}


def test_a_file_that_starts_with_a_definition_makes_no_new_cell(released):
    assert len(fill(released, "\n\ndef first():\n    return 1\n").cells) == len(released.cells)


def test_comments_and_decorators_directly_above_a_definition_go_with_it(released):
    above = "# written twice\n@cache(\n    size=3,\n)\n# really\n\n@timed\ndef second():"
    filled = sources(fill(released, f"def first():\n    return 1\n# apart\n\n{above}\n    return 2\n"))
    assert filled["cell-first"] == "def first():\n    return 1\n# apart"
    assert filled["cell-second"] == f"{above}\n    return 2"


@pytest.mark.parametrize("broken", ["", "\nbroken = (\n"], ids=["Python", "not Python"])
def test_an_assignment_is_a_definition_too(released, broken):
    filled = sources(fill(released, "def first(x):\n    return x\n\n\nsecond = first" + broken))
    assert (
        filled["cell-second"].startswith("second = first") and "NotImplemented" not in filled["cell-second"]
    )


def test_a_function_that_the_file_lacks_keeps_its_stub(released):
    filled = sources(fill(released, "def second():\n    return 2\n"))
    assert filled["cell-first"] == STUB.format("first")


def test_a_function_defined_twice_has_both_in_its_cell_in_order(released):
    source = "def first():\n    return 1\ndef second():\n    return 2\ndef first():\n    return 3\n"
    filled = sources(fill(released, source))
    assert filled["cell-first"] == "def first():\n    return 1\n\n\ndef first():\n    return 3"
    assert filled["cell-second"] == "def second():\n    return 2"


@pytest.mark.parametrize(
    "source", ["x = 3", "class A:\n    def first(self):\n        return 1", "\0\1", "def firsts(): pass"]
)
def test_a_file_without_a_known_function_goes_whole_into_the_new_cell(released, source):
    filled = fill(released, source)
    assert filled.cells[2].source == source
    assert sources(filled)["cell-first"] == STUB.format("first")


@pytest.mark.parametrize("source", ["", "\n \n"])
def test_an_empty_file_leaves_the_notebook_as_released(released, source):
    assert sources(fill(released, source)) == sources(released)


def test_a_definition_inside_a_string_does_not_cut_the_file(released):
    source = 'def second():\n    return """\ndef first():\n    return 1\n"""\n'
    filled = sources(fill(released, source))
    assert filled["cell-second"] == source.strip()
    assert filled["cell-first"] == STUB.format("first")


@pytest.mark.parametrize(
    "broken", ["x = (", 'text = """', "if True:\n        y = 1\n    z = 2", "%%time\n?x", "£$!\n\0"]
)
def test_a_file_that_is_not_python_is_cut_at_the_same_lines(released, broken):
    filled = fill(
        released,
        f"{broken}\n\n# ours\n@cache\ndef first():\n    return 1\n\nasync def second ():\n    pass\n",
    )
    assert filled.cells[2].source == broken
    assert filled.cells[3].source == "# ours\n@cache\ndef first():\n    return 1"
    assert sources(filled)["cell-second"] == "async def second ():\n    pass"


def test_a_file_too_deep_for_a_parser_is_cut_all_the_same(released):
    deep = "x = " + "(" * 5000 + ")" * 5000
    filled = fill(released, f"{deep}\ndef first():\n    return 1\n")
    assert filled.cells[2].source == deep
    assert filled.cells[3].source == "def first():\n    return 1"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(files):
    files[1].write_bytes(b"\xef\xbb\xbfimport math\r\n\r\ndef first():\r\n    return 1\r\n")
    cells = nbformat.read(fill_file(*files), as_version=4).cells
    assert [cells[2].source, cells[3].source] == ["import math", "def first():\n    return 1"]


def test_the_solution_is_not_run(released, tmp_path):
    trace = tmp_path / "trace"
    fill(
        released,
        f"open({str(trace)!r}, 'w')\nraise SystemExit\n\ndef first(x=open({str(trace)!r}, 'w')):\n    pass\n",
    )
    assert not trace.exists()


# What stays as it was.


def test_every_other_cell_and_all_metadata_stay_as_released(released):
    filled = fill(released, "import math\ndef first():\n    return 1\ndef second():\n    return 2\n")
    kept = [cell for cell in filled.cells if cell.id != "before-the-functions"]
    assert [cell.metadata for cell in kept] == [cell.metadata for cell in released.cells]
    texts, released_texts = sources(filled), sources(released)
    unchanged = ["title", "imports", "cell-test_first", "cell-test_second", "written"]
    assert [texts[id] for id in unchanged] == [released_texts[id] for id in unchanged]
    assert filled.metadata == released.metadata


def test_the_released_notebook_is_not_changed(released):
    before = copy.deepcopy(released)
    fill(released, "import math\ndef first():\n    return 1\n")
    assert released == before


def test_outputs_and_execution_counts_are_cleared(released):
    cells = [
        cell for cell in fill(released, "def first():\n    return 1\n").cells if cell.cell_type == "code"
    ]
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert [cell.execution_count for cell in cells] == [None] * len(cells)


def test_cells_graded_by_hand_are_not_solution_cells(released):
    released.cells.append(solution_cell("third", grade=True, points=2))
    filled = sources(fill(released, "def first():\n    return 1\ndef third():\n    return 3\n"))
    assert filled["cell-third"] == STUB.format("third")


@pytest.mark.parametrize(
    "metadata", [None, "text", [1], {"solution": True}, {"solution": True, "grade_id": 3}]
)
def test_odd_metadata_does_not_stop_the_filling(released, metadata):
    released.cells[0].metadata["nbgrader"] = metadata
    released.cells[1].metadata["nbgrader"] = metadata
    assert (
        sources(fill(released, "def first():\n    return 1\n"))["cell-first"] == "def first():\n    return 1"
    )


def test_the_written_notebook_is_valid_and_the_same_every_time(files):
    _, solution, out = files
    solution.write_text("import math\ndef first():\n    return 1\n", encoding="utf-8")
    assert fill_file(*files) == out
    first = out.read_bytes()
    nbformat.validate(json.loads(first))
    fill_file(*files)
    assert out.read_bytes() == first
    assert list(out.parent.iterdir()) == [out]


def test_a_filled_notebook_can_be_filled_again(released):
    again = fill(fill(released, "x = 1\ndef first():\n    return 1\n"), "y = 2\ndef first():\n    return 2\n")
    nbformat.validate(again)
    texts = sources(again)
    assert [texts["before-the-functions"], texts["before-the-functions-2"]] == ["x = 1", "y = 2"]
    assert texts["cell-first"] == "def first():\n    return 2"


def test_a_notebook_of_an_older_format_stays_one(released):
    released.nbformat_minor = 4
    for cell in released.cells:
        del cell["id"]
    filled = fill(released, "import math\ndef first():\n    return 1\n")
    nbformat.validate(filled)
    assert filled.nbformat_minor == 4
    assert filled.cells[2].source == "import math"
