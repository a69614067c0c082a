"""What beginners read: each of their mistakes with its message, in `beginners/messages.txt`, which people have read through."""

import copy
import difflib
import re

import numpy as np
import pytest
from beginners.programs import MISTAKES, RIGHT, Program, programs
from beginners.reading import MESSAGES, all_messages, read
from beginners.reporting import REPORTS, all_reports

from autograder.judge.plain_words import explain_exception
from autograder.suite.conv2d.origins import HINTS, Gradients
from solutions.reference import __all__ as FUNCTIONS
from solutions.source.conv2d import checks

PROGRAMS = list(programs())
TOLD = dict(
    re.findall(r"^=== (.*)\n((?:.|\n)*?)(?=\n=== |\Z)", MESSAGES.read_text(encoding="utf-8"), re.MULTILINE)
)


def test_every_message_is_the_one_that_was_read_through():
    read, now = MESSAGES.read_text(encoding="utf-8").splitlines(), all_messages().splitlines()
    changed = list(difflib.unified_diff(read, now, "read", "now", n=1, lineterm=""))
    assert not changed, "\n".join(["python -m tests.beginners --update, and read it:", *changed[:60]])


def test_a_report_says_of_every_mistake_what_was_read_through_and_leaves_no_message_out():
    read, now = REPORTS.read_text(encoding="utf-8").splitlines(), "".join(all_reports()).splitlines()
    changed = list(difflib.unified_diff(read, now, "read", "now", n=1, lineterm=""))
    assert not changed, "\n".join(["python -m tests.beginners --update, and read it:", *changed[:60]])
    assert not any("left out" in line or "More is not told" in line for line in read)


def test_the_mistakes_are_many_and_in_every_function():
    assert len(PROGRAMS) >= 207 and len(TOLD) == len(PROGRAMS)
    assert set(MISTAKES) == set(FUNCTIONS) and min(map(len, MISTAKES.values())) >= 12


@pytest.mark.parametrize("function", RIGHT)
def test_the_programs_without_their_mistake_are_right(function):
    assert read(Program(function, "none", RIGHT[function])).endswith("checks pass.")


def test_no_message_shows_a_line_of_the_checks_themselves():
    own = set(
        re.findall(
            r"^def (\w+)|^    def (\w+)", (checks.__spec__.loader.get_source(checks.__name__)), re.MULTILINE
        )
    )
    for message in TOLD.values():
        for frame in re.findall(r"in (\w+), line \d+:", message):
            assert frame in RIGHT and frame not in own


def test_the_checked_functions_own_line_comes_before_that_of_a_helper():
    message = TOLD["convolve: strides swapped"]
    assert re.search(r"  in convolve, line 9: .*\n  and there in apply_kernel, line 4: ", message)


def test_every_failed_check_says_how_to_repeat_its_call():
    called = 0
    for name, message in TOLD.items():
        if "checks pass" in message or "not started" in message:
            continue
        function, number = re.match(r"(\w+), check (\d+) of", message).groups()
        line = re.search(r"cell of your own:\n  (.*)\n", message)[1]
        arguments = eval(line, {"checks": checks, function: lambda *given: given})
        wanted = checks.CASES[function][int(number) - 1].arguments
        assert repr(arguments) == repr(wanted), name
        called += 1
    assert called > 250


def test_the_arguments_of_a_case_are_copies():
    first = checks.arguments("pad", 1)
    first[0][:] = 99
    assert not np.any(checks.arguments("pad", 1)[0] == 99)


@pytest.mark.parametrize("function", RIGHT)
def test_wrong_parameters_are_told_with_the_ones_that_are_expected(function):
    program = f"def {function}(one, two, three, four, five, six):\n    return 0\n"
    message = read(Program(function, "", program))
    first = RIGHT[function][RIGHT[function].index("def ") :].split("\n")[0]
    assert f"Your {function} takes (one, two, three, four, five, six), and it is called with" in message
    assert message.endswith(f"Its first line is to be:\n  {first}")


def test_fifty_different_errors_have_a_sentence_of_their_own():
    stopped = [message.strip().split("\n") for message in TOLD.values() if "stopped with an error" in message]
    sentences = {lines[-1] for lines in stopped if not lines[-1].startswith(" ")}
    assert len(sentences) >= 50


