"""The kernel explorer in a real JupyterLab: by keyboard alone, with numbers that are checked against NumPy."""

import re
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest

import data
from browser.jupyter import run_all
from solutions import reference

HEAD = f"""
import sys
sys.path.insert(0, {str(Path(data.__file__).parents[1])!r})  # the rooms that are not installed
import time
import numpy as np
import data
from notebooks.explorer import explore
from solutions import reference
"""
SHOW = "explore({}, {{'digits': data.load('mnist'), 'photos': data.load('cifar10')}})"
OUTLINE = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 9
DIGIT = data.load("mnist").images[3] / 255


class ExplorerPage:
    """A notebook with one explorer, as somebody before the screen meets it."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".kx")
        self.root.wait_for()

    def press(self, *keys):
        """Press keys one after the other, and wait for the picture."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.locator('.kx[aria-busy="false"]').wait_for()

    def focus(self, label):
        self.root.get_by_label(label, exact=True).focus()

    def focused(self):
        """What a screen reader calls the element that has the focus."""
        return self.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )

    def text(self, part):
        return self.root.locator(f".kx-{part}").text_content()

    def spoken_sum(self):
        return as_number(re.search(r"products is (\S+)\. ", self.text("spoken"))[1])

    def assert_shows(self, response):
        """The canvas, its caption and the sum under the window are those of `response` (rows, columns)."""
        rows, columns = response.shape
        canvas = self.root.locator("canvas").nth(1)
        numbers = re.findall(r"−?[\d.]+", canvas.get_attribute("aria-label"))
        assert [as_number(text) for text in numbers] == pytest.approx(
            [rows, columns, response.min(), response.max()], abs=0.005
        )
        seen = canvas.evaluate(
            """(canvas, [rows, columns]) => {
                const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                const middle = (place, count, length) => Math.floor(((place + 0.5) * length) / count);
                const at = (row, column) => 4 * (middle(row, rows, canvas.height) * canvas.width
                    + middle(column, columns, canvas.width));
                const places = [...Array(rows * columns).keys()];
                return places.map(place => at(Math.floor(place / columns), place % columns))
                    .map(start => [...data.slice(start, start + 3)]);
            }""",
            [rows, columns],
        )
        shares = (response / np.abs(response).max() + 1) / 2
        right = matplotlib.colormaps["PuOr_r"](np.floor(255 * shares + 0.5).astype(int), bytes=True)[:, :, :3]
        differs = np.abs(np.reshape(seen, right.shape).astype(int) - right).max(axis=2) > 3
        assert differs.sum() <= 1  # the mark covers the middle of its own value where values are small
        row, column = map(int, re.search(r"Row (\d+), column (\d+)", self.text("spoken")).groups())
        assert self.spoken_sum() == pytest.approx(response[row, column], abs=0.0006)


def as_number(text):
    return float(text.replace("−", "-").rstrip("."))


def response(kernel, stride=1, padding="SAME", picture=DIGIT):
    return reference.conv2d(picture[None], kernel[:, :, None, None], stride, padding)[0, :, :, 0]


@pytest.fixture
def explorer(jupyter_server, browser):
    """A function from a conv2d, as Python source, to an ExplorerPage; afterwards, the page had no errors."""
    wrong = []

    def watch(page):
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: wrong.append(request.url) if is_outside(request.url) else None)

    def is_outside(url):
        return not url.startswith((jupyter_server.url, "data:", "blob:"))

    def open_(conv2d="reference.conv2d", definitions=""):
        cell = nbformat.v4.new_code_cell(HEAD + definitions + "\n" + SHOW.format(conv2d))
        page = jupyter_server.open(browser, nbformat.v4.new_notebook(cells=[cell]))
        pages.append(page)
        watch(page)
        run_all(page)
        return ExplorerPage(page)

    pages = []
    yield open_
    for page in pages:
        page.close()
    assert wrong == []


# --- a conv2d that fails or takes its time ---


def test_the_message_of_an_error_is_shown_as_text_and_goes_when_the_error_goes(explorer):
    page = explorer(
        "odd",
        "def odd(inputs, filters, strides, padding):\n"
        "    if strides[1] == 2:\n"
        "        raise ValueError('<img src=x onerror=alert(1)>')\n"
        "    return reference.conv2d(inputs, filters, strides, padding)\n",
    )
    page.focus("stride")
    page.press("ArrowRight")
    assert "Your conv2d stopped with ValueError: <img src=x onerror=alert(1)>" in page.text("problem")
    assert page.root.locator(".kx-problem").get_attribute("role") == "alert"
    assert page.root.locator("img").count() == 0
    page.press("ArrowRight")
    assert page.text("problem") == ""
    page.assert_shows(response(OUTLINE, stride=3))


