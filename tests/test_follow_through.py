"""One mistake costs once: a function that is right but for a helper keeps its points, and nobody gets points by it otherwise."""

import inspect
import json
import math
import random
import re
from dataclasses import replace

import pytest
from conftest import ROOT, cells_notebook, sample

from autograder.authoring.follow_through import table, trial_of
from autograder.classroom.results import BadResults, report_from
from autograder.cli import main
from autograder.grading import Grader
from autograder.grading.follow_through import follow_through
from autograder.grading.report import Report, TestResult
from autograder.grading.right_answers import right_cells, right_files
from autograder.grading.submission import GradingLimits
from autograder.judge.assignment import Exercise
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.csv_scores import write_scores
from autograder.reports.feedback import cell_html, cell_text, overview_html, summary_html
from autograder.reports.gradescope import gradescope_results
from autograder.reports.mend_first import mend_first
from autograder.reports.table import lost_points
from autograder.sandbox import Answer, Limits, ProtocolBreach, Raised, Sandbox, TimedOut
from autograder.sandbox.answers import answered
from autograder.suite import assignments, find

# --- whose mistake it was ---------------------------------------------------------------------------------

NOTEBOOK = (
    Exercise("size", 4, int),
    Exercise("zeros", 4, int, builds_on=("size",)),
    Exercise("slide", 8, int, builds_on=("size", "zeros")),
)


def results(**outcomes: str) -> list[TestResult]:
    """Tests of two points each, by function: "f" failed, "p" passed, "m" missing, "t" timed out."""
    words = {"f": "failed", "p": "passed", "m": "missing", "t": "timeout"}
    return [
        TestResult(f"test_{name}_{i}", f"test_{name}", "", 2.0, words[letter], "Wrong.", mistake="a_mistake")
        for name, letters in outcomes.items()
        for i, letter in enumerate(letters)
    ]


def followed(first: list[TestResult], cures: dict[tuple[str, ...], set[str]], **options) -> dict[str, str]:
    """Whose mistake each test's was that kept points, where these tests pass with these helpers right."""

    def again(helpers, places):
        return [(place, helpers) for place in places if first[place].name in cures.get(helpers, ())]

    after = follow_through(first, NOTEBOOK, again, share=1.0, **options)
    return {test.name: test.follow_through for test in after if test.follow_through}


def test_what_passes_with_a_right_helper_was_the_helpers_mistake_and_nothing_else_is():
    first = results(size="fp", zeros="ff", slide="pff")
    cures = {("size",): {"test_zeros_0", "test_slide_1"}}
    assert followed(first, cures) == {"test_zeros_0": "size", "test_slide_1": "size"}


def test_a_helper_that_was_not_attempted_is_followed_nowhere():
    assert followed(results(size="mm", slide="ff"), {("size",): {"test_slide_0"}}) == {}


def test_the_mistake_is_that_of_the_helper_at_fault_not_of_one_between():
    """Both `size` and `zeros` cure `slide`, but `zeros` fails by `size` alone."""
    first = results(size="f", zeros="f", slide="f")
    cures = {("size",): {"test_zeros_0", "test_slide_0"}, ("zeros",): {"test_slide_0"}}
    assert followed(first, cures) == {"test_zeros_0": "size", "test_slide_0": "size"}


def test_where_it_takes_two_helpers_the_first_to_mend_is_named():
    first = results(size="f", zeros="f", slide="ft")
    both = {("size", "zeros"): {"test_slide_0", "test_slide_1"}}
    assert followed(first, both) == {"test_slide_0": "size", "test_slide_1": "size"}


def test_a_call_that_hangs_is_tried_once_more_not_once_for_each_helper():
    tried = []

    def again(helpers, places):
        tried.extend((helpers, place) for place in places)
        return [(place, helpers[:1]) for place in places if helpers == ("size",)]

    first = results(size="f", zeros="ff", slide="tt")
    after = follow_through(first, NOTEBOOK, again, share=1.0)
    assert tried == [(("size",), 1), (("size",), 2), (("size",), 3), (("size",), 4)]
    assert {test.follow_through for test in after[1:]} == {"size"}
    tried.clear()
    follow_through(results(size="f", zeros="tt"), NOTEBOOK, again, share=1.0)
    assert tried == [(("size",), 1), (("size",), 2)]


