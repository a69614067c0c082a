"""What `compare` says of a result: the first step that fails, in words, and nothing against right code."""

import re

import numpy as np
import pytest

from autograder.judge.ladder import changed, compare
from autograder.judge.plain_words import explain_exception
from autograder.suite.conv2d.origins import HINTS, Gradients, Window
from solutions.source.conv2d import checks

GRADIENTS = Gradients()
EXPECTED = np.array([[31.25, -7.5, 0.125], [4.75, 88.5, -19.25]])
WHOLE = np.round(EXPECTED)
WINDOW = Window((5, 8), (2, 3), (3, 2))  # rows floor(3/3) + 1 = 2, columns floor(5/2) + 1 = 3


def step(actual, expected, **options) -> str | None:
    problem = compare(actual, expected, **options)
    return problem and problem.step


# --- right code of any style ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (EXPECTED, EXPECTED),
        (EXPECTED.astype("float32"), EXPECTED),
        (np.asfortranarray(EXPECTED), EXPECTED),
        (EXPECTED + 0.99e-4 * 88.5, EXPECTED),
        (WHOLE.astype(int), WHOLE),
        (WHOLE.astype("int8"), WHOLE),
        (WHOLE, WHOLE.astype(int)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (3, 3.0),
        (3.0, np.int64(3)),
        (np.float32(2.5), 2.5),
        (np.array(2.5), 2.5),
        (np.int16(3), 3),
        (np.array(3), 3),
        ([1, 2], (1, 2)),
        (np.array([1, 2]), (1, 2)),
        ((np.int64(1), np.uint8(2)), (1, 2)),
        ([EXPECTED, WHOLE], (EXPECTED, WHOLE)),
    ],
)
def test_a_right_result_of_any_kind_has_no_problem(actual, expected):
    assert compare(actual, expected) is None


# --- the steps in their order -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (None, EXPECTED, "returned None: is the `return` missing?"),
        (EXPECTED.tolist(), EXPECTED, "a list of length 2; a NumPy array is expected. np.array(...)"),
        (np.float64(4.0), EXPECTED, "a float64; a NumPy array is expected"),
        (EXPECTED, 4.0, "an array of shape (2, 3); one number is expected"),
        (True, 1.0, "a bool; one number is expected"),
        (3.0, 3, "a float; a whole number (int) is expected. `/`, np.floor"),
        (True, 1, "a bool; a whole number (int) is expected"),
        ((1, 2.0), (1, 2), "Number 1 of the result is a float"),
        (3, (1, 2), "an int; 2 numbers are expected"),
        (EXPECTED, (EXPECTED, WHOLE), "the 2 arrays (d_inputs, d_filters) are expected"),
        ((EXPECTED, None), (EXPECTED, WHOLE), "The d_filters is None; a NumPy array is expected"),
    ],
)
def test_another_type_is_told_with_what_it_is_and_what_it_should_be(actual, expected, words):
    problem = compare(actual, expected, origin=GRADIENTS)
    assert problem.step == "type" and words in problem.message


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (EXPECTED.astype(object), EXPECTED, "has dtype object. Numbers are expected"),
        (EXPECTED > 0, EXPECTED, "has dtype bool"),
        (EXPECTED.astype(complex), EXPECTED, "has dtype complex128"),
        (EXPECTED.astype(str), EXPECTED, "has dtype <U"),
        (EXPECTED.astype(int), EXPECTED, "has dtype int64. Whole numbers cut off the fractions"),
        (WHOLE.astype("uint8"), WHOLE, "has dtype uint8. Some numbers of this result do not fit"),
        (2, 2.5, "Whole numbers cut off the fractions"),
    ],
)
def test_another_dtype_is_told_with_the_reason(actual, expected, words):
    problem = compare(actual, expected)
    assert problem.step == "dtype" and words in problem.message


def test_a_wrong_shape_is_told_with_the_formula_and_its_numbers():
    problem = compare(np.zeros((2, 2)), EXPECTED, origin=WINDOW)
    assert problem.step == "shape"
    assert "shape (2, 2); (2, 3) is expected" in problem.message
    assert "rows: floor((5 − 2)/3) + 1 = 2" in problem.message
    assert "columns: floor((8 − 3)/2) + 1 = 3" in problem.message


def test_a_wrong_shape_under_same_padding_is_told_with_the_rounding_up():
    window = Window((5, 8), (2, 3), (3, 2), "SAME")
    problem = compare(np.zeros((1, 2, 3, 1)), np.zeros((1, 2, 4, 1)), origin=window)
    assert "rows: ceil(5/3) = 2" in problem.message and "columns: ceil(8/2) = 4" in problem.message


def test_a_missing_axis_and_a_gradient_of_another_shape_are_told():
    assert "2 axes where there should be 4" in compare(EXPECTED, EXPECTED[None, ..., None]).message
    assert (
        "the shape of what it belongs to, here of the filters"
        in compare((EXPECTED, WHOLE.T), (EXPECTED, WHOLE), origin=GRADIENTS).message
    )


