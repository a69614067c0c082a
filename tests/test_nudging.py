"""The gradient check that students call on their own functions, and the end of the assignment."""

import numpy as np
import pytest
from PIL import Image

from autograder.judge.nudging import gradient_check
from solutions import reference
from solutions.conv2d.examples import ending, read_digit

INPUTS, FILTERS = (np.random.default_rng(1).normal(size=size) for size in ((1, 4, 5, 2), (3, 2, 2, 3)))
HOW = [1, 2, 1, 1], "SAME"


def told(capsys, gradients, function=reference.conv2d, arguments=(INPUTS, FILTERS, *HOW)):
    """What the check prints, line by line."""
    gradient_check(function, gradients, *arguments)
    return capsys.readouterr().out.splitlines()


def wrong(spoil):
    """Gradients of conv2d of which the one for the filters is spoiled."""

    def gradients(*arguments):
        d_inputs, d_filters = reference.conv2d_gradients(*arguments)
        return d_inputs, spoil(d_filters)

    return gradients


def test_right_gradients_are_right_at_every_place_and_leave_the_arrays_alone(capsys):
    before = INPUTS.copy()
    assert told(capsys, reference.conv2d_gradients) == [
        "inputs: right at the 12 of its 40 places that were tried.",
        "filters: right at the 12 of its 36 places that were tried.",
    ]
    assert np.array_equal(before, INPUTS)


@pytest.mark.parametrize(
    ("spoil", "says"),
    {
        "a factor": (lambda d: 2 * d, "All of yours are 2 times what they should be"),
        "a sign": (lambda d: -d, "All of yours have the wrong sign."),
        "nothing written": (lambda d: 0 * d, "All of yours are 0"),
        "a shape": (lambda d: d[:2], "its gradient has shape (2, 2, 2, 3); it must have the array's own"),
        "another function": (lambda d: d**2, "nudging shows "),
        "not a number": (lambda d: d * np.nan, "your gradient says nan"),
    }.values(),
)
def test_a_wrong_gradient_is_told_with_what_all_places_have_in_common(capsys, spoil, says):
    first, second = told(capsys, wrong(spoil))
    assert first.startswith("inputs: right") and second.startswith("filters: ") and says in second
    assert "right" not in second


def test_any_function_and_its_gradient_can_be_checked_also_of_one_array(capsys):
    double = told(capsys, lambda values, upstream: 2 * values * upstream, np.square, (INPUTS,))
    assert double == ["x: right at the 12 of its 40 places that were tried."]


def test_whole_numbers_are_left_alone_as_labels_are(capsys):
    labels = np.array([1, 0])
    (line,) = told(
        capsys,
        lambda values, labels, upstream: np.eye(len(values))[labels].T @ upstream,
        lambda values, labels: values[labels],
        (np.array([1.0, 2.0]), labels),
    )
    assert line == "values: right at the 2 of its 2 places that were tried."


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (None, "does the function end with a return?"),
        (
            INPUTS,
            "1 gradient came back, for 2 arrays of floats (inputs, filters).",
        ),
    ],
)
def test_gradients_that_are_missing_are_told(capsys, result, says):
    (line,) = told(capsys, lambda *arguments: result)
    assert line.endswith(says)


# --- the end of the assignment -----------------------------------------------------------------------------

OWN = {
    name: getattr(reference, name)
    for name in ("conv2d", "conv2d_matmul", "extract_patches", "flatten_filters")
}


def test_a_students_functions_read_a_digit_as_the_articles_network_does(capsys):
    ending(OWN)
    *_, said = capsys.readouterr().out.strip().splitlines()
    assert said.startswith("With your functions the network reads a 3, with") and said.endswith(
        "yours agrees."
    )


def test_a_picture_file_is_read_whatever_its_size_and_paper(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("solutions.conv2d.examples.names_of_caller", lambda depth: OWN)
    pixels = np.full((90, 60), 230, np.uint8)
    pixels[15:75, 28:34] = 30  # a stroke of ink
    Image.fromarray(pixels).save(tmp_path / "mine.png")
    read_digit(str(tmp_path / "mine.png"))
    assert capsys.readouterr().out.startswith("With your functions the network reads a 1, with")
    read_digit(str(tmp_path / "no.png"))
    assert capsys.readouterr().out.startswith("There is no picture file ")


def test_without_the_zip_around_it_one_sentence_says_where_the_network_is(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("solutions.conv2d.examples.__file__", str(tmp_path / "checks.py"))
    ending(OWN)
    assert capsys.readouterr().out.endswith("in data/samples; they are not here.\n")
