"""Every hidden test has a visible twin: other inputs, the reference's answers, and the same mistakes fail it."""

import dataclasses

import numpy as np
import pytest

from autograder.grading.suite_run import list_tests
from autograder.judge.ladder import compare
from autograder.judge.rehearsal import hidden_tests, rehearse, rehearse_mistakes
from autograder.judge.twin import REFUSED, Twin
from autograder.reports.feedback import cell_html
from autograder.suite import conv2d, find, suite_folder
from autograder.suite.conv2d.mistakes import bank
from autograder.suite.conv2d.twins import TWINS

RIGHT = find("conv2d").right
TESTS = hidden_tests(conv2d)
SUITE = {test.name: test for test in list_tests(suite_folder("conv2d"))}


def passes(twin: Twin, functions) -> bool:
    """Whether all calls give with these functions what they give with the right ones."""
    answers = zip(twin.answers(functions), twin.answers(RIGHT), strict=True)
    return all(same_answer(actual, expected) for actual, expected in answers)


def same_answer(actual, expected) -> bool:
    if isinstance(expected, str) or isinstance(actual, str):
        return isinstance(actual, str) and isinstance(expected, str) and actual == expected
    if not isinstance(expected, (int, tuple, np.ndarray)):
        expected = float(expected)
    return compare(actual, expected) is None


def test_every_hidden_test_but_speed_has_a_twin_and_no_other_has_one():
    assert set(TWINS) == {test.name for test in TESTS}


@pytest.mark.parametrize("name", TWINS)
def test_a_twins_answers_are_the_references_and_none_is_an_accident(name):
    answers = TWINS[name].answers(RIGHT)
    sound = "conv2d_matmul(inputs, filters, [1, 1, 1, 1], "  # its errors count where its results are right
    for call, answer in zip(TWINS[name].calls, answers, strict=True):
        refuses = "_refuses" in name and call != f'{sound}"VALID")'
        assert (isinstance(answer, str) and answer == REFUSED) == refuses, call
    function = SUITE[name].cell.removeprefix("test_")
    assert any(call.startswith(f"{function}(") for call in TWINS[name].calls)


@pytest.mark.parametrize("name", TWINS)
def test_what_is_pasted_runs_and_prints_what_stands_below_each_call(name, capsys):
    text = TWINS[name].text(RIGHT)
    run, expected = [], []
    for line in text.splitlines():
        if line.startswith("# "):
            expected.append(line.removeprefix("# "))
        elif "# must raise a ValueError" in line:
            with pytest.raises(ValueError):
                exec("\n".join([*run, line]), {"np": np, **RIGHT})
        else:
            run.append(line)
    capsys.readouterr()
    exec("\n".join(run), {"np": np, **RIGHT})
    printed = capsys.readouterr().out
    if "gradients" not in name:  # a pair of arrays is printed in one line
        assert printed.splitlines() == expected
    assert 0 < len(text.splitlines()) < 120


@pytest.mark.parametrize("function", RIGHT)
def test_no_call_of_a_hidden_test_is_one_of_its_twins(function):
    """A twin shows inputs of its own: no array and no tuple of numbers with an array is one that a test hides."""
    hidden = set()
    for call in rehearse([t for t in TESTS if t.cell == f"test_{function}"], RIGHT).calls[function]:
        hidden |= {value.tobytes() for value in call.arguments if isinstance(value, np.ndarray)}
    shown = []

    def watch(name):
        def watched(*arguments, **keywords):
            shown.extend(value for value in arguments if isinstance(value, np.ndarray))
            return RIGHT[name](*arguments, **keywords)

        return watched

    for name, twin in TWINS.items():
        if SUITE[name].cell == f"test_{function}":
            twin.answers({each: watch(each) for each in RIGHT})
    assert not [value for value in shown if value.tobytes() in hidden]


@pytest.mark.parametrize("function", RIGHT)
def test_most_mistakes_that_fail_a_hidden_test_fail_its_twin(function):
    """A third of the modelled mistakes, each with every test that it fails."""
    some = dataclasses.replace(bank(), mistakes={function: bank().mistakes[function][::3]})
    caught, missed = 0, []
    for row in rehearse_mistakes(some, TESTS, [function]):
        for name in row.failed:
            if passes(TWINS[name], {**RIGHT, function: row.mistake.implementation}):
                missed.append((row.mistake.name, name))
            else:
                caught += 1
    assert caught >= 10
    assert len(missed) <= 0.2 * (caught + len(missed)), missed


def test_the_page_of_feedback_shows_the_twin_of_a_failed_test_and_of_no_other():
    tests = [test for test in SUITE.values() if test.cell == "test_pad"]
    tests = [
        dataclasses.replace(test, outcome=each)
        for test, each in zip(tests, ("failed", "passed", "missing"), strict=True)
    ]
    html = cell_html(tests, find("conv2d"))
    assert html.count("<details") == 1
    assert "print(pad(image, (1, 2), (3, 0)))" in html
