"""One grader for many submissions: the same reports as one grader each, and nothing passes from one to the next."""

import contextlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import ROOT, cells_notebook, sample

from autograder.grading import Grader, grade
from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.submission import GradingLimits
from autograder.grading.suite_run import Suite
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, Limits, SandboxUnavailable
from autograder.suite import SuiteError

pytestmark = pytest.mark.sandbox

SAMPLES = sorted(path.stem for path in (ROOT / "demo" / "samples").glob("*.py"))
IMPATIENT = GradingLimits(Limits(cpu_seconds=0.5, wall_seconds=6.0))


def record(report) -> dict:
    """What a report says, but for the time that it took."""
    return {key: value for key, value in report.to_json().items() if key != "seconds"}


@pytest.fixture(scope="module")
def grader():
    with Grader(IMPATIENT) as grader:
        yield grader


@pytest.fixture
def suite(tmp_path):
    """A function from a suite's source to the open suite."""
    with contextlib.ExitStack() as opened:

        def of(source: str) -> Suite:
            (tmp_path / "test_extra.py").write_text(
                "from autograder.suite import *\n" + textwrap.dedent(source)
            )
            return opened.enter_context(Suite(tmp_path))

        yield of


def run(suite, *cells, limits=None):
    """The outcomes of one notebook's run."""
    with Program(read_cells(cells_notebook(*cells)), limits or Limits(), Allowance(60)) as program:
        return [test.outcome for test in suite.run(program, None, EXAMPLE)]


# --- the same reports ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_does_not_depend_on_what_was_graded_before(name, grader, submission):
    content = submission(sample(name))
    names = {"student": "ada", "assignment": "conv2d", "key": EXAMPLE}
    assert record(grader.grade(content, **names)) == record(grade(content, limits=IMPATIENT, **names))


def test_a_submission_leaves_nothing_behind_for_the_next_one(grader):
    leave = """
import builtins, sys, numpy as np
open("/tmp/left-behind", "w").write("x")
builtins.left_behind = sys.left_behind = np.left_behind = True
np.zeros = None
def flatten_filters(filters): return 0
"""
    look = """
import builtins, os, sys, numpy as np
found = [hasattr(place, "left_behind") for place in (builtins, sys, np)] + [os.path.exists("/tmp/left-behind")]
if any(found) or np.zeros is None:
    raise RuntimeError
def flatten_filters(filters): return filters.reshape(-1, filters.shape[3])
"""
    for cell, outcome in ((leave, "failed"), (look, "passed")):
        report = grader.grade(cells_notebook(cell), student="ada", assignment="conv2d", key=EXAMPLE)
        assert {test.outcome for test in report.of_cell("test_flatten_filters")} == {outcome}


def test_a_damaged_notebook_in_between_changes_nothing(grader):
    report = grader.grade(b"not JSON", student="bob", assignment="conv2d", key=EXAMPLE)
    assert (report.status, report.score) == ("damaged", 0.0)
    report = grader.grade(cells_notebook(sample("cheat")), student="eve", assignment="conv2d", key=EXAMPLE)
    assert (report.status, report.score) == ("graded", 0.0)


# --- one suite, many programs ----------------------------------------------------------------------------

PLAIN_PYTEST = """
import pytest
count = {"session": 0, "module": 0, "open": 0}
@pytest.fixture(scope="session")
def table():
    count["session"] += 1
    count["open"] += 1
    yield {}
    count["open"] -= 1
@pytest.fixture(scope="module")
def shared():
    count["module"] += 1
    return count["module"]
@graded(points=1, cell="c", title="fixtures")
def test_fixtures(student, table, shared, tmp_path, monkeypatch):
    monkeypatch.setenv("HIDDEN", "1")
    (tmp_path / "file").write_text("x")
    assert table == {} and count["session"] == count["module"] == student.turn() and count["open"] == 1
    table["used"] = True
@pytest.mark.parametrize("number", [1, 2])
@graded(points=1, cell="c", title="parameters")
def test_parameters(student, table, number):
    import os
    assert table == {"used": True} and "HIDDEN" not in os.environ
    assert_same(student.double(number), 2 * number)
"""


def test_plain_pytest_with_its_fixtures_and_parameters_works_anew_for_every_program(suite):
    opened = suite(PLAIN_PYTEST)
    for turn in (1, 2, 3):
        cell = f"def turn(): return {turn}\ndef double(x): return {'x' if turn == 2 else '2 * x'}"
        doubled = "failed" if turn == 2 else "passed"
        assert run(opened, cell) == ["passed", doubled, doubled]


def test_a_test_whose_fixture_fails_afterwards_has_one_result_and_no_points(suite):
    opened = suite("""
    import pytest
    @pytest.fixture
    def closing(student):
        yield
        student.close()
    @graded(points=1, cell="c", title="t")
    def test_it(closing): pass
    """)
    assert run(opened, "def close(): raise ValueError") == ["error"]
    assert run(opened, "def close(): pass") == ["passed"]


ONE = "@graded(points=1, cell='c', title='t')\ndef test_it(student): assert student.one() == 1"


def test_a_worker_that_does_not_start_grades_nobody_and_the_next_run_is_as_usual(suite):
    opened = suite(ONE)
    with pytest.raises(SandboxUnavailable, match="did not start"):
        run(opened, "def one(): return 1", limits=Limits(start_seconds=0.0))
    assert run(opened, "def one(): return 1") == ["passed"]


def test_a_hidden_test_that_ends_pytest_grades_nobody_ever_after(suite):
    opened = suite(
        "import pytest\n@graded(points=1, cell='c', title='t')\ndef test_it(student): pytest.exit('enough')"
    )
    for _ in range(2):
        with pytest.raises(SuiteError, match="enough"):
            run(opened, "")


INTERRUPTED = """
import os, signal, sys, threading
from pathlib import Path
from test_grader import Suite, run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with it ignored
with Suite(Path(sys.argv[1])) as suite:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        run(suite, "def one():\\n    while True: pass")
    except KeyboardInterrupt:
        print("interrupted, then", run(suite, "def one(): return 1"))
"""


def test_an_interrupt_stops_a_run_and_the_suite_serves_the_next_one(tmp_path):
    (tmp_path / "test_extra.py").write_text("from autograder.suite import *\n" + ONE)
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path)]  # a process that nothing else depends on
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.stdout == "interrupted, then ['passed']\n", ended.stderr


def test_a_suite_leaves_the_environment_and_the_working_folder_as_they_were(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--maxfail=1")
    before = dict(os.environ)
    (tmp_path / "test_extra.py").write_text("from autograder.suite import *\n" + ONE)
    with Suite(tmp_path) as opened:
        monkeypatch.chdir(tmp_path)
        assert run(opened, "def one(): return 1") == ["passed"]
    assert dict(os.environ) == before and Path.cwd() == tmp_path