def test_wrong_values_are_told_with_the_first_place_the_numbers_and_the_window():
    actual = EXPECTED.copy()
    actual[1, 1:] = 0
    problem = compare(actual, EXPECTED, origin=WINDOW)
    assert (problem.step, problem.index) == ("values", (1, 1))
    assert "2 of 6 numbers differ; the first is output[1, 1]" in problem.message
    assert "yours     0\n  expected  88.5" in problem.message
    assert "image rows 3 to 4 and columns 2 to 4." in problem.message


def test_a_window_in_the_padding_is_named_where_the_zeros_before_are_known():
    expected = np.ones((1, 5, 8, 1))
    known = Window((5, 8), (3, 3), (1, 1), "SAME", before=(1, 1))
    said = compare(0 * expected, expected, origin=known).message
    assert "rows -1 to 1 and columns -1 to 1. What lies outside the image is zero padding" in said
    unknown = Window((5, 8), (3, 3), (1, 1), "SAME")
    assert "window" not in compare(0 * expected, expected, origin=unknown).message


def test_the_second_of_two_gradients_is_named():
    problem = compare((EXPECTED, WHOLE + 1), (EXPECTED, WHOLE), origin=GRADIENTS)
    assert (problem.step, problem.part) == ("values", 1) and "d_filters[0, 0]" in problem.message


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_has_words_of_its_own(value):
    actual = EXPECTED.copy()
    actual[0, 2] = value
    problem = compare(actual, EXPECTED)
    assert (problem.step, problem.index) == ("values", (0, 2)) and "nan or infinite" in problem.message


def test_the_tolerance_is_a_ten_thousandth_of_the_largest_number():
    assert step(EXPECTED + 1.01e-4 * 88.5, EXPECTED) == "values"
    assert step(np.full(3, 2e-10), np.zeros(3)) == "values"
    assert step(np.full(3, 0.5e-10), np.zeros(3)) is None


WRONG_RESULTS = [
    (EXPECTED + 1000.5, EXPECTED),
    (EXPECTED * np.nan, EXPECTED),
    (EXPECTED.astype(int), EXPECTED),
    (EXPECTED.astype(str), EXPECTED),
    ((EXPECTED, WHOLE + 333.25), (EXPECTED, WHOLE)),
    (777.5, 888.5),
    (777, 888),
    ([777, 888], (777, 999)),
    (EXPECTED.tolist(), EXPECTED),
]


def told_values(message: str, actual, expected) -> set[str]:
    """The numbers of the results that a message tells; places, shapes and counts here stay below 10."""
    results = [*actual, *expected] if isinstance(expected, tuple) else [actual, expected]
    values = {f"{abs(float(value)):.6g}" for result in results for value in np.ravel(result)}
    return {number for number in values & set(re.findall(r"\d+(?:\.\d+)?", message)) if float(number) > 9}


@pytest.mark.parametrize(("actual", "expected"), WRONG_RESULTS)
def test_a_hidden_check_never_tells_a_number_of_the_answers(actual, expected):
    message = compare(actual, expected, origin=WINDOW, reveal=False).message
    assert not told_values(message, actual, expected) and "yours" not in message
    shown = compare(actual, expected, origin=WINDOW, reveal=True).message
    assert ("yours" in shown) == bool(told_values(shown, actual, expected))


# --- errors in plain words --------------------------------------------------------------------------------


def hang_over():
    return np.ones((1, 2, 3)) * np.ones((2, 2, 2))


