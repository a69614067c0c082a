"""The words that hidden tests are written in, and the way a suite is run."""

import collections
import itertools
import textwrap

import numpy as np
import pytest
from conftest import cells_notebook

from autograder.grading.notebook import read_cells
from autograder.grading.program import Program
from autograder.grading.quoting import quotable
from autograder.grading.suite_run import list_tests, run_suite
from autograder.judge import Inconclusive, Mismatch, assert_not_much_slower, assert_same
from autograder.sandbox import Answer, Limits, TimedOut
from autograder.suite import SuiteError


def run(tmp_path, suite: str, *cells: str):
    """The results of a suite of one file on a notebook."""
    (tmp_path / "test_extra.py").write_text("from autograder.judge import *\n" + textwrap.dedent(suite))
    with Program(read_cells(cells_notebook(*cells)), Limits(), 60) as program:
        return run_suite(tmp_path, program, None)


# --- a suite that is not in order ------------------------------------------------------------------------

BAD_SUITES = {
    "a test without points": "def test_free(student): pass",
    "no points": "@graded(points=0, cell='test_pad', title='t')\ndef test_free(student): pass",
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
    """A function that "needs" the CPU seconds it is told: by size, and one call after the other."""

    def __init__(self, small, large=None):
        self.seconds = {1: itertools.cycle(small), 4: itertools.cycle(large or [4 * time for time in small])}

    def answer(self, size, pair, cpu_seconds=None):
        needed = next(self.seconds[size])
        if cpu_seconds is not None and needed > cpu_seconds:
            raise TimedOut("too long")
        return Answer(1.0, None, needed)


STEADY = Timed([0.01])
UNSTEADY = [0.01, 0.02, 0.03, 0.02, 0.015]


def time_it(theirs, ours):
    assert_not_much_slower(theirs, ours, lambda size, pair: (size, pair), factor=8, unit="images")


def test_a_function_within_the_factor_passes_and_one_beyond_it_does_not():
    time_it(Timed([0.07]), STEADY)
    with pytest.raises(Mismatch, match="about 9 times"):
        time_it(Timed([0.09]), STEADY)


def test_a_very_slow_function_is_stopped_early():
    with pytest.raises(Mismatch, match="more than 64 times"):
        time_it(Timed([1000.0]), STEADY)


class Counted(Timed):
    """Counts its calls, by size."""

    def __init__(self, *seconds):
        super().__init__(*seconds)
        self.calls = collections.Counter()

    def answer(self, size, pair, cpu_seconds=None):
        self.calls[size] += 1
        return super().answer(size, pair, cpu_seconds)


def test_two_pairs_of_the_small_size_settle_a_clear_pass():
    fast = Counted([0.03, 0.005])
    time_it(fast, STEADY)
    assert fast.calls == {1: 2}


def test_two_more_pairs_of_the_large_size_settle_what_might_have_grown():
    slower = Counted([0.015])
    time_it(slower, STEADY)
    assert slower.calls == {1: 3, 4: 2}


def test_two_pairs_of_the_small_size_settle_a_clear_failure():
    slow = Counted([0.45, 0.33])
    with pytest.raises(Mismatch, match="about 33 times"):
        time_it(slow, STEADY)
    assert slow.calls == {1: 2}


def test_what_is_slow_for_few_images_only_passes():
    constant = Counted(
        [0.31], [0.31]
    )  # it takes as long for four times as many: 8 times the baseline's time there
    time_it(constant, STEADY)
    assert constant.calls[4] > 2


@pytest.mark.parametrize(
    ("theirs", "ours"), [([0.05], STEADY), ([0.005], Timed(UNSTEADY)), ([0.079], STEADY)]
)
def test_what_is_not_clear_is_measured_in_full(theirs, ours):
    counted = Counted(theirs)
    time_it(counted, ours)
    assert counted.calls == {1: 8, 4: 8}


def test_a_function_whose_time_grows_with_the_square_does_not_pass():
    with pytest.raises(Mismatch, match="4 times as many images the function needs 16 times as long"):
        time_it(Timed([0.0125], [0.2]), STEADY)


@pytest.mark.parametrize("theirs", [Timed([0.0125], [0.14]), Timed([0.008], [0.13])])
def test_growth_that_caches_explain_or_that_stays_fast_passes(theirs):
    time_it(theirs, STEADY)


@pytest.mark.parametrize("theirs", [Timed([0.09]), Timed([0.0125], [0.2])])
def test_a_machine_too_unsteady_to_tell_is_inconclusive(theirs):
    with pytest.raises(Inconclusive):
        time_it(theirs, Timed(UNSTEADY))


def test_a_fast_function_passes_on_an_unsteady_machine_too():
    time_it(Timed([0.02]), Timed(UNSTEADY))


def test_one_slow_call_among_five_changes_nothing():
    time_it(Timed([0.07, 0.5, 0.07, 0.08, 0.07]), Timed([0.01, 0.01, 0.05, 0.01, 0.01]))


def test_a_fast_wrong_answer_earns_nothing():
    wrong = Timed([0.001])
    wrong.answer = lambda *arguments, cpu_seconds=None: Answer(2.0, None, 0.001)
    with pytest.raises(Mismatch, match="wrong"):
        time_it(wrong, STEADY)


# --- quoting ---------------------------------------------------------------------------------------------

SOURCE = (
    "def conv2d(inputs, filters):\n    raise ValueError('the channels do not match')\n    out = image[kernel]"
)


@pytest.mark.parametrize(
    "text",
    [
        "the channels do not match",
        "operands could not be broadcast together with shapes (1,2,3) (2,2,3) ",
        "operands could not be broadcast together with shapes (3,) (4,) (3,)",
        "index 7 is out of bounds for axis 1 with size 7",
        "name 'image' is not defined",
        "'NoneType' object is not subscriptable",
        "unsupported operand type(s) for +: 'int' and 'list'",
        "conv2d() missing 2 required positional arguments: 'inputs' and 'filters'",
        "cannot reshape array of size 24 into shape (5,5)",
        "ValueError",
    ],
)
def test_well_known_messages_and_the_students_own_words_are_quoted(text):
    assert quotable(text.strip(), SOURCE) or quotable(text, SOURCE)


@pytest.mark.parametrize(
    "text",
    [
        "0.123456789",
        "[0.1, 0.2]",
        "name 'x0123456789abcdef' is not defined",
        "index 123456789 is out of bounds for axis 1 with size 7",
        "cannot reshape array of size 24 into shape (123456,)",
        "operands could not be broadcast together with shapes (1,2,3) (2,2,3) and 0.5",
        "'abcdef012345' object has no attribute 'shape'",
        "",
    ],
)
def test_what_could_carry_hidden_values_is_not_quoted(text):
    assert not quotable(text, SOURCE)
