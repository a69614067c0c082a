"""The second assignment: its model answers, what it knows of mistakes, and training that is judged without chance."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from conftest import ROOT, cells_notebook

from autograder.authoring.build import build_assignment
from autograder.authoring.fill import fill
from autograder.grading import Grader
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.judge import Mismatch, assert_same
from autograder.judge.acceptance import objections
from autograder.judge.ladder import CHANCE, Uniform
from autograder.judge.programs import read_programs
from autograder.judge.rehearsal import EXAMPLE, hidden_tests
from autograder.sandbox import Limits
from autograder.suite import find, network, released, suite_folder
from autograder.suite.network import right
from autograder.suite.network.inputs import BOUND, TRAINING_SECONDS
from autograder.suite.network.picture import PicturedPool
from solutions.network.rehearse import rehearse

TABLE = [
    "relu",
    "relu_gradient",
    "max_pool",
    "max_pool_gradient",
    "dense",
    "dense_gradients",
    "softmax",
    "cross_entropy",
    "cross_entropy_gradient",
    "glorot_uniform",
    "sgd_step",
    "train",
]
BROUGHT = ["conv2d", "conv2d_gradients"]
FAIR = sorted((ROOT / "tests" / "network_programs" / "fair").glob("*.py"))
ATTACKS = sorted((ROOT / "tests" / "network_programs" / "attacks").glob("*.py"))
RELEASED = ROOT / "assignment" / "network" / "network.ipynb"


def answers() -> dict[str, str]:
    """The text's own answers: the source of each function's cell."""
    notebook = json.loads((ROOT / "solutions" / "source" / "network" / "network.ipynb").read_text())
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


# --- what it says of itself -------------------------------------------------------------------------------


def test_it_asks_for_the_twelve_functions_and_gives_100_points():
    exercises = find("network").exercises
    assert [each.name for each in exercises] == [*BROUGHT, *TABLE]
    assert sum(each.points for each in exercises) == 100
    assert [each.name for each in exercises if each.is_brought] == BROUGHT


def test_notebook_and_checks_are_current_with_text_and_cases(tmp_path):
    for name in ("notebook", "cases", "examples"):
        source = ROOT / "solutions" / "network" / f"{name}.py"
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text())
    for built in build_assignment("network", tmp_path):
        assert built.read_bytes() == (ROOT / built.relative_to(tmp_path)).read_bytes(), (
            "run 'make release A=network'"
        )
    checks = (ROOT / "solutions" / "source" / "network" / "checks.py").read_bytes()
    assert (RELEASED.parent / "checks.py").read_bytes() == checks


WITH_A_WRONG_CONVOLUTION = """
def conv2d(inputs, filters, strides, padding):
    return inputs

