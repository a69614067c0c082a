"""The course's site in Chromium: its pages, and the JupyterLab in it, with nothing from elsewhere."""

import json
import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from conftest import sample
from courses import autograder_in, nbgrader, rows

from autograder.authoring.fill import fill
from browser import WCAG_AA
from browser.jupyter import OPEN, PUT
from browser.served import asked_elsewhere, served
from coursesite.__main__ import build
from coursesite.lite import STORE

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Download, Page
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

pytestmark = pytest.mark.slow(120)
PAGES = (
    *("index", "students", "lite", "assignment/conv2d", "labs/kernel_explorer", "docs/instructors"),
    *("reference/vocabulary", "search"),
)
WIDTHS = 360, 768, 1280
NOTEBOOK = "assignment/conv2d/conv2d.ipynb"
SECONDS = 180  # a loaded machine takes its time


@pytest.fixture(scope="module")
def site(once) -> Path:
    """The folder of the site."""
    return once("site", build)


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


# --- the pages -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def looked_at(browser, address):
    """What was seen on the main pages: one look in each colour scheme and width."""
    seen = SimpleNamespace(violations=[], wide=[], scripts=[], elsewhere=[], formulas={})
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        asked_elsewhere(context, address, seen.elsewhere)
        page = context.new_page()
        page.on("pageerror", lambda error: seen.scripts.append(str(error)))
        for name in PAGES:
            page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
            page.goto(f"{address}/{name}.html")
            page.wait_for_function("document.readyState === 'complete'")
            # The scheme changes colours alone.
            rules = {"runOnly": WCAG_AA if scheme == "light" else ["color-contrast"]}
            found = Axe().run(page, options=rules).response
            assert len(found["passes"]) > (5 if scheme == "light" else 0)
            seen.violations += [
                (name, scheme, each["id"], [node["html"][:200] for node in each["nodes"]])
                for each in found["violations"]
            ]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    seen.wide.append((name, width))
            seen.formulas[name] = page.locator("mjx-container svg").count()
        context.close()
    return seen


def test_axe_finds_nothing_on_the_main_pages_in_light_and_dark(looked_at):
    assert looked_at.violations == []


def test_no_page_is_wider_than_a_phone_a_tablet_or_a_laptop(looked_at):
    assert looked_at.wide == []


def test_formulas_are_drawn_and_nothing_is_asked_for_from_elsewhere(looked_at):
    assert looked_at.elsewhere == [] and looked_at.scripts == []
    assert looked_at.formulas["assignment/conv2d"] >= 5


def test_search_finds_a_word_of_a_lab(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=Gabor")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").first.get_attribute("href")
    page.close()