def test_a_test_that_passes_without_asking_for_the_helper_is_not_followed_through():
    first = results(size="f", slide="f")
    assert follow_through(first, NOTEBOOK, lambda helpers, places: [(1, ())], share=1.0) == first


def test_tests_of_speed_and_the_helpers_own_tests_never_run_again():
    asked = []

    def again(helpers, places):
        asked.append((helpers, list(places)))
        return []

    follow_through(results(size="ff", zeros="p", slide="pfm"), NOTEBOOK, again, share=1.0, timed=[3])
    assert asked == [(("size",), [4])]


@pytest.mark.parametrize(("share", "points"), [(1.0, 2.0), (0.5, 1.0), (0.25, 0.5)])
def test_a_test_keeps_the_share_that_was_set_and_no_mistake_of_the_helpers(share, points):
    (_, test) = follow_through(
        results(size="f", slide="f"), NOTEBOOK, lambda helpers, places: [(1, helpers)], share=share
    )
    assert (test.points, test.outcome, test.mistake) == (points, "failed", None)
    kept = "its points" if share == 1 else f"{share:.0%} of its points"
    assert test.message == (
        f"Right, but for your size: with a right size in its place this check passes, so it keeps {kept}. "
        "Mend size first; then it passes."
    )


# --- what a function may build on -------------------------------------------------------------------------


@pytest.mark.parametrize("name", assignments())
def test_no_call_of_a_helper_alone_passes_a_test_of_the_function_that_builds_on_it(name):
    trial = trial_of(name)
    right = {each: getattr(trial.assignment.helpers[0], each) for each in trial.assignment.built_on}
    for exercise in trial.assignment.exercises:
        for helper in exercise.builds_on:
            for number in range(1, 1 + len(inspect.signature(right[helper]).parameters)):
                assert passed_by_a_call(trial, exercise, right[helper], number) == set(), helper


def test_a_call_of_conv2d_would_pass_most_tests_of_conv2d_matmul():
    trial = trial_of("conv2d")
    right = {"conv2d": trial.assignment.helpers[0].conv2d}
    thin = passed_by_a_call(trial, exercise_of("conv2d_matmul"), right["conv2d"], 4)
    assert len(thin) == 6  # which is why conv2d is no helper of it


def exercise_of(function: str) -> Exercise:
    return next(each for each in find("conv2d").exercises if each.name == function)


def passed_by_a_call(trial, exercise, helper, number) -> set[str]:
    """The tests that a function passes which calls that helper with its own first arguments, and does nothing else."""
    own = [test for test in trial.tests if test.cell == exercise.cell]
    thin = {exercise.name: lambda *given: helper(*given[:number])}
    return {test.name for test in own} - trial.failed({**trial.assignment.right, **thin}, own)


def test_functions_build_on_earlier_ones_alone_and_never_on_one_with_the_same_result():
    most = {"conv2d": 7, "network": 12}  # the bits that docs/security.md says
    for assignment in map(find, assignments()):
        names = [exercise.name for exercise in assignment.exercises]
        for exercise in assignment.exercises:
            assert set(exercise.builds_on) <= set(names[: names.index(exercise.name)])
            assert len(exercise.builds_on) <= most[assignment.name]
    assert "conv2d" not in exercise_of("conv2d_matmul").builds_on


# --- what one mistake costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("helper", ["same_padding", "output_size"])
def test_one_mistake_in_a_helper_costs_its_own_points_and_no_others(helper):
    trial = trial_of("conv2d")
    for mistake in trial.bank.mistakes[helper][
        ::2
    ]:  # `python -m autograder.authoring.follow_through` tries all
        cost = trial.cost(mistake)
        assert cost.own <= cost.before and cost.after == cost.own, mistake.name


