"""Right code keeps its points, whatever stands around it; what failed is told."""

import json
import sys

import pytest
from conftest import cells_notebook, sample
from wild.lines import CELL_MAGICS, ELSEWHERE, FINE
from wild.names import HELPERS

from autograder.grading import Grader, Report
from autograder.grading.notebook import read_cells
from autograder.grading.program import NotRun, Program
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, ForkServer, Limits, OutOfMemory, OutOfTime, Raised, TimedOut
from autograder.suite.released import digest

pytestmark = pytest.mark.sandbox

LIMITS = Limits(cpu_seconds=0.4, wall_seconds=6.0)
DOUBLE = "def double(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def program():
    """A function from the cells' sources to the program."""
    with ForkServer() as server:

        def of(*cells: str, limits: Limits = LIMITS, seconds: float = 60.0, **options) -> Program:
            return Program(read_cells(cells_notebook(*cells)), limits, Allowance(seconds), server, **options)

        yield of


@pytest.fixture(scope="module")
def grader():
    with Grader(GradingLimits(LIMITS)) as grader:
        yield grader


def graded(grader: Grader, *cells: str) -> Report:
    return grader.grade(cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE)


def doubles(program: Program) -> bool:
    return program.call("double", 21).value == 42


# --- statement by statement ------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_fails_above_a_function_costs_it_nothing_and_is_told(lines, program):
    with program(f"import numpy as np\n{lines}\n{DOUBLE}") as running:
        assert doubles(running)
        assert running.failures and all(
            isinstance(each.failure, (Raised, OutOfMemory)) for each in running.failures
        )


@pytest.mark.parametrize("lines", FINE.values(), ids=FINE)
def test_what_works_in_jupyter_works_above_a_function(lines, program):
    with program(f"{lines}\n{DOUBLE}") as running:
        assert doubles(running)
        assert [str(each.failure) for each in running.failures] == []


def test_there_are_enough_lines():
    assert len(ELSEWHERE) + len(FINE) >= 60


@pytest.mark.parametrize("magic", CELL_MAGICS)
def test_the_cell_below_a_magic_that_runs_it_defines_its_function(magic, program):
    with program(f"{magic}\n{DOUBLE}") as running:
        assert doubles(running) and running.failures == []


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%html", "%%script false", "%%writefile later.py", "%%R", "%%unknown"]
)
def test_another_language_below_a_magic_is_not_run(magic, program):
    with program(f"{magic}\n<b> echo $x | not python", DOUBLE) as running:
        assert doubles(running) and running.failures == []


NEEDS = {
    "a function of it": ("import scipy.signal", "scipy.signal.convolve(x, x)"),
    "a name from it": ("from scipy.signal import convolve", "convolve(x, x)"),
    "another name for it": ("import torch.nn.functional as F", "F.relu(x)"),
    "a number of it": ("import scipy", "x * scipy.pi"),
}


@pytest.mark.parametrize(("line", "use"), NEEDS.values(), ids=NEEDS)
def test_a_module_that_is_not_there_is_missed_where_it_is_used(line, use, program):
    with (
        program(f"{line}\ndef f(x):\n    return {use}") as running,
        pytest.raises(ModuleNotFoundError) as missed,
    ):
        running.call("f", 3)
    assert missed.value.text == f"No module named '{line.split()[1].split('.')[0]}'"
    assert [(frame.block, frame.line) for frame in missed.value.frames] == [("cell 1", 3)]


def test_an_import_that_fails_takes_no_function_of_the_students_own_away(program):
    with program(DOUBLE, "from scipy.signal import double\nimport numpy.double\nprint(double(1))") as running:
        assert doubles(running) and len(running.failures) == 2


def test_a_failed_import_of_a_part_leaves_the_whole(program):
    with program("import numpy.nothing\ndef double(x):\n    return numpy.multiply(2, x)") as running:
        assert doubles(running)


def test_a_function_that_only_asks_whether_something_is_a_tensor_goes_on(program):
    cell = "import torch\ndef double(x: torch.Tensor):\n    return x.numpy() if isinstance(x, torch.Tensor) else 2 * x"
    with program(cell) as running:
        assert doubles(running)


