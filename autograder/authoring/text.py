"""An assignment's text, made to say what its record says: functions, points, sections.

The text source speaks of numbers by name, and gives test cells no points: both come from the record. So dropping a
function, or changing its points, is one edit of the record:

    @functions@                      how many functions there are, in words
    @points@                         what they add up to
    @points of apply_kernel@         what one of them gives
    @written questions@              how many questions a person reads, in words

Cells with checks are marked so that JupyterLab's and nbclient's "run all" go on where one fails.

A model answer may end with a rubric; see `autograder.authoring.rubric`.

The section of a function that the record does not list is left out: from the heading above its cell to the next
heading of the same level or a higher one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.authoring.rubric import BadRubric, check_rubric
from autograder.judge.assignment import Assignment

WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
HEADING = re.compile(r"(#+) ")


class Disagreement(Exception):
    """The text says something else than the record. The message says what; `near` is the place in the text."""

    def __init__(self, message: str, near: str = ""):
        super().__init__(message)
        self.near = near


def settle(cells: list[NotebookNode], assignment: Assignment) -> list[NotebookNode]:
    """The cells of an assignment's text as its record wants them. Raises `Disagreement`."""
    dropped = _functions_in(cells) - {exercise.name for exercise in assignment.exercises}
    cells = _without_sections(cells, dropped)
    for exercise in assignment.exercises:
        _give_points(cells, exercise.name, exercise.cell, exercise.points)
    written = sum(_is_graded(cell) and cell.cell_type == "markdown" for cell in cells)
    names = naming(assignment) | {"written questions": in_words(written)}
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = filled(cell.source, names)
    _compare_headings(cells)
    _check_rubrics(cells)
    return cells


def naming(assignment: Assignment) -> dict[str, str]:
    """What the names between two @ stand for, in every text of an assignment."""
    points = {f"points of {each.name}": f"{each.points:g}" for each in assignment.exercises}
    total = sum(exercise.points for exercise in assignment.exercises)
    return {"functions": in_words(len(assignment.exercises)), "points": f"{total:g}"} | points


def in_words(number: int) -> str:
    """A small number in words, as it stands in a sentence."""
    return WORDS[number] if number < len(WORDS) else str(number)


def filled(text: str, names: dict[str, str]) -> str:
    """The text with its names replaced; with a capital where the name has one. Raises `Disagreement`."""

    def value(match: re.Match) -> str:
        name = match[1]
        known = names.get(name[0].lower() + name[1:])
        if known is None:
            raise Disagreement(f"{match[0]} stands for nothing; there are: {', '.join(names)}", match[0])
        return known.capitalize() if name[0].isupper() else known

    return re.sub(r"@([A-Za-z][\w ]*)@", value, text)


def _nbgrader(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def _is_graded(cell: NotebookNode) -> bool:
    return bool(_nbgrader(cell).get("grade"))


def _functions_in(cells: list[NotebookNode]) -> set[str]:
    """The names of the functions that the text has a solution cell for."""
    code = (cell for cell in cells if cell.cell_type == "code" and _nbgrader(cell).get("solution"))
    return {_nbgrader(cell)["grade_id"] for cell in code}


def _cell_of(cells: list[NotebookNode], grade_id: str) -> NotebookNode | None:
    return next((cell for cell in cells if _nbgrader(cell).get("grade_id") == grade_id), None)


def _required(cells: list[NotebookNode], grade_id: str, function: str) -> NotebookNode:
    """The cell that a function of the record must have."""
    cell = _cell_of(cells, grade_id)
    if cell is None:
        raise Disagreement(f"the record lists '{function}', but no cell has the grade_id '{grade_id}'")
    return cell


def _give_points(cells: list[NotebookNode], function: str, grade_id: str, points: float) -> None:
    _required(cells, function, function)
    cell = _required(cells, grade_id, function)
    cell.metadata["tags"] = ["raises-exception"]  # Run All goes on behind a check that fails
    metadata = _nbgrader(cell)
    if metadata.setdefault("points", points) != points:
        raise Disagreement(
            f"'{grade_id}' has {metadata['points']:g} points here and {points:g} in the record; leave them out here",
            f'"grade_id": "{grade_id}"',
        )


@dataclass(frozen=True)
class Heading:
    """A heading of the text: its cell, its line in that cell, its level (1 is the highest)."""

    cell: int
    line: int
    level: int


def _headings(cells: list[NotebookNode]) -> Iterator[Heading]:
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            for line, text in enumerate(cell.source.split("\n")):
                if match := HEADING.match(text):
                    yield Heading(number, line, len(match[1]))


def _without_sections(cells: list[NotebookNode], functions: set[str]) -> list[NotebookNode]:
    for function in sorted(functions):
        place = next((n for n, cell in enumerate(cells) if _nbgrader(cell).get("grade_id") == function), None)
        if place is not None:  # the section around it may be gone by now
            cells = _without_section(cells, place)
    return cells


def _without_section(cells: list[NotebookNode], place: int) -> list[NotebookNode]:
    """The cells without the section that the cell at `place` is in."""
    above = [heading for heading in _headings(cells) if heading.cell < place]
    if not above:
        raise Disagreement(
            "its section cannot be left out: it has no heading", _nbgrader(cells[place])["grade_id"]
        )
    start = above[-1]
    later = (h for h in _headings(cells) if h.cell > place and h.level <= start.level)
    end = next(later, Heading(len(cells), 0, 0))
    first = _lines(cells[start.cell], lambda lines: lines[: start.line])
    last = [_lines(cells[end.cell], lambda lines: lines[end.line :])] if end.cell < len(cells) else []
    kept = [*cells[: start.cell], first, *last, *cells[end.cell + 1 :]]
    return [cell for cell in kept if cell.source.strip() or cell.cell_type != "markdown"]


def _lines(cell: NotebookNode, chosen: Callable[[list[str]], list[str]]) -> NotebookNode:
    """A copy of a Markdown cell with some of its lines."""
    part = cell.copy()
    part["source"] = "\n".join(chosen(cell.source.split("\n"))).strip("\n")
    return part


def _compare_headings(cells: list[NotebookNode]) -> None:
    """The points in a heading are those of the next graded cell."""
    told: tuple[str, float] | None = None
    for cell in cells:
        if cell.cell_type == "markdown":
            for heading in re.finditer(r"(?m)^#+ .*\(([\d.]+) points?\)", cell.source):
                told = heading[0], float(heading[1])
        if told and _is_graded(cell):
            line, points = told
            if points != _nbgrader(cell)["points"]:
                raise Disagreement(
                    f"the heading says {points:g} points, its cell {_nbgrader(cell)['points']:g}", line
                )
            told = None


def _check_rubrics(cells: list[NotebookNode]) -> None:
    for cell in cells:
        if _is_graded(cell) and cell.cell_type == "markdown":
            try:
                check_rubric(cell.source, _nbgrader(cell)["points"])
            except BadRubric as error:
                raise Disagreement(str(error), f'"grade_id": "{_nbgrader(cell)["grade_id"]}"') from None
