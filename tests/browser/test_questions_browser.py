"""The labs' questions on a page without a kernel and without a script: by keyboard, and as axe sees them."""

import pytest

from browser import WCAG_AA
from notebooks.labkit.questions import as_question

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A lab</title><main><h1>A lab</h1>{}</main></html>'


def test_a_question_is_answered_with_tab_and_enter_and_axe_finds_nothing(browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    question = as_question("How many?", {"13": "One is missing.", "14": "28 / 2."}, right="14")
    page.set_content(PAGE.format(question))
    replies = page.locator("details p")
    assert not any(reply.is_visible() for reply in replies.all())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert replies.nth(0).inner_text() == "Not quite. One is missing." and not replies.nth(1).is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert replies.nth(1).inner_text() == "Yes. 28 / 2."
    found = Axe().run(page, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 5
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    context.close()