def test_a_function_keeps_its_place_without_a_decorator_that_is_not_there(program):
    with program(f"from numba import njit, prange\n@njit(parallel=True)\n{DOUBLE}") as running:
        assert doubles(running)


def test_an_import_in_a_function_fails_when_it_is_called_and_a_guard_in_it_holds(program):
    guarded = "def double(x):\n    try:\n        import torch\n    except ImportError:\n        return 2 * x"
    with program(guarded, "def f(x):\n    import torch\n    return torch.ones(x)") as running:
        assert doubles(running) and running.failures == []
        with pytest.raises(ModuleNotFoundError):
            running.call("f", 1)


def test_each_failure_is_told_with_its_line(program):
    with program("x = 1\n1 / 0\ny = 2\n[][3]\n" + DOUBLE) as running:
        assert doubles(running)
        told = [(each.failure.type_name, each.failure.frames[-1].line) for each in running.failures]
        assert told == [("ZeroDivisionError", 2), ("IndexError", 4)]


def test_a_cell_that_does_not_parse_defines_nothing_as_in_jupyter(program):
    with program(DOUBLE.replace("2", "3"), f"{DOUBLE}\nx = (") as running:
        assert running.call("double", 2).value == 6
        assert [each.failure.type_name for each in running.failures] == ["SyntaxError"]


# --- a cell means what it means in Jupyter ---------------------------------------------------------------


def test_a_future_holds_for_later_cells(program):
    with program(
        "from __future__ import annotations", "def double(x: NotThere) -> Neither:\n    return 2 * x"
    ) as running:
        assert doubles(running)


def test_out_and_its_kin_hold_what_cells_showed(program):
    cells = ("6 * 7", "_ + 1", "1 + 1;", "total = Out[1] + _2 + _", "def f(x): return [total, len(In), __]")
    with program(*cells) as running:
        assert running.call("f", 0).value == [42 + 43 + 43, 6, 42]


def test_a_name_of_the_students_own_is_not_taken_for_an_output(program):
    with program("for _ in range(3): pass", "7", "kept = _", "def f(x): return kept") as running:
        assert running.call("f", 0).value == 2


def test_a_file_that_a_cell_writes_can_be_imported_and_run(program):
    write = "%%writefile helpers.py\ndef twice(x):\n    return 2 * x"
    with program(
        write, "from helpers import twice\n%run helpers.py", "def double(x): return twice(x)"
    ) as running:
        assert doubles(running) and running.failures == []


NEWER = {
    "a type statement": ("type Pair = tuple[int, int]", "3.12"),
    "type parameters": ("def first[T](values: list[T]) -> T: return values[0]", "3.12"),
    "quotes in an f-string": 'print(f"{", ".join(["a"])}")',
    "a key in an f-string": 'd = {"a": 1}\nprint(f"{d["a"]:>5}")',
    "a backslash in an f-string": "print(f\"{'\\n'.join('ab')}\")",
    "a comment in an f-string": 'print(f"""{\n    1  # one\n}""")',
    "a template": ('t"{1}"', "3.14"),
    "except without brackets": ("try: pass\nexcept ValueError, TypeError: pass", "3.14"),
}


@pytest.mark.parametrize("lines", NEWER.values(), ids=NEWER)
def test_newer_syntax_is_told_with_both_versions(lines, program):
    lines, version = (lines, "3.12") if isinstance(lines, str) else lines
    here = "{}.{}".format(*sys.version_info)
    with program(f"{lines}\n{DOUBLE}", "def f(x): return x") as running:
        running.call("f", 1)
        if sys.version_info >= tuple(map(int, version.split("."))):
            assert running.failures == []
        else:
            assert f"needs Python {version}, and the grader runs Python {here}" in str(
                running.failures[0].failure
            )


@pytest.mark.parametrize(
    "line", ['print(f"{x")', 'print(f"{a b}")', "def f(:", "type = (", "x = {'a': f\"{1}\""]
)
def test_a_mistake_is_not_taken_for_newer_syntax(line, program):
    with program(line, DOUBLE) as running:
        assert doubles(running)
        assert "Python" not in str(running.failures[0].failure)


