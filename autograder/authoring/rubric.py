"""A written question's model answer and its rubric, which stand in one cell of the text source and are stripped together.

    The total is odd, so one side gets a zero more …    the model answer

    **Rubric**

    - (+2) Says that the total is odd.                  points for what an answer says; (-1) takes off
    - (0) Mixes up rows and columns: see section 2.     a comment alone

What an answer may get adds up to the question's points. A rubric of deductions alone starts from full points.
"""

import re
from dataclasses import dataclass

HEADING = re.compile(r"^\s*(?:#+ *|\*\*)Rubric(?:\*\*)? *:? *$", re.MULTILINE)
ITEM = re.compile(r"\(([+-]?\d+(?:\.\d+)?)\) (.+)")


class BadRubric(Exception):
    """The rubric cannot be read, or gives other points than its question; the message says which line, or what."""


@dataclass(frozen=True)
class Item:
    """One line of a rubric: its points, which may be 0 or below, and what a student reads."""

    points: float
    text: str


@dataclass(frozen=True)
class ModelAnswer:
    """What a good answer says, as Markdown, and what its parts are worth."""

    text: str
    rubric: tuple[Item, ...] = ()


def read_model_answer(source: str) -> ModelAnswer:
    """The two parts of a cell's text. Raises `BadRubric`."""
    text, *rest = HEADING.split(source, maxsplit=1)
    if not rest:
        return ModelAnswer(source.strip())
    items = tuple(map(_item, re.split(r"^[-*] ", rest[0].strip(), flags=re.MULTILINE)[1:]))
    if not items:
        raise BadRubric("the rubric has no line such as '- (+2) Says why.'")
    return ModelAnswer(text.strip(), items)


def _item(line: str) -> Item:
    joined = " ".join(line.split())  # a line of a list may go on, indented
    if not (found := ITEM.fullmatch(joined)):
        raise BadRubric(f"the rubric's line '{joined[:60]}' does not begin with points, such as (+2)")
    return Item(float(found[1]), found[2])


def check_rubric(source: str, points: float) -> None:
    """The points that can be earned are the question's. Raises `BadRubric`."""
    earned = sum(item.points for item in read_model_answer(source).rubric if item.points > 0)
    if earned and earned != points:
        raise BadRubric(f"the rubric gives {earned:g} points and its cell {points:g}")
