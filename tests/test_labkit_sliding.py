"""The sliding window as students see it: its sums, its frames, the pixels it leaves out, and its controls."""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.image import imread

from notebooks.labkit.geometry import window_starts, zeros_around
from notebooks.labkit.grids import Grid, draw_gallery, draw_grids, has_sign
from notebooks.labkit.sheet import number_text
from notebooks.labkit.sliding import (
    contact_sheet,
    describe_step,
    draw_paddings,
    draw_step,
    player,
    steps_page,
    unseen,
)
from solutions import reference

PICTURE = np.array([[2, 0, 3, 1, 5], [1, 1, 0, 0, 7], [1, 0, 2, 0, 1], [1, 0, 1, 2, 3]])
KERNEL = np.array([[1, 0, -1], [2, 0.5, -2]])


class Page(HTMLParser):
    """The elements of a page as (tag, attributes) and the text of its list items."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.items, self.open = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open = tag

    def handle_data(self, text):
        if self.open == "li" and text.strip():
            self.items.append(text)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def animation():
    """A kernel that slides over a padded picture, and its output: (HTML, output)."""
    output = reference.convolve(np.pad(PICTURE, 1), KERNEL, (2, 3))
    return steps_page(np.pad(PICTURE, 1), KERNEL, output, (2, 3), ((1, 1), (1, 1))), output


def texts_of(figure):
    """All texts in a figure's axes."""
    return [text.get_text() for ax in figure.axes for text in ax.texts]


# --- the animation -----------------------------------------------------------------------------------------


def test_an_animation_that_nobody_would_watch_is_refused_with_the_cure():
    with pytest.raises(ValueError, match=r"49 numbers.*at most 24.*smaller picture or a larger stride"):
        steps_page(np.zeros((7, 7)), np.ones((1, 1)), np.zeros((7, 7)))


def test_every_step_stands_as_text_that_adds_up_to_the_output(animation):
    page, output = animation
    lines = Page(page).items
    assert len(lines) == output.size == 6
    for line, (place, number) in zip(lines, np.ndenumerate(output), strict=True):
        where, terms, total = line.replace("−", "-").split(" = ")
        factors = [term.split("·") for term in terms.split(" + ")]
        assert where == f"Output {place}"
        assert sum(float(pixel) * float(weight.strip("()")) for pixel, weight in factors) == number
        assert float(total) == number


def test_a_negative_weight_stands_in_brackets():
    line = describe_step(PICTURE, KERNEL, np.array([[-8.0]]), (0, 0), (1, 1))
    assert line == "Output (0, 0) = 2·1 + 0·0 + 3·(−1) + 1·2 + 1·0.50 + 0·(−2) = −8"


def test_a_step_shows_the_output_up_to_its_window_and_no_further():
    output = np.array([[101, 102], [103, 104]])
    words = texts_of(draw_step(PICTURE, np.ones((3, 4)), output, (1, 0), (1, 1)))
    assert {"101", "102", "103"} <= set(words) and "104" not in words


def test_pixels_of_a_byte_do_not_overflow_in_the_products():
    picture, kernel = np.full((1, 2), 200, dtype=np.uint8), np.array([[2, 1]], dtype=np.uint8)
    words = texts_of(draw_step(picture, kernel, np.array([[600.0]]), (0, 0), (1, 1)))
    assert {"400", "600"} <= set(words)


def test_frames_lie_row_by_row_on_one_sheet_and_are_found_again():
    frames = [np.full((4, 6, 3), 10 * number, dtype=np.uint8) for number in range(7)]
    sheet = contact_sheet(frames)
    assert sheet.shape == (12, 18, 3)
    assert sheet[::4, ::6, 0].tolist() == [[0, 10, 20], [30, 40, 50], [60, 255, 255]]


def test_the_animation_is_one_described_picture_of_all_frames_and_small(animation):
    page, _ = animation
    assert len(page) < 500_000
    (picture,) = Page(page).all("img")
    assert "6 frames" in picture["alt"] and "2 by 3" in picture["alt"]
    png = base64.b64decode(picture["src"].removeprefix("data:image/png;base64,"))
    sheet = imread(io.BytesIO(png))
    (figure,) = Page(page).all("figure")
    across, shape = re.search(r"--across: (\d+); --shape: (\d+ / \d+)", figure["style"]).groups()
    width, height = map(int, shape.split(" / "))
    assert sheet.shape[:2] == (2 * height, int(across) * width)
    assert (figure["data-count"], figure["data-across"], figure["data-down"]) == ("6", "3", "2")


