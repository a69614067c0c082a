"""The words that hidden tests are written in, and the way a suite is run."""

import contextlib
import itertools
import textwrap

import numpy as np
import pytest
from conftest import cells_notebook

from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.suite_run import list_tests, run_suite
from autograder.judge import Inconclusive, Mismatch, assert_not_much_slower, assert_same
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, Answer, Limits, OutOfTime, TimedOut
from autograder.suite import SuiteError


def run(tmp_path, suite: str, *cells: str):
    """The results of a suite of one file on a notebook."""
    (tmp_path / "test_extra.py").write_text("from autograder.judge import *\n" + textwrap.dedent(suite))
    with Program(read_cells(cells_notebook(*cells)), Limits(), Allowance(60)) as program:
        return run_suite(tmp_path, program, None, EXAMPLE)


# --- a suite that is not in order ------------------------------------------------------------------------

BAD_SUITES = {
    "a test without points": "def test_free(student): pass",
    "points below zero": "@graded(points=-1, cell='test_pad', title='t')\ndef test_free(student): pass",
    "no title": "@graded(points=1, cell='test_pad', title='')\ndef test_free(student): pass",
    "a syntax error": "def test_broken(:",
    "an import that fails": "import not_there\n@graded(points=1, cell='c', title='t')\ndef test_x(student): pass",
    "no tests": "x = 1",
}


@pytest.mark.parametrize("suite", BAD_SUITES.values(), ids=BAD_SUITES)
def test_a_suite_that_is_not_in_order_grades_nobody(tmp_path, suite):
    with pytest.raises(SuiteError, match="suite"):
        run(tmp_path, suite, "def pad(): pass")


@pytest.mark.sandbox
def test_an_instructor_adds_a_test_by_writing_one_function(tmp_path):
    suite = """
    @graded(points=3, cell="test_double", title="Twice the number")
    def test_double(student):
        assert_same(student.double(21), 42)
    """
    (right,) = run(tmp_path, suite, "def double(x): return x + x")
    (wrong,) = run(tmp_path, suite, "def double(x): return x")
    assert (right.name, right.points, right.outcome) == ("test_double", 3.0, "passed")
    assert (wrong.points, wrong.outcome) == (0.0, "failed")


@pytest.mark.sandbox
def test_a_plain_assert_works_and_its_values_stay_hidden(tmp_path):
    suite = """
    @graded(points=1, cell="c", title="t")
    def test_plain(student):
        assert student.double(123456) == 246912
    """
    (result,) = run(tmp_path, suite, "def double(x): return x")
    assert result.outcome == "failed" and "123456" not in result.message


@pytest.mark.sandbox
def test_plain_pytest_raises_works(tmp_path):
    suite = """
    import pytest
    @graded(points=1, cell="c", title="t")
    def test_refuses(student):
        with pytest.raises(ValueError):
            student.refuse(1)
    """
    assert run(tmp_path, suite, "def refuse(x): raise ValueError(x)")[0].outcome == "passed"
    assert run(tmp_path, suite, "def refuse(x): return x")[0].outcome == "failed"
    assert run(tmp_path, suite, "def refuse(x): raise KeyError(x)")[0].outcome == "error"


def test_fixtures_and_marks_of_the_authors_own_work_as_in_pytest(tmp_path):
    suite = """
    import pytest
    @pytest.fixture
    def seven():
        yield 7
        raise ValueError("while it is put away")
    @graded(points=1, cell="c", title="t")
    @pytest.mark.parametrize("number", [1, 2])
    def test_each(number): assert number == 1
    @graded(points=1, cell="c", title="t")
    def test_own(seven): assert seven == 7
    @graded(points=1, cell="c", title="t")
    def test_bare(): pass
    """
    outcomes = [result.outcome for result in run(tmp_path, suite, "")]
    assert outcomes[0] == outcomes[3] == "passed" and "passed" not in outcomes[1:3]
    everywhere = "import pytest\n@pytest.fixture(autouse=True)\ndef never(): raise ValueError"
    (tmp_path / "conftest.py").write_text(everywhere)
    assert "passed" not in [result.outcome for result in run(tmp_path, suite, "")]


@pytest.mark.sandbox
def test_an_instructors_own_pytest_options_change_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing --maxfail=1")
    suite = "@graded(points=1, cell='c', title='t')\ndef test_it(student): assert student.one() == 1"
    assert run(tmp_path, suite, "def one(): return 1")[0].outcome == "passed"


@pytest.mark.sandbox
def test_every_call_gets_inputs_of_its_own(tmp_path):
    suite = """
    import numpy as np
    @graded(points=1, cell="c", title="t")
    def test_it(student):
        image = np.ones(3)
        student.spoil(image)
        assert_same(student.total(image), 3.0)
    """
    cells = "import numpy as np\ndef spoil(x): x[:] = 9\ndef total(x): return x.sum()"
    assert run(tmp_path, suite, cells)[0].outcome == "passed"


def test_listing_a_suite_runs_nothing(tmp_path):
    (tmp_path / "test_extra.py").write_text(
        "from autograder.judge import graded\n"
        "@graded(points=2, cell='c', title='t')\ndef test_it(student): raise SystemExit"
    )
    assert [(test.name, test.max_points) for test in list_tests(tmp_path)] == [("test_it", 2.0)]


