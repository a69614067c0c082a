"""What the labs' pictures say is what the arrays say, in every tile, and slow functions get less to do."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.learning import strongest_windows
from notebooks.labkit.questions import as_question
from notebooks.labkit.sheet import number_text
from notebooks.labkit.standins import conv2d as standin
from solutions import reference


def tiles(figure):
    """The pictures on a sheet, in the order in which they were drawn, without colour bars."""
    return [image for image in figure.axes[0].images if image.get_array().shape != (128, 1)]


def pictures(figure):
    return [np.asarray(image.get_array()) for image in tiles(figure)]


def scales(figure):
    return [image.get_clim() for image in tiles(figure)]


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.fixture
def random():
    return np.random.default_rng(17)


# --- how much work -----------------------------------------------------------------------------------------


ARGUMENTS = np.zeros((64, 14, 14, 1)), np.ones((3, 3, 1, 2)), [1, 1, 1, 1], "SAME"


def slowed_down(calls):
    """A conv2d that takes so many times as long as the kit's own."""

    def conv2d(*arguments):
        for _ in range(calls):
            answer = standin.conv2d(*arguments)
        return answer

    return conv2d


def test_a_slow_function_gets_fewer_pictures_and_is_told_so(capsys):
    count = labkit.how_many(slowed_down(200), "conv2d", *ARGUMENTS)
    assert 1 <= count < 32
    assert f"so here are {count} of 64 pictures." in capsys.readouterr().out


def test_a_function_far_too_slow_still_gets_one_picture(capsys):
    pictures = ARGUMENTS[0][:2]
    assert labkit.how_many(slowed_down(200), "conv2d", pictures, *ARGUMENTS[1:]) == 1


def test_a_fast_function_gets_all_pictures_and_nothing_is_said(capsys):
    assert labkit.how_many(slowed_down(1), "conv2d", *ARGUMENTS) == 64
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
    figure = labkit.draw_before_after(image, kernel, response, stride=1)
    before, window, _, after = tiles(figure)
    np.testing.assert_array_equal(window.get_array(), image[16:21, 6:11, 0])
    assert "window · kernel = 2.00" in words(figure)
    frames = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    marked = [frame for frame in frames if frame.get_linewidth() == 2.5]
    for mark, picture, (row, column, rows, columns) in zip(
        marked, (before, after), ((16, 6, 5, 5), (18, 8, 1, 1)), strict=True
    ):
        left, right, bottom, top = picture.get_extent()
        wide, tall = (right - left) / 28, (bottom - top) / 28
        assert mark.get_bbox().bounds == pytest.approx(
            (left + column * wide, top + row * tall, columns * wide, rows * tall)
        )


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
    texts = [text for text in figure.axes[0].texts if text.get_text() in {"0.00", "−2.00", "0.50"}]
    assert [text.get_text() for text in texts] == ["0.00", "−2.00", "0.00", "0.50"]
    assert [to_hex(text.get_color()) for text in texts] == ["#000000", "#ffffff", "#000000", "#000000"]
    assert scales(figure) == [(-2, 2)] * 2


def test_losses_differ_by_line_style_and_by_a_name_at_the_end():
    _, ax = labkit.draw_losses({"learned": [2.0, 1.0, 0.5], "random": [2.0, 1.9]}, unit="epoch").axes
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("learned", (2, 0.5)), ("random", (1, 1.9))]
    assert ax.get_xlabel() == "epoch" and ax.get_ylim()[0] == 0


def test_the_drawn_row_of_pixels_says_how_many_zeros_same_adds():
    said = words(labkit.draw_windows(size=28, length=5, stride=2))
    assert {"zeros before: 1", "zeros after: 2", "window 13"} <= set(said)


# --- what is written stays where it belongs ------------------------------------------------------------------


def extents(figure):
    """The places (left, bottom, right, top), in pixels, of all texts of a figure, by their words."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer).extents) for text in figure.axes[0].texts]


@pytest.mark.parametrize("numbers", [[-20, 10], [0.06, 0.11], [-0.06, 1234], [1500, -0.5]])
@pytest.mark.parametrize("size", [1, 5, 12])
def test_numbers_stay_inside_their_cells(numbers, size):
    figure = draw_grids(Grid("grid", np.resize(numbers, (2, size)), names=("xy", "-" * size)))
    cell = min(0.42, 9 / (size + 3)) * figure.dpi  # LARGEST_CELL, or what the sheet's width leaves
    widths = {word: right - left for word, (left, _, right, _) in extents(figure)}
    for number in set(numbers):
        assert 0 < widths[number_text(number)] < 0.9 * cell


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_that_is_written_leaves_the_sheet(channels, random):
    image, kernel = random.random((28, 28, channels)), random.normal(size=(5, 5, channels))
    response = reference.conv2d(image[None], kernel[..., None], [1, 2, 2, 1], "SAME")[0, :, :, 0]
    figures = [
        labkit.draw_before_after(image, kernel, response, stride=2),
        labkit.draw_kernels(random.normal(size=(5, 5, channels, 16)), range(16)),
        labkit.draw_responses(1000 * random.normal(size=(6, 6, 3)), range(3)),
        labkit.draw_one_filter(np.stack([image] * 10), np.stack([response] * 10), range(10)),
    ]
    for figure in figures:
        width, height = figure.get_size_inches() * figure.dpi
        for word, (left, bottom, right, top) in extents(figure):
            assert min(left, bottom) >= 0 and right <= width and top <= height, word


def test_the_rows_of_the_patches_lie_beside_their_rows_of_the_product(random):
    patches, columns = random.random((30, 9)), random.normal(size=(9, 4))
    drawn = tiles(
        labkit.draw_layer(random.random((9, 12, 1)), patches, columns, patches @ columns, (5, 6), 2)
    )
    assert drawn[1].get_extent()[2:] == drawn[3].get_extent()[2:]


# --- questions -----------------------------------------------------------------------------------------------

REPLIES = {"it is < 14": "28 windows would need stride 1.", "it is 14": "28 / 2 = 14."}


def test_a_question_says_for_each_answer_whether_it_is_right_and_why():
    page = as_question("How large is it?", REPLIES, right="it is 14")
    assert page.count("<details") == page.count("<summary") == 2
    assert "it is &lt; 14</summary>" in page and "<script" not in page
    wrong, right = page.split("<summary")[1:]
    assert "Not quite." in wrong and "28 windows" in wrong
    assert "Yes." in right and "28 / 2 = 14." in right


@pytest.mark.parametrize(("replies", "right"), [(REPLIES, "it is 15"), ({"it is 14": ""}, "it is 14")])
def test_a_question_without_a_choice_or_a_right_answer_is_refused(replies, right):
    with pytest.raises(ValueError, match="needs two answers or more, and the right one"):
        as_question("How large is it?", replies, right)