def test_the_page_shows_what_a_mistake_costs_before_and_after():
    page = (ROOT / "docs" / "follow-through.md").read_text(encoding="utf-8")
    head, line, row = table(trial_of("conv2d"), ["flatten_filters"])
    assert row in page, "python -m autograder.authoring.follow_through writes the table's lines"
    listed = page.partition(f"{head}\n{line}\n")[2].splitlines()
    assert [each.split(" ")[1] for each in listed] == find("conv2d").built_on


def test_no_wrong_function_gains_by_a_wrong_helper():
    """Of two mistakes at once, each costs at least what it costs alone, in the tests of its own function."""
    trial, drawn = trial_of("conv2d"), random.Random(5)
    pairs = [(helper, each.name) for each in trial.assignment.exercises for helper in each.builds_on]
    for helper, function in drawn.sample(pairs, 12):
        one, other = (drawn.choice(trial.bank.mistakes[name]) for name in (helper, function))
        alone, together = trial.followed(other), trial.followed(one, other)
        for by_itself, with_helper in zip(alone, together, strict=True):
            if by_itself.cell == f"test_{function}":
                assert with_helper.points <= by_itself.points, (one, other, by_itself.name)
            if by_itself.cell == f"test_{helper}":
                assert with_helper.follow_through is None


# --- through the sandbox ----------------------------------------------------------------------------------

SAME = """
def same_padding(size, filter_size, stride=1):
    total = max((-(-size // stride) - 1) * stride + filter_size - size, 0)
    return total - total // 2, total // 2  # the odd one before
"""
WITHOUT_SAME = sample("perfect").replace("def same_padding", "def right_same_padding")


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


@pytest.fixture
def graded(grader):
    """A function from the sources of cells to their report."""
    return lambda *cells: grader.grade(
        cells_notebook(*cells), student="ada", assignment="conv2d", key=EXAMPLE
    )


def points_of(report: Report, function: str) -> float:
    return sum(test.points for test in report.of_cell(f"test_{function}"))


@pytest.mark.sandbox
def test_the_sample_with_one_mistake_loses_that_mistakes_points_alone(graded):
    report = graded(sample("same_mistake"))
    assert report.score == 94
    lost = {test.cell for test in report.tests if test.points < test.max_points}
    kept = {test.cell: test.follow_through for test in report.tests if test.follow_through}
    assert lost == {"test_same_padding"}
    assert kept == dict.fromkeys(
        [f"test_{name}" for name in ("conv2d", "extract_patches", "conv2d_matmul", "conv2d_gradients")],
        "same_padding",
    )
    assert [test.mistake for test in report.of_cell("test_same_padding")] == [
        None,
        "same_before",
        "same_before",
    ]


@pytest.mark.sandbox
def test_a_helper_that_hangs_is_followed_and_a_stub_is_not():
    bodies = {"while True: pass": 10, "raise NotImplementedError": 4}
    with Grader(GradingLimits(Limits(cpu_seconds=0.3))) as grader:
        for body, points in bodies.items():
            cells = cells_notebook(WITHOUT_SAME, f"def same_padding(*sizes):\n    {body}")
            report = grader.grade(cells, student="ada", assignment="conv2d", key=EXAMPLE)
            assert points_of(report, "extract_patches") == points
            assert bool(mend_first(report)) == (points == 10)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "disguise",
    [
        "conv2d(inputs, filters, strides, padding)",
        "2 * conv2d(inputs / 2, filters, strides, padding)",
        "-globals()['conv' + '2d'](inputs, -filters, strides, padding)",
        "np.concatenate([conv2d(inputs[i : i + 1], filters, strides, padding) for i in range(len(inputs))])",
    ],
)
def test_a_function_that_is_a_call_of_another_one_earns_nothing_beside_a_wrong_one(disguise, graded):
    wrong = "import numpy as np\ndef conv2d(inputs, filters, strides, padding): return np.zeros((1, 1, 1, 1))"
    thin = f"import numpy as np\ndef conv2d_matmul(inputs, filters, strides, padding): return {disguise}"
    report = graded(wrong, thin)
    assert report.score == 0 and not mend_first(report)