COMMON = [
    (hang_over, "as large as its kernel"),
    (lambda: np.zeros((2, 3))[2, 0], "Positions run from 0"),
    (lambda: np.zeros((2, 3))[0, 0, 0], "fewer axes"),
    (lambda: np.zeros((2, 3))[0.5], "`//` a whole number"),
    (lambda: np.zeros(2)[0:1.5], "`//` a whole number"),
    (lambda: range(2.0), "`//` a whole number"),
    (lambda: None + 1, "lacks its `return`"),
    (lambda: None.shape, "lacks its `return`"),
    (lambda: nowhere, "check its spelling"),  # noqa: F821
    (lambda: np.ones((2, 3)) @ np.ones((2, 3)), "as many columns as the right one has rows"),
    (lambda: np.zeros(6).reshape(4, 2), "multiply to the same total"),
    (lambda: np.add(np.zeros(2, int), 0.5, out=np.zeros(2, int)), "takes no fractions"),
    (lambda: [1, 2] * [3, 4], "Lists do no arithmetic"),
    (lambda: np.zeros(2)(0), "square brackets take numbers out of it"),
    (lambda: hang_over(1), "compare it with the line of its `def`"),
    (lambda: 1 // 0, "divided by zero"),
    (lambda: __import__("no_such_library"), "Only NumPy"),
    (lambda: bool(np.zeros(2)), "one answer"),
]


@pytest.mark.parametrize(("mistake", "words"), COMMON)
def test_a_common_error_is_explained_in_a_sentence(mistake, words):
    with pytest.raises(Exception) as caught:
        mistake()
    assert words in explain_exception(caught.type.__name__, str(caught.value), HINTS)


BROADCAST = "operands could not be broadcast together with shapes {} {} "


@pytest.mark.parametrize(
    ("shapes", "line", "function", "words"),
    [
        (("(3,3,2)", "(2,3,2)"), "np.sum(window * kernel)", "conv2d", "has another size than the kernel"),
        (("(2,3)", "(3,3)"), "np.sum(window * kernel)", "convolve", "hangs over the edge"),
        (("(3,3)", "(2,3)"), "np.sum(kernel * window)", "convolve", "hangs over the edge"),
        (("(2,3)", "(3,3)"), "np.sum(window * kernel)", "apply_kernel", "image[x : x + rows"),
        (("(2,3)", "(3,2)"), "np.sum(window * kernel)", "convolve", "rows and columns swapped"),
        (("(0,3)", "(2,3)"), "np.sum(window * kernel)", "convolve", "is empty"),
        (("(4,9)", "(9,1)"), "patches * columns", "conv2d_matmul", "is `@`"),
        (("(2,2,3)", "(2,2,3,4)"), "window * filters", "conv2d", "filters[:, :, :, f] is one filter"),
        (("(2,2,3)", "(2,2,2)"), "window * filters[f]", "conv2d", "different channels"),
    ],
)
def test_what_two_shapes_say_depends_on_them_on_the_line_and_on_the_function(shapes, line, function, words):
    said = explain_exception("ValueError", BROADCAST.format(*shapes), HINTS, line=line, function=function)
    assert words in said and ("hangs over" in words or "hangs over" not in said)


def test_an_error_that_nobody_foresaw_gets_no_guess():
    assert explain_exception("OSError", "disk full") == ""
    assert explain_exception("ValueError", "x" * 10**6) == ""


def test_an_error_is_shown_with_the_students_own_line_even_from_inside_numpy():
    problem, _ = checks.examine("pad", lambda *a: np.linalg.inv(np.ones((2, 3))), checks.CASES["pad"][0])
    assert problem.step == "raised"
    assert "LinAlgError" in problem.message and "np.linalg.inv(np.ones((2, 3)))" in problem.message


def test_a_stub_below_another_function_is_named():
    def pad(image, rows, columns):
        raise NotImplementedError

    def conv2d(inputs, filters, strides, padding):
        return pad(inputs, (0, 0), (0, 0))

    problem, _ = checks.examine("conv2d", conv2d, checks.CASES["conv2d"][0])
    assert problem.message == "conv2d calls pad, which is not started yet. Write pad first."


def test_a_name_that_is_no_function_any_more_is_told():
    problem, _ = checks.examine("pad", np.zeros((2, 2)), checks.CASES["pad"][0])
    assert problem.step == "type" and "not a function" in problem.message


def test_without_a_notebook_a_check_fails_in_plain_text():
    with pytest.raises(checks.CheckFailed) as caught:
        checks.check_convolve(lambda image, kernel, stride=1: np.ones((2, 2)))
    assert "window  [[2, 0, 1], [7, 1, 1], [0, 2, 5]]" in str(caught.value)
    assert "\n".join(caught.value._render_traceback_()) == str(caught.value)


def test_a_notebook_wraps_sentences_and_leaves_numbers_and_code_as_they_are():
    sentence, code = "one word after another " * 6, "  " + "in pad, line 3: x = " * 6
    shown = checks.CheckFailed(f"{sentence}\n{code}")._render_traceback_()
    assert max(map(len, shown[0].splitlines())) <= 90 and shown[0].split() == sentence.split()
    assert shown[1] == code


def test_text_in_a_picture_is_escaped(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    checks.picture(checks.Panel("image", np.eye(2)), alt='"><script>alert(1)</script>')
    assert "<script>" not in shown[0]["text/html"] and "&quot;&gt;&lt;script&gt;" in shown[0]["text/html"]


@pytest.mark.parametrize("actual", [[1.0, 2], (np.float32(1), 2), np.array([1.0, 2])])
def test_a_list_of_numbers_may_be_a_list_a_tuple_or_an_array(actual):
    assert compare(actual, [1.0, 2.0]) is None


@pytest.mark.parametrize(
    ("actual", "step"), [(1.0, "type"), ([1.0, None], "type"), ([1.0], "shape"), ([1.0, 3.0], "values")]
)
def test_a_wrong_list_of_numbers_is_told(actual, step):
    problem = compare(actual, [1.0, 2.0])
    assert problem is not None and problem.step == step


def test_a_list_of_arrays_that_was_changed_is_noticed():
    before = [np.zeros((2, 3)), np.ones(2)]
    assert not changed(before, [np.zeros((2, 3)), np.ones(2)])
    assert changed(before, [np.zeros((2, 3)), np.array([1.0, 2])])
    assert changed(before, before[:1]) and not changed([1, 2], [1, 3])
