"""The class at a glance, in a terminal."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.table import Table
from rich.text import Text

from autograder.grading.report import Report, TestResult
from autograder.reports.csv_scores import Totals
from autograder.reports.isolation import weakness_sentence
from autograder.sandbox.text import plain_text

LONG = 60  # submissions; more than that are summed up instead of listed
BANDS = 10  # of the scores in a summary
BAR = 30  # characters of its longest bar


def class_table(reports: Iterable[Report], totals: Totals | None = None) -> Table:
    """One row for each submission: score, tests passed, and where points were lost.

    Args:
        totals: by student and assignment, "score" and "max_score" of the gradebook, where the class is in one.
    """
    reports = sorted(reports, key=lambda report: report.student)
    table = _table("Grades", dict.fromkeys(layer for each in reports for layer in each.weak_isolation))
    table.add_column("Student", overflow="fold", max_width=30)
    table.add_column("Automatic" if totals else "Score", justify="right", no_wrap=True)
    if totals:
        table.add_column("Total", justify="right", no_wrap=True)
    table.add_column("Passed", justify="right", no_wrap=True)
    table.add_column("Points lost", overflow="fold")
    for report in reports:
        passed = sum(test.outcome == "passed" for test in report.tests)
        total = (totals or {}).get((report.student, report.assignment))
        in_gradebook = f"{total['score']:g} / {total['max_score']:g}" if total else ""
        table.add_row(
            Text(plain_text(report.student, 100)),
            f"{report.score:g} / {report.max_score:g}",
            *([in_gradebook] if totals else []),
            f"{passed} / {len(report.tests)}",
            Text(lost_points(report)),
        )
    return table


def _table(title: str, missing: Iterable[str] = ()) -> Table:
    """An empty table, with a warning below it where layers did not hold."""
    warning = Text(weakness_sentence(tuple(missing)), style="bold") or None
    return Table(title=title, title_justify="left", pad_edge=False, caption=warning, caption_justify="left")


def lost_points(report: Report) -> str:
    """Where the points went, by outcome: "failed: conv2d 4, pad 6; missing: convolve 12", or why it is damaged.

    Points that were kept in spite of a mistake elsewhere stand last: "kept, but for same_padding: conv2d 4".
    """
    if report.reason is not None:
        return f"damaged: {report.reason}"
    lost: dict[str, dict[str, float]] = {}
    kept: dict[str, dict[str, float]] = {}
    for test in report.tests:
        if test.outcome != "passed" and test.points < test.max_points:
            _add(lost, test.outcome, test, test.max_points - test.points)
        elif test.outcome == "inconclusive":
            _add(lost, test.outcome, test, 0.0)
        if test.follow_through is not None:
            _add(kept, f"kept, but for {test.follow_through}", test, test.points)
    return "; ".join(
        f"{outcome}: "
        + ", ".join(f"{cell.removeprefix('test_')} {points:g}" for cell, points in cells.items())
        for outcome, cells in (*lost.items(), *kept.items())
    )


def _add(sums: dict[str, dict[str, float]], what: str, test: TestResult, points: float) -> None:
    cells = sums.setdefault(what, {})
    cells[test.cell] = cells.get(test.cell, 0.0) + points


@dataclass
class ClassSummary:
    """A class of any size in a few lines of memory and of screen: add its reports, then show it.

    Attributes:
        number: reports so far.
        bands: how many scores are in each tenth of the possible points; the last holds the full ones too.
        lost: for each cell the points lost in it, by everybody together.
        kept: for each cell the points kept in it in spite of another function's mistake, by everybody together.
        listed: the reports themselves, as long as there are few.
        missing: the layers that did not hold, each once.
    """

    number: int = 0
    bands: list[int] = field(default_factory=lambda: [0] * BANDS)
    points: float = 0.0
    max_points: float = 0.0
    lost: dict[str, float] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)
    listed: list[Report] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)

    def add(self, report: Report) -> None:
        self.number += 1
        self.missing |= dict.fromkeys(report.weak_isolation)
        self.points += report.score
        self.max_points = max(self.max_points, report.max_score)
        share = report.score / report.max_score if report.max_score else 0.0
        self.bands[min(int(share * BANDS), BANDS - 1)] += 1
        for test in report.tests:
            self.lost[test.cell] = self.lost.get(test.cell, 0.0) + test.max_points - test.points
            self.kept[test.cell] = self.kept.get(test.cell, 0.0) + test.followed_points
        if self.number <= LONG:
            self.listed.append(report)
        else:
            self.listed.clear()

    def tables(self) -> list[Table]:
        """Every submission where there are few; the scores' distribution and the hardest cells elsewhere."""
        if self.number <= LONG:
            return [class_table(self.listed)]
        return [self._scores(), self._cells()]

    def _scores(self) -> Table:
        mean = self.points / self.number
        title = f"{self.number:,} submissions, {mean:.1f} of {self.max_points:g} points on average"
        table = _table(title, self.missing)
        table.add_column("Points", justify="right", no_wrap=True)
        table.add_column("Submissions", justify="right", no_wrap=True)
        table.add_column("")
        width = self.max_points / BANDS
        for band in reversed(range(BANDS)):
            count = self.bands[band]
            upper = "to" if band == BANDS - 1 else "to under"
            table.add_row(
                f"{band * width:g} {upper} {(band + 1) * width:g}",
                f"{count:,}",
                "█" * round(BAR * count / max(self.bands)),
            )
        return table

    def _cells(self) -> Table:
        table = _table("Where points were lost")
        table.add_column("Cell")
        table.add_column("Points a submission", justify="right")
        followed = any(self.kept.values())
        if followed:
            table.add_column("Kept by follow-through", justify="right")
        for cell, points in sorted(self.lost.items(), key=lambda item: -item[1]):
            kept = [f"{self.kept[cell] / self.number:.2f}"] if followed else []
            table.add_row(cell.removeprefix("test_"), f"{points / self.number:.2f}", *kept)
        return table
