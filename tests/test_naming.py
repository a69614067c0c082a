"""Names are true of programs as students write them, with several mistakes, errors and shared helpers.

`python -m tests.naming` prints all of them; tests/services/test_every_name.py proves what this file shows in part.
"""

import functools
from dataclasses import replace

import pytest
from conftest import cells_notebook
from naming.programs import PROGRAMS, STYLES, wrong_program, wrong_programs
from naming.verdicts import RIGHT, TESTS, Verdict, pairs, rehearsal_of, verdict_on_pair, verdicts_on
from trusted_program import suite_results

from autograder.grading import Grader, Report, mistakes
from autograder.judge import naming
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox.inside.wire import Foreign
from autograder.suite.conv2d.mistakes import bank

STYLES_NAMES = sorted(path.stem for path in STYLES.glob("*.py"))


def names_of(style: str, *deviations: str) -> dict[str, str]:
    """What each wrong function of the program is called."""
    found = verdicts_on(wrong_program(style, *deviations))
    return {each.function: " + ".join(sorted(each.names)) for each in found}


@pytest.mark.parametrize("style", STYLES_NAMES)
def test_without_its_deviations_a_program_is_right(style: str):
    assert rehearsal_of(wrong_program(style).functions).failed == []


def test_there_are_programs_of_every_style_with_one_to_four_deviations():
    assert {style for style, _ in PROGRAMS} == set(STYLES_NAMES)
    assert {len(deviations) for _, deviations in PROGRAMS} == {1, 2, 3, 4}
    assert len(set(PROGRAMS)) == len(PROGRAMS) >= 60


@pytest.mark.slow
def test_of_every_ninth_wrong_program_a_quarter_of_the_functions_is_named_and_none_falsely():
    found = [verdict for program in wrong_programs()[::9] for verdict in verdicts_on(program)]
    assert [each for each in found if each.false] == []
    assert sum(bool(each.names) for each in found) >= len(found) / 4 > 3


@pytest.mark.slow
def test_of_ten_pairs_of_mistakes_none_is_named_falsely():
    found = [verdict_on_pair(*pair) for pair in pairs(10, seed=7)]
    assert [each for each in found if each.false] == []
    assert any(each.names == each.true for each in found)


# --- errors beside values --------------------------------------------------------------------------------


def test_an_error_where_the_mistake_ends_in_one_hides_no_name():
    assert names_of("naive_loops", "same_floor")["conv2d"] == "same_floor"


def test_arguments_that_are_not_refused_hide_no_mistake_and_get_no_name_of_their_own():
    results = suite_results(
        {**RIGHT, **wrong_program("own_pad_helper", "same_floor", "other: assertions").functions}
    )
    named = {test.name for test in results if test.mistake}
    assert {test.mistake for test in results if test.name in named} == {"same_floor"}
    assert {test.name for test in results if test.points == 0} - named == {
        "test_conv2d_refuses_misfits",
        "test_conv2d_refuses_strides_and_padding",
    }


def test_several_deviations_are_named_together():
    found = names_of("own_pad_helper", "same_before", "first_filter_for_all")
    assert found == {"conv2d": "first_filter_for_all + same_before"}


def test_a_deviation_that_is_not_known_hides_what_it_changes():
    assert names_of("naive_loops", "same_half", "other: a bias of 1")["conv2d"] == ""


def test_naming_ends_where_it_would_take_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(naming, "MOST_TRIED", 50)
    monkeypatch.setattr(naming, "_remembered", naming._found)  # what is known from another test takes no time
    assert names_of("own_pad_helper", "same_before", "first_filter_for_all") == {"conv2d": ""}


