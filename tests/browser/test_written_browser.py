"""Written answers are marked with the keyboard alone, in a browser that runs nothing of a student's."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from written_class import CELLS, make_class

from browser import WCAG_AA

pytestmark = pytest.mark.slow(40)

SAME, EQUIVARIANCE = CELLS


@pytest.fixture(scope="module")
def course(released_course, once, tmp_path_factory) -> Path:
    made = once("written-class", lambda folder: make_class(released_course, folder))
    return shutil.copytree(made, tmp_path_factory.mktemp("marking") / "course")


@pytest.fixture(scope="module")
def url(course) -> Iterator[str]:
    """The address that the command prints."""
    command = [sys.executable, "-m", "autograder", "written"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=course, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http\S+", process.stdout.readline())[0]
        process.send_signal(2)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 0 and "written answers are" in said


def marks(course: Path, cell: str) -> dict[str, tuple[float | None, str | None]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = {}
        for student in ("ada", "bob", "eve"):
            notebook = gradebook.find_submission_notebook("conv2d", "conv2d", student)
            (grade,) = (each for each in notebook.grades if each.name == cell)
            (comment,) = (each for each in notebook.comments if each.name == cell)
            found[student] = grade.manual_score, comment.manual_comment
    return found


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.filterwarnings("ignore")  # nbgrader 0.9 with SQLAlchemy 2
def test_a_class_is_marked_with_the_keyboard_alone(browser, course, url):
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(url + "1")
    press(page, "j", "1", "3", "6", "1", "2", "Enter")  # ada: two lines of a point, and a comment alone
    expect(page.locator("article:focus h2")).to_have_text("bob")
    press(page, "c")
    page.keyboard.type("See me.")
    press(page, "Escape", "p")
    page.keyboard.type("1.5")
    press(page, "Control+Enter")
    expect(page.locator("article:focus h2")).to_have_text("<b>Eve</b> O'Neil (eve)")
    # A line of one's own is there for everybody, and is found again by whoever opens the page later.
    page.get_by_label("Line").fill("Draws it.")
    page.get_by_label("Points").first.fill("0.5")
    press(page, "Enter")
    press(page, *["Escape"])
    page.locator("article").nth(1).focus()
    press(page, "u", "8", "Enter")
    expect(page.locator("#marked")).to_have_text("3")
    first = "- (+1) One layer: the same picture, one pixel further down and to the right."
    draw = "- (0) Draw the 3×4 image with its zeros, and put the filter onto its last place."
    second = "- (+1) The first number depends on the four pixels (0, 0), (0, 1), (1, 0) and (1, 1)."
    assert marks(course, SAME) == {
        "ada": (2.0, "\n".join([first, draw, second])),
        "bob": (1.5, "See me."),
        "eve": (0.5, "- (+0.5) Draws it."),
    }
    page.reload()
    boxes = page.locator("article").nth(2).locator("fieldset label", has_text="Draws it.")
    assert boxes.locator("input").is_checked() and boxes.count() == 1
    assert problems == [] and page.evaluate("window.stolen") is None
    page.close()


@pytest.mark.filterwarnings("ignore")  # nbgrader 0.9 with SQLAlchemy 2
def test_somebody_elses_mark_is_shown_before_it_is_written_over(browser, course, url):
    one, other = browser.new_page(), browser.new_page()
    for page in (one, other):
        page.goto(url + "2")
    press(one, "j", "1", "Enter")
    expect(one.locator("#marked")).to_have_text("1")
    press(other, "j", "2", "3", "Enter")
    status = other.locator("article").first.get_by_role("status")
    expect(status).to_contain_text("Somebody else has marked this answer meanwhile: 1 points.")
    assert marks(course, EQUIVARIANCE)["ada"][0] == 1.0
    press(other, "Enter")
    expect(status).to_contain_text("Saved.")
    assert marks(course, EQUIVARIANCE)["ada"][0] == 2.0
    for page in (one, other):
        page.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 400)])
def test_axe_finds_nothing_and_nothing_sticks_out(browser, url, scheme, width):
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    for name in ("1", ""):
        page.goto(url + name)
        if name:
            press(page, "j", "1")
        found = Axe().run(page, options={"runOnly": WCAG_AA}).response
        assert len(found["passes"]) > 10
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_page_that_is_a_file_gives_its_marks_as_a_file_that_is_read_back(browser, course, tmp_path):
    def written(*arguments: str) -> str:
        command = [sys.executable, "-m", "autograder", "written", *arguments]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    written("--pages", str(tmp_path), "--blind")
    page = browser.new_page()
    page.goto((tmp_path / f"{EQUIVARIANCE}.html").as_uri())
    press(page, "j", "4", "Enter")
    expect(page.locator("article:focus h2")).to_have_text("Answer 2")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download the marks").click()
    assert waited.value.suggested_filename == f"marks-{EQUIVARIANCE}.json"
    waited.value.save_as(tmp_path / "marks.json")
    (mark,) = json.loads((tmp_path / "marks.json").read_text())["marks"]
    assert "Read 1 marks, 1 of them new" in written("--read", str(tmp_path / "marks.json"))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade_by_id(mark["answer"]).manual_score == mark["score"]
    page.close()
