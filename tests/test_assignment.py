"""The assignment as students get it: current, free of solutions, and honest about what is right and wrong."""

import copy
import re
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from forked import commands
from nbclient import NotebookClient

from autograder.authoring.build import build_assignment, build_notebook, lab_sources, with_code_folded
from autograder.authoring.release import own_cells
from autograder.suite import find
from autograder.suite.released import digest, released_cells
from solutions import reference
from solutions.source.conv2d import checks

RELEASE = ROOT / "assignment" / "conv2d"
FUNCTIONS = reference.__all__
RIGHT = find("conv2d").right
POINTS = {
    "apply_kernel": 8,
    "output_size": 8,
    "convolve": 12,
    "same_padding": 8,
    "pad": 6,
    "conv2d": 20,
    "flatten_filters": 6,
    "extract_patches": 10,
    "conv2d_matmul": 12,
    "conv2d_gradients": 10,
}


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder; opening the notebook where it lies leaves folders of caches beside it."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def marked(notebook, kind) -> dict[str, nbformat.NotebookNode]:
    """nbgrader's cells of one kind ("solution" or "grade") by name."""
    found = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind))
    return {cell.metadata.nbgrader.grade_id: cell for cell in found}


@pytest.fixture(scope="module")
def source_notebook():
    return nbformat.read(ROOT / "solutions" / "source" / "conv2d" / "conv2d.ipynb", as_version=4)


@pytest.fixture(scope="module")
def solved(source_notebook) -> dict:
    """The functions of the instructor's own solution."""
    namespace = {"np": np}
    for name, cell in marked(source_notebook, "solution").items():
        if name in FUNCTIONS:
            exec(cell.source, namespace)
    return namespace


def execute(notebook, folder) -> nbformat.NotebookNode:
    """Runs a copy of the notebook from top to bottom, as a student would, and notes every error."""
    notebook = copy.deepcopy(notebook)
    shutil.copy(RELEASE / "checks.py", folder)
    NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    return notebook


@pytest.fixture(scope="module")
def executed(source_notebook, tmp_path_factory) -> nbformat.NotebookNode:
    """The instructor's own solution, run from top to bottom."""
    return execute(source_notebook, tmp_path_factory.mktemp("solved"))


def errors(cell) -> list:
    return [output for output in cell.outputs if output.output_type == "error"]


# --- the release -----------------------------------------------------------------------------------------


def test_the_source_that_nbgrader_releases_is_current_with_its_text_its_cases_and_the_judge(tmp_path):
    shutil.copytree(ROOT / "solutions" / "conv2d", tmp_path / "solutions" / "conv2d")
    build_assignment("conv2d", tmp_path)
    source = Path("solutions", "source", "conv2d")
    assert files(tmp_path / source) == files(ROOT / source), "run 'make release'"


def test_every_lab_is_current_with_its_text(tmp_path):
    pairs = lab_sources(ROOT)
    assert len(pairs) >= 6
    for text, notebook in pairs:
        rebuilt = build_notebook(text, tmp_path / notebook.name, with_code_folded)
        assert rebuilt.read_bytes() == notebook.read_bytes(), f"run 'make release': {notebook} is not current"


@pytest.mark.slow
def test_the_release_is_what_nbgrader_makes_of_the_source_today(tmp_path):
    shutil.copytree(ROOT / "solutions" / "source", tmp_path / "solutions" / "source")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    made = commands().run(tmp_path, "nbgrader", "generate_assignment", "conv2d")
    assert made.returncode == 0, made.stderr
    assert files(tmp_path / "assignment" / "conv2d") == files(RELEASE), "run 'make release'"


