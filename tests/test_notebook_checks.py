"""What a student meets in the notebook: Run All, cells that stopped, functions that do not end, names left behind."""

import ast
import time

import nbformat
import pytest
from conftest import ROOT
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from autograder.judge import visible
from autograder.judge.running import TooLong, example_of, time_limit
from autograder.judge.visible import Case, CheckFailed, Checks
from solutions.reference import __all__ as FUNCTIONS

CASES = {"double": [Case("twice 3", (3,), 6)], "half": [Case("half of 8", (8,), 4)]}
RIGHT = "def double(x):\n    return 2 * x"
BROKEN = "def double(x)\n    return 2 * x"


@pytest.fixture
def notebook():
    """A notebook of its own: a function that runs a cell and gives what it printed, or how its check failed."""
    shell = InteractiveShell()
    checks = Checks(CASES)
    shell.events.register("post_run_cell", checks.runs.note)
    shell.user_ns.update(check_double=checks.checker("double"), progress=checks.progress)

    def run(source: str) -> str:
        result = shell.run_cell(source)
        return str(result.error_in_exec or "")

    return run


# --- a check knows what happened ---------------------------------------------------------------------------


def test_a_stand_in_works_and_is_never_called_right(notebook, capsys):
    notebook(RIGHT + "\nfrom autograder.judge.visible import StandIn")
    notebook('half, double = double, StandIn(double, "Yours gave 5 for twice 3.")')
    assert notebook("assert double(3) == 6") == ""
    assert notebook("check_double()").startswith(
        "double is the kit's stand-in here. Run the cell of your double"
    )
    capsys.readouterr()
    notebook("progress(globals())")
    said = capsys.readouterr().out
    assert "double            stand-in     The kit's, until yours is right. Yours gave 5 for twice 3." in said
    assert "half              wrong" in said and "0 of 2 functions pass their checks." in said


def test_a_check_that_runs_before_its_functions_cell_says_which_cell_to_run(notebook):
    assert notebook("check_double()").startswith(
        "There is no double yet. Run the cell of this function first"
    )


@pytest.mark.parametrize("cell", [BROKEN, "import no_such_library\n" + RIGHT, RIGHT + "\n1 / 0"])
def test_an_earlier_version_is_neither_praised_nor_called_a_stub(notebook, cell, capsys):
    notebook(RIGHT)
    assert notebook("check_double()") == ""
    notebook(cell)
    said = notebook("check_double()")
    assert said.startswith("The last run of the cell of double stopped with ")
    assert "What stands here is still your earlier version." in said
    capsys.readouterr()
    notebook("progress(globals())")
    assert "double            stopped" in capsys.readouterr().out
    notebook(RIGHT)
    assert notebook("check_double()") == ""


def test_a_first_version_that_stopped_is_not_called_not_started(notebook):
    notebook(BROKEN)
    said = notebook("check_double()")
    assert said == (
        "The cell of double stopped with SyntaxError: expected ':', in line 1. Mend it and run it, then this check."
    )


def test_a_check_takes_the_function_that_it_is_given_as_well(notebook):
    notebook(RIGHT)
    assert notebook("check_double(double)") == "" and "wrong" in notebook("check_double(lambda x: x)")


# --- what does not end -------------------------------------------------------------------------------------


def endless(x):
    while True:
        x += 1


def test_a_loop_without_end_ends_in_a_sentence_with_the_students_line(monkeypatch):
    monkeypatch.setattr(visible, "time_limit", lambda: time_limit(0.05))
    with pytest.raises(CheckFailed) as caught:
        Checks(CASES).check("double", endless)
    assert "did not come to its end within 5 seconds. It was\n  in endless, line" in str(caught.value)
    assert "while True:" in str(caught.value) or "x += 1" in str(caught.value)
    assert "checks" not in str(caught.value) and len(str(caught.value).splitlines()) < 8


def test_an_interrupt_ends_in_the_same_words(capsys):
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(CheckFailed, match=r"You interrupted your function\. It was\n  in interrupted, line"):
        Checks(CASES).check("double", interrupted)


def test_a_bare_exception_handler_of_a_students_cannot_hold_the_time_limit_up():
    def stubborn():
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    with pytest.raises(TooLong), time_limit(0.05):
        stubborn()


def test_waiting_as_in_a_debugger_is_not_computing():
    # OpenBLAS's threads of an earlier test look for work a while longer, and their time counts for the process.
    with time_limit(0.5):
        time.sleep(0.6)


def test_an_example_of_a_function_that_is_not_right_yet_is_one_sentence(capsys):
    with example_of("double"):
        raise NotImplementedError
    with example_of("double"):
        raise ValueError("no")
    assert capsys.readouterr().out.splitlines() == [
        "This example shows your double; it is not there yet. Make its check pass, then run this cell again.",
        "This example shows your double; it stopped with ValueError: no. Make its check pass, then run this cell again.",
    ]


# --- the released notebook ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_run_all_goes_through_to_the_end_whatever_is_not_written_yet(released, tmp_path):
    notebook = nbformat.from_dict(released)
    (tmp_path / "checks.py").write_bytes((ROOT / "assignment" / "conv2d" / "checks.py").read_bytes())
    where = {"metadata": {"path": str(tmp_path)}}
    executed = NotebookClient(notebook, timeout=120, allow_errors=False, resources=where).execute()
    last = [cell for cell in executed.cells if cell.cell_type == "code"][-1]
    said = "".join(output.get("text", "") for output in last.outputs)
    assert said.count("not started") == len(FUNCTIONS) and "0 of 10 functions pass their checks." in said


def test_the_notebooks_own_cells_leave_no_name_behind_that_a_student_may_choose(released):
    own = [
        cell.source
        for cell in released.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("solution")
    ]
    assert len(own) > 15
    names = set()
    for node in ast.walk(ast.parse("\n".join(own))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
    assert names == {"np", "checks"}
