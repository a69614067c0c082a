"""What axe finds on a page of feedback (https://github.com/dequelabs/axe-core): nothing."""

import pytest
from feedback_pages import page

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing_on_a_page_of_feedback(browser, tmp_path, width):
    path = tmp_path / "feedback.html"
    path.write_text(page(unread=("written_equivariance",)), encoding="utf-8")
    # The page forbids every script, and axe is one.
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    opened = context.new_page()
    opened.goto(path.as_uri())
    found = Axe().run(opened, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 15
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    context.close()
