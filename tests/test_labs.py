"""The labs run on a student's own functions, offline, and every picture can be read without seeing it."""

import ast
import re
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import ROOT, sample
from nbclient import NotebookClient

from autograder.authoring.fill import fill
from autograder.suite import find
from coursesite.labs import executed
from notebooks.labkit import draw_windows, own, own_functions, show
from notebooks.labkit.standins import conv2d as standin
from solutions import reference

LABS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHECKS = own.load_checks("conv2d", ROOT / "assignment" / "conv2d" / "conv2d.ipynb")


@pytest.fixture
def student_notebook(tmp_path, released):
    """A function from Python source to the path of a student's notebook."""

    def write(source, *more_cells):
        notebook = fill(released, source)
        notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in more_cells]
        path = tmp_path / "conv2d.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def at_home(monkeypatch):
    """The working folder is the kit's, as in a lab, where the assignment's checks are found."""
    monkeypatch.chdir(ROOT)


# --- whose functions ---------------------------------------------------------------------------------------

UNUSABLE = {
    "a stub": ("", "not written yet"),
    "a wrong function": (sample("same_mistake"), "numbers differ"),
    "another shape": ("def conv2d(i, f, s, p):\n    return i", "has shape"),
    "an error": ("def conv2d(i, f, s, p):\n    return i[99]", "IndexError"),
    "a cell that is no Python": ("def conv2d(inputs, filters, strides, padding:\n    pass", "SyntaxError"),
    "an exit": ("import sys\ndef conv2d(i, f, s, p):\n    sys.exit()", "exit() or quit()"),
}


@pytest.mark.parametrize(("source", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_until_a_function_is_right_one_line_announces_a_stand_in(
    source, reason, student_notebook, at_home, capsys
):
    functions = own_functions("conv2d", notebook=student_notebook(source))
    (said,) = capsys.readouterr().out.strip().splitlines()
    assert said.startswith("conv2d: a stand-in works here until yours is right.") and reason in said
    assert functions.conv2d is standin.conv2d


@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"\x00\x01"], ids=["missing", "empty", "no cells", "junk"]
)
def test_a_notebook_that_cannot_be_read_is_told_in_one_line(content, tmp_path, capsys):
    path = tmp_path / "conv2d.ipynb"
    if content is not None:
        path.write_bytes(content)
    functions = own_functions("conv2d", "pad", notebook=path)
    assert functions.conv2d is standin.conv2d and functions.pad is standin.pad
    assert len(capsys.readouterr().out.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "checks", [None, "1 / 0", "CASES = ", ""], ids=["missing", "an error", "no Python", "no cases"]
)
def test_without_checks_that_work_stand_ins_are_announced(
    checks, student_notebook, monkeypatch, tmp_path, capsys
):
    path = student_notebook(sample("perfect"))
    monkeypatch.chdir(tmp_path)
    if checks is not None:
        (tmp_path / "checks.py").write_text(checks)
    assert own_functions("conv2d", notebook=path).conv2d is standin.conv2d
    assert "checks.py" in capsys.readouterr().out


def test_a_name_that_is_no_function_of_the_assignment_is_refused():
    with pytest.raises(ValueError, match="'conv3d' is not a function of the assignment"):
        own_functions("conv3d")


def test_the_environment_variable_says_where_the_notebook_is(student_notebook, monkeypatch, capsys):
    path = student_notebook(sample("perfect"))
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("CONV2D_NOTEBOOK", str(path))
    assert own_functions("conv2d").conv2d is not standin.conv2d
    monkeypatch.setenv("CONV2D_NOTEBOOK", str(path.with_name("elsewhere.ipynb")))
    assert own_functions("conv2d").conv2d is standin.conv2d
    assert "There is no notebook at " in capsys.readouterr().out.splitlines()[-1]


