"""What axe finds on a page of feedback (https://github.com/dequelabs/axe-core): nothing."""

import pytest
from feedback_pages import a_report, page

from browser import WCAG_AA

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

from autograder.reports.feedback_page import feedback_page
from autograder.reports.levels import told
from autograder.suite import find

PAGES = {
    "nbgrader's": lambda: page(unread=("written_equivariance",)),
    "handed out elsewhere": lambda: feedback_page(
        a_report(), find("conv2d"), [("Checks", "60")], [("an answer", "3 of 5", "Good.")]
    ),
    "of visible checks": lambda: told("checks", a_report(), find("conv2d"), "Attempt 1 of 3."),
    "of totals": lambda: told("totals", a_report(), find("conv2d"), "Attempt 1 of 3."),
}


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_page_of_feedback(browser, tmp_path, name, width):
    path = tmp_path / "feedback.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    # The page forbids every script, and axe is one.
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    opened = context.new_page()
    opened.goto(path.as_uri())
    found = Axe().run(opened, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 15
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    context.close()
