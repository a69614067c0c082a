"""The page's HTML. What it does stands in marking.js, which reads everything from the page: no text is put into a script.

A rubric's line is chosen for an answer where it stands in its comment, as `- (+2) Says why.` So the gradebook, which knows
points and comments alone, keeps the choice, formgrader and the feedback show it, and what one person adds others find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from autograder.reports.markup import page, text

_HERE = Path(__file__).parent
_SCRIPT = (_HERE / "marking.js").read_text(encoding="utf-8")
_STYLE = (_HERE / "marking.css").read_text(encoding="utf-8")

_KEYS = (
    ("j, k", "next, previous answer"),
    ("1 to 9", "choose a line of the rubric, or take it back"),
    ("p, c", "to the points, to the comment"),
    ("Esc", "back to the answer"),
    ("Enter", "save, and on to the next answer (in a field: Ctrl and Enter)"),
    ("u", "next answer that nobody has marked"),
)


@dataclass(frozen=True)
class Answer:
    """What one student wrote, and what a person gave for it.

    Attributes:
        id: of its row in the gradebook: a random one, which tells nothing of the student.
        student: the name of their folder.
        name: what they are called, where a roster has said it.
        html: the answer, harmless in every page.
        score: None where nobody has marked it.
        again: whether it was graded again since it was marked.
    """

    id: str
    student: str
    name: str
    html: str
    score: float | None
    comment: str
    again: bool = False


@dataclass(frozen=True)
class Sheet:
    """All that the page of one question shows.

    Attributes:
        cell: the answers' name in the notebook.
        title: for people.
        question: as HTML, as `model`; "" where it is not known.
        model: the model answer.
        rubric: its lines: points and text.
        untouched: how many left the answer as it was, and have 0.
        blind: whether names are left out, and with them the order by name.
    """

    assignment: str
    cell: str
    title: str
    points: float
    question: str
    model: str
    rubric: Sequence[tuple[float, str]]
    answers: Sequence[Answer]
    untouched: int
    blind: bool = False

    @property
    def waiting(self) -> int:
        return sum(answer.score is None for answer in self.answers)


def marking_page(sheet: Sheet, url: str = "") -> str:
    """The page of one question.

    Args:
        url: where marks are sent to, on the page's own host; "" for a page that gives them as a file.
    """
    ids = {"assignment": sheet.assignment, "question": sheet.cell, "points": f"{sheet.points:g}", "url": url}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in ids.items())
    answers = sorted(sheet.answers, key=lambda answer: answer.id) if sheet.blind else sheet.answers
    body = (
        f'<h1>{text(sheet.title)}</h1>\n<div id="marking" {data}>',
        *_head(sheet, url),
        '<div class="columns">\n<div class="given">',
        *_given(sheet),
        '</div>\n<div class="answers">',
        *(_answer(number, answer, sheet) for number, answer in enumerate(answers, 1)),
        "</div>\n</div>\n</div>",
    )
    return page(f"Marking: {sheet.title}", body, style=_STYLE, script=_SCRIPT)


def _head(sheet: Sheet, url: str) -> Iterator[str]:
    untouched = f" {sheet.untouched:,} more wrote nothing and have 0." if sheet.untouched else ""
    marked = len(sheet.answers) - sheet.waiting
    yield (
        f'<p role="status"><span id="marked">{marked}</span> of {len(sheet.answers):,} answers are marked.{untouched}</p>'
    )
    if url:
        yield '<p><a href="./">All questions</a></p>'
    else:
        yield (
            "<p>Marks are kept in this page until you download them: "
            '<button type="button" id="download">Download the marks</button> Then read the file into the gradebook with '
            "<code>python -m autograder written --read FILE</code>.</p>"
        )
    keys = "".join(f"<dt>{text(key)}</dt><dd>{text(what)}</dd>" for key, what in _KEYS)
    yield (
        f"<details><summary>Keys</summary><dl>{keys}</dl>"
        '<p><label><input type="checkbox" id="keys" checked> Single keys work</label></p></details>'
    )


def _given(sheet: Sheet) -> Iterator[str]:
    if sheet.question:
        yield f'<section aria-labelledby="asked"><h2 id="asked">Question</h2>{sheet.question}</section>'
    if sheet.model:
        yield f'<section aria-labelledby="model"><h2 id="model">Model answer</h2>{sheet.model}</section>'
    lines = "".join(
        f'<li data-points="{points:g}" data-text="{escape(line)}">({points:+g}) {text(line)}</li>'
        if points
        else f'<li data-points="0" data-text="{escape(line)}">(0) {text(line)}</li>'
        for points, line in sheet.rubric
    )
    yield (
        f'<section aria-labelledby="rubric-title"><h2 id="rubric-title">Rubric</h2><ol id="rubric">{lines}</ol>'
        '<form id="new"><p><label>Points <input type="number" step="any" name="points" value="0" required></label> '
        '<label>Line <input type="text" name="text" maxlength="500" required></label> '
        "<button>Add to the rubric</button></p></form></section>"
    )


def _answer(number: int, answer: Answer, sheet: Sheet) -> str:
    who = f"Answer {number}" if sheet.blind else _who(answer)
    score = "" if answer.score is None else f"{answer.score:g}"
    again = " It was graded again since it was marked." if answer.again else ""
    state = f"{'Marked.' if answer.score is not None else 'Not marked yet.'}{again}"
    return (
        f'<article data-answer="{escape(answer.id)}" tabindex="-1" aria-labelledby="answer-{number}">'
        f'<h2 id="answer-{number}">{who}</h2>\n<div class="text">{answer.html}</div>\n'
        f'<form><fieldset class="lines"><legend>Rubric</legend></fieldset>\n'
        f'<p><label>Points <input type="number" name="score" min="0" max="{sheet.points:g}" step="any" value="{score}"> '
        f"of {sheet.points:g}</label></p>\n"
        # The parser drops one line break after the tag.
        f'<p><label>Comment<textarea name="comment" rows="3">\n{escape(answer.comment)}</textarea></label></p>\n'
        f'<p><button>Save</button> <span role="status">{state}</span></p></form></article>'
    )


def _who(answer: Answer) -> str:
    folder = f" ({text(answer.student)})" if answer.name else text(answer.student)
    return f"{text(answer.name)}{folder}"


def overview_page(assignment: str, sheets: Sequence[Sheet]) -> str:
    """Links to the pages of all questions, which are numbered from 1, and how far each is."""
    lines = "".join(
        f'<li><a href="{number}">{text(sheet.title)}</a>: {len(sheet.answers) - sheet.waiting:,} of '
        f"{len(sheet.answers):,} answers are marked.</li>"
        for number, sheet in enumerate(sheets, 1)
    )
    return page(
        f"Marking: {assignment}", (f"<h1>Written answers: {text(assignment)}</h1>", f"<ol>{lines}</ol>")
    )
