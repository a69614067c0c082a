"""Every known mistake loses points, is named alone, and no other wrong or right code is given its name."""

import functools
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from trusted_program import suite_results

from autograder.judge.naming import name_mistake
from autograder.judge.outcomes import Outcome, RecordedCall, agree, outcome_of, record, same
from autograder.judge.rehearsal import Rehearsal, hidden_tests, rehearse, rehearse_mistakes
from autograder.judge.visible import Checks
from autograder.sandbox import TimedOut
from autograder.suite import conv2d
from autograder.suite.conv2d.mistakes import bank
from autograder.suite.conv2d.mistakes.knobs import KNOBBED
from autograder.suite.conv2d.mistakes.padding import same_before
from solutions import reference
from solutions.conv2d.cases import CASES

FUNCTIONS = list(bank().mistakes)
TESTS = hidden_tests(conv2d)
RIGHT = bank().right


def faulty(function: str, name: str):
    """A modelled mistake's implementation."""
    return next(each.implementation for each in bank().mistakes[function] if each.name == name)


def calls_of(function: str, implementation) -> list[RecordedCall]:
    """The calls that the hidden tests make of one function, in a submission that is right in all else."""
    return list(rehearsed(function, implementation).calls[function])


@functools.lru_cache(20)  # several tests look at the same calls
def rehearsed(function: str, implementation) -> Rehearsal:
    own = [test for test in TESTS if test.cell == f"test_{function}"]
    return rehearse(own, {**RIGHT, function: implementation})


def name_of(function: str, implementation) -> str | None:
    found = name_mistake(function, calls_of(function, implementation), bank())
    return found and found.name


# --- the bank --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mistake_loses_points_and_is_named_alone(function):
    rows = list(rehearse_mistakes(bank(), TESTS, [function]))
    assert len(rows) >= 15
    assert [row.mistake.name for row in rows if not row.failed] == []
    assert [row.mistake.name for row in rows if not row.is_named_truly] == []


def test_a_bank_is_rehearsed_faster_than_each_mistake_is_named_and_to_the_same_end():
    """With a mistake that is there twice under two names, so that neither is named, and one that is right."""
    known = bank().mistakes["pad"]
    twin = replace(known[0], name="another_name")
    right = replace(known[1], name="no_mistake", implementations=(RIGHT["pad"],))
    some = replace(bank(), mistakes={"pad": (*known, twin, right)})
    rows = list(rehearse_mistakes(some, TESTS, ["pad"]))
    each = [name_mistake("pad", calls_of("pad", row.mistake.implementation), some) for row in rows]
    assert [row.named for row in rows] == each
    unnamed = [row.mistake.name for row in rows if row.named is None]
    assert unnamed == [known[0].name, "another_name", "no_mistake"]
    assert [row.mistake.name for row in rows if not row.failed] == ["no_mistake"]


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_mistake_fails_a_visible_check_too(function):
    checks = Checks(CASES)
    right = [
        each.name
        for each in bank().mistakes[function]
        if not any(checks.examine(function, each.implementation, case)[0] for case in CASES[function])
    ]
    assert right == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_all_mistakes_of_a_function_are_told_apart_by_the_suites_calls(function):
    calls = calls_of(function, RIGHT[function])
    right = [outcome_of(RIGHT[function], call) for call in calls]
    mistakes = bank().mistakes[function]
    outcomes = [[outcome_of(each.implementation, call) for call in calls] for each in mistakes]
    alike = [
        (one.name, other.name)
        for i, one in enumerate(mistakes)
        for j, other in enumerate(mistakes[:i])
        if one.name != other.name and all(map(agree, outcomes[i], outcomes[j], right))
    ]
    assert alike == []


def test_the_bank_holds_at_least_one_mistake_for_each_function_of_the_assignment():
    assert sorted(FUNCTIONS) == sorted(reference.__all__)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_sentence_is_one_for_a_student(function):
    for each in bank().mistakes[function]:
        assert each.sentence.endswith((".", ".)")) and 40 < len(each.sentence) < 320, each.name
        assert each.lecture[0].isdigit()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_report_names_the_mistake_in_its_own_cell_only(function):
    mistake = bank().mistakes[function][0]
    results = suite_results({**RIGHT, function: mistake.implementation})
    failed = [result for result in results if not result.points]
    assert failed and {result.cell for result in failed} == {f"test_{function}"}
    assert {result.mistake for result in failed} == {mistake.name}
    assert all(result.mistake is None for result in results if result.points)


# --- mistakes that the tests catch and that no name is given to --------------------------------------------


def changing_its_inputs(function):
    def change(*arguments):
        value = RIGHT[function](*arguments)
        arguments[0][...] = 0
        return value

    return change


ARRAY_FUNCTIONS = [name for name in FUNCTIONS if name not in ("output_size", "same_padding")]


@pytest.mark.parametrize("function", ARRAY_FUNCTIONS)
def test_changed_inputs_are_caught_and_not_named(function):
    rehearsal = rehearsed(function, changing_its_inputs(function))
    assert rehearsal.failed
    assert name_mistake(function, rehearsal.calls[function], bank()) is None


