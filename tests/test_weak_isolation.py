"""Weak isolation is refused, and where it is allowed every form of a report says what does not hold."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, cells_notebook
from courses import feedback, nbgrader, submit
from forked import unprotected_commands

from autograder.classroom.results import BadResults, read_results, report_from
from autograder.classroom.store import ReportStore
from autograder.cli import main
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits, damaged
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.feedback import summary_html
from autograder.reports.table import ClassSummary

PAD = "import numpy as np\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"
ALLOW = "--allow-weak-isolation"
WEAK = "Weak isolation: namespaces and landlock do not hold"
# The process of a test run that has started the servers of commands.
pytestmark = [pytest.mark.sandbox, pytest.mark.slow(40), pytest.mark.xdist_group("courses of nbgrader")]


def weakly(*arguments) -> subprocess.CompletedProcess:
    """The kit's command line where namespaces are refused and the kernel has no Landlock."""
    return unprotected_commands().run(ROOT, "autograder", *arguments)


@pytest.fixture(scope="module")
def submitted(tmp_path_factory) -> Path:
    """One notebook that earns the six points for padding, and one that is none."""
    folder = tmp_path_factory.mktemp("weak") / "submitted"
    for student, content in (("ada", cells_notebook(PAD)), ("bob", b"junk")):
        (folder / student / "conv2d").mkdir(parents=True)
        (folder / student / "conv2d" / "conv2d.ipynb").write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def allowed(submitted, key_file) -> tuple[subprocess.CompletedProcess, Path]:
    """A run over them with weak isolation allowed, and its results file."""
    results = submitted.parent / "results" / "r.jsonl"
    return weakly("grade", submitted, "--results", results, "--jobs", "1", "--key", key_file, ALLOW), results


# --- refused ----------------------------------------------------------------------------------------------


def test_by_default_nothing_is_graded_and_one_line_names_layers_cure_and_risk(submitted, tmp_path):
    refused = weakly("grade", submitted, "--results", tmp_path / "r.jsonl")
    assert refused.returncode == 2 and not (tmp_path / "r.jsonl").exists()
    (line,) = refused.stderr.strip().splitlines()
    for words in (
        "Missing: namespaces and landlock",
        "docker run --security-opt",
        "Linux 6.12",
        f"With {ALLOW}",
        "student code may read and change",
        "hidden tests, other submissions, grades",
    ):
        assert words in line


def test_a_report_made_behind_a_weak_wall_is_not_used_where_a_strong_one_is_demanded(
    allowed, submitted, tmp_path, autograder, key_file
):
    shutil.copytree(allowed[1].parent, tmp_path / "results")
    results = tmp_path / "results" / "r.jsonl"
    kept = list((results.parent / "r.jsonl.cache").rglob("*.json"))
    again = autograder("grade", submitted, "--results", results, "--jobs", "1", "--key", key_file)
    assert again.returncode == 0, again.stderr
    assert "earlier run" not in again.stdout and "Weak" not in again.stdout + again.stderr
    assert len(list((results.parent / "r.jsonl.cache").rglob("*.json"))) == 2 * len(kept)


def test_permission_alone_is_another_condition_of_a_kept_report(tmp_path):
    stores = [
        ReportStore(tmp_path, GradingLimits(allow_weak=weak), ("seccomp",), EXAMPLE) for weak in (True, False)
    ]
    report = damaged("It is empty.", student="ada", assignment="conv2d", missing=("namespaces",))
    stores[0].put(stores[0].name("conv2d", "0" * 64), report)
    assert stores[0].get(stores[0].name("conv2d", "0" * 64), "ada") == report
    assert stores[1].get(stores[1].name("conv2d", "0" * 64), "ada") is None


@pytest.mark.parametrize("value", ["namespaces", [1], {"namespaces": 1}, None])
def test_a_record_whose_weakness_is_no_list_of_names_is_no_report(value):
    record = damaged("It is empty.", student="ada", assignment="conv2d").to_json()
    with pytest.raises(BadResults):
        report_from(record | {"weak_isolation": value})


