"""What students write does nothing in the pages that others open. `tests/browser` proves it in a real browser, too."""

import dataclasses
import html
import html.parser
import json
import re

import nbformat
import pytest
from conftest import ROOT
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from payloads import DOT, PAYLOADS, hostile_notebook
from traitlets.config import Config

from autograder.gradebook.marks import show_results
from autograder.gradebook.rebuild import Assigned, rebuild
from autograder.gradebook.rendering import (
    LONGEST_FORMULA,
    LONGEST_TEXT,
    LONGEST_TEXTS,
    MOST_OPENED,
    BoundTexts,
    code_to_html,
    mathml,
    to_html,
)
from autograder.gradebook.settings import configure
from autograder.gradebook.student_markdown import BREAK, harmless_markdown
from autograder.grading.notebook import read_cells
from autograder.grading.report import Report
from autograder.grading.suite_run import list_tests
from autograder.suite import suite_folder

FEW_CELLS = ("pad", "test_pad", "question_equivariance", "written_equivariance")
ACTIVE_TAGS = [
    "script",
    "style",
    "link",
    "meta",
    "base",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "svg",
    "math",
    "video",
    "audio",
    "template",
    "a",
    "img",
]
ACTIVE_ATTRIBUTES = re.compile(
    r"on\w+|href|src|srcset|srcdoc|data|action|formaction|poster|style|id|name|xlink:href"
)


class Page(html.parser.HTMLParser):
    """A page as a browser reads it: what in it can act, and what can be read.

    Attributes:
        active: tags and attributes that run, load, lead somewhere, restyle or name something, in order.
        text: everything between the tags, without blanks.
    """

    def __init__(self, source: str):
        super().__init__()
        self.active, self._texts = [], []
        self.feed(source)
        self.close()

    @property
    def text(self) -> str:
        return re.sub(r"\s", "", "".join(self._texts))

    def handle_starttag(self, tag, attrs):
        attrs = [(name, value) for name, value in attrs if ACTIVE_ATTRIBUTES.fullmatch(name)]
        if tag in ACTIVE_TAGS or attrs:
            self.active.append((tag, attrs))

    def handle_data(self, data):
        self._texts.append(data)

    def handle_comment(self, data):
        self.active.append(("comment", data))


@pytest.fixture(scope="module")
def few_cells() -> nbformat.NotebookNode:
    """Of the released notebook a function, its test, and a written question."""
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    released.cells = [
        c for c in released.cells if c.metadata.get("nbgrader", {}).get("grade_id") in FEW_CELLS
    ]
    assert len(released.cells) == len(FEW_CELLS)
    return released


@pytest.fixture(scope="module")
def stored(few_cells):
    """A function from a payload to the notebook that nbgrader gets for it."""
    assigned = [_assigned(cell) for cell in few_cells.cells]

    def store(text, reason=None):
        cells = read_cells(hostile_notebook(few_cells, text))
        notebook = rebuild(cells, assigned, few_cells, reason)
        show_results(notebook, _report(text, reason))
        nbformat.validate(notebook)
        return notebook

    return store


def _assigned(cell) -> Assigned:
    names = cell.metadata.nbgrader
    about = (names.grade_id, cell.cell_type, cell.source, names.checksum, names.locked, names.solution)
    return Assigned(*about, task=names.get("task", False), points=names.get("points"))


def _report(text, reason) -> Report:
    tests = [
        dataclasses.replace(t, outcome="error", message=text) for t in list_tests(suite_folder("conv2d"))
    ]
    return Report("ada", "conv2d", tuple(tests), ("namespaces",), 1.0, reason)


@pytest.fixture(scope="module")
def show():
    """A function from a stored notebook to one of nbgrader's pages, with the course's settings."""
    settings = Config()
    configure(settings)
    bootstrap = "static/node_modules/bootstrap/dist/css"
    nbgrader = settings.HTMLExporter.extra_template_basedirs[1].removesuffix("templates")
    exporters = {
        page: HTMLExporter(
            config=settings, template_name=page, extra_template_paths=[f"{nbgrader}{bootstrap}"]
        )
        for page in ("feedback", "formgrade")
    }

    def render(page, notebook, **names):
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader |= {"score": 0.0, "points": 5.0, "comment": ""}
        submission = {"notebook": "conv2d", "score": 0.0, "max_score": 5.0, "late_penalty": 0.0}
        resources = {"nbgrader": submission, "base_url": "", "index": 0, "total": 1} | names
        return exporters[page].from_notebook_node(notebook, resources=resources)[0]

    return render