def test_the_release_holds_the_notebook_and_the_checks_and_no_line_of_a_solution(released, source_notebook):
    assert sorted(files(RELEASE)) == ["checks.py", "conv2d.ipynb"]
    text = "\n".join(content.decode() for content in files(RELEASE).values())
    assert "SOLUTION" not in text and "solutions" not in text.replace("no solutions", "")
    lines = set()
    for cell in marked(source_notebook, "solution").values():
        _, _, solution = cell.source.partition("### BEGIN SOLUTION")
        lines |= {line.strip() for line in solution.partition("### END SOLUTION")[0].splitlines()}
    telling = {line for line in lines if len(line) > 25}
    assert len(telling) > 40
    code = "\n".join(cell.source for cell in released.cells if cell.cell_type == "code")
    assert not {line for line in telling if line in code or line in (RELEASE / "checks.py").read_text()}


def test_the_grader_knows_the_cells_of_this_release_as_its_own():
    own = own_cells(RELEASE / "conv2d.ipynb")
    assert len(own) > 15 and {digest(source) for source in own} <= released_cells("conv2d"), (
        "run 'make release'"
    )
    assert digest(own[0] + "  \r\n\n") == digest(own[0]) != digest(own[0] + "x")


def test_every_function_has_its_stub_and_its_graded_cell(released):
    solutions, graded = marked(released, "solution"), marked(released, "grade")
    for name in FUNCTIONS:
        assert "raise NotImplementedError(" in solutions[name].source
        assert graded[f"test_{name}"].metadata.nbgrader.locked
        assert len(graded[f"test_{name}"].source.splitlines()) <= 3
    written = [cell for name, cell in graded.items() if name.startswith("written_")]
    assert len(written) == 2 and all(cell.metadata.nbgrader.solution for cell in written)
    assert set(graded) == {f"test_{name}" for name in FUNCTIONS} | {
        c.metadata.nbgrader.grade_id for c in written
    }


def test_the_tests_give_100_points_and_each_written_question_5(released):
    points = {name: cell.metadata.nbgrader.points for name, cell in marked(released, "grade").items()}
    assert {name: points[f"test_{name}"] for name in FUNCTIONS} == POINTS and sum(POINTS.values()) == 100
    assert [points[name] for name in points if name.startswith("written_")] == [5, 5]


def test_the_headings_tell_students_the_points_that_the_cells_have(released):
    text = "\n".join(cell.source for cell in released.cells if cell.cell_type == "markdown")
    told = [int(number) for number in re.findall(r"^#+ .*\((\d+) points\)", text, re.MULTILINE)]
    assert sorted(told) == sorted([*POINTS.values(), 5, 5])


# --- what a student sees ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_solved_notebook_runs_from_top_to_bottom_and_every_check_passes(executed):
    assert not [cell.source for cell in executed.cells if cell.cell_type == "code" and errors(cell)]
    for name, cell in marked(executed, "grade").items():
        if name.startswith("test_"):
            assert "checks pass" in "".join(output.text for output in cell.outputs)


@pytest.mark.slow
def test_every_figure_of_the_notebook_has_a_text_alternative(executed):
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    figures = [output.data for output in outputs if "data" in output and set(output.data) - {"text/plain"}]
    assert len(figures) >= 6
    for data in figures:
        assert "image/png" not in data and len(data["text/html"].partition('alt="')[2].partition('"')[0]) > 30


@pytest.mark.slow
def test_an_untouched_notebook_says_not_started_at_every_check(released, tmp_path):
    executed = execute(released, tmp_path)
    for name, cell in marked(executed, "grade").items():
        if name.startswith("test_"):
            (error,) = errors(cell)
            assert "is not started yet" in error.evalue
            assert len(error.traceback) < 5  # its text alone, no wall of a traceback


@pytest.mark.slow
def test_a_wrong_function_shows_the_differing_window_and_fails_validation(source_notebook, tmp_path):
    notebook = copy.deepcopy(source_notebook)
    cell = marked(notebook, "solution")["apply_kernel"]
    cell.source = cell.source.replace("window * kernel", "window * kernel[::-1, ::-1]")
    del notebook.cells[notebook.cells.index(marked(notebook, "grade")["test_apply_kernel"]) + 1 :]
    executed = execute(notebook, tmp_path)
    check = marked(executed, "grade")["test_apply_kernel"]
    (error,) = errors(check)
    assert "yours" in error.evalue and "expected" in error.evalue and "kernel" in error.evalue
    assert any(
        '<img alt="apply_kernel' in output.get("data", {}).get("text/html", "") for output in check.outputs
    )
    nbformat.write(executed, tmp_path / "conv2d.ipynb")
    said = commands().run(tmp_path, "nbgrader", "validate", "conv2d.ipynb")
    assert "checks.check_apply_kernel()" in said.stdout and "VALIDATION FAILED" in said.stdout.upper()