def test_a_slow_conv2d_computes_the_newest_settings_and_skips_those_between(explorer):
    page = explorer(
        "slow",
        "calls = []\n"
        "def slow(inputs, filters, strides, padding):\n"
        "    calls.append(filters)\n"
        "    time.sleep(0.5)\n"
        "    right = reference.conv2d(inputs, filters, strides, padding)\n"
        "    return np.full_like(right, len(calls) + filters[1, 1, 0, 0])\n",
    )
    page.focus("weight in row 1, column 1")
    calls = as_number(page.text("total").split("says ")[1].split(":")[0]) - 8 / 9
    for _ in range(12):
        page.page.keyboard.press("PageUp")
    page.press("PageUp")
    more = as_number(page.text("total").split("says ")[1].split(":")[0]) - 8 / 9 - 13 - calls
    assert 1 <= round(more) <= 4


def test_a_response_that_is_not_the_sum_under_the_window_is_called_so(explorer):
    page = explorer("lambda i, f, s, p: reference.conv2d(i, f[::-1, ::-1], s, p)")
    assert page.text("total").endswith(", too.")  # outline is the same when it is turned
    page.focus("weight in row 0, column 0")
    page.press("PageUp")
    page.focus("Picture and response. The arrow keys move the window.")
    page.press(*["ArrowDown"] * 3)
    assert page.text("total").endswith(": that is not the sum.")


# --- by keyboard alone ---


def test_a_key_press_on_a_weight_repaints_the_response(explorer):
    page = explorer()
    page.assert_shows(response(OUTLINE))
    page.focus("weight in row 1, column 1")
    page.press("PageUp")
    changed = OUTLINE + np.pad([[1.0]], 1)
    page.assert_shows(response(changed))
    page.press("ArrowLeft", "Shift+PageDown")
    changed[1, 0] -= 0.1
    page.assert_shows(response(changed))
    page.press("ArrowUp", "1", "/", "4")
    changed[0, 0] = 0.25
    page.assert_shows(response(changed))


def test_everything_can_be_reached_and_worked_with_tab_and_keys(explorer):
    page = explorer()
    page.focus("pictures")
    met = [page.focused()]
    while met[-1] != "normalise":
        page.press("Tab")
        met.append(page.focused())
        outline = page.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", met[-1]
        if met[-1] == "stride":
            page.press("ArrowRight", "ArrowRight", "ArrowLeft")
        if met[-1] == "padding":
            page.press("End")
        if met[-1].startswith("Picture and response"):
            page.press("Home", "PageUp", "ArrowDown", "ArrowRight", "ArrowRight")
    assert met == [
        *(
            "pictures",
            "picture",
            "stride",
            "padding",
            "Picture and response. The arrow keys move the window.",
        ),
        *("kernel", "size", "× 2", "÷ 2", "× (−1)", "normalise"),
    ]
    page.press("Enter", "Tab")
    assert page.focused() == "weight in row 0, column 0"
    expected = response(OUTLINE / np.abs(OUTLINE).sum(), stride=2, padding=[[0, 0], [4, 4], [4, 4], [0, 0]])
    assert page.text("spoken").count("Row 1, column 2") == 1
    page.assert_shows(expected)
    page.press("Shift+Tab", "Shift+Tab", "Space")  # × (−1)
    page.assert_shows(-expected)


def test_pictures_kernels_and_sizes_are_chosen_by_keyboard(explorer):
    page = explorer()
    page.focus("size")
    page.press("ArrowDown")
    page.focus("pictures")
    page.press("ArrowDown")
    page.focus("gray")
    photo = data.load("cifar10").images[0] / 255
    sheet = np.pad([[1.0]], 2) - 1 / 25
    coloured = reference.conv2d(photo[None], np.repeat(sheet[:, :, None, None], 3, axis=2), 1, "SAME")
    page.assert_shows(coloured[0, :, :, 0])
    page.press("Space")
    page.assert_shows(response(sheet, picture=photo.mean(axis=2, keepdims=True)))