def test_no_mistake_is_looked_for_that_answers_with_something_else_than_numbers(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(
        naming._Search, "_ends_alike", lambda *asked: pytest.fail("a faulty version was tried")
    )
    for answer in ("text", (1, "text"), {1: 2}, True, Foreign("Equal")):
        calls = rehearsal_of({"pad": lambda *given, answer=answer: answer}).calls["pad"]
        assert naming.explanations("pad", calls, bank()) == []


def test_what_many_programs_answer_is_named_once_and_another_answer_anew(monkeypatch: pytest.MonkeyPatch):
    searched: list[str] = []

    def found(asked: naming._Asked) -> tuple[naming.Explanation, ...]:
        searched.append(asked.function)
        return naming._found(asked)

    monkeypatch.setattr(naming, "_remembered", functools.lru_cache(found))
    first, again = (names_of("own_pad_helper", "same_before") for _ in range(2))
    assert first == again and len(searched) == len(set(searched)) > 0
    before = len(searched)
    assert names_of("own_pad_helper", "same_floor") != first and len(searched) > before


# --- a helper that several functions share ----------------------------------------------------------------


def test_a_helper_that_reads_the_wrong_strides_is_not_called_one_without_strides():
    found = names_of("columns_of_patches", "zeros_by_early_strides")
    assert len(found) == 4 and set(found.values()) == {"zeros_by_early_strides"}


def test_what_numpy_refuses_is_not_called_a_refusal_of_small_letters():
    found = names_of("columns_of_patches", "small_letters_are_valid")
    assert set(found.values()) == {"small_letters_are_valid"} and "conv2d_gradients" in found


@pytest.mark.slow
def test_one_cause_is_explained_once_and_the_first_function_says_where_else_it_is():
    results = suite_results({**RIGHT, **wrong_program("columns_of_patches", "same_before").functions})
    wrong = [test for test in results if test.mistake]
    assert {test.mistake for test in wrong} == {"same_before"}
    told = [test for test in wrong if "your odd one goes before the image" in test.message]
    assert [test.cell for test in told] == ["test_conv2d"]
    assert "It is also in extract_patches, conv2d_matmul and conv2d_gradients." in told[0].message
    others = {test.cell for test in wrong if "The same mistake as in conv2d" in test.message}
    assert others == {"test_extract_patches", "test_conv2d_matmul", "test_conv2d_gradients"}


@pytest.mark.slow
def test_several_mistakes_are_numbered_in_the_report():
    results = suite_results(
        {**RIGHT, **wrong_program("own_pad_helper", "same_before", "first_filter_for_all").functions}
    )
    (told,) = [test.message for test in results if "Several mistakes come together here:" in test.message]
    assert "\n1. The first filter is used for all outputs." in told
    assert "\n2. Where the zeros of SAME are an odd number" in told


@pytest.mark.slow
def test_a_report_names_no_more_mistakes_than_there_are_functions(monkeypatch: pytest.MonkeyPatch):
    several = tuple(bank().mistakes["conv2d"][:3])

    def always_three(function: str, calls: object, *about: object) -> list[naming.Explanation]:
        return [naming.Explanation(several, frozenset(test.name for test in TESTS))]

    monkeypatch.setattr(mistakes, "explanations", always_three)
    results = suite_results({})
    failed = [replace(test, outcome="failed") for test in results]
    named = mistakes.name_mistakes(failed, lambda function: [], bank())
    assert len({test.cell for test in named if test.mistake}) * len(several) == 9 < len(RIGHT)


# --- in the real sandbox -----------------------------------------------------------------------------------


def graded(style: str, *deviations: str) -> Report:
    with Grader() as grader:
        notebook = cells_notebook(wrong_program(style, *deviations).source)
        return grader.grade(notebook, student="ada", assignment="conv2d", key=EXAMPLE)


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["small_letters_refused", "small_letters_are_valid"])
def test_a_refusal_is_told_by_the_students_own_raise(name: str):
    report = graded("columns_of_patches", name)
    named = {test.mistake for test in report.of_cell("test_conv2d_gradients") if test.points == 0}
    assert named == {name}


def test_a_verdict_knows_which_of_its_names_are_false():
    assert Verdict("a", "conv2d", frozenset({"b", "c"}), frozenset({"c"})).false == {"b"}
