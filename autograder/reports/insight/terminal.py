"""The same in a terminal, in a screenful: what to say, the functions, whom to speak to."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from autograder.reports.insight.findings import Insight
from autograder.reports.insight.people import People
from autograder.reports.insight.remarks import remark
from autograder.reports.markup import share, visible

MOST_ROWS = 10


def insight_tables(insight: Insight) -> Iterator[Table]:
    """Tables for rich, those that have something to say."""
    yield _functions(insight)
    if insight.mistakes:
        yield _mistakes(insight)
    if any(map(remark, insight.tests)):
        yield _remarks(insight)
    if insight.people:
        yield _people(insight.people, list(insight.damaged))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    for column in columns:
        right = column in (
            "Students",
            "Share",
            "Right",
            "In part",
            "Wrong",
            "Not started",
            "Passed",
            "How many",
        )
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table


def _text(value: object) -> Text:
    return Text(visible(str(value), 200))


def _functions(insight: Insight) -> Table:
    spread = insight.spread
    scores = f", mean {spread.mean:.1f}, median {spread.median:g} of {insight.max_score:g}" if spread else ""
    title = f"{insight.graded:,} graded{scores}; {len(insight.damaged):,} not readable"
    table = _table(title, "Function", "Right", "In part", "Wrong", "Not started")
    for each in insight.functions:
        table.add_row(
            _text(each.name), *(f"{n:,}" for n in (each.right, each.partly, each.wrong, each.missing))
        )
    return table


def _mistakes(insight: Insight) -> Table:
    table = _table("Mistakes to speak of", "Students", "Share", "Mistake", "Section")
    for each in insight.mistakes[:MOST_ROWS]:
        what = _text(each.sentence or each.name)
        table.add_row(f"{each.number:,}", share(each.number, insight.graded), what, _text(each.lecture))
    return table


def _remarks(insight: Insight) -> Table:
    table = _table("Tests to look at", "Test", "Function", "Passed", "Remark")
    for each in [each for each in insight.tests if remark(each)][:MOST_ROWS]:
        table.add_row(_text(each.title), _text(each.function), share(each.passed, each.number), remark(each))
    return table


def _people(people: People, damaged: list[str]) -> Table:
    table = _table("Whom to speak to", "Who", "How many", "Students")
    lists = {
        "not started": [each.student for each in people.idle],
        "stuck": [each.student for each in people.stuck],
        "nearly there": [each.student for each in people.near],
        "not readable": damaged,
    }
    for name, students in lists.items():
        more = f" and {len(students) - MOST_ROWS:,} more" if len(students) > MOST_ROWS else ""
        table.add_row(
            name, f"{len(students):,}", _text(", ".join(each[:40] for each in students[:MOST_ROWS])) + more
        )
    return table