checks.stand_in_where_needed()
checks.stand_in_where_needed()
checks.progress(globals())
"""


def test_a_wrong_or_missing_convolution_is_stood_in_for_and_progress_says_why(monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("checks_of_network", RELEASED.parent / "checks.py")
    assert spec is not None and spec.loader is not None
    checks = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, checks)
    spec.loader.exec_module(checks)
    exec(WITH_A_WRONG_CONVOLUTION, {"__name__": "__main__", "checks": checks})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[2] and said[0].startswith(
        "conv2d: a stand-in works here until yours is right. The output"
    )
    states = [line.split("  ", 1)[1].strip() for line in said[4:6]]
    assert states[0].startswith("stand-in     The kit's, until yours is right. The output has shape")
    assert states[1] == "stand-in     The kit's, until yours is right. There is none yet: run its cell first."


def test_the_grader_knows_the_cells_that_students_are_given():
    cells = nbformat.read(RELEASED, as_version=4).cells
    own = [
        cell
        for cell in cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("solution")
    ]
    assert {released.digest(cell.source) for cell in own} <= released.released_cells("network")


def test_hidden_tests_catch_every_mistake_and_tell_it_from_all_others():
    record = find("network")
    # Every fifth fault here: a new key is tried with all of them, when a course begins.
    programs = [replace(each, faults=each.faults[::5]) for each in read_programs(suite_folder("network"))]
    assert len(programs) >= 8 and len(programs[0].faults) >= 100
    assert list(objections(record, programs, hidden_tests(network), EXAMPLE)) == []
    assert record.bank is not None and sum(map(len, record.bank().mistakes.values())) >= 100


def test_visible_twins_belong_to_hidden_tests_and_have_answers():
    record, names = find("network"), {test.name for test in hidden_tests(network)}
    assert set(record.twins) <= names and len(record.twins) >= 28
    answers_of_all = [answer for twin in record.twins.values() for answer in twin.answers(record.right)]
    assert not any(isinstance(answer, str) for answer in answers_of_all)


def test_the_window_of_the_first_wrong_number_of_max_pool_is_drawn():
    origin = PicturedPool((9, 8), (2, 3), (3, 4))
    expected = right.max_pool(np.arange(144.0).reshape(2, 9, 8, 1), (2, 3), (3, 4))
    wrong = expected.copy()
    wrong[1, 2, 1, 0] += 1
    with pytest.raises(Mismatch) as raised:
        assert_same(wrong, expected, origin=origin)
    assert network.ASSIGNMENT.draw is not None and raised.value.picture is not None
    assert (
        "Output row 2, column 1 of 3×2 is made by the window over rows 6 to 7 and columns 4 to 6 of the 9×8 image."
        in network.ASSIGNMENT.draw(raised.value.picture)
    )


# --- what hangs on chance, and how little -----------------------------------------------------------------


def test_right_weights_are_refused_less_than_once_in_a_thousand_million():
    calls = 5  # of glorot_uniform in the hidden tests whose numbers are looked at, with three means each
    assert 3 * calls * CHANCE < 1e-9


def test_weights_of_another_spread_are_refused():
    rng, expected = np.random.default_rng(0), Uniform((200, 100), 0.2)
    assert expected.problem_of(rng.uniform(-0.2, 0.2, (200, 100))) is None
    wrong = [
        rng.uniform(-0.21, 0.21, (200, 100)),
        rng.uniform(-0.18, 0.18, (200, 100)),
        rng.uniform(-0.2, 0.15, (200, 100)),
        np.clip(rng.normal(0, 0.2 / 3**0.5, (200, 100)), -0.2, 0.2),
        rng.choice([-0.1154, 0.1154], (200, 100)),
        np.full((200, 100), np.nan),
    ]
    assert [each for each in wrong if expected.problem_of(each) is None] == []


def test_the_bound_of_training_lies_far_above_what_right_programs_reach_and_below_what_none_has_learned():
    trainings = list(rehearse(5))  # `python -m solutions.network.rehearse` tries 100 keys
    logarithms = np.log([each.after for each in trainings])
    assert (np.log(BOUND) - logarithms.mean()) / logarithms.std() > 6
    assert min(each.before for each in trainings) > 1.5 * BOUND


# --- what is graded ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def grade(grader: Grader, *sources: str) -> Report:
    """The report on a notebook of these cells."""
    return grader.grade(
        cells_notebook("import numpy as np", *sources), student="ada", assignment="network", key=EXAMPLE
    )


def followed(report: Report) -> set[str | None]:
    return {test.follow_through for test in report.tests if test.cell == "test_train"}


@pytest.mark.sandbox
@pytest.mark.slow(10)
def test_model_answers_get_all_points_and_so_do_those_who_bring_no_convolution_or_a_wrong_one(grader):
    own = answers()
    report = grade(grader, *own.values())
    assert (report.score, report.max_score) == (100, 100)
    assert {test.outcome for test in report.tests} == {"passed"}
    again = grade(grader, *own.values())
    assert [replace(test, message="") for test in again.tests] == [
        replace(test, message="") for test in report.tests
    ]

    without = fill(nbformat.read(RELEASED, as_version=4), "\n\n".join(own[name] for name in TABLE))
    bare = grader.grade(nbformat.writes(without).encode(), student="bob", assignment="network", key=EXAMPLE)
    assert bare.score == 100 and followed(bare) == {"conv2d"}

    flipped = own["conv2d"].replace("tensordot(windows, filters", "tensordot(windows, filters[::-1, ::-1]")
    assert flipped != own["conv2d"]
    wrong = grade(grader, *(own | {"conv2d": flipped}).values())
    assert wrong.score == 100 and "conv2d" in followed(wrong)
    told = [test.message for test in wrong.tests if test.follow_through]
    assert told and all(text.startswith("Right, but for your conv2d") for text in told)


@pytest.mark.sandbox
@pytest.mark.slow(10)
def test_right_programs_in_ten_styles_get_all_points_but_loops_those_for_speed(grader):
    assert len(FAIR) >= 10
    for path in FAIR:
        source = path.read_text()
        report = grade(grader, *answers().values(), source)
        lost = {test.name: test.message for test in report.tests if test.points < test.max_points}
        assert set(lost) == ({"test_max_pool_speed"} if "# too slow" in source else set()), (path.name, lost)


SLOW_TRAINING = """
import time
quick_train = train

def train(network, images, labels, epochs, rate, batch_size, rng):
    begun = time.process_time()
    losses = quick_train(network, images, labels, epochs, rate, batch_size, rng)
    while epochs > 3 and time.process_time() - begun < 1.5:
        pass
    return losses
"""


@pytest.mark.sandbox
@pytest.mark.slow(5)
def test_a_whole_training_may_take_longer_than_any_other_call():
    other_calls = Limits(cpu_seconds=0.5)
    with Grader(GradingLimits(other_calls)) as grader:
        report = grade(grader, *answers().values(), SLOW_TRAINING)
    assert [test.name for test in report.tests if test.points < test.max_points] == []
    assert 4 * Limits().cpu_seconds <= TRAINING_SECONDS <= GradingLimits().total_seconds / 10


@pytest.mark.sandbox
@pytest.mark.slow(10)
def test_a_training_that_is_not_done_gets_no_points_for_it(grader):
    assert len(ATTACKS) >= 4
    for path in ATTACKS:
        report = grade(grader, *answers().values(), path.read_text())
        reached = next(test for test in report.tests if test.name == "test_train_reaches_its_bound")
        assert (reached.outcome, reached.points) == ("failed", 0), path.name


def test_a_gradient_of_the_right_functions_is_what_nudging_gives():
    rng = np.random.default_rng(3)
    images, labels = rng.normal(size=(3, 12, 13, 2)), np.array([1, 0, 2])
    arrays = [
        rng.normal(size=shape) * 0.4
        for shape in ((3, 2, 2, 3), (3,), (2, 3, 3, 4), (4,), (2 * 2 * 4, 3), (3,))
    ]
    _, gradients = right.loss_and_gradients(arrays, images, labels)
    for array, gradient in zip(arrays, gradients, strict=True):
        index = tuple(side // 2 for side in array.shape)
        losses = []
        for change in (1e-6, -2e-6):
            array[index] += change
            losses.append(right.cross_entropy(right.forward(arrays, images), labels))
        array[index] += 1e-6
        assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(gradient[index], rel=1e-4, abs=1e-8)