def test_progress_tells_each_function_apart_in_one_line_and_never_stops(capsys):
    def pad(image, rows, columns):
        raise NotImplementedError("Write this function.")

    def conv2d(inputs, filters, strides, padding):
        return pad(inputs, (0, 0), (0, 0))

    def convolve(image, kernel, stride=1):
        print("looking inside")
        return reference.convolve(image, kernel)

    class Odd:
        def __call__(self, *arguments):
            raise KeyError("anything")

    written = {"apply_kernel": reference.apply_kernel, "output_size": Odd(), "same_padding": 3}
    checks.progress({**written, "pad": pad, "conv2d": conv2d, "convolve": convolve})
    *lines, blank, summary = capsys.readouterr().out.splitlines()
    states = {line.split()[0]: line.partition(" ")[2].strip() for line in lines}
    assert list(states) == list(POINTS) and not blank  # in the order of the notebook
    assert states["apply_kernel"] == "right"
    assert states["pad"] == "not started"
    assert states["conv2d"].startswith("waiting") and "It calls pad" in states["conv2d"]
    assert states["convolve"].endswith("Check 4 of 11: stride 2.")
    assert states["output_size"].startswith("wrong") and states["same_padding"].startswith("wrong")
    assert states["conv2d_gradients"].startswith("not run")
    assert summary == "1 of 10 functions pass their checks."


def test_when_all_is_right_progress_says_what_was_built_and_lets_it_read_a_digit(capsys):
    checks.progress(RIGHT)
    summary, *ending = capsys.readouterr().out.partition("10 of 10 functions pass their checks.\n\n")[1:]
    assert summary and ending[0].startswith("You have built what tf.nn.conv2d does")
    assert "the network reads a 3, with" in ending[0] and ending[0].endswith("yours agrees.\n")


# --- the visible checks ----------------------------------------------------------------------------------


def visible_cases():
    return [(name, case) for name in FUNCTIONS for case in checks.CASES[name]]


@pytest.mark.parametrize(
    ("name", "case"), visible_cases(), ids=[f"{n}: {c.title}" for n, c in visible_cases()]
)
def test_the_expected_value_of_every_visible_check_is_the_references(name, case):
    problem, _ = checks.examine(name, RIGHT[name], case)
    assert problem is None, problem
    if case.expected is not ValueError:
        ours = RIGHT[name](*case.arguments)
        parts = zip(case.expected, ours, strict=True) if isinstance(ours, tuple) else [(case.expected, ours)]
        for expected, right in parts:
            np.testing.assert_allclose(expected, right, atol=1e-9)


def failing_step(name, function) -> str | None:
    """The step of the ladder at which the visible checks of one function stop."""
    for case in checks.CASES[name]:
        problem, _ = checks.examine(name, function, case)
        if problem is not None:
            return problem.step
    return None


def same_floor(size, filter_size, stride=1):
    return (filter_size - 1) // 2, (filter_size - 1) // 2


def changes_its_image(image, rows, columns):
    padded = reference.pad(image, rows, columns)
    image += 1
    return padded


def stub(*arguments):
    raise NotImplementedError


