"""A page of feedback with every kind of result, made by nbconvert with the course's settings and without a gradebook."""

import dataclasses

import nbformat
from conftest import ROOT
from nbconvert import HTMLExporter
from traitlets.config import Config

from autograder.gradebook.marks import show_results
from autograder.gradebook.settings import configure
from autograder.grading.report import OUTCOMES, Report
from autograder.grading.suite_run import list_tests
from autograder.judge.picture import Picture
from autograder.suite import suite_folder

PLACE = {"image": (4, 5), "filter": (2, 2), "before": (0, 0), "after": (1, 1), "corner": (3, 4), "output": (4, 5), "place": (3, 4)}  # fmt: skip
SAID = "2 of 6 numbers differ; the first is output[0, 1]."


def a_report() -> Report:
    """A report with every outcome, and a picture in each message."""
    tests = [
        dataclasses.replace(
            test, outcome=OUTCOMES[place % len(OUTCOMES)], message=SAID, picture=Picture("window", PLACE)
        )
        for place, test in enumerate(list_tests(suite_folder("conv2d")))
    ]
    return Report("ada", "conv2d", tuple(tests), ("namespaces",), 1.0, remarks=("A cell stopped.",))


def page(unread: tuple[str, ...] = (), late: float = 0.0) -> str:
    """The HTML of a page whose written answers named in `unread` nobody has read."""
    notebook = nbformat.read(ROOT / "solutions" / "source" / "conv2d" / "conv2d.ipynb", as_version=4)
    report = a_report()
    show_results(notebook, report)
    for cell in notebook.cells:
        if about := cell.metadata.get("nbgrader"):
            score = sum(test.points for test in report.of_cell(about.grade_id))
            about |= {"score": score, "comment": "Look at it again.", "unread": about.grade_id in unread}
    config = Config()
    configure(config)
    config.HTMLExporter.preprocessors.append("nbconvert.preprocessors.CSSHTMLHeaderPreprocessor")
    totals = {"notebook": "conv2d", "score": report.score, "max_score": 110.0, "late_penalty": late}
    exporter = HTMLExporter(config=config, template_name="feedback")
    return exporter.from_notebook_node(notebook, resources={"nbgrader": totals, "base_url": ""})[0]