@pytest.fixture(scope="module")
def plain(stored, show):
    """What acts in a page whose student wrote nothing but words."""
    return {page: Page(show(page, stored("Plain words."))).active for page in ("feedback", "formgrade")}


# --- in nbgrader's pages ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("page", ["feedback", "formgrade"])
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_page_does_no_more_than_one_with_plain_words_and_all_of_the_text_can_be_read(
    name, page, stored, show, plain
):
    read = Page(show(page, stored(PAYLOADS[name])))
    pictures = [("img", [("src", f"data:image/png;base64,{DOT}")])] * 2
    allowed = pictures if name == "picture in a link" else []
    formulas = [("math", [])]
    assert [part for part in read.active if part not in formulas + allowed] == plain[page]
    assert len([part for part in read.active if part in pictures]) == len(allowed)
    for word in re.findall(r"\w{5,}", PAYLOADS[name]):
        assert word in read.text.replace(BREAK, ""), word


@pytest.mark.parametrize("name", ["script", "comment end", "picture from elsewhere", "href macro"])
def test_the_page_of_a_damaged_submission_shows_the_reason_as_text(name, stored, show):
    def active(reason):
        page = Page(show("feedback", stored("Plain words.", reason)))
        return [part for part in page.active if part[0] != "math"]

    assert active(PAYLOADS[name]) == active("The file is empty.")


def test_the_feedback_page_holds_no_script_and_forbids_all(stored, show):
    source = show("feedback", stored("Plain words."))
    assert "<script" not in source and "cdnjs" not in source
    assert "default-src 'none'" in re.search(r"<meta [^>]*Content-Security-Policy[^>]*>", source)[0]


def test_formgraders_page_loads_nothing_from_another_host(stored, show):
    addresses = re.findall(r"""(?:src|href)="([^"]*)""", show("formgrade", stored("Plain words.")))
    assert addresses and not [address for address in addresses if re.match(r"\w*:?//", address)]


def test_formgraders_page_shows_hostile_names_of_a_class_list_as_text(stored, show):
    hostile = '"><img src=x onerror=alert(1)>'
    names = dict.fromkeys(("student", "first_name", "last_name", "notebook_path"), hostile)
    page = Page(show("formgrade", stored("Plain words."), **names))
    assert not [part for part in page.active if part[0] == "img"]
    assert page.text.count("onerror=alert(1)") == 2  # last name, first name


# --- in what is stored, whoever shows it -----------------------------------------------------------------


def test_the_stored_notebook_is_harmless_even_to_a_converter_with_no_settings_of_ours(stored):
    for name, text in PAYLOADS.items():
        for cell in stored(text).cells[1:]:  # behind the summary, which is ours
            if cell.cell_type == "markdown" and "attachment:dot.png" not in cell.source:
                parts = Page(markdown2html_mistune(cell.source)).active
                assert not [part for part in parts if not _is_heading_link(part)], name
            else:
                assert cell.cell_type != "raw"
            assert set(cell.get("attachments", {})) <= {"dot.png"}


def _is_heading_link(part) -> bool:
    """nbconvert itself gives a heading an id and a link to it; the course's settings switch that off."""
    tag, attributes = part
    return tag in ("h1", "h2", "h3") or (tag == "a" and attributes[0][1].startswith("#"))


def test_nothing_but_invisible_characters_changes_in_what_a_student_wrote(stored):
    for text in PAYLOADS.values():
        answers = [cell for cell in stored(text).cells if cell.metadata.get("nbgrader", {}).get("grade_id")]
        assert text in {cell.source.replace(BREAK, "") for cell in answers}