WRONG = {
    "a stub": ("conv2d", stub, "not started"),
    "an exception": ("conv2d", lambda *a: a[0][99], "raised"),
    "nothing returned": ("convolve", lambda *a: None, "type"),
    "a list": ("convolve", lambda *a: reference.convolve(*a).tolist(), "type"),
    "a float size": ("output_size", lambda *a: float(reference.output_size(*a)), "type"),
    "an array of objects": ("pad", lambda *a: reference.pad(*a).astype(object), "dtype"),
    "cut-off fractions": ("convolve", lambda *a: reference.convolve(*a).astype(int), "dtype"),
    "a column too few": ("convolve", lambda *a: reference.convolve(*a)[:, :-1], "shape"),
    "a flipped kernel": ("convolve", lambda i, k, s=1: reference.convolve(i, k[::-1, ::-1], s), "values"),
    "floor padding": ("same_padding", same_floor, "values"),
    "swapped strides": ("convolve", lambda i, k, s=1: reference.convolve(i, k, np.resize(s, 2)[::-1]), "shape"),
    "changed inputs": ("pad", changes_its_image, "inputs"),
    "filters in another order": ("flatten_filters", lambda f: f.reshape(f.shape[3], -1).T, "values"),
    "no errors raised": ("output_size", lambda w, f, s=1, p=0: (w - f + 2 * p) // max(s, 1) + 1, "raised"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "function", "step"), WRONG.values(), ids=WRONG)
def test_a_visible_check_stops_at_the_right_step(name, function, step):
    assert failing_step(name, function) == step


def padded_by(amounts, inputs, filters, strides, padding):
    """conv2d whose SAME adds `amounts(size, filter_size, stride)` zeros."""
    if padding.upper() != "SAME" or np.ndim(inputs) != 4:
        return reference.conv2d(inputs, filters, strides, padding)
    zeros = [amounts(*sizes) for sizes in zip(inputs.shape[1:3], filters.shape, strides[1:3], strict=False)]
    return reference.conv2d(np.pad(inputs, ((0, 0), *zeros, (0, 0))), filters, strides, "VALID")


def upper_case_only(inputs, filters, strides, padding):
    if padding not in ("SAME", "VALID"):
        raise ValueError(padding)
    return reference.conv2d(inputs, filters, strides, padding)


CLASSIC_CONV2D = {
    "a flipped kernel": (lambda x, f, s, p: reference.conv2d(x, f[::-1, ::-1], s, p), "values"),
    "swapped strides": (lambda x, f, s, p: reference.conv2d(x, f, [s[0], s[2], s[1], s[3]], p), "shape"),
    "the row stride for both": (
        lambda x, f, s, p: reference.conv2d(x, f, [s[0], s[1], s[1], s[3]], p),
        "shape",
    ),
    "floor padding": (lambda *a: padded_by(same_floor, *a), "shape"),
    "the odd zero before": (lambda *a: padded_by(lambda *w: reference.same_padding(*w)[::-1], *a), "values"),
    "padding that ignores strides": (
        lambda *a: padded_by(lambda w, f, s: reference.same_padding(w, f), *a),
        "values",
    ),
    "the first image only": (lambda x, f, s, p: reference.conv2d(x[:1], f, s, p), "shape"),
    "channels in reverse": (lambda x, f, s, p: reference.conv2d(x[..., ::-1], f, s, p), "values"),
    "capital letters only": (upper_case_only, "raised"),
    "whole numbers": (lambda *a: reference.conv2d(*a).astype(int), "dtype"),
}


@pytest.mark.parametrize(("function", "step"), CLASSIC_CONV2D.values(), ids=CLASSIC_CONV2D)
def test_the_visible_checks_of_conv2d_catch_classic_mistakes(function, step):
    assert failing_step("conv2d", function) == step


def test_correct_code_of_another_style_passes_the_visible_checks(solved):
    for name in FUNCTIONS:
        assert failing_step(name, solved[name]) is None
    assert failing_step("same_padding", lambda *a: list(map(np.int64, reference.same_padding(*a)))) is None
    assert failing_step("apply_kernel", lambda *a: np.float64(reference.apply_kernel(*a))) is None
    assert failing_step("convolve", lambda *a: np.asfortranarray(reference.convolve(*a), float)) is None
    assert failing_step("conv2d", lambda *a: RIGHT["conv2d"](*a).astype("float32")) is None
