"""The kernel explorer by keyboard and pointer, with numbers that are checked against NumPy.

Most of it on a plain page, with the same Python and JavaScript; and once in a real JupyterLab.
"""

import re
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest

import data
from browser import WCAG_AA
from browser.jupyter import run_all
from browser.plain_page import open_widgets
from notebooks.explorer.exploration import Exploration
from notebooks.explorer.script import script
from notebooks.explorer.widget import KernelExplorer
from solutions import reference

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

SCREEN = {"width": 1366, "height": 768}
SETS = {"digits": data.load("mnist"), "photos": data.load("cifar10")}
ANSWERS = ("answer", "pixel_bytes", "response_bytes")
TRAITS = ("name", "catalogue", "presets", "colours", "settings", *ANSWERS)
STAGE = "Picture and response. The arrow keys move the window."
OUTLINE = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 9
DIGIT = data.load("mnist").images[3] / 255


class ExplorerPage:
    """One explorer of a page, as somebody before the screen meets it."""

    def __init__(self, page, number=0):
        self.page = page
        self.root = page.locator(".kx").nth(number)
        self.root.wait_for()

    def press(self, *keys):
        """Press keys one after the other, and wait for the picture."""
        for key in keys:
            self.page.keyboard.press(key)
            self.root.and_(self.page.locator('[aria-busy="false"]')).wait_for()

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


# --- the explorers on the plain page ---


def odd(inputs, filters, strides, padding):
    if strides[1] == 2:
        raise ValueError("<img src=x onerror=alert(1)>")
    return reference.conv2d(inputs, filters, strides, padding)


def turned(inputs, filters, strides, padding):
    return reference.conv2d(inputs, filters[::-1, ::-1], strides, padding)


KINDS = {
    **dict.fromkeys(("weights", "tab", "choices", "pointer"), reference.conv2d),
    "odd": odd,
    "turned": turned,
}


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """A page with one explorer of each of KINDS, which tests do not share; there were no errors at the end."""
    context, wrong = browser.new_context(viewport=SCREEN, offline=True), []
    widgets = [KernelExplorer(Exploration(conv2d, SETS)) for conv2d in KINDS.values()]
    opened = open_widgets(context, tmp_path_factory.mktemp("explorer"), widgets, script(), TRAITS, ANSWERS)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture
def explorer(page):
    """A function from a name of KINDS to its ExplorerPage."""
    return lambda kind: ExplorerPage(page, list(KINDS).index(kind))


def test_each_explorer_has_a_name_of_its_own_and_axe_finds_nothing(page):
    names = page.locator(".kx").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert len(set(names)) == len(KINDS) and all(re.fullmatch(r"Kernel explorer \d+", name) for name in names)
    two = [[".kx:nth-of-type(-n+2)"]]
    found = Axe().run(page, context={"include": two}, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 5
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


# --- a conv2d that fails ---


def test_the_message_of_an_error_is_shown_as_text_and_goes_when_the_error_goes(explorer):
    page = explorer("odd")
    page.focus("stride")
    page.press("ArrowRight")
    assert "Your conv2d stopped with ValueError: <img src=x onerror=alert(1)>" in page.text("problem")
    assert page.root.locator(".kx-problem").get_attribute("role") == "alert"
    assert page.root.locator("img").count() == 0
    page.press("ArrowRight")
    assert page.text("problem") == ""
    page.assert_shows(response(OUTLINE, stride=3))


def test_a_response_that_is_not_the_sum_under_the_window_is_called_so(explorer):
    page = explorer("turned")
    assert page.text("total").endswith(", too.")  # outline is the same when it is turned
    page.focus("weight in row 0, column 0")
    page.press("PageUp")
    page.focus(STAGE)
    page.press(*["ArrowDown"] * 3)
    assert page.text("total").endswith(": that is not the sum.")


# --- with the pointer ---


def test_the_pointer_on_the_response_shows_the_arithmetic_of_the_window_below_and_so_do_the_keys(explorer):
    page = explorer("pointer")
    answer = response(OUTLINE)
    canvas = page.root.locator("canvas").nth(1)
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] * 16.5 / 28, "y": box["height"] * 9.5 / 28})
    assert page.text("total").startswith(f"V(9, 16) = {answer[9, 16]:.3f}".rstrip("0").replace("-", "−"))
    window, products = page.root.locator(".kx-sums table").all()
    pixels = [as_number(text) for text in window.locator("td").all_inner_texts()]
    assert pixels == pytest.approx(DIGIT[8:11, 15:18, 0].ravel(), abs=0.005)
    made = [as_number(text) for text in products.locator("td").all_inner_texts()]
    assert made == pytest.approx((DIGIT[8:11, 15:18, 0] * OUTLINE).ravel(), abs=0.005)
    page.focus(STAGE)
    page.press("ArrowDown")
    assert page.text("spoken").startswith("Row 10, column 16: the sum of 9 products is ")
    assert page.spoken_sum() == pytest.approx(answer[10, 16], abs=0.0006)


