"""What is demanded stands in one table: said in the text, shown by a visible case, asked by a hidden test, and no more."""

import contextlib
import io
import sys
import types
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from conftest import ROOT

from autograder.authoring.build import build_notebook
from autograder.authoring.text import settle
from autograder.grading import Grader
from autograder.judge.rehearsal import EXAMPLE, hidden_tests, rehearse
from autograder.judge.visible import Checks
from autograder.suite import conv2d
from solutions.conv2d.cases import CASES
from solutions.conv2d.demands import DEMANDS, SAID, kinds, page
from solutions.demands import sections
from solutions.network import demands as of_network

FUNCTIONS = list(conv2d.ASSIGNMENT.right)
REFUSING = {"output_size": 3, "conv2d": 2, "conv2d_matmul": 2}  # the points for what they refuse
CHECKS = Checks(CASES)
TELLING = DEMANDS.text.read_text(encoding="utf-8")


def fails_visibly(function: str, implementation: Callable) -> list[str]:
    """The titles of the visible cases that this implementation fails."""
    return [case.title for case in CASES[function] if CHECKS.examine(function, implementation, case)[0]]


# --- the table ---------------------------------------------------------------------------------------------


TABLES = {"conv2d": (DEMANDS, page, 150), "network": (of_network.DEMANDS, of_network.page, 90)}
each_table = pytest.mark.parametrize(("demands", "page_of", "at_least"), TABLES.values(), ids=TABLES)


@each_table
def test_every_demand_stands_in_the_text_has_a_visible_case_and_a_hidden_test(demands, page_of, at_least):
    found = demands.table()
    assert len(found) > at_least
    assert [(each.function, each.kind) for each in found if not each.said] == []
    assert [(each.function, each.kind) for each in found if not each.shown] == []
    assert [(each.function, each.kind) for each in found if not each.tested] == []
    asked = {(each.said, each.kind) for each in found}
    assert {(words, kind) for words, listed in demands.said.items() for kind in listed} - asked == set()
    written = demands.page.read_text(encoding="utf-8")
    assert written == page_of(found), f"run python -m {page_of.__module__}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_must_be_refused_is_what_the_right_function_refuses_and_the_reason_is_known(function):
    calls = [(case.arguments, case.expected is ValueError) for case in CASES[function]]
    calls += [(arguments, None) for _, arguments in DEMANDS.hidden_calls(function)]
    for arguments, expected in calls:
        try:
            conv2d.ASSIGNMENT.right[function](*arguments)
            refused = False
        except ValueError:
            refused = True
        reasons = {kind.startswith("refused: ") for kind in kinds(function, arguments)}
        assert reasons == {refused} and expected in (None, refused)


def test_words_that_are_taken_out_of_the_text_are_missed():
    told = sections(TELLING)
    assert DEMANDS.is_said("Ours accepts any case", "conv2d_gradients", told)
    assert not DEMANDS.is_said("Ours accepts any case", "pad", told)
    gone = sections(TELLING.replace("Ours accepts any case", ""))
    assert not DEMANDS.is_said("Ours accepts any case", "conv2d", gone)
    assert not DEMANDS.is_said("floats or whole numbers", "same_padding", told)


def test_an_upstream_of_whole_numbers_is_a_kind_that_is_not_in_the_table():
    ones = np.ones((1, 2, 2, 1))
    asked = kinds("conv2d_gradients", (ones, ones[:1, :1, :1], [1, 1, 1, 1], "VALID", ones.astype("uint8")))
    assert "whole numbers in upstream" in asked
    assert "whole numbers in upstream" not in {kind for listed in SAID.values() for kind in listed}


# --- the visible cases -------------------------------------------------------------------------------------