def assuming_8_bytes(function):
    """Byte strides written for float64: in float32, every second number is read, and then what lies behind."""

    def read(image, *rest):
        if image.itemsize != 4:
            return RIGHT[function](image, *rest)
        numbers = image.ravel()
        read = np.concatenate([numbers[::2], np.zeros(numbers.size // 2, image.dtype)])
        return RIGHT[function](read.reshape(image.shape), *rest)

    return read


@pytest.mark.parametrize("function", ["convolve", "conv2d", "extract_patches", "conv2d_matmul"])
def test_byte_strides_for_float64_are_caught_and_not_named(function):
    rehearsal = rehearsed(function, assuming_8_bytes(function))
    assert rehearsal.failed
    assert name_mistake(function, rehearsal.calls[function], bank()) is None


# --- who is not named ------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_right_code_has_no_mistake(function):
    calls = calls_of(function, RIGHT[function])
    assert calls and name_mistake(function, calls, bank()) is None
    assert name_of(function, KNOBBED[function]) is None


def slightly_off(*arguments):
    return 1.001 * reference.conv2d(*arguments)


def noisy(*arguments):
    out = reference.conv2d(*arguments)
    return out + np.random.default_rng(out.size).normal(scale=0.01, size=out.shape)


def flipped_and_one_more(inputs, filters, strides, padding):
    return faulty("conv2d", "flipped")(inputs, filters, strides, padding) + 1


def mirrored_and_before(inputs, filters, strides, padding):
    return same_before(KNOBBED["conv2d"], inputs, filters[:, ::-1], strides, padding)


def floor_but_right_in_small_letters(inputs, filters, strides, padding):
    function = faulty("conv2d", "same_floor") if padding == "SAME" else reference.conv2d
    return function(inputs, filters, strides, padding)


def floor_and_spoilt_inputs(inputs, *rest):
    out = faulty("conv2d", "same_floor")(inputs, *rest)
    inputs += 1
    return out


def zeros(*arguments):
    return np.zeros_like(reference.conv2d(*arguments))


def errors(*arguments):
    raise IndexError("index 7 is out of bounds for axis 1 with size 7")


def value_errors(*arguments):
    raise ValueError("operands could not be broadcast together")


NOT_MODELLED = [
    slightly_off,
    noisy,
    flipped_and_one_more,
    mirrored_and_before,
    floor_but_right_in_small_letters,
    floor_and_spoilt_inputs,
    zeros,
    errors,
    value_errors,
]


@pytest.mark.parametrize("implementation", NOT_MODELLED, ids=lambda each: each.__name__)
def test_a_mistake_that_is_not_in_the_bank_gets_no_name(implementation):
    assert name_of("conv2d", implementation) is None


def with_ending(calls, place, outcome):
    """The calls, one of which ended in another way."""
    changed = list(calls)
    changed[place] = RecordedCall(calls[place].arguments, calls[place].keywords, outcome)
    return changed


@pytest.mark.parametrize("ending", ["", "NotImplementedError", "KeyError"])
def test_one_call_that_ended_otherwise_keeps_the_report_neutral(ending):
    calls = calls_of("conv2d", faulty("conv2d", "same_floor"))
    assert name_mistake("conv2d", calls, bank()).name == "same_floor"
    assert name_mistake("conv2d", with_ending(calls, 0, Outcome(raised=ending)), bank()) is None


def test_a_call_that_timed_out_is_recorded_as_without_an_answer():
    assert record((1,), {}, TimedOut("too long")).outcome == Outcome(raised="")


def test_two_mistakes_that_the_calls_do_not_tell_apart_are_not_named():
    calls = calls_of("conv2d", faulty("conv2d", "same_floor"))
    failing = [call for call in calls if call.arguments[2] == [1, 1, 1, 1]]
    even = [call for call in failing if call.arguments[3] == "SAME" and call.arguments[1].shape[0] == 2]
    assert len(even) == 1 and name_mistake("conv2d", even, bank()) is None


def test_large_arrays_of_the_speed_test_are_not_looked_at():
    calls = calls_of("conv2d", faulty("conv2d", "flipped"))
    large = (np.ones((16, 24, 28, 8)), np.ones((3, 5, 8, 24)), [1, 1, 1, 1], "SAME")
    calls.append(RecordedCall(large, {}, Outcome(np.zeros(3))))
    assert name_mistake("conv2d", calls, bank()).name == "flipped"


def test_a_students_own_style_does_not_hide_the_mistake():
    """float32, another error, a list for the pair."""

    def single(*arguments):
        try:
            return faulty("conv2d", "transposed_in_the_sum")(*arguments).astype(np.float32)
        except IndexError:
            raise TypeError("loops end in one error, slices in another") from None

    assert name_of("conv2d", single) == "transposed_in_the_sum"
    assert (
        name_of("same_padding", lambda *each: list(faulty("same_padding", "same_half")(*each))) == "same_half"
    )
    pair = functools.partial(map, np.int64)
    assert (
        name_of("same_padding", lambda *each: tuple(pair(faulty("same_padding", "same_half")(*each))))
        == "same_half"
    )


# --- the same value ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (np.ones((2, 3)), np.ones((2, 3), "int64"), True),
        (np.ones((2, 3)), np.ones((3, 2)), False),
        (np.ones(3), np.ones(3) + 1e-3, False),
        (np.ones(3) * np.nan, np.ones(3) * np.nan, True),  # the mark of some mistakes: powers that overflow
        (np.ones(3) * np.nan, np.ones(3), False),
        ([1, 2], (1, 2), True),
        (np.array([1, 2]), (1, 2), True),
        ((1, 2), (1, 2, 3), False),
        (None, None, True),
        (None, 0, False),
        ("1", 1, False),
        (True, 1, False),
        (10**400, 10**400, False),
        (np.ones(2, complex), np.ones(2), False),
    ],
)
def test_what_counts_as_the_same_value(one, other, alike):
    assert same(one, other) is alike


def test_a_float_is_not_an_int_where_an_int_is_due():
    assert same(3, 3.0) and not same(3, 3.0, whole=True) and same(np.int64(3), 3, whole=True)


def test_the_readme_counts_the_mistakes():
    count = sum(len(mistakes) for mistakes in bank().mistakes.values())
    assert f"{count} faulty implementations" in (ROOT / "README.md").read_text()