SECRET = "(7310,9970) (8620,5540)"
TELLING = [
    ("ValueError", f"operands could not be broadcast together with shapes {SECRET}"),
    ("ValueError", f"could not broadcast input array from shape {SECRET}"),
    ("ValueError", f"non-broadcastable output operand with shape {SECRET}"),
    ("ValueError", "too many values to unpack (expected 7310)"),
    ("TypeError", "Cannot interpret '7310' as a data type"),
    ("NameError", "name 'math7310' is not defined"),
    ("AttributeError", "'tuple' object has no attribute 'shape' 7310"),
    ("IndexError", "index 7310 is out of bounds for axis 5540 with size 9970"),
]


@pytest.mark.parametrize(("error", "message"), TELLING)
@pytest.mark.parametrize("line", ["", "np.sum(window * kernel)", "np.zeros(a, b)", "h, w = x.shape"])
@pytest.mark.parametrize("function", ["", "apply_kernel", "conv2d_matmul"])
def test_a_sentence_repeats_nothing_of_the_errors_message(error, message, line, function):
    """Hidden inputs may stand in it."""
    said = explain_exception(error, message, HINTS, line=line, function=function)
    assert said and not re.search("7310|9970|8620|5540", said)


# --- the gradients' drawing --------------------------------------------------------------------------------


def gradients_off(part: int, index: tuple[int, ...], number: int = 4):
    """The message and the drawing of a conv2d_gradients with one number wrong."""
    case = checks.CASES["conv2d_gradients"][number - 1]
    answer = copy.deepcopy(case.expected)
    answer[part][index] += 1
    with pytest.raises(checks.CheckFailed) as failed:
        checks.CHECKS.check("conv2d_gradients", lambda inputs, filters, strides, padding, upstream: next(
            copy.deepcopy(each.expected) if each is not case else answer
            for each in checks.CASES["conv2d_gradients"]
            if np.array_equal(each.arguments[0], inputs) and np.array_equal(each.arguments[4], upstream)
            and list(each.arguments[2]) == list(strides)
        ))  # fmt: skip
    return str(failed.value), Gradients().panels(case.arguments, index, part)


def test_a_wrong_gradient_of_an_image_shows_the_windows_that_hold_its_number():
    message, (panels, words) = gradients_off(0, (1, 1, 2, 0))
    assert words in message
    # Strides (2, 1), a 2×3 filter: row 1 lies in the second row of the windows at [0, 0] and [0, 1].
    assert "output [0, 0, 0]: upstream 2, its weight [1, 2] 3" in words
    assert "output [0, 1, 2]: upstream 4, its weight [1, 1] 0" in words
    assert panels[0].title == "image" and panels[0].mark == (1, 2, 1, 1)
    assert [panel.mark for panel in panels if panel.title == "upstream 0"] == [(0, 0, 1, 2)]


def test_a_wrong_gradient_of_a_weight_shows_the_numbers_that_it_meets():
    message, (panels, words) = gradients_off(1, (1, 2, 0, 1))
    assert words in message
    assert "image 0, output [0, 1]: upstream -1, number 9 at [1, 3]" in words
    assert panels[0].mark == (1, 2, 1, 2)


def test_the_terms_that_are_told_add_up_to_the_right_gradient():
    """Of every number of the largest visible case, for both gradients."""
    case = checks.CASES["conv2d_gradients"][3]
    pattern = re.compile(r"upstream (-?[\d.]+), (?:number|its weight \[\d+, \d+\]) (-?[\d.]+)")
    for part, expected in enumerate(case.expected):
        for index in np.ndindex(expected.shape):
            _, words = Gradients().panels(case.arguments, index, part)
            if "more" not in words:
                assert sum(float(a) * float(b) for a, b in pattern.findall(words)) == expected[index]


def test_same_windows_stay_unnamed_where_the_zeros_before_are_not_known():
    inputs, filters, upstream = np.ones((1, 3, 4, 1)), np.ones((3, 3, 1, 1)), np.ones((1, 3, 4, 1))
    call = inputs, filters, [1, 1, 1, 1], "SAME", upstream
    assert Gradients().panels(call, (0, 0, 0, 0), 0) == ([], "")
    _, words = Gradients(before=(1, 1)).panels(call, (0, 0, 0, 0), 1)
    assert "image 0, output [0, 0]: upstream 1, zero padding at [-1, -1]" in words


def test_an_exit_is_a_message_and_no_end_of_the_notebook():
    assert "Your function called exit() or quit()" in TOLD["apply_kernel: exit"]


def test_an_error_that_is_returned_and_not_raised_is_told():
    assert (
        TOLD["output_size: returns the error"]
        .rstrip()
        .endswith(
            "your function returned a ValueError. An error is not returned but raised: raise ValueError(…)."
        )
    )
