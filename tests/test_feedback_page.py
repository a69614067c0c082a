"""The page of feedback begins with what a student looks for, and can be read by everybody."""

import dataclasses
import re
from types import SimpleNamespace

import pytest
from feedback_pages import SAID, a_report, page

from autograder.gradebook.get_marks import show_marks
from autograder.grading.suite_run import list_tests
from autograder.reports.feedback import cell_html, cell_text, first_to_mend
from autograder.reports.feedback_page import feedback_page
from autograder.suite import find, suite_folder

WRITTEN = ("written_same_padding", "written_equivariance")
FUNCTIONS = [exercise.name for exercise in find("conv2d").exercises]


@pytest.fixture(scope="module")
def source() -> str:
    return page(unread=WRITTEN[:1])


def table(source: str) -> dict[str, list[str]]:
    """The page's first table: its rows' cells as text, by the first of them."""
    rows = re.findall(r"<tr>(.*?)</tr>", re.search(r"<tbody>(.*?)</tbody>", source, re.DOTALL)[1], re.DOTALL)
    cells = [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row)] for row in rows]
    return {first: rest for first, *rest in cells}


def test_the_page_begins_with_a_table_of_functions_points_and_what_to_mend_first(source):
    assert source.index("<table>") < source.index("Hidden checks")
    rows = table(source)
    assert [name for name in rows if not name.startswith("written")] == FUNCTIONS
    # Of apply_kernel's tests, by their outcomes in turn, the first passes and all others cost their points.
    assert rows["apply_kernel"] == [
        "4 of 8",
        first_to_mend(of_cell("test_apply_kernel", ["passed", "failed"])),
    ]


def of_cell(cell: str, outcomes: list[str]):
    tests = [test for test in list_tests(suite_folder("conv2d")) if test.cell == cell]
    return [dataclasses.replace(test, outcome=each) for test, each in zip(tests, outcomes, strict=False)]


def test_every_row_of_the_table_leads_to_its_place(source):
    targets = re.findall(r'<td><a href="#(\w+)">', source)
    assert len(targets) == len(FUNCTIONS) + 2
    for target in targets:
        assert len(re.findall(rf'id="{target}"', source)) == 1


def test_the_page_that_is_handed_out_elsewhere_begins_with_the_same_table():
    report = a_report()
    source = feedback_page(report, find("conv2d"))
    body = re.search(r"<tbody>(.*?)</tbody>", source)[1]
    rows = re.findall(r'<a href="#(\w+)">(\w+)</a></th><td>([\d.]+) of ([\d.]+)</td>', body)
    assert [name for _, name, _, _ in rows] == FUNCTIONS
    assert sum(float(points) for *_, points, _ in rows) == report.score
    for target, *_ in rows:
        assert source.count(f"id='{target}'") == 1
    damaged = dataclasses.replace(report, tests=(), reason="The file is empty.")
    assert "<table" not in feedback_page(damaged, find("conv2d"))


def test_what_nobody_has_read_says_so_in_place_of_a_score(source):
    rows = table(source)
    assert rows["written same padding"][0] == "not read yet (5 points)"
    assert rows["written equivariance"][0] == "0 of 5"
    assert "1 answer is not read yet" in re.sub(r"\s+", " ", source)
    assert "so far" not in page()


def test_points_that_were_taken_off_are_told():
    assert "20 points were taken off because it was late." in page(late=20.0)


@pytest.mark.parametrize(
    ("automatic", "manual", "waits"), [(None, None, True), (None, 0.0, False), (0.0, None, False)]
)
def test_an_answer_waits_for_a_person_until_it_has_a_score(automatic, manual, waits):
    row = SimpleNamespace(score=0.0, max_score=5.0, auto_score=automatic, manual_score=manual)
    about = {"grade_id": "written", "grade": True, "solution": True}
    show_marks(about, {"written": row}, {"written": "Why?"})
    assert about["unread"] is waits
    assert (about["score"], about["points"], about["comment"]) == (0.0, 5.0, "Why?")


def test_a_message_stands_once_in_a_cell(source):
    tests = [
        dataclasses.replace(test, outcome="failed", message=SAID)
        for test in list_tests(suite_folder("conv2d"))
        if test.cell == "test_conv2d"
    ]
    for said in cell_html(tests), cell_text(tests):
        assert said.count(SAID) == 1
        assert said.count(f"The same as for “{tests[0].title}”.") == len(tests) - 1


# --- WCAG 2.2 AA; tests/browser/test_feedback_browser.py asks axe about the rest -----------------------------


def test_the_page_has_a_language_a_title_one_main_part_and_one_first_heading_before_all_others(source):
    assert '<html lang="en">' in source and "<title>Feedback on conv2d</title>" in source
    assert source.count("<main") == 1
    assert re.search(r"<h\d", source)[0] == "<h1"


def test_links_are_told_from_text_by_more_than_their_colour(source):
    assert re.search(r"\ba \{ color: #0b3d91; text-decoration: underline; \}", source)


def contrast(first: str, second: str) -> float:
    """WCAG's contrast ratio of two colours `#rrggbb` (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_of_text_that_the_page_sets_has_enough_contrast_on_its_backgrounds(source):
    own = source[source.rindex("<style>") : source.rindex("</style>")]
    colours = set(re.findall(r"[{;] color: (#[0-9a-f]{6})", own))
    assert len(colours) >= 5
    for colour in colours:
        assert min(contrast(colour, ground) for ground in ("#ffffff", "#e8eef7")) >= 4.5
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48  # W3C's own example of a grey that is too light
