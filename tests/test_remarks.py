"""A report points at the right place: where a missing function is instead, what failed, what is there twice."""

import json
import time

import pytest
from conftest import cells_notebook

from autograder.grading import Grader, Report
from autograder.grading.notebook import Cell
from autograder.grading.search import binds, defining, where_instead
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.feedback import summary_html
from autograder.reports.gradescope import gradescope_results
from autograder.sandbox import Limits

pytestmark = pytest.mark.sandbox

DEF = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[3])"


@pytest.fixture(scope="module")
def grader():
    with Grader(GradingLimits(Limits(cpu_seconds=0.5, wall_seconds=6.0))) as grader:
        yield grader


def graded(grader: Grader, *cells: str | dict) -> Report:
    notebook = json.loads(cells_notebook(*("" if isinstance(cell, dict) else cell for cell in cells)))
    for number, cell in enumerate(cells):
        if isinstance(cell, dict):
            notebook["cells"][number] |= cell
    return grader.grade(json.dumps(notebook).encode(), student="ada", assignment="conv2d", key=EXAMPLE)


def message(report: Report, cell: str = "test_flatten_filters") -> str:
    return report.of_cell(cell)[0].message


def text_cell(source: str) -> dict:
    return {"cell_type": "markdown", "source": source}


# --- a function that is not there ------------------------------------------------------------------------

INSTEAD = {
    "a text cell": ([text_cell(DEF)], "It stands in cell 2, which is a text cell and is not run: turn it into a code cell."),
    "a fenced text": ([text_cell(f"```python\n{DEF}\n```")], "It stands in cell 2, which is a text cell"),
    "below a magic": ([f"%%bash\n{DEF}"], "It stands in cell 2 below %%bash, which is not run here as Python: remove that line."),
    "a method": (["class Mine:\n    " + DEF.replace("\n", "\n    ")], "It stands in cell 2 inside a class, as a method"),
    "a function": (["def outer():\n    " + DEF.replace("\n", "\n    ")], "It stands in cell 2 inside something else"),
    "a comment": (["# " + DEF.replace("\n", "\n# ")], "It stands in cell 2, but as a comment (#)."),
    "a misspelled name": ([DEF.replace("flatten", "flaten")], "There is a function 'flaten_filters' in cell 2: its name has to be"),
    "capital letters": ([DEF.replace("flatten_f", "flattenF")], "There is a function 'flattenFilters' in cell 2"),
    "nowhere": (["x = 1"], "Keep its name and its cell."),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "says"), INSTEAD.values(), ids=INSTEAD)
def test_a_missing_function_is_looked_for_and_no_other_cell_is_blamed(cells, says, grader):
    report = graded(grader, "1 / 0", *cells)
    assert message(report).startswith("There is no function flatten_filters in the notebook. " + says)
    assert "ZeroDivisionError" not in message(report)
    assert any("Cell 1, line 1, failed: ZeroDivisionError" in line for line in report.remarks)


def test_a_function_whose_cell_failed_is_told_with_that_cell_and_not_with_an_earlier_one(grader):
    report = graded(grader, "1 / 0", DEF.replace(":\n", "\n"))
    assert "running cell 2 stopped with SyntaxError" in message(report)


def test_a_cell_whose_last_run_failed_in_the_notebook_too_is_told_so(grader):
    broken = {
        "source": DEF.replace(":\n", "\n"),
        "outputs": [{"output_type": "error", "ename": "SyntaxError"}],
    }
    assert "Its last run in your notebook ended in an error, too." in message(graded(grader, "x = 1", broken))


def test_a_name_that_stands_elsewhere_is_told_where_it_is_missed(grader):
    use = "def flatten_filters(filters):\n    return helper(filters)"
    report = graded(grader, use, text_cell("def helper(x):\n    return x"))
    assert "It stands in cell 2, which is a text cell" in message(report)