def test_ordinary_answers_stay_as_they_are():
    text = "Rows `i[0]` to *n*: $w' = \\left\\lfloor \\frac{w - f}{s} \\right\\rfloor$; a < b, a[1], 1:2, wow!\n\n- x"
    assert harmless_markdown(text, {}) == text


def test_a_pasted_picture_is_still_shown():
    text = "![my sketch](attachment:dot.png)"
    assert harmless_markdown(text, {"dot.png": {}}) == text
    assert harmless_markdown(text, {}) != text


# --- formulas --------------------------------------------------------------------------------------------


def test_the_formulas_of_the_assignment_are_set_without_a_script(released):
    formulas = [
        (formula, display)
        for cell in released.cells
        if cell.cell_type == "markdown"
        for display, pattern in (("block", r"\$\$(.+?)\$\$"), ("inline", r"(?<!\$)\$([^$]+)\$(?!\$)"))
        for formula in re.findall(pattern, cell.source, re.DOTALL)
    ]
    assert len(formulas) >= 6
    for formula, display in formulas:
        shown = mathml(formula, display)
        assert shown.startswith("<math") and f'display="{display}"' in shown
        assert "\\" not in Page(shown).text, formula
    assert "∑" in mathml(r"\sum_m x", "block")


TOO_MUCH = ("x" * (LONGEST_FORMULA + 1), "{" * 1500, "<b>" * 700, "{" * 100 + "x" + "}" * 100)


@pytest.mark.parametrize("formula", [r"\frac", "{", *TOO_MUCH])
def test_a_formula_that_cannot_be_set_is_shown_as_it_was_typed(formula):
    page = Page(mathml(formula, "inline"))
    assert page.text == formula and page.active == []


def test_a_students_formula_is_set_and_one_with_an_effect_is_shown_as_it_was_typed():
    assert mathml(harmless_markdown("x<y", {}), "inline") == mathml("x<y", "inline") != "x<y"
    shown = Page(mathml(harmless_markdown(r"\href{javascript:alert(1)}{x}", {}), "inline"))
    assert shown.text.replace(BREAK, "") == r"\href{javascript:alert(1)}{x}" and shown.active == []


def test_no_formula_moves_over_other_text():
    assert "width" not in mathml(r"\hspace{-99em} x", "inline")
    assert 'width="0.278em"' in mathml(r"a\;b", "inline")


def test_a_very_long_text_is_shown_as_it_was_typed(stored, show):
    text = "*long* " * (LONGEST_TEXT // 7 + 1)
    assert "*long**long*" in Page(show("feedback", stored(text))).text


def test_a_text_with_very_many_formulas_is_shown_as_it_was_typed():
    opened = "\\\\(x\\\\) " * (MOST_OPENED + 1)
    assert to_html(opened).startswith("<pre") and "<math" in to_html(opened[:80])


def test_of_a_notebook_with_very_much_text_the_last_cells_are_shown_as_they_were_typed():
    cells = [nbformat.v4.new_markdown_cell("a" * (LONGEST_TEXTS // 4)) for _ in range(6)]
    notebook, _ = BoundTexts().preprocess(nbformat.v4.new_notebook(cells=cells), {})
    assert ["as_typed" in cell.metadata for cell in notebook.cells] == [False] * 4 + [True] * 2


CODE = ["def f(x):\n    return x[0] # 1 < 2", "'''", 'f"{x}" \\', " \n" * 9, "<b>&amp;", "\0é\r\n"]


@pytest.mark.parametrize("code", CODE)
def test_code_is_coloured_and_every_character_of_it_stays(code):
    assert html.unescape(re.sub(r"<[^>]*>", "", code_to_html(code))) == code


def test_keywords_texts_numbers_and_comments_have_the_classes_of_pygments():
    shown = code_to_html("return 'a' # b\n12")
    for colour, word in {"k": "return", "s1": "&#x27;a&#x27;", "c1": "# b", "mi": "12"}.items():
        assert f'<span class="{colour}">{word}</span>' in shown


def test_a_notebook_with_every_payload_is_json_that_nbformat_writes_and_reads(stored):
    notebook = stored("\n\n".join(PAYLOADS.values()))
    assert nbformat.reads(nbformat.writes(notebook), as_version=4) == json.loads(json.dumps(notebook))
