"""Right solutions of any style get full marks, through the real sandbox."""

import pytest
from conftest import ROOT, cells_notebook

from autograder.grading import Grader
from autograder.judge.rehearsal import EXAMPLE

pytestmark = pytest.mark.sandbox

SOLUTIONS = sorted(path.stem for path in (ROOT / "tests" / "fair").glob("*.py"))
SPEED = "test_conv2d_matmul_speed"
# Right, but with Python loops over the output's positions: these lose the points for speed, each time, and no others.
LOOPS = {"generators", "helper_classes", "nested_loops", "python_lists", "recursion", "talkative"}


def test_there_are_enough_styles():
    assert len(SOLUTIONS) >= 15 and set(SOLUTIONS) >= LOOPS


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_right_solution_gets_full_marks(name, grader):
    source = (ROOT / "tests" / "fair" / f"{name}.py").read_text()
    report = grader.grade(cells_notebook(source), student=name, assignment="conv2d", key=EXAMPLE)
    lost = {test.name: test.message for test in report.tests if test.points < test.max_points}
    assert set(lost) == ({SPEED} if name in LOOPS else set()), lost
