"""What the labs' pictures say is what the arrays say, in every tile, and slow functions get less to do."""

from time import process_time

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from notebooks import labkit
from notebooks.labkit.learning import strongest_windows
from solutions import reference


def tiles(figure):
    """The axes of a figure that show a picture, in the order in which they were made."""
    return [ax for ax in figure.axes if ax.images]


def pictures(figure):
    return [np.asarray(ax.images[0].get_array()) for ax in tiles(figure)]


def scales(figure):
    return [ax.images[0].get_clim() for ax in tiles(figure)]


@pytest.fixture
def random():
    return np.random.default_rng(17)


# --- how much work -----------------------------------------------------------------------------------------


def busy(seconds):
    """A function that keeps the processor busy for so long for each picture of a batch."""

    def work(batch):
        end = process_time() + seconds * len(batch)
        while process_time() < end:
            pass

    return work


def test_a_slow_function_gets_fewer_pictures_and_is_told_so(capsys):
    count = labkit.how_many(busy(0.02), np.zeros((64, 28, 28, 1)), seconds=0.2)
    assert 1 <= count <= 10
    assert f"so here are {count}." in capsys.readouterr().out


def test_a_function_far_too_slow_still_gets_one_picture(capsys):
    assert labkit.how_many(busy(0.02), np.zeros((64, 28, 28, 1)), seconds=0.001) == 1


def test_a_fast_function_gets_all_pictures_and_nothing_is_said(capsys):
    assert labkit.how_many(busy(0), np.zeros((64, 28, 28, 1)), seconds=60) == 64
    assert capsys.readouterr().out == ""


# --- the window that a response comes from -------------------------------------------------------------------


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [(5, 5), (4, 3), (1, 2)])
def test_the_strongest_windows_times_the_kernel_are_the_strongest_responses(size, stride, random):
    images, kernel = random.normal(size=(6, 11, 8, 3)), random.normal(size=(*size, 3))
    responses = reference.conv2d(images, kernel[..., None], [1, stride, stride, 1], "SAME")[..., 0]
    windows = strongest_windows(images, responses, size, stride, count=4)
    expected = np.sort(responses.max(axis=(1, 2)))[::-1][:4]  # the best of each image, the largest first
    np.testing.assert_allclose((windows * kernel).sum(axis=(1, 2, 3)), expected)


def test_before_and_after_mark_the_window_and_its_response():
    image = np.zeros((28, 28, 1))
    image[20, 6] = 1.0
    kernel = np.zeros((5, 5, 1))
    kernel[4, 0] = (
        2.0  # answers where the bright pixel is its lower left corner: window rows 16–20, columns 6–10
    )
    response = reference.conv2d(image[None], kernel[..., None], [1, 1, 1, 1], "SAME")[0, ..., 0]
    before, window, middle, after = tiles(labkit.draw_before_after(image, kernel, response, stride=1))
    marks = [
        (mark.get_x(), mark.get_y(), mark.get_width(), mark.get_height())
        for ax in (before, after)
        for mark in ax.patches
        if isinstance(mark, Rectangle)
    ]
    assert marks == [(5.5, 15.5, 5, 5), (7.5, 17.5, 1, 1)]
    np.testing.assert_array_equal(window.images[0].get_array(), image[16:21, 6:11, 0])
    assert middle.get_xlabel() == "window · kernel = 2.00"


# --- tiles and scales ----------------------------------------------------------------------------------------


def test_a_bank_is_drawn_kernel_by_kernel_and_channel_by_channel(random):
    bank = random.normal(size=(3, 2, 3, 5))
    drawn = pictures(labkit.draw_kernels(bank, columns=5))
    expected = [bank[:, :, channel, number] for number in range(5) for channel in range(3)]
    assert len(drawn) == 15
    assert all(any(np.array_equal(one, other) for other in drawn) for one in expected)


@pytest.mark.parametrize("own_scale", [False, True])
def test_zero_is_in_the_middle_of_every_scale(own_scale, random):
    responses = random.normal(size=(7, 7, 3)) + 5
    responses[:, :, 2] = 0  # a filter that finds nothing
    limits = [np.abs(responses[:, :, k]).max() or 1 for k in range(3)] if own_scale else [responses.max()] * 3
    assert scales(labkit.draw_responses(responses, own_scale=own_scale)) == [
        (-limit, limit) for limit in limits
    ]


def test_a_layer_shows_the_chosen_column_as_the_response_that_it_is(random):
    image, bank = random.random((1, 9, 12, 1)), random.normal(size=(3, 3, 1, 4))
    rows = reference.extract_patches(image, (3, 3), [1, 2, 2, 1], "SAME").reshape(-1, 9)
    columns = reference.flatten_filters(bank)
    drawn = pictures(labkit.draw_layer(image[0], rows, columns, rows @ columns, (5, 6), chosen=2))
    response = reference.conv2d(image, bank, [1, 2, 2, 1], "SAME")[0, :, :, 2]
    for picture, expected in zip(
        drawn, (image[0, :, :, 0], rows, columns, rows @ columns, response), strict=True
    ):
        np.testing.assert_allclose(picture, expected)


def test_the_steps_of_a_kernel_say_their_numbers_in_letters_that_can_be_read():
    kernels = [np.array([[0.0, -2.0]]), np.array([[-0.001, 0.5]])]
    figure = labkit.draw_steps(kernels, ["before", "after"])
    texts = [text for ax in tiles(figure) for text in ax.texts]
    assert [text.get_text() for text in texts] == ["0.00", "−2.00", "0.00", "0.50"]
    assert [to_hex(text.get_color()) for text in texts] == ["#000000", "#ffffff", "#000000", "#000000"]
    assert scales(figure) == [(-2, 2)] * 2


def test_losses_differ_by_line_style_and_by_a_name_at_the_end():
    (ax,) = labkit.draw_losses({"learned": [2.0, 1.0, 0.5], "random": [2.0, 1.9]}, unit="epoch").axes
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("learned", (2, 0.5)), ("random", (1, 1.9))]
    assert ax.get_xlabel() == "epoch" and ax.get_ylim()[0] == 0


def test_the_drawn_row_of_pixels_says_how_many_zeros_same_adds():
    (ax,) = labkit.draw_windows(size=28, length=5, stride=2).axes
    said = [text.get_text() for text in ax.texts]
    assert {"zeros before: 1", "zeros after: 2", "window 13"} <= set(said)
