"""The class's page and the similarity page in a real Chromium: axe finds nothing, nothing sticks out, nothing is asked for."""

from pathlib import Path

import pytest
from simulated_class import simulated_class
from simulated_programs import disguised, honest

from browser import WCAG_AA

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

from autograder.reports.insight import class_page, cohort_of, insight_of, progress_of
from autograder.reports.insight.sharing import without_names
from autograder.reports.similar import compare, similarity_page
from autograder.suite import find

pytestmark = pytest.mark.slow(30)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    """Both pages, with all that can stand in them, and the one without names."""
    folder, assignment = tmp_path_factory.mktemp("pages"), find("conv2d")
    simulated = simulated_class()
    insight = insight_of(
        cohort_of(simulated.attempts()),
        assignment,
        earlier=cohort_of(simulated_class(100, 3).attempts()),
        sections={student.name: f"Group {place % 3}" for place, student in enumerate(simulated.students)},
        progress=progress_of(simulated.attempts()),
    )
    (folder / "class.html").write_text(class_page(insight, assignment), encoding="utf-8")
    (folder / "shared.html").write_text(class_page(without_names(insight), assignment), encoding="utf-8")
    programs = honest(60)
    programs["copy"] = disguised(programs["honest003"], 1)
    (folder / "similar.html").write_text(similarity_page(compare(programs, {})), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    (("class", "light", 1280), ("class", "dark", 400), ("shared", "light", 400), ("similar", "dark", 400)),
)
def test_axe_finds_nothing_nothing_sticks_out_and_nothing_is_asked_for(browser, pages, name, scheme, width):
    # The page forbids every script, and axe is one.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    address = (pages / f"{name}.html").as_uri()
    page.goto(address)
    assert asked == [address]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 15
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found["violations"]
    ] == []
    page.set_viewport_size({"width": 718, "height": 900})  # A4 between margins of 1 cm
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    context.close()