class Links(HTMLParser):
    """The links and the places of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.targets: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.targets.add(value)
            if name in ("id", "name") and value:
                self.places.add(value)


def test_every_link_of_every_page_leads_to_a_file_and_a_place_that_exist(site):
    pages = {
        path: Links(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "lite" not in path.parts
    }
    broken, count = [], 0
    for path, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            count += 1
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            to = to / "index.html" if to.is_dir() else to
            if not to.is_file() or (
                parts.fragment and to in pages and unquote(parts.fragment) not in pages[to].places
            ):
                broken.append((path.relative_to(site).as_posix(), target))
    assert count > 1000 and broken == []


# --- JupyterLab in the browser -------------------------------------------------------------------------------

KERNEL = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
RUN = """async (code) => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const said = [];
    const future = kernel.requestExecute({ code });
    future.onIOPub = ({ content }) => said.push(content.text ?? content.evalue ?? "");
    await future.done;
    return said.join("");
}"""
WIDGETS = "import anywidget; print(anywidget.__name__)"


@dataclass
class Visit:
    """What a student saw and got in one session with JupyterLab in the browser."""

    dialogs: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    downloads: dict[str, nbformat.NotebookNode] = field(default_factory=dict)
    first_cell: str = ""
    kept: str = ""


@pytest.fixture(scope="module")
def visit(browser, address, tmp_path_factory) -> Visit:
    """Open the assignment, run cells, put right answers in, save, reload, download: in a browser that has nothing yet."""
    visit = Visit()
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.set_default_timeout(1000 * SECONDS)
    asked_elsewhere(context, address, visit.elsewhere)
    context.on("response", lambda answer: answer.status >= 400 and visit.refused.append(answer.url))
    page = context.new_page()
    open_in_lab(page, f"{address}/lite/lab/index.html?path={NOTEBOOK}", visit)
    visit.first_cell = page.evaluate(
        "jupyterapp.shell.currentWidget.content.model.cells.get(0).sharedModel.getSource()"
    )
    page.wait_for_function(f"{KERNEL}?.status === 'idle'")
    for code in ("print(6 * 7)", "import sys; print(sys.platform)", "import checks", WIDGETS):
        visit.said[code] = page.evaluate(RUN, code)
    notebook = page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
    solved = fill(nbformat.reads(notebook, as_version=4), sample("perfect"))
    page.evaluate(PUT, json.loads(nbformat.writes(solved)))
    page.reload()
    open_in_lab(page, None, visit)
    folder = tmp_path_factory.mktemp("downloads")
    with page.expect_download() as download:
        page.evaluate("jupyterapp.commands.execute('docmanager:download')")
    visit.downloads["File → Download"] = read(download.value, folder / "menu.ipynb")
    page.goto(f"{address}/lite.html")
    page.wait_for_selector("#kept-work button")
    visit.kept = page.locator("#kept-work").inner_text()
    with page.expect_download() as download:
        page.locator("#kept-work button").first.click()
    visit.downloads["the list of kept work"] = read(download.value, folder / "list.ipynb")
    context.close()
    return visit


def open_in_lab(page: Page, url: str | None, visit: Visit) -> None:
    """Wait until the notebook is open and its session has a kernel; note every dialog that is there then."""
    if url:
        page.goto(url)
    page.wait_for_function(OPEN)
    page.wait_for_function(f"Boolean({KERNEL})")
    visit.dialogs += page.locator(".jp-Dialog").all_inner_texts()


def read(download: Download, path: Path) -> nbformat.NotebookNode:
    assert download.suggested_filename.endswith("conv2d.ipynb")  # JupyterLite puts the folders before it
    download.save_as(path)
    return nbformat.read(path, as_version=4)


def test_it_opens_without_a_dialog_and_says_where_the_work_is(visit):
    assert visit.dialogs == []
    assert (
        "kept by this browser on this computer alone" in visit.first_cell
        and "File → Download" in visit.first_cell
    )


def test_the_kernel_runs_plain_python_and_widgets_and_the_checks_lack_numpy_alone(visit):
    assert visit.said["print(6 * 7)"].strip() == "42"
    assert visit.said["import sys; print(sys.platform)"].strip() == "emscripten"
    assert visit.said[WIDGETS].strip() == "anywidget"
    assert visit.said["import checks"].strip().splitlines()[0].startswith("No module named 'numpy'")


def test_it_asks_for_nothing_from_elsewhere_and_for_nothing_that_is_not_there(visit):
    assert visit.elsewhere == [] and visit.refused == []


def test_work_is_kept_over_a_reload_and_listed_on_the_site(visit):
    assert f"{NOTEBOOK} (this release, saved" in visit.kept
    menu, listed = visit.downloads.values()
    assert menu == listed and "raise NotImplementedError" not in str([cell.source for cell in menu.cells])


def test_work_of_an_earlier_release_is_listed_and_does_not_hide_the_new_one(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/lite.html")
    page.evaluate(
        """async ([name, path]) => {
            const opening = indexedDB.open(name, 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore("files");
            await new Promise((done) => (opening.onsuccess = done));
            const file = { name: "conv2d.ipynb", path, type: "notebook", content: { cells: [] },
                           last_modified: "2026-01-02T03:04:05Z" };
            const writing = opening.result.transaction("files", "readwrite");
            writing.objectStore("files").put(file, path);
            await new Promise((done) => (writing.oncomplete = done));
            opening.result.close();
        }""",
        [f"{STORE}00000000", NOTEBOOK],
    )
    page.reload()
    page.wait_for_selector("#kept-work button")
    assert f"{NOTEBOOK} (an earlier release, saved" in page.locator("#kept-work").inner_text()
    context.close()


def test_what_jupyterlite_wrote_is_collected_and_graded_unchanged(visit, released_course, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(released_course, course)
    handed_in = course / "handed-in"
    handed_in.mkdir()
    nbformat.write(visit.downloads["File → Download"], handed_in / "ada.ipynb")
    for command in (("collect", "handed-in"), ("grade", "submitted")):
        done = autograder_in(course, *command)
        assert done.returncode == 0, done.stderr
    (result,) = map(json.loads, (course / "results" / "conv2d.jsonl").read_text().splitlines())
    assert (result["score"], result["max_score"]) == (100, 100)
    done = nbgrader(course, "autograde", "conv2d")
    assert done.returncode == 0, done.stderr
    assert sum(automatic for automatic, _, _ in rows(course, "ada").values()) == 100