# Words of a title, and what a case with such a title must be like.
TITLES = {
    "VALID": "VALID",
    "SAME": "SAME",
    "small letters": "the padding in small letters",
    "one row": "an image of one row",
    "one column": "an image of one column",
    "a remainder": "equal strides above 1, with a remainder",
    "a stride larger than": "a stride larger than the filter",
    "2 images": "two images",
    "3 images": "three images or more",
    "columns first in memory": "columns first in memory",
    "float32": "float32",
    "products pass 255": "products that do not fit into the type of image and kernel",
    "even": "an even number of filter rows or columns",
    "whole pixels": "whole numbers in the image",
    "a filter larger than its input": "a filter of more than half the input",
    "a stride of 0": "refused: a stride below 1",
    "a stride of 1.5": "refused: a stride that is not a whole number",
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_title_of_a_visible_case_says_what_the_case_does(function):
    titles = [case.title for case in CASES[function]]
    assert len(set(titles)) == len(titles)
    for case in CASES[function]:
        is_like = kinds(function, case.arguments)
        if case.expected is not ValueError:
            promised = {kind for words, kind in TITLES.items() if words in case.title}
            assert promised <= is_like, case.title
            if "fraction" in case.title:
                numbers = case.expected if isinstance(case.expected, tuple) else (case.expected,)
                assert any(np.any(each != np.round(each)) for each in numbers) or "weights" in case.title
        elif case.title in TITLES:
            assert TITLES[case.title] in is_like


def own_products(image, kernel, x, y):
    """A window's sum in the type of the pixels, as students write it first."""
    return np.sum(image[x : x + kernel.shape[0], y : y + kernel.shape[1]] * kernel)


def own_convolve(image, kernel, stride=1):
    shape = conv2d.ASSIGNMENT.right["convolve"](image, kernel, stride).shape
    steps = np.broadcast_to(stride, 2)
    places = [own_products(image, kernel, i * steps[0], j * steps[1]) for i, j in np.ndindex(shape)]
    return np.array(places, float).reshape(shape)


def own_conv2d(inputs, filters, strides, padding):
    out = conv2d.ASSIGNMENT.right["conv2d"](inputs, filters, strides, padding)
    patches = conv2d.ASSIGNMENT.right["extract_patches"](inputs, filters.shape[:2], strides, padding)
    products = patches.astype(inputs.dtype)[..., None] * filters.reshape(-1, filters.shape[3])
    return products.sum(axis=3).astype(float).reshape(out.shape)


@pytest.mark.parametrize(
    ("function", "implementation"),
    [
        ("apply_kernel", own_products),
        ("convolve", own_convolve),
        ("conv2d", own_conv2d),
        ("conv2d_matmul", own_conv2d),
    ],
)
def test_products_in_the_pixels_own_type_fail_the_visible_case_that_says_so_and_no_other(
    function, implementation
):
    failed = fails_visibly(function, implementation)
    assert len(failed) == 1 and failed[0].endswith("whose products pass 255")


@pytest.mark.parametrize(
    "function", [name for name in FUNCTIONS if name not in ("output_size", "same_padding")]
)
def test_a_function_that_changes_its_inputs_fails_its_visible_check(function):
    def change(*arguments):
        value = conv2d.ASSIGNMENT.right[function](*arguments)
        arguments[0][...] = 0
        return value

    assert fails_visibly(function, change)


# --- visible checks and hidden tests agree -----------------------------------------------------------------

PROGRAMS = sorted((ROOT / "tests" / "fair").glob("*.py")) + [
    ROOT / "demo" / "samples" / f"{name}.py"
    for name in ("perfect", "loops_only", "same_mistake", "flipped_kernel")
]


def functions_of(path) -> Mapping[str, Callable]:
    """The functions of a program of our own. (Its module is known while it runs, as dataclasses want.)"""
    module = types.ModuleType(path.stem)
    sys.modules[path.stem] = module
    try:
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(module))
    finally:
        del sys.modules[path.stem]
    return {name: getattr(module, name) for name in FUNCTIONS}


@pytest.mark.filterwarnings("ignore:.* is slow:UserWarning", "ignore:divide by zero:RuntimeWarning")
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_visible_checks_of_a_function_pass_exactly_when_its_hidden_tests_do(path):
    functions = functions_of(path)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        hidden = {
            test.cell.removeprefix("test_") for test in rehearse(hidden_tests(conv2d), functions).failed
        }
        visible = {name for name in FUNCTIONS if fails_visibly(name, functions[name])}
    assert visible == hidden
    if "fair" in path.parts:
        assert visible == set()


@pytest.mark.sandbox
def test_the_texts_own_answers_get_every_point_in_the_sandbox(tmp_path):
    source = build_notebook(
        DEMANDS.text, tmp_path / "conv2d.ipynb", lambda cells: settle(cells, conv2d.ASSIGNMENT)
    )
    with Grader() as grader:
        report = grader.grade(source.read_bytes(), student="the-author", assignment="conv2d", key=EXAMPLE)
    assert [test.message for test in report.tests if test.points < test.max_points] == []
    assert report.score == report.max_score == 100


# --- refusals ----------------------------------------------------------------------------------------------


def refusing(function: str) -> list:
    return [test for test in DEMANDS.own_tests(function) if "refuses" in test.name]


def always_raising(*arguments):
    raise ValueError("no")


def answering_nothing(function):
    def checked(*arguments):
        conv2d.ASSIGNMENT.right[function](*arguments)

    return checked


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_refuses_everything_or_answers_nothing_earns_nothing(function):
    for implementation in (always_raising, answering_nothing(function)):
        functions = {**conv2d.ASSIGNMENT.right, function: implementation}
        assert rehearse(DEMANDS.own_tests(function), functions).failed == DEMANDS.own_tests(function)


def test_refusals_are_paid_by_what_is_checked():
    assert {name: sum(test.points for test in refusing(name)) for name in REFUSING} == REFUSING
    for function in ("conv2d", "conv2d_matmul"):
        assert [test.points for test in refusing(function)] == [1, 1]


def without_stride_checks(inputs, filters, strides, padding):
    if np.ndim(inputs) != 4 or np.ndim(filters) != 4 or inputs.shape[3] != filters.shape[2]:
        raise ValueError("shapes")
    if padding == "VALID" and np.any(np.less(inputs.shape[1:3], filters.shape[:2])):
        raise ValueError("sizes")
    return np.zeros((1, 1, 1, 1))


def failed_refusals(function, implementation) -> list[str]:
    functions = {**conv2d.ASSIGNMENT.right, function: implementation}
    return [test.name for test in rehearse(refusing(function), functions).failed]


def test_one_kind_of_refusal_forgotten_costs_conv2d_one_point_whatever_the_values_are():
    assert failed_refusals("conv2d", without_stride_checks) == ["test_conv2d_refuses_strides_and_padding"]


def test_the_errors_of_conv2d_matmul_count_where_its_results_are_right():
    def right_without_stride_checks(inputs, filters, strides, padding):
        without_stride_checks(inputs, filters, strides, padding)
        one = [1, 1, 1, 1]
        return conv2d.ASSIGNMENT.right["conv2d"](
            inputs, filters, one, "VALID" if padding == "VALID" else "SAME"
        )

    forgotten = "test_conv2d_matmul_refuses_strides_and_padding"
    assert failed_refusals("conv2d_matmul", right_without_stride_checks) == [forgotten]
    assert failed_refusals("conv2d_matmul", without_stride_checks) == [
        "test_conv2d_matmul_refuses_misfits",
        forgotten,
    ]