def test_an_old_numpy_name_is_told(grader):
    for name in ("float", "product"):
        report = graded(grader, f"import numpy as np\ndef flatten_filters(filters):\n    return np.{name}(3)")
        assert f"AttributeError: module 'numpy' has no attribute '{name}'." in message(report)
        assert "Newer versions of NumPy" in message(report)


# --- the head of a report --------------------------------------------------------------------------------


def said(report: Report, words: str) -> bool:
    """Whether a remark says it, wherever remarks are shown."""
    shown = [
        summary_html(report),
        gradescope_results(report)["output"],
        json.dumps(report.to_json(), ensure_ascii=False),
    ]
    return any(words in line for line in report.remarks) and all(
        words.split("'")[0] in text for text in shown
    )


def test_a_stub_left_below_an_answer_is_told_at_the_head_and_in_its_place(grader):
    report = graded(grader, DEF, "def flatten_filters(filters):\n    raise NotImplementedError")
    twice = "'flatten_filters' is defined 2 times, in cell 1 and cell 2: the last one counts."
    assert twice in report.remarks and message(report).endswith(twice)


ODD = {
    "marks of git": (f"<<<<<<< HEAD\n{DEF}\n=======\n{DEF}\n>>>>>>> main", "Cell 2 holds git"),
    "a pasted prompt": (f"x = 1\nIn [3]: y = 2\n{DEF}", "Cell 2 holds a pasted prompt"),
    "a function split in two": ("    total = 1\n    return total", "Cell 2 begins in the middle of a block"),
}


@pytest.mark.parametrize(("cell", "words"), ODD.values(), ids=ODD)
def test_an_odd_cell_is_told(cell, words, grader):
    assert said(graded(grader, "def convolve(image):\n    half = 1", cell), words)


def test_what_failed_is_told_once_and_a_stub_is_no_failure(grader):
    report = graded(grader, "import scipy\n[][1]\n[][1]", "def f(): raise NotImplementedError", "f()")
    assert report.remarks == (
        "Cell 1, line 1, failed: ModuleNotFoundError: No module named 'scipy'; Python's own modules, NumPy and the "
        "files handed in beside the notebook are all that is there.",
        "Cell 1, line 2, failed: IndexError: list index out of range.",
    )
    assert Report.from_json(json.loads(json.dumps(report.to_json()))).remarks == report.remarks


def test_many_failures_are_counted(grader):
    report = graded(grader, "\n".join(f"[][{n}] or missing_{n}" for n in range(30)).replace("[]", "{}"))
    assert len(report.remarks) == 9 and report.remarks[-1] == "22 more lines of the notebook failed."


def test_what_a_later_worker_sees_is_not_told(grader):
    """It could know hidden inputs: from the moment at which an earlier one died, for instance."""
    late = "import time\nassert time.time() < {start} + 1.0, 'late'"
    hang = "def flatten_filters(filters):\n    time.sleep(9)"
    report = graded(grader, late.format(start=time.time() + 1e6), hang)
    assert report.remarks == ()


def test_a_plain_notebook_has_no_remarks(grader):
    report = graded(
        grader,
        "import numpy as np\n" + DEF,
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])",
    )
    assert report.remarks == () and "remarks" not in report.to_json()


# --- hostile texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "pad ",
        "def pad",
        "def pad(\n",
        " def pad(",
        "# def ",
        "import pad ",
        "a" * 50,
        "class ",
        "pad=",
        " ",
        "\n",
        "(",
    ],
)
def test_looking_takes_a_time_that_grows_with_the_length(piece):
    def seconds(length: int) -> float:
        cells = [Cell(1, "code", piece * (length // len(piece)))]
        begun = time.process_time()
        where_instead("pad", cells)
        binds(cells[0], "pad")
        defining(cells, "pad")
        return time.process_time() - begun

    assert seconds(800_000) < 60 * max(seconds(80_000), 0.01)