# --- a stop costs what was stopped -----------------------------------------------------------------------

STOPS = {
    "a loop": "while True: pass",
    "a benchmark": "import time\nstart = time.process_time()\nwhile time.process_time() - start < 30: double(1)",
    "a loop in C": "sum(range(10**12))",
    "an exit": "import os\nos._exit(3)",
    "a crash": "import ctypes\nctypes.string_at(0)",
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_definitions_stay_above_and_below_what_was_stopped(stop, program):
    with program(f"{DOUBLE}\n{stop}\ndef triple(x): return 3 * x") as running:
        assert doubles(running) and running.call("triple", 2).value == 6
        assert len(running.failures) == 1 and not isinstance(running.failures[0].failure, Raised)
        if isinstance(running.failures[0].failure, TimedOut):
            assert str(running.failures[0].failure) == "no answer after 0.4 seconds of computing"


def test_a_cell_with_many_stops_is_given_up_and_costs_no_other(program):
    with program("import os\n" + "os._exit(1)\n" * 50, DOUBLE) as running:
        assert doubles(running)
        assert {each.cell.position for each in running.failures} == {1}


def test_a_cell_that_cannot_even_be_read_costs_no_other(program):
    with program("(" * 60_000 + ")" * 60_000, "x = " + "-" * 90_000 + "1", DOUBLE) as running:
        assert doubles(running)


@pytest.mark.parametrize("body", ["while True: pass", "__import__('os')._exit(1)"])
def test_a_function_that_stopped_its_worker_is_not_called_again(body, program):
    with program(f"{DOUBLE}\ndef f(x):\n    if x == 1:\n        {body}\n    return x") as running:
        assert running.call("f", 0).value == 0
        with pytest.raises(Exception) as first:
            running.call("f", 1)
        with pytest.raises(NotRun) as second:
            running.call("f", 0)
        assert second.value.reason is first.value and second.value.function == "f"
        assert doubles(running)


def test_a_new_worker_runs_slow_lines_only_for_what_functions_need(program):
    burn = "sum(range(20_000_000))"  # longer than what counts as slow
    cells = (
        f"shown = {burn}",
        f"table = [{burn}]\nfor i in range(3): table.append(i)",
        "def f(x): return [len(table), 'shown' in globals()]",
        "def stop(x): __import__('os')._exit(1)",
    )
    with program(*cells, limits=Limits(cpu_seconds=5.0)) as running:
        assert running.call("f", 0).value == [4, True]
        with pytest.raises(Exception, match="exit code 1"):
            running.call("stop", 0)
        assert running.call("f", 0).value == [4, False]


def test_after_a_notebook_has_used_up_its_time_no_call_is_made_not_even_a_timed_one(program):
    burn = "import time\nstart = time.process_time()\nwhile time.process_time() - start < 0.3: pass"
    with program(DOUBLE, *[burn] * 5, seconds=1.0) as running:
        for cpu_seconds in (None, 1.0):
            with pytest.raises(NotRun, match="1 seconds of computing and waiting") as refused:
                running.call("double", 21, cpu_seconds=cpu_seconds)
            assert refused.value.function is None and isinstance(refused.value.reason, OutOfTime)


def test_sleeping_is_charged_although_it_computes_nothing(program):
    with program(DOUBLE, *["import time; time.sleep(0.9)"] * 9, seconds=2.0) as running:
        with pytest.raises(NotRun):
            running.call("double", 1)
        assert len(running.failures) == 1


# --- the notebook's own cells ----------------------------------------------------------------------------

OWN = "from time import perf_counter\nstart = perf_counter()\nproduct = perf_counter() - start\nimage = 3"


def test_a_cell_of_the_notebooks_own_takes_no_name_away(program):
    mine = "from itertools import product\nimport time as perf_counter\ndef start(x): return x\n"
    mine += "def double(x): return start(2 * x) if list(product([1])) and perf_counter.time else 0"
    with program(mine, OWN, released=[digest(OWN)]) as running:
        assert doubles(running)
    with program(mine, OWN + "\nchanged = 1", released=[digest(OWN)]) as running, pytest.raises(TypeError):
        running.call("double", 1)


def test_a_global_of_an_example_is_not_there_by_mistake_but_its_imports_are(program):
    with program(
        f"{OWN}\r\n \n", "def f(x): return image", "def g(x): return perf_counter()", released=[digest(OWN)]
    ) as running:
        with pytest.raises(NameError):
            running.call("f", 1)
        assert running.call("g", 1).value > 0


def test_a_stub_as_it_was_released_is_not_started_and_hides_no_answer(program):
    stub = "def double(x):\n    raise NotImplementedError"
    with program(stub, released=[digest(stub)]) as running, pytest.raises(NotImplementedError):
        running.call("double", 1)
    for cells in ((stub, DOUBLE), (DOUBLE, stub)):
        with program(*cells, released=[digest(stub)]) as running:
            assert doubles(running)


# --- whole submissions -----------------------------------------------------------------------------------


def test_two_functions_that_hang_and_slow_cells_cost_those_two_functions(grader):
    hang = "def convolve(image, kernel, stride=1):\n    while True: pass\ndef pad(image, rows, columns):\n    while True: pass"
    slow = "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.35: pass"
    report = graded(grader, "import numpy as np\n" + sample("perfect"), hang, *[slow] * 4)
    assert report.score == 82.0
    assert {test.outcome for test in (*report.of_cell("test_convolve"), *report.of_cell("test_pad"))} == {
        "timeout"
    }


def test_a_function_that_needs_another_library_is_told_that_numpy_alone_is_there(grader):
    cell = "from scipy.signal import correlate2d\ndef flatten_filters(filters):\n    return correlate2d(filters, filters)"
    message = graded(grader, cell).of_cell("test_flatten_filters")[0].message
    assert "ModuleNotFoundError: No module named 'scipy'" in message and "only NumPy" in message


# A cell of the first release, which took names that people use.
EARLIER = """from time import perf_counter

images = np.random.default_rng(0).normal(size=(8, 28, 28, 1))
filters = np.random.default_rng(1).normal(size=(5, 5, 1, 16))
start = perf_counter()
for f in range(16):
    convolve(images[0, :, :, 0], filters[:, :, 0, f], 2)
loops = (perf_counter() - start) * len(images)
start = perf_counter()
conv2d_matmul(images, filters, [1, 2, 2, 1], "VALID")
product = perf_counter() - start
print(f"{len(images)} images by convolve: about {loops:.2f} s; by conv2d_matmul: {product:.4f} s")"""


def test_a_cell_of_an_earlier_release_takes_no_name_either(grader):
    own = "from itertools import product\nimport numpy as np\n" + sample("perfect")
    use = "\n_right = conv2d\ndef conv2d(*values):\n    list(product([1], [2]))\n    return _right(*values)"
    assert graded(grader, own + use, EARLIER).score == 100.0
    assert graded(grader, own + use, EARLIER + "\nchanged = 1").score < 100.0


def test_no_name_that_a_student_chooses_for_a_helper_is_taken_by_the_released_notebook(grader, submission):
    """Each helper is defined with all the others above the notebook's own examples, and used by every function."""
    functions = ("flatten_filters", "same_padding", "pad")
    chosen = [name for name in HELPERS if f"def {name}(" not in sample("perfect")]
    assert len(chosen) >= 200
    helpers = "".join(f"def {name}(x): return x\n" for name in chosen)
    use = "".join(
        f"_{function} = {function}\ndef {function}(*_values):\n"
        f"    _found = _{function}(*_values)\n    for _each in ({', '.join(chosen)}):\n        _found = _each(_found)\n"
        "    return _found\n"
        for function in functions
    )
    notebook = json.loads(submission(sample("perfect")))
    notebook["cells"][1:1] = json.loads(
        cells_notebook("import numpy as np\n" + sample("perfect"), helpers + use)
    )["cells"]
    solutions = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for cell in solutions:
        cell["source"] = "" if cell["cell_type"] == "code" else cell["source"]
    report = grader.grade(json.dumps(notebook).encode(), student="ada", assignment="conv2d", key=EXAMPLE)
    lost = {test.name: test.message for test in report.tests if test.points < test.max_points}
    assert lost == {}
