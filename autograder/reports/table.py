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
    """Where the points went: "conv2d 4 (failed), pad 6 (missing)", or why the notebook is damaged."""
    if report.reason is not None:
        return f"damaged: {report.reason}"
    lost: dict[str, tuple[float, set[str]]] = {}
    for test in report.tests:
        missing = test.max_points - test.points
        if missing or test.outcome == "inconclusive":
            points, outcomes = lost.get(test.cell, (0.0, set()))
            lost[test.cell] = (points + missing, outcomes | {test.outcome})
    return ", ".join(
        f"{cell.removeprefix('test_')} {points:g} ({', '.join(sorted(outcomes))})"
        for cell, (points, outcomes) in lost.items()
    )
