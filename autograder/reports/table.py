"""The class at a glance, in a terminal."""

from rich.table import Table
from rich.text import Text

from autograder.grading.report import Report
from autograder.sandbox.worker import plain_text


def class_table(reports: list[Report]) -> Table:
    """One row for each submission: score, tests passed, and where points were lost."""
    table = Table(title="Grades", title_justify="left", pad_edge=False)
    table.add_column("Student", overflow="fold", max_width=30)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Passed", justify="right", no_wrap=True)
    table.add_column("Points lost", overflow="fold")
    for report in sorted(reports, key=lambda report: report.student):
        passed = sum(test.outcome == "passed" for test in report.tests)
        table.add_row(
            Text(plain_text(report.student, 100)),
            f"{report.score:g} / {report.max_score:g}",
            f"{passed} / {len(report.tests)}",
            Text(lost_points(report)),
        )
    return table


def lost_points(report: Report) -> str:
    """Where the points went, by outcome: "failed: conv2d 4, pad 6; missing: convolve 12", or why it is damaged."""
    if report.reason is not None:
        return f"damaged: {report.reason}"
    lost: dict[str, dict[str, float]] = {}
    for test in report.tests:
        if test.outcome != "passed":
            cells = lost.setdefault(test.outcome, {})
            cells[test.cell] = cells.get(test.cell, 0.0) + test.max_points - test.points
    return "; ".join(
        f"{outcome}: "
        + ", ".join(f"{cell.removeprefix('test_')} {points:g}" for cell, points in cells.items())
        for outcome, cells in lost.items()
    )
