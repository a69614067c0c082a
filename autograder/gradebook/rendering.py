"""How nbgrader's pages show Markdown and code: formulas as MathML, which browsers draw themselves, and nothing to run or load.

nbgrader's own pages load MathJax from another host: without a network no formula is shown and formgrader's page stops
with an error, and what a student writes as TeX is a small program for it. What a student wrote also decides how long its parsers
take: Pygments needs 13 seconds for 8,000 characters of blank lines. So code is coloured by one linear pattern, and the
Markdown of a notebook that is long, or that has what makes a rule slow, is shown as it was typed.
"""

import functools
import keyword
import re
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element, tostring

from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.gradebook.student_markdown import BREAK
from autograder.reports.python_text import TOKEN

# What is more is shown as it was typed.
LONGEST_TEXT = 20_000  # of a cell: some parsers' rules take time that grows with the square of the length
LONGEST_TEXTS = 400_000  # of a notebook, at some 10 microseconds a character
MOST_OPENED = 200  # formulas in LaTeX's own brackets: the end of each is looked for up to the end of the text
LONGEST_FORMULA = 2_000
DEEPEST_FORMULA = 40  # levels of MathML; some hundreds of them end a browser's page
# fmt: off
_TAGS = frozenset((
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mphantom", "mfrac", "msqrt", "mroot",
    "msup", "msub", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none",
    "mtable", "mtr", "mtd",
))
_ATTRIBUTES = frozenset((
    "xmlns", "display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "form", "symmetric",
    "accent", "accentunder", "largeop", "movablelimits", "minsize", "maxsize", "linethickness", "columnalign",
))
# fmt: on
_COLOURS = {"string": "s1", "comment": "c1", "number": "mi"}
_KEYWORDS = frozenset(keyword.kwlist)
AS_TYPED = "as_typed"  # in a cell's metadata
_SMALL_SPACE = re.compile(r"[0-2](\.\d+)?em")  # a wide or negative one would move a formula over other text


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """nbconvert's filter `markdown2html`, with formulas as MathML and headings without ids.

    An id in a student's heading could be that of a score's input field, which formgrader finds by its id.
    """
    cell = context.get("cell", {})
    if cell.get("metadata", {}).get(AS_TYPED):
        return as_typed(source)
    return to_html(source, cell.get("attachments", {}))


def to_html(source: str, attachments: dict | None = None) -> str:
    """Markdown as HTML, formulas as MathML. What a student wrote goes through `student_markdown` first.

    Args:
        attachments: the cell's pictures, which the page then holds.
    """
    opened = sum(map(source.count, ("\\\\(", "\\\\[", "\\begin{")))
    if len(source) > LONGEST_TEXT or opened > MOST_OPENED:
        return as_typed(source)
    return _rendered(source, attachments) if attachments else _rendered_once(source)


def _rendered(source: str, attachments: dict | None = None) -> str:
    renderer = _Renderer(escape=False, attachments=attachments or {}, exclude_anchor_links=True)
    try:
        return MarkdownWithMath(renderer=renderer).render(source)
    except (InvalidNotebook, RecursionError):
        return as_typed(source)


_rendered_once = functools.lru_cache(200)(_rendered)  # most of a notebook's text is the same in a whole class


def as_typed(source: str) -> str:
    return f'<pre style="white-space:pre-wrap">{escape(source)}</pre>'


def code_to_html(source: str, language: str | None = None, metadata: Any = None) -> str:
    """nbconvert's filter `highlight_code`: Python's words, texts and numbers in Pygments' classes, in linear time."""
    parts, end = [], 0
    for match in TOKEN.finditer(source):
        word = match.group()
        colour = "k" if word in _KEYWORDS else _COLOURS.get(match.lastgroup or "")
        if colour:
            parts += [escape(source[end : match.start()]), f'<span class="{colour}">{escape(word)}</span>']
            end = match.end()
    return f'<div class="highlight"><pre>{"".join(parts)}{escape(source[end:])}</pre></div>'


class _Renderer(IPythonRenderer):
    def block_code(self, code: str, info: str | None = None) -> str:
        return code_to_html(code)

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def mathml(formula: str, display: str) -> str:
    """A formula as MathML; one that cannot be set, or holds a macro with other effects, as it was typed.

    Args:
        formula: TeX, without its dollar signs.
        display: "block" for a line of its own, or "inline".
    """
    typed = f"<code>{escape(formula)}</code>"
    if len(formula) > LONGEST_FORMULA or f"\\{BREAK}" in formula:
        return typed
    try:
        math = convert_to_element(formula.replace(BREAK, ""), display=display)
    except Exception:  # whatever the converter stumbles over in a formula that anybody may have written
        return typed
    if _is_deep(math):
        return typed
    for node in math.iter():
        _clean(node)
    return tostring(math, encoding="unicode", short_empty_elements=False)


def _is_deep(math: Element) -> bool:
    level = [math]
    for _ in range(DEEPEST_FORMULA):
        level = [child for node in level for child in node]
    return bool(level)


def _clean(node: Element) -> None:
    """Leaves what sets a formula. The converter writes characters as entities, and `\\text` as it is."""
    if node.tag not in _TAGS:
        node.tag = "mrow"
    width = node.get("width", "")
    node.attrib = {name: value for name, value in node.attrib.items() if name in _ATTRIBUTES}
    if node.tag == "mspace" and _SMALL_SPACE.fullmatch(width):
        node.set("width", width)
    node.text = unescape(node.text or "")
    node.tail = unescape(node.tail or "")


class BoundTexts(Preprocessor):
    """Marks the text cells of a long notebook that are shown as they were typed."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        length = 0
        for cell in nb.cells:
            length += len(cell.source) if cell.cell_type == "markdown" else 0
            if length > LONGEST_TEXTS:
                cell.metadata[AS_TYPED] = True
        return nb, resources


class EscapeNames(Preprocessor):
    """Escapes what formgrader's template puts into its page as it is: names that come from a class list."""

    NAMES = ("student", "first_name", "last_name", "notebook_path")

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        for name in self.NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = escape(resources[name])
        return nb, resources