@pytest.mark.sandbox
def test_the_share_is_the_runs_else_the_assignments_and_none_turns_it_off(submission):
    scores = {}
    for share in (0.5, 0.0):
        with Grader(GradingLimits(follow_through=share)) as grader:
            report = grader.grade(
                submission(sample("same_mistake")), student="ada", assignment="conv2d", key=EXAMPLE
            )
        scores[share] = report.score
        assert bool(mend_first(report)) == (share != 0)
    assert scores == {0.5: 94 - 27 / 2, 0.0: 67}  # 94 by default


# --- what a student's worker learns -----------------------------------------------------------------------


def asking(box: Sandbox, call: str, answering=None, function="f"):
    box.run(f"def run(): return {call}", "cell")
    box.hand_over([function])
    return box.call("run", answering=answering and (lambda question: answered(question, answering))).value


class Doubled:
    """Answers with twice the first argument."""

    def __init__(self):
        self.asked = []

    def __call__(self, function, arguments, keywords):
        self.asked.append((function, arguments, keywords))
        return Answer(2 * arguments[0], None, 0.0)


@pytest.mark.sandbox
def test_code_that_calls_a_function_that_was_handed_over_gets_the_value_and_no_code():
    doubled = Doubled()
    with Sandbox() as box:
        assert asking(box, "f(3, other=[1.5]) + f(4)", doubled) == 14
        assert doubled.asked == [("f", [3], {"other": [1.5]}), ("f", [4], {})]
        # All that can be got at from the stand-in is the worker's own way of asking.
        names = "[f.__code__.co_names, [type(c.cell_contents).__name__ for c in f.__closure__]]"
        assert asking(box, names, doubled) == [("_ask",), ["str", "TrustedSide"]]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "question", ["f(2)", "f.__closure__[1].cell_contents._ask('f', (), {})", "f(*[0] * 1000)"]
)
def test_a_question_that_nobody_waits_for_is_a_breach(question):
    with Sandbox() as box:
        with pytest.raises(ProtocolBreach):
            asking(box, question)
        assert not box.alive


@pytest.mark.sandbox
def test_questions_count_as_the_calls_own_time():
    with Sandbox(Limits(cpu_seconds=0.5, wall_seconds=5)) as box, pytest.raises(TimedOut):
        asking(box, "[f(1) for _ in range(10**9)]", Doubled())


@pytest.mark.sandbox
def test_what_the_right_one_refuses_is_refused_in_the_worker():
    def refuse(function, arguments, keywords):
        raise Raised("ValueError", "ValueError", "hidden")

    with Sandbox() as box:
        with pytest.raises(ValueError, match="f does not take these arguments"):
            asking(box, "f(1)", refuse)
        assert box.alive


@pytest.mark.sandbox
def test_questions_are_answered_within_limits_whatever_they_ask(graded):
    """Arguments that would take the grader's memory or time, names of its own parameters, other functions, other forms."""
    asks = """
def same_padding(*given, **named): return (0, 0)
def pad(*given, **named): return 0
def tried(asked, /, *given, **named):
    try:
        return repr(asked(*given, **named))[:40]
    except BaseException as error:
        return type(error).__name__
def conv2d(inputs, filters, strides, padding):
    said = [
        tried(pad, np.zeros((2, 2)), (10**6, 10**6), (10**6, 10**6)),
        tried(pad, "no image", None, object()),
        tried(same_padding, 5, 3, cpu_seconds=1e9),
        tried(same_padding, 5, 3, echo=True, self=1, function="pad"),
        tried(same_padding, 10**400, 3),
        tried(same_padding, 5, 3),
    ]
    wanted = ["MemoryError", "TypeError", "TypeError", "TypeError", "TypeError", "(1, 1)"]
    return right_conv2d(inputs, filters, strides, padding) if said == wanted else said
"""
    right = (
        sample("perfect").replace("def conv2d(", "def right_conv2d(").replace("same_padding(", "own_same(")
    )
    right = re.sub(r"(?<![\w.])pad\(", "own_pad(", right)
    report = graded(right, asks)
    assert {test.follow_through for test in report.of_cell("test_conv2d")} == {"same_padding"}
    assert points_of(report, "conv2d") == 20


