"""The view of a network's layers on a plain page in Chromium, with Python behind it in place of a kernel."""

import re

import pytest
from test_layers_view import way_of_the_lab

from browser import WCAG_AA
from browser.plain_page import open_widgets
from notebooks.layers_view.way import Answer
from notebooks.layers_view.widget import LayersView, view_script

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

ANSWERS = ("answer", "values")
TRAITS = ("titles", "colours", "weight_shapes", "weight_bytes", "settings", *ANSWERS)


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The view of four digits; number 2 makes the student's network fail."""
    way = way_of_the_lab()
    ask = way.ask
    way.ask = lambda settings: Answer((), (), "It stopped.") if settings["digit"] == 2 else ask(settings)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    folder = tmp_path_factory.mktemp("layers")
    opened = open_widgets(context, folder, [LayersView(way)], view_script(), TRAITS, ANSWERS, padding=100)
    opened.wait_for_selector(".lv-class")
    yield opened
    context.close()


def test_all_layers_and_the_arithmetic_fit_on_one_screen(page):
    assert page.locator(".lv-stage canvas").count() == 1 + 6 + 6 + 12 + 12
    assert page.locator(".lv-class").count() == 10 + 10
    box = page.locator(".lv").bounding_box()
    assert box["x"] + box["width"] <= 1366 and box["y"] + box["height"] <= 768


def test_axe_finds_nothing(page):
    found = Axe().run(page, options={"runOnly": WCAG_AA}).response
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


def test_the_keyboard_goes_through_every_layer_and_each_number_is_told_with_its_arithmetic(page):
    page.keyboard.press("Tab")
    while "lv-stage" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    told = page.locator("[role=status]")
    for _ in range(7):
        page.keyboard.press("Home")
    assert told.inner_text().startswith("0. picture, row ")
    said = []
    for _ in range(6):
        page.keyboard.press("End")
        said.append(told.text_content())
    places = [re.match(r"(\d\. [\w ]+?)(?:, map \d+)?(?:, row|, class)", each)[1] for each in said]
    assert places == [
        "1. 6 filters",
        "2. pooling",
        "3. 12 filters",
        "4. pooling",
        "5. scores",
        "6. probabilities",
    ]
    assert all("conv2d says" in said[number] and ", too" in said[number] for number in (0, 2, 4))
    assert "from 6 × 6 pixels of the picture" in said[1] and "extract_patches found it, too" in said[1]
    for key, then in (
        ("Home", "5. scores, class "),
        ("ArrowDown", "5. scores, class "),
        ("PageUp", "5. scores, class "),
    ):
        before = told.text_content()
        page.keyboard.press(key)
        assert told.text_content().startswith(then) and told.text_content() != before


def test_the_pointer_chooses_a_number_and_marks_the_windows_that_made_it(page):
    page.locator(".lv-stage figure").nth(3).locator("canvas").nth(4).hover(position={"x": 22, "y": 12})
    assert page.locator(".kx-total").inner_text().startswith("3. 12 filters, map 4, row 2, column 4: ")
    marks = [
        page.locator(".lv-stage figure").nth(layer).locator(".kx-mark:visible").count() for layer in range(5)
    ]
    assert marks == [1, 6, 6, 1, 0]
    assert page.locator(".lv-tiles canvas").count() == 3 * 6
    page.mouse.down()
    page.mouse.up()
    score = page.locator(".lv-scores").nth(5)
    score.hover()
    assert page.locator(".kx-total").inner_text().startswith("3. 12 filters, map 4, row 2, column 4: ")
    for _ in range(2):  # the first click holds this one, the second lets it go
        score.click()
    page.locator(".lv-scores").nth(6).hover()
    assert page.locator(".kx-total").inner_text().startswith("5. scores, class 6: ")


def test_another_digit_and_another_stride_are_asked_of_python_and_a_problem_is_told(page):
    page.get_by_label("digit").select_option("1")
    page.wait_for_selector('.lv[data-serial="1"]')
    shares = page.locator(".lv-probabilities .lv-number").all_inner_texts()
    assert max(range(10), key=lambda place: float(shares[place].rstrip(" %"))) == 1
    page.get_by_label("first filters").select_option("2")
    page.wait_for_selector('.lv[data-serial="2"]')
    assert page.locator(".lv-stage figure").count() == 6
    page.get_by_label("digit").select_option("2")
    page.wait_for_selector('.lv[data-serial="3"]')
    assert (
        page.get_by_role("alert").inner_text() == "It stopped." and not page.locator(".lv-stage").is_visible()
    )
    page.get_by_label("digit").select_option("3")
    page.wait_for_selector('.lv[data-serial="4"]')
    assert page.locator(".lv-stage").is_visible()