def test_in_whatever_folder_the_kernel_works_the_notebook_beside_the_labs_is_found(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONV2D_NOTEBOOK", raising=False)
    assert own.find("conv2d") == ROOT / "assignment" / "conv2d" / "conv2d.ipynb"


def test_without_its_metadata_a_notebook_still_gives_its_functions(student_notebook, at_home, capsys):
    path = student_notebook(sample("perfect"))
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.clear()
    nbformat.write(notebook, path)
    assert own_functions("conv2d", notebook=path).conv2d is not standin.conv2d


def test_imports_and_helpers_in_cells_of_their_own_are_found_and_magics_passed_over(
    tmp_path, at_home, capsys
):
    cells = [
        "%matplotlib inline\nimport no_such_module\nfrom math import prod\nprint('never shown')",
        "def helper(inputs, filters, strides, padding):\n"
        "    assert prod([1, 1]) == 1\n"
        "    return reference.conv2d(inputs, filters, strides, padding)\n"
        "1 / 0",
        "%%time\nfrom solutions import reference\nprint('loud')\n\ndef conv2d(*arguments):\n"
        "    print('loud')\n    return helper(*arguments)",
    ]
    path = tmp_path / "conv2d.ipynb"
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    assert own_functions("conv2d", notebook=path).conv2d is not standin.conv2d
    assert capsys.readouterr().out == f"conv2d: your own, from {path}\n"


def test_right_functions_are_the_students_own_and_wrong_ones_are_not(student_notebook, at_home, capsys):
    wrong = "\n\ndef same_padding(*arguments):\n    return (1, 1)\n"
    path = student_notebook(sample("perfect") + wrong, "raise RuntimeError('an experiment of theirs')")
    functions = own_functions("convolve", "same_padding", "pad", notebook=path)
    said = capsys.readouterr().out.strip().splitlines()
    assert said[0].startswith('same_padding: a stand-in works here until yours is right. Its check "')
    assert said[1:] == [f"convolve, pad: your own, from {path}"]
    assert functions.same_padding is standin.same_padding
    assert functions.convolve is not standin.convolve and functions.pad is not standin.pad


# --- another assignment --------------------------------------------------------------------------------------

POOLING = """
from types import SimpleNamespace as Of

CASES = {"largest": [Of(title="two numbers", arguments=([1, 3],), expected=3)]}


def examine(name, function, case):
    found = function(*case.arguments)
    return (None if found == case.expected else Of(step="values", message=f"It gives {found}, not 3.")), found
"""


@pytest.fixture
def pooling(tmp_path, monkeypatch):
    """A function that writes the notebook of an assignment that the labs do not know, where it is looked for."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "pooling"
    folder.mkdir()
    (folder / "checks.py").write_text(POOLING)

    def write(source, name="pooling.ipynb"):
        cells = [nbformat.v4.new_code_cell(source)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / name)
        return folder / name

    return write


def test_any_assignment_is_found_by_its_name_and_its_functions_by_its_checks(pooling, capsys):
    pooling("def largest(numbers):\n    return max(numbers)")
    assert own_functions("largest", assignment="pooling").largest([2, 5]) == 5
    assert capsys.readouterr().out == "largest: your own, from pooling/pooling.ipynb\n"
    with pytest.raises(
        ValueError, match=r"'conv2d' is not a function of the assignment; those are largest\."
    ):
        own_functions("conv2d", assignment="pooling")


def test_the_environment_variable_has_the_assignments_name(pooling, monkeypatch, capsys):
    pooling("def largest(numbers):\n    return 0")
    right = pooling("def largest(numbers):\n    return max(numbers)", "another.ipynb")
    monkeypatch.setenv("POOLING_NOTEBOOK", str(right))
    assert own_functions("largest", assignment="pooling").largest([2, 5]) == 5
    assert capsys.readouterr().out == f"largest: your own, from {right}\n"


def test_a_function_without_a_stand_in_says_what_is_wrong_with_it_when_it_is_called(pooling, capsys):
    pooling("def largest(numbers):\n    return min(numbers)")
    largest = own_functions("largest", assignment="pooling").largest
    reason = 'Its check "two numbers" says: It gives 1, not 3.'
    assert capsys.readouterr().out == f"largest: nothing works here until yours is right. {reason}\n"
    with pytest.raises(NotImplementedError, match=f"This lab needs your largest. {reason}"):
        largest([2, 5])


# --- the stand-ins -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("strides", [[1, 1, 1, 1], [1, 2, 3, 1], [1, 3, 1, 1]])
@pytest.mark.parametrize("size", [(3, 3), (2, 4), (5, 5), (1, 1)])
def test_the_stand_ins_for_batches_are_right(size, strides, padding):
    random = np.random.default_rng(5)
    inputs, filters = random.normal(size=(2, 7, 9, 3)), random.normal(size=(*size, 3, 4))
    expected = reference.conv2d(inputs, filters, strides, padding)
    upstream = random.normal(size=expected.shape)
    near = partial(np.testing.assert_allclose, atol=1e-9)
    near(standin.conv2d(inputs, filters, strides, padding), expected)
    near(standin.conv2d_matmul(inputs, filters, strides, padding), expected)
    patches = reference.extract_patches(inputs, size, strides, padding)
    near(standin.extract_patches(inputs, size, strides, padding), patches)
    near(standin.flatten_filters(filters), reference.flatten_filters(filters))
    expected = reference.conv2d_gradients(inputs, filters, strides, padding, upstream)
    for found, right in zip(
        standin.conv2d_gradients(inputs, filters, strides, padding, upstream), expected, strict=True
    ):
        near(found, right)


@pytest.mark.parametrize("name", CHECKS.CASES)
def test_every_stand_in_passes_the_visible_checks_except_those_of_wrong_arguments(name):
    for case in CHECKS.CASES[name]:
        if case.expected is not ValueError:
            problem, _ = CHECKS.examine(name, getattr(standin, name), case)
            assert problem is None, (case.title, problem)


def test_the_stand_in_for_sizes_refuses_a_filter_that_does_not_fit():
    with pytest.raises(ValueError, match="does not fit"):
        standin.output_size(3, 5)


def test_a_figure_without_a_text_alternative_is_refused():
    with pytest.raises(ValueError, match="alternative text"):
        show(draw_windows(28, 5, 2), alt=" ")


# --- the labs' notebooks ---


def statements(cell: nbformat.NotebookNode) -> list[str]:
    """What a code cell's statements call, "" for any other statement."""
    body = ast.parse(cell.source).body
    calls = [each.value for each in body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
    return [ast.unparse(call.func) for call in calls] + [""] * (len(body) - len(calls))


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)
def test_code_that_only_draws_or_asks_is_folded_and_no_other(lab):
    for cell in nbformat.read(lab, as_version=4).cells:
        if cell.cell_type == "code":
            only_shows = set(statements(cell)) <= {"labkit.show", "labkit.predict"}
            assert ("hide-input" in cell.metadata.get("tags", [])) == only_shows, cell.source
            assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == only_shows


@pytest.mark.parametrize("lab", find("conv2d").labs)
def test_every_lab_asks_before_it_shows(lab):
    source = (ROOT / "notebooks" / f"{lab}.py").read_text(encoding="utf-8")
    assert "labkit.predict(" in source or "**Predict, then look.**" in source


# --- the labs themselves -----------------------------------------------------------------------------------

# What a lab must print, besides whose functions work in it.
PRINTED = {
    "kernels": ["(75, 64) becomes (73, 62)", "13.54 before, 14.54 after"],
    "stride_and_padding": [
        "14 windows, with 1 zero before and 2 after",
        "SAME is the same as 1 zero before and 2 after: True",
    ],
    "matrix_product": ["[[14", "(196, 25)", "2,458,624"],
    "learned_filters": ["held-out digits right", "with learned filters"],
    "filter_bank": ["(1, 14, 14, 16)"],
    "colour_filters": ["(1, 16, 16, 16)", "(64, 14, 14, 16)", "(64, 16, 16, 16)"],
    "curve_detector": ["on the back: 6600", "on the head: 0"],
}


LONG = {"cnn_layers", "fashion", "learned_filters"}  # `services/test_every_lab.py` takes these, too


@pytest.fixture(scope="module")
def on_right_functions():
    """The short labs, executed as in a browser on the model answers; the site shows the same."""
    return executed(lab.stem for lab in LABS if lab.stem not in LONG)


@pytest.mark.slow(30)
@pytest.mark.parametrize("lab", [lab.stem for lab in LABS if lab.stem not in LONG])
def test_a_lab_runs_on_a_students_own_functions_without_threads_processes_network_or_wide_integers(
    lab, on_right_functions
):
    assert_lab_shows(lab, on_right_functions[lab], "your own")


@pytest.mark.slow
def test_a_lab_runs_in_jupyters_kernel(student_notebook, monkeypatch):
    monkeypatch.setenv("CONV2D_NOTEBOOK", str(student_notebook(sample("perfect"))))
    lab = ROOT / "notebooks" / "matrix_product.ipynb"
    assert_lab_shows(lab.stem, run_in_kernel(lab), "your own")


def run_in_kernel(lab: Path) -> nbformat.NotebookNode:
    """The lab, executed as Jupyter does it."""
    notebook = nbformat.read(lab, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(lab.parent)}}).execute()
    return notebook


def assert_lab_shows(lab: str, notebook: nbformat.NotebookNode, says: str) -> None:
    """Every figure of an executed lab has a text alternative, and it says whose functions work in it."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    figures = [output.data for output in outputs if "data" in output and set(output.data) - {"text/plain"}]
    assert figures
    for data in figures:
        assert "image/png" not in data
        for tag in re.findall(r"<img[^>]*>", data["text/html"]):
            assert len(re.search(r' alt="([^"]*)"', tag)[1]) > 30 and len(tag) > 5_000
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert says in printed
    assert not [text for text in PRINTED.get(lab, []) if text not in printed]