# --- comparing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "actual", [np.ones((2, 3), "f4"), np.ones((2, 3), "i8"), np.ones((3, 2)).T, np.ones((2, 3)) * (1 + 1e-7)]
)
def test_arrays_of_any_precision_and_order_are_the_same(actual):
    assert_same(actual, np.ones((2, 3)))


@pytest.mark.parametrize("actual", [[1, 2], (1, 2), (np.int64(1), 2), np.array([1, 2])])
def test_pairs_may_be_lists_tuples_and_numpy_integers(actual):
    assert_same(actual, (1, 2))


def test_numbers_of_hidden_arrays_are_in_no_message():
    expected = np.array([[123.456, 789.123]])
    for actual in (expected + 1, expected.T, expected.astype(complex), [1, 2], None, expected * np.nan):
        with pytest.raises(Mismatch) as caught:
            assert_same(actual, expected)
        assert "123" not in str(caught.value) and "124" not in str(caught.value)


# --- timing ----------------------------------------------------------------------------------------------


class Timed:
    """A function that "needs" the CPU seconds it is told, one call after the other, and answers with its input."""

    def __init__(self, *seconds):
        self.seconds = itertools.cycle(seconds)
        self.inputs = []

    def answer(self, number, cpu_seconds=None):
        self.inputs.append(number)
        needed = next(self.seconds)
        if cpu_seconds is not None and needed > cpu_seconds:
            raise TimedOut("too long")
        return Answer(number, None, needed)


def time_it(theirs, ours=None):
    """With a factor of 8: up to 4 times is fast, above 16 times too slow."""
    ours = ours or Timed(0.01)
    assert_not_much_slower(theirs, ours, lambda generator: (generator.random(),), factor=8)


def test_up_to_half_of_the_factor_is_fast_and_above_twice_of_it_too_slow():
    time_it(Timed(0.039))
    with pytest.raises(Mismatch, match="more than 16 times the time of a vectorized version"):
        time_it(Timed(0.165))


@pytest.mark.parametrize("seconds", [0.041, 0.159])
def test_what_lies_between_is_borderline_says_so_and_is_measured_in_full(seconds):
    theirs = Timed(seconds)
    with pytest.raises(Inconclusive, match=r"Borderline: .* between 4 and 16 times .* You keep the points"):
        time_it(theirs)
    assert len(theirs.inputs) == 7


@pytest.mark.parametrize("seconds", [0.03, 0.33])
def test_three_pairs_settle_what_is_clear(seconds):
    theirs = Timed(seconds)
    with contextlib.suppress(Mismatch):
        time_it(theirs)
    assert len(theirs.inputs) == 3


def test_a_hopeless_call_is_stopped_and_no_other_follows():
    theirs = Timed(1000.0)
    with pytest.raises(Mismatch, match="more than 16 times"):
        time_it(theirs)
    assert len(theirs.inputs) == 1


def test_no_two_pairs_have_the_same_inputs_and_no_two_races():
    first, second = Timed(0.05), Timed(0.05)
    for theirs in (first, second):
        with pytest.raises(Inconclusive):
            time_it(theirs)
    assert len({*first.inputs, *second.inputs}) == 14


@pytest.mark.parametrize("place", range(7))
def test_one_slow_call_counts_wherever_it_is(place):
    seconds = [0.05] * 7
    seconds[place] = 0.85  # the mean is 16.4 times the baseline's
    with pytest.raises(Mismatch, match="more than 16 times"):
        time_it(Timed(*seconds))


@pytest.mark.parametrize("fast", [1, 2])
def test_fast_calls_do_not_pay_for_slow_ones(fast):
    with pytest.raises(Mismatch, match="more than 16 times"):
        time_it(Timed(*[0.001] * fast, *[0.6] * (7 - fast)))


def test_a_disturbance_of_the_baseline_changes_nothing():
    with pytest.raises(Mismatch):
        time_it(Timed(0.165), Timed(0.01, 0.9, 0.01, 0.01))
    time_it(Timed(0.039), Timed(0.01, 0.002, 0.01, 0.01))


def test_every_timed_answer_is_checked_not_the_first_alone():
    class WrongLater(Timed):
        def answer(self, number, cpu_seconds=None):
            answer = super().answer(number, cpu_seconds)
            return answer if len(self.inputs) < 3 else Answer(number + 1, None, 0.001)

    with pytest.raises(Mismatch, match="wrong"):
        time_it(WrongLater(0.01))


def test_a_baseline_that_fails_costs_no_points():
    with pytest.raises(Inconclusive, match=r"could not be timed .* You keep the points"):
        assert_not_much_slower(
            Timed(0.01), Failing(TimedOut("no answer")), lambda generator: (generator.random(),), factor=8
        )


def test_a_notebook_that_runs_out_of_time_while_it_is_timed_is_not_called_slow():
    with pytest.raises(OutOfTime):
        time_it(Failing(OutOfTime("60 seconds in all")))


class Failing:
    def __init__(self, failure):
        self.failure = failure

    def answer(self, number, cpu_seconds=None):
        raise self.failure