def test_the_animation_loads_nothing_and_does_not_start_by_itself(animation):
    assert not re.search(r"https?:|@import|autoplay|@keyframes", animation[0])
    page = Page(animation[0])
    assert [button["data-do"] for button in page.all("button")] == ["back", "play", "next"]
    assert page.all("input")[0]["aria-label"] == "Step"


def test_two_animations_in_one_notebook_do_not_share_their_controls():
    pages = [player([np.zeros((2, 2, 3), dtype=np.uint8)], ["a line"], "the same twice") for _ in range(2)]
    names = [Page(page).all("figure")[0]["id"] for page in pages]
    assert names[0] != names[1]
    assert all(f'getElementById("{name}")' in page for name, page in zip(names, pages, strict=True))


def test_text_that_looks_like_markup_is_shown_as_text():
    frame = np.zeros((2, 2, 3), dtype=np.uint8)
    page = Page(player([frame], ["<b>1 < 2</b>"], 'a "quoted" <picture>'))
    assert page.items[0].startswith("<b>") and page.all("b") == []
    assert page.all("img")[0]["alt"] == 'a "quoted" <picture>'


# --- along one axis ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zeros", "windows", "first_middle", "left_out"),
    [((1, 1), 13, 1, [28]), ((2, 2), 14, 0, [29]), ((1, 2), 14, 1, []), ((0, 0), 12, 2, [27])],
)
def test_28_pixels_under_windows_of_5_with_stride_2(zeros, windows, first_middle, left_out):
    starts = window_starts(28, 5, 2, zeros)
    assert (len(starts), starts[0] + 2) == (windows, first_middle)
    assert unseen(28, 5, 2, zeros) == left_out


def test_a_stride_longer_than_the_window_leaves_out_what_lies_between():
    assert unseen(8, 2, 3, (0, 0)) == [2, 5]


@pytest.mark.parametrize(
    ("size", "length", "stride"), [(28, 5, 2), (7, 2, 1), (9, 4, 3), (6, 7, 2), (4, 1, 3)]
)
def test_the_windows_are_as_many_as_same_promises(size, length, stride):
    zeros = zeros_around(size, length, stride, "SAME")
    assert zeros == reference.same_padding(size, length, stride)
    assert len(window_starts(size, length, stride, zeros)) == -(-size // stride)


def test_the_drawing_of_a_padding_says_how_many_windows_there_are():
    figure = draw_paddings(28, 5, 2, {"p = 1": (1, 1), "SAME": (1, 2)})
    titles = [text for text in texts_of(figure) if "zeros" in text]
    assert titles == [
        "p = 1: zeros 1 before, 1 after, 13 windows",
        "SAME: zeros 1 before, 2 after, 14 windows",
    ]


# --- numbers in cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3"),
        (-3.0, "−3"),
        (-0.0, "0"),
        (-1e-16, "0"),
        (2.9999999999, "3"),
        (1 / 9, "0.11"),
        (-0.5, "−0.50"),
    ],
)
def test_numbers_are_short_with_a_true_minus_sign_and_without_rounding_noise(number, text):
    assert number_text(number) == text


def test_a_grid_names_its_rows_and_columns_from_the_first_pixel_so_that_padding_is_negative():
    figure = draw_grids(Grid("picture", np.full((3, 4), 8), zeros=((1, 0), (1, 1))))
    words = texts_of(figure)
    assert words.count("−1") == 2 and words.count("8") == 12
    assert [words.count(str(name)) for name in (0, 1, 2)] == [2, 2, 1]


def test_an_empty_cell_has_no_number():
    words = texts_of(draw_grids(Grid("output", np.array([[5.0, np.nan]]), names=("a", "bc"))))
    assert "5" in words and "nan" not in words


@pytest.mark.parametrize(
    ("kernel", "signed"),
    [
        ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], False),
        ([[1, -1]], True),
        ([[0.1, 0.2, -0.3]], True),
        ([[-1]], True),
    ],
)
def test_a_kernel_whose_weights_add_up_to_more_than_0_gives_a_gray_picture(kernel, signed):
    kernel = np.array(kernel)
    assert has_sign(kernel) is signed
    picture = np.linspace(0, 1, 20).reshape(4, 5)
    figure = draw_gallery(picture, {"k": kernel}, {"k": picture})
    assert figure.axes[0].images[2].get_cmap().name == ("PuOr_r" if signed else "gray")
