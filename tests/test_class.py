"""A folder of submissions in, one line each out: nobody's notebook stops or changes another's."""

import io
import json
import os
import re
from dataclasses import replace

import pytest
from conftest import cells_notebook
from rich.console import Console

from autograder.classroom.pool import GradingPool
from autograder.classroom.results import BadResults, Result, read_results, results_writer
from autograder.classroom.run import grade_class
from autograder.classroom.submissions import NoSubmissions, find_submissions
from autograder.grading.report import Report
from autograder.grading.suite_run import list_tests
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.table import ClassSummary
from autograder.sandbox.probe import probe, require
from autograder.suite import suite_folder

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.xdist_group("one class"),
]  # graded once, for most tests of this file
PAD = "import numpy as np\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"


def submit(submitted, student, content=None, name="conv2d.ipynb"):
    folder = submitted / student / "conv2d"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def submitted(tmp_path):
    return tmp_path / "submitted"


def results_of(submitted, **options) -> dict[str, Result]:
    found = find_submissions(submitted, "conv2d")
    return {
        graded.result.report.student: graded.result
        for graded in grade_class(found, key=EXAMPLE, jobs=2, **options)
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> dict[str, Result]:
    """The results of a class in which much is wrong, by student."""
    folder = tmp_path_factory.mktemp("class")
    submitted, secret = folder / "submitted", folder / "secret.ipynb"
    secret.write_bytes(cells_notebook(PAD))
    submit(submitted, "ada", cells_notebook(PAD))
    submit(submitted, "bob\nline two", cells_notebook(PAD))
    submit(submitted, "broken", b"{")
    submit(submitted, "empty")
    submit(submitted, "renamed", cells_notebook(PAD), "conv2d (1).ipynb")
    submit(
        submitted, "killer", cells_notebook(PAD, "import os, signal\nos.kill(os.getppid(), 9)\nos._exit(1)")
    )
    submit(submitted, "linked").joinpath("conv2d.ipynb").symlink_to(secret)
    os.mkfifo(submit(submitted, "pipe") / "conv2d.ipynb")
    (submit(submitted, "folder") / "conv2d.ipynb").mkdir()
    (submitted / "linked-folder").symlink_to(submitted / "ada")
    submit(submitted, '=cmd|" calc"!A0 [bold]\n\x1b[31m', cells_notebook(PAD))
    (submitted / ".ipynb_checkpoints" / "conv2d").mkdir(parents=True)
    (submitted / "notes.txt").write_text("a file among the students")
    return results_of(submitted)


def test_a_missing_folder_and_an_empty_one_are_told_with_the_layout(tmp_path):
    with pytest.raises(NoSubmissions, match="There is no folder"):
        find_submissions(tmp_path / "nothing", "conv2d")
    (tmp_path / "ada" / "another").mkdir(parents=True)
    with pytest.raises(NoSubmissions, match=r"<student>/conv2d/conv2d\.ipynb"):
        find_submissions(tmp_path, "conv2d")


def test_every_submission_gets_its_report_and_none_disturbs_another(graded):
    reports = {student: result.report for student, result in graded.items()}
    assert {student: report.score for student, report in reports.items() if report.status == "graded"} == {
        "ada": 6.0,
        "bob\nline two": 6.0,
        "killer": 6.0,
        '=cmd|" calc"!A0 [bold]\n\x1b[31m': 6.0,
    }
    reasons = {student: report.reason for student, report in reports.items() if report.status == "damaged"}
    assert set(reasons) == {"broken", "empty", "renamed", "linked", "pipe", "folder", "linked-folder"}
    assert "symbolic link" in reasons["linked"] and "symbolic link" in reasons["linked-folder"]
    assert "Rename the right one to conv2d.ipynb" in reasons["renamed"]


def times_tried() -> int:
    """How often this process and the server that forked it have tried what isolates."""
    return probe.cache_info().misses


def test_a_grading_process_inherits_what_isolates_and_tries_nothing_again():
    with GradingPool(1) as pool:
        assert pool.submit(require).result().holds
        assert pool.submit(times_tried).result() == 1


class Deadly(GradingPool):
    """A pool whose process dies as soon as it is to grade a certain student."""

    def submit(self, function, task):
        if task.student == "deadly":
            return super().submit(os._exit, 9)
        return super().submit(function, task)


def test_a_grading_process_that_dies_costs_only_the_submission_that_killed_it(submitted):
    for student in ("ada", "bob", "cleo", "deadly", "eve"):
        submit(submitted, student, cells_notebook(PAD))
    results = results_of(submitted, make_executor=Deadly)
    assert {student for student, result in results.items() if result.report.score == 6.0} == {
        "ada",
        "bob",
        "cleo",
        "eve",
    }
    assert "by hand" in results["deadly"].report.reason


def test_a_run_that_is_stopped_leaves_the_earlier_results_as_they_were(tmp_path, graded):
    results = tmp_path / "results.jsonl"
    with results_writer(results) as write:
        write(graded["ada"])
    before = results.read_bytes()
    with pytest.raises(KeyboardInterrupt), results_writer(results) as write:
        write(graded["ada"])
        raise KeyboardInterrupt
    assert results.read_bytes() == before
    assert (tmp_path / "results.jsonl.part").read_bytes() == before  # what was done is not lost


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"student": "ada", "tests": 3}', "null"])
def test_a_file_that_is_no_results_file_is_refused_by_line(tmp_path, line):
    path = tmp_path / "r.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(BadResults, match="Line 1"):
        read_results(path)


def test_there_is_one_json_line_for_each_submission(tmp_path, graded):
    path = tmp_path / "new" / "results.jsonl"
    with results_writer(path) as write:
        for student in ("bob\nline two", "ada"):
            write(graded[student])
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert {record["student"] for record in records} == {"ada", "bob\nline two"}
    assert [report.student for report in read_results(path)] == ["ada", "bob\nline two"]


def test_a_large_class_is_summed_up_and_a_small_one_listed():
    def summary(size):
        gathered = ClassSummary()
        for number in range(size):
            passed = [test if number % 4 else replace(test, outcome="passed") for test in tests]
            gathered.add(Report(f"s{number}", "conv2d", tuple(passed), (), 1.0))
        console = Console(width=100, record=True, file=io.StringIO())
        for table in gathered.tables():
            console.print(table)
        return console.export_text()

    tests = list_tests(suite_folder("conv2d"))
    assert "s7" in summary(8)
    large = summary(200)
    assert "200 submissions, 25.0 of 100 points on average" in large and "s7" not in large
    assert re.search(r"90 to 100 +│ +50 +│ █+ ", large) and re.search(r"0 to under 10 +│ +150 ", large)
    assert re.search(r"conv2d +│ +15\.00│", large)  # twenty points, lost by three of four