# --- by keyboard alone ---


def test_a_key_press_on_a_weight_repaints_the_response(explorer):
    page = explorer("weights")
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
    page = explorer("tab")
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
    page = explorer("choices")
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


# --- in JupyterLab ---

CELL = f"""
import sys
sys.path.insert(0, {str(Path(data.__file__).parents[1])!r})  # the rooms that are not installed
import time
import numpy as np
import data
from notebooks.explorer import explore
from solutions import reference
calls = []
def slow(inputs, filters, strides, padding):
    calls.append(filters)
    time.sleep(0.5)
    right = reference.conv2d(inputs, filters, strides, padding)
    return np.full_like(right, len(calls) + filters[1, 1, 0, 0])
sets = {{'digits': data.load('mnist'), 'photos': data.load('cifar10')}}
"""


@pytest.fixture(scope="module")
def notebook(jupyter_server, browser):
    """A JupyterLab page of 1366 × 768 with two explorers, the second on a slow conv2d; it was without errors."""
    wrong = []
    sources = [CELL, "explore(reference.conv2d, sets)", "explore(slow, sets)"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    opened = jupyter_server.open(browser, nbformat.v4.new_notebook(cells=cells), viewport=SCREEN)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    inside = (jupyter_server.url, "data:", "blob:")
    opened.on("request", lambda asked: None if asked.url.startswith(inside) else wrong.append(asked.url))
    run_all(opened)
    yield opened
    opened.close()
    assert wrong == []


def test_in_jupyterlab_a_key_press_on_a_weight_repaints_the_response(notebook):
    page = ExplorerPage(notebook)
    page.assert_shows(response(OUTLINE))
    page.focus("weight in row 1, column 1")
    page.press("PageUp", "ArrowLeft", "Shift+PageDown")
    page.assert_shows(response(OUTLINE + np.array([[0, 0, 0], [-0.1, 1, 0], [0, 0, 0]])))
    page.focus("stride")
    page.press("ArrowRight")  # which JupyterLab takes from a slider that it does not know
    assert page.text("facts").startswith("rows: ⌊(28 + 0 + 1 − 3) / 2⌋ + 1 = 14")


@pytest.mark.parametrize(("pictures", "size"), [("photos", "5"), ("digits", "3")])
def test_kernel_picture_and_response_are_on_one_screen(notebook, pictures, size):
    page = ExplorerPage(notebook)
    page.root.get_by_label("pictures").select_option(pictures)
    page.root.get_by_label("size").select_option(size)
    page.root.locator(".kx-kernel input").nth(
        int(size) ** 2 * (3 if pictures == "photos" else 1) - 1
    ).wait_for()
    page.root.evaluate("root => root.scrollIntoView({block: 'start'})")
    notebook.wait_for_timeout(300)
    room = notebook.locator(".jp-WindowedPanel-outer").bounding_box()
    parts = [*page.root.locator(".kx-stage canvas").all()[:2], *page.root.locator(".kx-kernel table").all()]
    assert len(parts) == 2 + (3 if pictures == "photos" else 1)
    for part in parts:
        box = part.bounding_box()
        assert box["y"] >= room["y"] and box["y"] + box["height"] <= room["y"] + room["height"]
        assert box["x"] >= room["x"] and box["x"] + box["width"] <= room["x"] + room["width"]


def test_a_slow_conv2d_computes_the_newest_settings_and_skips_those_between(notebook):
    page = ExplorerPage(notebook, 1)
    page.focus("weight in row 1, column 1")
    calls = as_number(page.text("total").split("says ")[1].split(":")[0]) - 8 / 9
    for _ in range(12):
        page.page.keyboard.press("PageUp")
    page.press("PageUp")
    more = as_number(page.text("total").split("says ")[1].split(":")[0]) - 8 / 9 - 13 - calls
    assert 1 <= round(more) <= 4