# --- allowed, and told ------------------------------------------------------------------------------------


def test_where_it_is_allowed_every_line_of_the_results_names_what_does_not_hold(allowed):
    run, results = allowed
    assert run.returncode == 0, run.stderr
    assert WEAK in run.stderr and "can read and change whatever" in run.stderr
    records = {record["student"]: record for record in map(json.loads, results.read_text().splitlines())}
    assert records["ada"]["score"] == 6.0
    assert records["ada"]["isolation"] == ["seccomp", "limits"]
    assert records["bob"]["status"] == "damaged"  # perhaps by another student's code
    assert {tuple(record["weak_isolation"]) for record in records.values()} == {("namespaces", "landlock")}


def test_the_table_on_the_screen_says_so_at_once_and_later(allowed):
    run, results = allowed
    for shown in (run.stdout, weakly("report", results).stdout):
        assert WEAK in " ".join(shown.split())


def test_a_large_classs_summary_says_so(allowed):
    ada, bob = read_results(allowed[1])
    summary = ClassSummary()
    for report in [ada, bob] * 40:
        summary.add(report)
    assert WEAK in str(summary.tables()[0].caption)


def test_feedback_pages_say_so_for_graded_and_damaged_submissions(allowed):
    for report in read_results(allowed[1]):
        assert WEAK in summary_html(report)
    strong = Report("eve", "conv2d", (), ("namespaces", "seccomp", "limits"), 0.1)
    assert "Weak" not in summary_html(strong) and "weak_isolation" not in strong.to_json()


def test_gradescope_and_the_csv_file_say_so(allowed, tmp_path):
    assert main(["gradescope", str(allowed[1]), str(tmp_path / "gradescope")]) == 0
    for student in ("ada", "bob"):
        assert WEAK in json.loads((tmp_path / "gradescope" / student / "results.json").read_text())["output"]
    assert main(["export", str(allowed[1]), str(tmp_path / "scores.csv")]) == 0
    header, *rows = (tmp_path / "scores.csv").read_text().splitlines()
    assert header.endswith(",reason,weak_isolation")
    assert len(rows) == 2 and all(row.endswith(",namespaces landlock") for row in rows)


def test_the_doctor_refuses_unless_weak_isolation_is_allowed_and_then_names_what_does_not_hold():
    assert weakly("doctor").returncode == 1
    accepted = weakly("doctor", ALLOW)
    assert accepted.returncode == 0
    assert WEAK in accepted.stdout and "MISSING  landlock" in accepted.stdout


def test_nbgrader_names_its_own_option_and_then_says_so_on_every_page(tmp_path, released_course):
    course = shutil.copytree(released_course, tmp_path / "course")
    submit(course, "perfect", "perfect")
    submit(course, "not_json", None)
    autograde = (course, "nbgrader", "autograde", "conv2d")
    option = "--SubmissionExporter.allow_weak_isolation=True"
    refused = unprotected_commands().run(*autograde)
    assert refused.returncode != 0 and option in refused.stderr
    assert not (course / "autograded").exists()
    allowed = unprotected_commands().run(*autograde, option)
    assert allowed.returncode == 0, allowed.stderr
    assert nbgrader(course, "generate_feedback", "conv2d").returncode == 0
    for student in ("perfect", "not_json"):
        assert WEAK in feedback(course, student)
    assert "100 of 100 points" in feedback(course, "perfect")


def test_permission_changes_nothing_where_everything_holds(submitted, tmp_path, autograder, key_file):
    where = ("--results", tmp_path / "r.jsonl", "--key", key_file)
    run = autograder("grade", submitted, *where, "--jobs", "1", ALLOW)
    assert run.returncode == 0
    for record in map(json.loads, (tmp_path / "r.jsonl").read_text().splitlines()):
        assert "weak_isolation" not in record
    assert "Weak" not in run.stdout + run.stderr