@pytest.mark.sandbox
def test_the_worker_of_right_answers_has_numpy_and_the_helpers_and_nothing_of_the_suite():
    helpers = find("conv2d").helpers
    (cell,) = right_cells(helpers, ["same_padding"])
    look = """
def found():
    import autograder.suite.conv2d as suite, zipfile
    return [same_padding(5, 2), hasattr(suite, "ASSIGNMENT"), zipfile.ZipFile("right.zip").namelist()]
"""
    with Sandbox() as box:
        for name, content in right_files(helpers).items():
            box.put(name, content)
        box.run(cell.source, "cell 1")
        box.run(look, "cell 2")
        value, whole, names = box.call("found").value
    assert (value, whole) == ((0, 1), False)
    outside = [
        name for name in names if not name.startswith("solutions/") and not name.endswith("__init__.py")
    ]
    assert sorted(outside) == ["autograder/suite/conv2d/helpers.py", "autograder/suite/conv2d/right.py"]


# --- where it is told -------------------------------------------------------------------------------------


@pytest.fixture
def report() -> Report:
    """conv2d: one test passed, one kept 3 of its 4 points; same_padding: wrong."""
    test = TestResult("test_conv2d_0", "test_conv2d", "SAME", 4.0, "failed", "Right, but …")
    tests = (
        TestResult("test_same_padding_0", "test_same_padding", "Odd totals", 8.0, "failed", "Wrong."),
        replace(test, follow_through="same_padding", followed_points=3.0),
        TestResult("test_conv2d_1", "test_conv2d", "VALID", 4.0, "passed"),
    )
    return Report("ada", "conv2d", tests, ("namespaces",), 0.5)


SENTENCE = (
    "Mend same_padding first: with it right, 1 more hidden checks pass (1 of conv2d). "
    "They fail by its mistake alone, so you keep 3 of their 4 points."
)


def test_a_results_file_holds_it_and_one_of_an_earlier_version_is_read(report):
    record = json.loads(json.dumps(report.to_json()))
    assert [test["follow_through"] for test in record["tests"]] == [None, "same_padding", None]
    assert [test["points"] for test in record["tests"]] == [0.0, 3.0, 4.0] and record["score"] == 7.0
    assert report_from(record) == report
    for test in record["tests"]:
        del test["follow_through"]
    assert report_from(record).score == 4.0


@pytest.mark.parametrize(
    "change", [{"points": 5}, {"points": "4"}, {"points": math.nan}, {"follow_through": 3}]
)
def test_a_results_file_with_an_impossible_entry_is_refused(report, change):
    record = report.to_json()
    record["tests"][1] |= change
    with pytest.raises(BadResults):
        report_from(record)


def test_every_report_says_what_to_mend_first_and_what_then_passes(report, tmp_path):
    tests = report.of_cell("test_conv2d")
    assert mend_first(report) == [SENTENCE]
    assert SENTENCE in summary_html(report) and SENTENCE in gradescope_results(report)["output"]
    assert "→ right, but for your same_padding" in cell_html(tests) and "3 / 4" in cell_html(tests)
    assert "→ right, but for your same_padding: SAME (3 of 4)" in cell_text(tests)
    assert "<td>7 of 8</td><td>your same_padding</td>" in overview_html(report)
    assert lost_points(report) == ("failed: same_padding 8, conv2d 1; kept, but for same_padding: conv2d 3")
    second = gradescope_results(report)["tests"][1]
    assert (second["score"], second["output"].splitlines()[0]) == (3.0, "→ right, but for your same_padding")
    write_scores(lambda: [report], tmp_path / "o.csv")
    head, row = (line.split(",") for line in (tmp_path / "o.csv").read_text().splitlines())
    assert dict(zip(head, row, strict=True))["follow_through"] == "3.0"


def test_the_command_takes_a_share_and_refuses_what_is_none(capsys):
    for wrong in ("2", "-1", "half", "nan"):
        with pytest.raises(SystemExit):
            main(["grade", "submitted", "--follow-through", wrong])
        assert f"'{wrong}' is no share of the points; use a number from 0 to 1" in capsys.readouterr().err
