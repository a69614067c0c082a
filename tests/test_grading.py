"""One notebook in, one report out, whatever the notebook holds."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from conftest import ROOT, cells_notebook, sample

from autograder.grading import Grader
from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.grading.suite_run import list_tests, points_by_cell
from autograder.judge.hidden import Numbers
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, Limits
from autograder.suite import suite_folder

pytestmark = pytest.mark.sandbox

IMPATIENT = GradingLimits(Limits(cpu_seconds=1.0, wall_seconds=6.0))


@pytest.fixture(scope="module")
def graded() -> Iterator[Callable[[bytes], Report]]:
    """A function from a notebook to its report. `test_grader.py` proves that one grader reports as many do."""
    with Grader(IMPATIENT) as grader:
        yield partial(grader.grade, student="ada", assignment="conv2d", key=EXAMPLE)


def outcomes(report: Report) -> dict[str, str]:
    """The tests that did not pass."""
    return {
        test.name: test.outcome for test in report.tests if test.outcome not in ("passed", "inconclusive")
    }


def redefine(source: str) -> bytes:
    """The perfect student's notebook with one more cell at its end."""
    return cells_notebook("import numpy as np\n" + sample("perfect"), source)


# --- what cannot be read ---------------------------------------------------------------------------------

NESTED = "[" * 100_000 + "]" * 100_000
UNREADABLE = {
    "an empty file": b"",
    "white space": b" \n ",
    "binary junk": bytes(range(256)) * 40,
    "an archive": b"PK\x03\x04" + bytes(200),
    "text": b"def conv2d(): pass",
    "HTML": b"<!DOCTYPE html><html>Sign in</html>",
    "half a notebook": b'{"cells": [{"cell_type": "code", "sour',
    "another JSON": b"[1, 2, 3]",
    "a JSON number": b"1e999",
    "no cells": b'{"metadata": {}, "nbformat": 4}',
    "cells that are none": b'{"cells": {"a": 1}}',
    "an empty list of cells": b'{"cells": []}',
    "cells of other types": b'{"cells": [1, "x", null, []]}',
    "a deep nest": NESTED.encode(),
    "a deep nest of cells": b'{"cells": ' + NESTED.encode() + b"}",
    "a huge number": b'{"cells": ' + b"9" * 10_000 + b"}",
    "too many cells": b'{"cells": [' + b",".join([b'{"cell_type":"code"}'] * 3000) + b"]}",
    "UTF-16": '{"cells": []}'.encode("utf-16"),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_notebook_gets_a_damaged_report_with_one_clear_line(content, graded):
    report = graded(content)
    assert (report.status, report.score, report.max_score) == ("damaged", 0.0, 100.0)
    assert len(report.reason) > 20 and "\n" not in report.reason and "Traceback" not in report.reason
    assert {test.outcome for test in report.tests} == {"missing"}


ODD_BUT_READABLE = {
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "format 3": lambda text: json.dumps(
        {"worksheets": [{"cells": [{"cell_type": "code", "input": c["source"]} for c in json.loads(text)["cells"]]}]}
    ).encode(),
    "another kernel and no format": lambda text: json.dumps(
        {"cells": json.loads(text)["cells"], "metadata": {"kernelspec": {"name": "ir", "language": "R"}}}
    ).encode(),
    "hostile metadata": lambda text: json.dumps(
        {
            "cells": [
                {**c, "metadata": {"nbgrader": ["x"], "tags": {"y": 1}}, "outputs": "junk", "execution_count": -1}
                for c in json.loads(text)["cells"]
            ]
        }
    ).encode(),
    "cells in between that are none": lambda text: json.dumps(
        {"cells": [None, *json.loads(text)["cells"], 7, {"cell_type": 5, "source": 5}]}
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("damage", ODD_BUT_READABLE.values(), ids=ODD_BUT_READABLE)
def test_an_odd_notebook_whose_answers_are_intact_gets_full_marks(damage, graded):
    report = graded(damage(redefine("1 + 1")))
    assert (report.status, report.score) == ("graded", 100.0), outcomes(report)


# --- the wall --------------------------------------------------------------------------------------------


def test_a_submission_reads_neither_suite_nor_reference_nor_canary_and_connects_nowhere(tmp_path):
    """It looks for them with everything that Python has and tells what it found: nothing."""
    canary = tmp_path / "canary.txt"
    canary.write_text("the canary")
    wanted = [
        str(ROOT),
        str(canary),
        "/etc/passwd",
        "/proc/self/environ",
        "/proc/1/cmdline",
        "/home",
        str(tmp_path),
    ]
    hunt = f"""
import gc, importlib, os, socket, sys
found = []
def tried(what, action):
    try:
        if action():
            found.append(what)
    except BaseException:
        pass
for path in {wanted!r}:
    tried(path, lambda: open(path).read())
    tried(path + "/", lambda: os.listdir(path))
for name in ["autograder", "autograder.suite", "solutions", "solutions.reference", "checks.CASES", "pytest", "nbgrader"]:
    tried(name, lambda: not callable(importlib.import_module(name)) and sys.modules[name].__file__)
tried("frames", lambda: [f for f in iter_frames() if "suite" in f or "solutions" in f])
def iter_frames():
    frame = sys._getframe()
    while frame:
        yield frame.f_code.co_filename + " ".join(map(str, frame.f_locals))
        frame = frame.f_back
tried("objects", lambda: [o for o in gc.get_objects() if getattr(type(o), "__module__", "").startswith("autograder")])
tried("modules", lambda: [m for m in sys.modules if m.startswith(("autograder", "solutions", "_pytest"))])
tried("environment", lambda: [k for k in os.environ if k.startswith(("PYTEST", "SSH", "USER", "VIRTUAL"))])
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    tried(str(family), lambda: socket.socket(family))
tried("name service", lambda: socket.getaddrinfo("localhost", 80) and socket.create_connection(("localhost", 22), 1))
tried("processes", lambda: os.fork() or os._exit(0))
tried("shell", lambda: os.system("true") == 0)
def loot():
    tried("frames, while called", lambda: [f for f in iter_frames() if "suite" in f or "solutions" in f])
    return found
"""
    with Program(read_cells(cells_notebook(hunt)), IMPATIENT.request, Allowance(60)) as program:
        assert program.call("loot").value == []
        assert program.failed_cells == {}


def test_the_cheating_sample_earns_nothing_and_leaves_nothing(tmp_path, monkeypatch, graded):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(ROOT.glob("*"))
    report = graded(cells_notebook(sample("cheat")))
    assert report.score == 0.0 and sorted(ROOT.glob("*")) == before


FORGERIES = {
    "a partial grade": "np.float64(0.0)",
    "full marks as the cell's value": "100.0",
    "a results line": 'print(\'{"student": "ada", "score": 100.0}\')',
    "a results file": "open('/tmp/results.jsonl', 'w').write('{}')",
    "patched NumPy": "np.allclose = np.array_equal = lambda *a, **k: True\nnp.ndarray = object",
    "patched builtins": "import builtins\nbuiltins.AssertionError = Warning\nbuiltins.abs = lambda x: 0",
    "an exit handler": "import atexit, os\natexit.register(lambda: os._exit(0))",
    "a quiet exit": "import sys\nsys.exit(0)",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_wrong_functions_earn_nothing_by(forgery, graded):
    wrong = "import numpy as np\ndef flatten_filters(filters):\n    return np.zeros((2, 2))\n" + forgery
    report = graded(cells_notebook(wrong))
    assert report.score == 0.0
    assert outcomes(report)["test_flatten_filters_order"] == "failed"


PRETENDERS = {
    "an object that equals everything": "type('Yes', (), {'__eq__': lambda s, o: True, 'shape': (24, 5)})()",
    "a subclass of ndarray": "np.zeros((24, 5)).view(type('A', (np.ndarray,), {'__eq__': lambda s, o: True}))",
    "a masked array": "np.ma.masked_all((24, 5))",
    "an array of objects": "np.full((24, 5), type('Yes', (), {'__eq__': lambda s, o: True})())",
    "NaN everywhere": "np.full((24, 5), np.nan)",
    "infinity everywhere": "np.full((24, 5), np.inf)",
    "a broadcast zero": "np.broadcast_to(np.float64(0), (24, 5))",
    "an empty array": "np.zeros((0, 5))",
    "a generator": "(x for x in [1])",
    "True": "True",
}


@pytest.mark.parametrize("value", PRETENDERS.values(), ids=PRETENDERS)
def test_no_value_passes_for_the_right_one(value, graded):
    source = f"import numpy as np\ndef flatten_filters(filters):\n    return {value}"
    report = graded(cells_notebook(source))
    assert report.score == 0.0 and outcomes(report)["test_flatten_filters_order"] == "failed"


# --- what one failure costs ------------------------------------------------------------------------------

ONE_TEST_EACH = """
right = {name: globals()[name] for name in ("same_padding", "pad", "flatten_filters", "output_size")}
def same_padding(size, filter_size, stride=1):
    while (size, filter_size) == (5, 6):
        pass
    return right["same_padding"](size, filter_size, stride)
def pad(image, rows, columns):
    if rows == columns == (0, 0):
        import os
        os._exit(0)
    return right["pad"](image, rows, columns)
def flatten_filters(filters):
    if filters.shape == (3, 2, 1, 1):
        import ctypes
        ctypes.string_at(0)
    return right["flatten_filters"](filters)
def output_size(size, filter_size, stride=1, padding=0):
    if (size, filter_size, stride) == (9, 4, 1):
        return [0] * 10**9
    return right["output_size"](size, filter_size, stride, padding)
"""


def test_a_hang_a_crash_and_an_exit_cost_the_function_its_later_tests_and_a_memory_bomb_costs_one(graded):
    report = graded(redefine(ONE_TEST_EACH))
    assert outcomes(report) == {
        "test_same_padding_odd_total": "timeout",
        "test_same_padding_strides": "timeout",
        "test_pad_nothing": "crashed",
        "test_pad_leaves_its_input": "crashed",
        "test_flatten_filters_single": "crashed",
        "test_output_size_defaults": "error",
    }
    hung, killed = report.of_cell("test_same_padding")[2], report.of_cell("test_pad")[2]
    assert hung.message.startswith(
        "Not called again, after a call that did not come back: no answer after 1 "
    )
    assert killed.message.startswith(
        "Not called again, after a call that did not come back: the process ended"
    )


def test_cells_that_hang_raise_or_kill_the_worker_do_not_stop_the_others(graded):
    bad = [
        "while True: pass",
        "1/0",
        "import os; os._exit(1)",
        "raise SystemExit",
        "def (",
        "%%bash\nsleep 100",
        "!ls",
    ]
    perfect = "import numpy as np\n" + sample("perfect")
    report = graded(cells_notebook(*bad[:3], perfect, *bad[3:]))
    assert report.score == 100.0, outcomes(report)


def test_right_code_that_warns_and_prints_loses_nothing(graded):
    noisy = """
import sys, warnings
def noisy(function):
    def wrapper(*arguments, **keywords):
        warnings.warn("overflow encountered")
        print("debugging", file=sys.stderr)
        print("x" * 100_000)
        return function(*arguments, **keywords)
    return wrapper
for name in ["apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d", "flatten_filters",
             "extract_patches", "conv2d_gradients"]:
    globals()[name] = noisy(globals()[name])
"""
    report = graded(redefine(noisy))
    assert report.score == 100.0, outcomes(report)


def test_cells_that_plot_and_use_magics_still_define_their_functions(graded):
    notebook = cells_notebook(
        "%matplotlib inline\nimport matplotlib.pyplot as plt, checks\nimport numpy as np\nfrom tqdm import tqdm",
        "fig, ax = plt.subplots()\nax[0].imshow([[1]])\nplt.show()\n"
        "def flatten_filters(filters):\n    columns = [filters[..., o].ravel() for o in tqdm(range(filters.shape[3]))]\n"
        "    return np.stack(columns, axis=1)",
        "%%time\ncell_ran = True\nchecks.check_flatten_filters(flatten_filters)",
    )
    assert [t.outcome for t in graded(notebook).of_cell("test_flatten_filters")] == ["passed", "passed"]


# --- what a report says ----------------------------------------------------------------------------------


@pytest.fixture
def message_of(graded) -> Callable[..., tuple[str, str]]:
    """A function from a notebook's source to the outcome and the message of one cell's first test."""

    def first(source: str, cell: str = "test_flatten_filters") -> tuple[str, str]:
        test = graded(cells_notebook(source)).of_cell(cell)[0]
        return test.outcome, test.message

    return first


def test_an_untouched_notebook_gets_nothing_and_not_started_everywhere(submission, graded):
    report = graded(submission(""))
    assert report.score == 0.0
    assert {(test.outcome, test.message[:11]) for test in report.tests} == {("missing", "Not started")}


def test_a_stub_that_another_function_calls_is_told_with_the_calling_line(graded, message_of):
    stub = "def same_padding(size, filter_size, stride=1):\n    raise NotImplementedError"
    outcome, message = message_of(f"{stub}\ndef pad(image, rows, columns): pass", "test_same_padding")
    assert (outcome, message[:42]) == ("missing", "Not started: the function still raises Not")
    report = graded(cells_notebook(stub, "def flatten_filters(filters):\n    return same_padding(1, 1)"))
    called = report.of_cell("test_flatten_filters")[0]
    assert (
        called.outcome == "missing" and "In cell 2, line 2:\n    return same_padding(1, 1)" in called.message
    )


def test_a_syntax_error_is_told_with_its_cell_and_line(message_of):
    outcome, message = message_of("import numpy as np\ndef flatten_filters(filters)\n    return filters")
    assert outcome == "missing"
    assert "SyntaxError: expected ':'" in message and "line 2:\n    def flatten_filters(filters)" in message


def test_an_exception_is_told_with_the_students_own_line(message_of):
    source = "import numpy as np\n\ndef flatten_filters(filters):\n    return filters @ np.ones((3, 3))[:, 7]"
    outcome, message = message_of(source)
    assert outcome == "error"
    assert "IndexError: index 7 is out of bounds for axis 1 with size 3" in message
    assert "In cell 1, line 4:\n    return filters @ np.ones((3, 3))[:, 7]" in message


def test_a_name_that_a_stopped_cell_should_have_made_is_told_with_that_cell(graded):
    report = graded(
        cells_notebook(
            "import numpy as np\ntable = np.load('w.npy')", "def flatten_filters(f):\n    return table"
        )
    )
    message = report.of_cell("test_flatten_filters")[0].message
    assert "NameError: name 'table' is not defined" in message
    assert "running cell 1 stopped with FileNotFoundError: [Errno 2] No such file" in message


def test_a_function_of_another_name_is_told(message_of):
    outcome, message = message_of("def flatten(filters):\n    return filters")
    assert outcome == "missing" and "no function flatten_filters" in message


def test_a_wrong_shape_is_told_with_the_formula(message_of):
    _, message = message_of(
        "import numpy as np\ndef conv2d(inputs, filters, strides, padding):\n    return np.zeros((9, 8, 7, 6))",
        "test_conv2d",
    )
    assert "(9, 8, 7, 6)" in message and re.search(r"floor\(\(\d+ . \d+\)/1\) \+ 1 = \d+", message), message


def test_changed_inputs_are_told(graded):
    report = graded(
        redefine(
            "old = pad\ndef pad(image, rows, columns):\n    image += 1\n    return old(image - 1, rows, columns)"
        )
    )
    assert outcomes(report) == {"test_pad_leaves_its_input": "failed"}
    assert "changed an array" in report.of_cell("test_pad")[2].message


LEAKS = {
    "its message": "raise ValueError(repr(filters.ravel().tolist()))",
    "a name": 'raise NameError("name \'x" + filters.tobytes().hex()[:40] + "\' is not defined")',
    "its class": "raise type('E' + filters.tobytes().hex()[:40], (Exception,), {})()",
    "its cause": "raise KeyError(filters[0, 0, 0, 0]) from ValueError(filters)",
    "a returned type": "return type('T' + filters.tobytes().hex()[:40], (), {})()",
    "printing": "print(filters)\n    return filters",
    "numbers": "raise IndexError('index %d is out of bounds for axis %d with size 1' % (1e9 * filters[0,0,0,0], 5))",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_report_does_not_repeat_hidden_inputs_through(leak, graded):
    report = graded(cells_notebook(f"import numpy as np\ndef flatten_filters(filters):\n    {leak}"))
    hidden = Numbers(EXAMPLE)(61, 2, 3, 4, 5)
    text = json.dumps(report.to_json())
    assert hidden.tobytes().hex()[:16] not in text
    assert not any(f"{abs(value):.5f}"[2:] in text for value in hidden.ravel())
    assert str(int(1e9 * hidden[0, 0, 0, 0])) not in text


# --- the suite -------------------------------------------------------------------------------------------


def test_the_suite_is_worth_100_points_over_the_notebooks_graded_cells(released):
    in_notebook = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade") and not cell.metadata.nbgrader.solution
    }
    points = points_by_cell(suite_folder("conv2d"))
    assert points == in_notebook and sum(points.values()) == 100.0


def test_every_test_has_a_title_of_its_own():
    titles = [(test.cell, test.title) for test in list_tests(suite_folder("conv2d"))]
    assert len(titles) == len(set(titles)) > 30


@pytest.mark.parametrize(
    ("name", "score"),
    [("perfect", 100), ("loops_only", 96), ("flipped_kernel", 52), ("same_mistake", 94), ("stub_left", 80), ("crash", 84),
     ("endless_loop", 97)],
)  # fmt: skip
def test_each_sample_student_gets_the_score_it_deserves(name, score, submission, graded):
    report = graded(submission(sample(name)))
    assert report.score == score, outcomes(report)
    if name == "loops_only":
        assert outcomes(report) == {"test_conv2d_matmul_speed": "failed"}


def test_a_report_survives_the_trip_through_json(submission, graded):
    report = graded(submission(sample("stub_left")))
    record = json.loads(json.dumps(report.to_json()))
    assert Report.from_json(record).to_json() == record
    assert {"student", "assignment", "status", "score", "max_score", "tests", "isolation", "seconds"} == set(
        record
    )
    assert {"namespaces", "seccomp", "limits"} <= set(record["isolation"])
    assert {"name", "cell", "points", "max_points", "outcome", "message", "misconception"} <= set(
        record["tests"][0]
    )
